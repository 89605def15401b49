"""Repairs that ask for a backup with a person at the device: one for each device, or one for many."""

from collections.abc import Mapping

from homeassistant.core import HomeAssistant, callback

from ha_device_backup_core.host import DeviceBackupManager, DeviceKey, DeviceStatus, Health

from ..coordinator import Coordinator, DeviceChange
from ..entries import device_entry
from ..options import settings_of
from ..page_paths import device_path, overview_path
from ..translation import Phrases, bullets, escape_markdown, loaded_phrases, named
from ..wording.page_links import page_links
from ..wording.reasons import backup_age_text
from .issues import create_issue, delete_issue

REMINDER_DUE = "reminder_due"
REMINDERS_DUE = "reminders_due"

MANY = 4
"""From so many on they are one repair."""


@callback
def async_watch_reminders(hass: HomeAssistant, coordinator: Coordinator) -> None:
    """Follow which devices need a person."""
    coordinator.watch(ReminderWatch(hass))


def due_devices(hass: HomeAssistant, manager: DeviceBackupManager) -> dict[DeviceKey, DeviceStatus]:
    """Return the devices of which a person is reminded, in alphabetical order."""
    due = [status for status in manager.statuses() if is_due(hass, status)]
    return {status.key: status for status in sorted(due, key=lambda status: status.title.casefold())}


def is_due(hass: HomeAssistant, status: DeviceStatus) -> bool:
    """Return whether a person is to be reminded of the device."""
    entry = device_entry(hass, status.key)
    return status.health is Health.PERSON_NEEDED and entry is not None and settings_of(entry).remind_days > 0


def due_placeholders(status: DeviceStatus, phrases: Phrases) -> dict[str, str]:
    """Return what the texts about a device that needs a person fill in."""
    page = page_links(phrases, ("page_link", device_path(status.key)))
    return {**named(status.title), "since": backup_age_text(phrases, status), "page": page}


class ReminderWatch:
    """Owns which repairs there are."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin without any."""
        self._hass = hass
        self._due: dict[DeviceKey, DeviceStatus] = {}
        self._shown: dict[str, Mapping[str, str]] = {}
        self._is_shown = True

    @callback
    def handle(self, change: DeviceChange) -> None:
        """Look again at the device."""
        before = self._due.pop(change.key, None)
        if change.shown is not None and is_due(self._hass, change.shown.status):
            self._due[change.key] = change.shown.status
        self._is_shown &= before == self._due.get(change.key)

    @callback
    def publish(self) -> None:
        """Make and take back repairs, if there is something new."""
        if self._is_shown:
            return
        self._is_shown = True
        wanted = self._wanted()
        for issue in self._shown.keys() - wanted.keys():
            delete_issue(self._hass, issue)
        for issue, placeholders in wanted.items():
            if self._shown.get(issue) != placeholders:
                key = REMINDERS_DUE if issue == REMINDERS_DUE else REMINDER_DUE
                create_issue(self._hass, issue, key, placeholders, is_fixable=True)
        self._shown = wanted

    def _wanted(self) -> dict[str, Mapping[str, str]]:
        if len(self._due) >= MANY:
            names = sorted((status.title for status in self._due.values()), key=str.casefold)
            page = page_links(loaded_phrases(self._hass), ("page_link", overview_path()))
            return {REMINDERS_DUE: {"devices": bullets(map(escape_markdown, names)), "page": page}}
        phrases = loaded_phrases(self._hass)
        return {f"{REMINDER_DUE}_{key}": due_placeholders(status, phrases) for key, status in self._due.items()}
