"""Repairs that ask for a backup with a person at the device: one for each device, or one for many."""

from collections.abc import Mapping

from homeassistant.core import HomeAssistant, callback

from ha_device_backup_core.host import BackupManager, DeviceKey, DeviceStatus, Health

from ..coordinator import Change, Coordinator
from ..entries import device_entry
from ..options import settings_of
from ..reasons import since
from ..translation import bullets, loaded_phrases, named, plain
from .issues import create_issue, delete_issue

PERSON_DUE = "person_due"
PERSONS_DUE = "persons_due"

MANY = 4
"""From so many on they are one repair."""


@callback
def async_watch_reminders(hass: HomeAssistant, coordinator: Coordinator) -> None:
    """Follow which devices need a person."""
    coordinator.watch(ReminderWatch(hass))


def due_devices(hass: HomeAssistant, manager: BackupManager) -> dict[DeviceKey, DeviceStatus]:
    """Return the devices of which a person is reminded, in alphabetical order."""
    due = [status for status in manager.statuses() if is_due(hass, status)]
    return {status.key: status for status in sorted(due, key=lambda status: status.title.casefold())}


def is_due(hass: HomeAssistant, status: DeviceStatus) -> bool:
    """Return whether a person is to be reminded of the device."""
    entry = device_entry(hass, status.key)
    return status.health is Health.PERSON_NEEDED and entry is not None and settings_of(entry).remind_days > 0


class ReminderWatch:
    """Owns which repairs there are."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin without any."""
        self._hass = hass
        self._due: dict[DeviceKey, DeviceStatus] = {}
        self._told: dict[str, Mapping[str, str]] = {}
        self._is_told = True

    @callback
    def follow(self, change: Change) -> None:
        """Look again at the device."""
        before = self._due.pop(change.key, None)
        if change.shown is not None and is_due(self._hass, change.shown.status):
            self._due[change.key] = change.shown.status
        self._is_told &= before == self._due.get(change.key)

    @callback
    def tell(self) -> None:
        """Make and take back repairs, if there is something new."""
        if self._is_told:
            return
        self._is_told = True
        wanted = self._wanted()
        for issue in self._told.keys() - wanted.keys():
            delete_issue(self._hass, issue)
        for issue, placeholders in wanted.items():
            if self._told.get(issue) != placeholders:
                key = PERSONS_DUE if issue == PERSONS_DUE else PERSON_DUE
                create_issue(self._hass, issue, key, placeholders, is_fixable=True)
        self._told = wanted

    def _wanted(self) -> dict[str, Mapping[str, str]]:
        if len(self._due) >= MANY:
            names = sorted((status.title for status in self._due.values()), key=str.casefold)
            return {PERSONS_DUE: {"devices": bullets(map(plain, names))}}
        phrases = loaded_phrases(self._hass)
        return {
            f"{PERSON_DUE}_{key}": {**named(status.title), "since": since(phrases, status)}
            for key, status in self._due.items()
        }
