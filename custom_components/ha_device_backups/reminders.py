"""Repairs that ask for a backup with a person at the device: one for each device, or one for many."""

from collections.abc import Mapping
from contextlib import suppress

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ha_device_backup_core.errors import BackupNotFoundError
from ha_device_backup_core.manager import BackupManager
from ha_device_backup_core.manager.health import Health
from ha_device_backup_core.manager.status import DeviceStatus, Event
from ha_device_backup_core.records import DeviceKey

from .const import DOMAIN
from .issues import bullets, create_issue, delete_issue
from .language import Phrases, loaded_phrases, plain
from .options import settings_of
from .runtime import device_entry

PERSON_DUE = "person_due"
PERSONS_DUE = "persons_due"

_WATCH: "HassKey[ReminderWatch]" = HassKey(f"{DOMAIN}_reminder_watch")

MANY = 4
"""From so many on they are one repair."""


@callback
def async_watch_reminders(hass: HomeAssistant, manager: BackupManager) -> None:
    """Follow which devices need a person."""
    watch = hass.data[_WATCH] = ReminderWatch(hass, manager)
    manager.subscribe(watch.follow)


@callback
def async_look_at_reminders(hass: HomeAssistant) -> None:
    """Take back what was told about devices that are no longer in care."""
    if (watch := hass.data.get(_WATCH)) is not None:
        watch.look_at_all()


def due_devices(hass: HomeAssistant, manager: BackupManager) -> dict[DeviceKey, DeviceStatus]:
    """Return the devices of which a person is reminded, in alphabetical order."""
    due = [status for status in manager.statuses() if is_due(hass, status)]
    return {status.key: status for status in sorted(due, key=lambda status: status.title.casefold())}


def is_due(hass: HomeAssistant, status: DeviceStatus) -> bool:
    """Return whether a person is to be reminded of the device."""
    entry = device_entry(hass, status.key)
    return status.health is Health.PERSON_NEEDED and entry is not None and settings_of(entry).remind_days > 0


def since(phrases: Phrases, status: DeviceStatus) -> str:
    """Return how old the newest whole backup is, in words."""
    if status.confirmed is None or status.recommended is None or not status.recommended.whole:
        return phrases("never_whole")
    return phrases("newest_whole", date=dt_util.as_local(status.confirmed).date().isoformat())


class ReminderWatch:
    """Owns which repairs there are."""

    def __init__(self, hass: HomeAssistant, manager: BackupManager) -> None:
        """Begin without any."""
        self._hass = hass
        self._manager = manager
        self._due: dict[DeviceKey, DeviceStatus] = {}
        self._told: dict[str, Mapping[str, str]] = {}

    @callback
    def follow(self, event: Event) -> None:
        """Look again at the device, or at all."""
        if event.key is None:
            self.look_at_all()
            return
        self._due.pop(event.key, None)
        with suppress(BackupNotFoundError):
            status = self._manager.status(event.key)
            if is_due(self._hass, status):
                self._due[event.key] = status
        self._tell()

    @callback
    def look_at_all(self) -> None:
        """Look at every device."""
        self._due = due_devices(self._hass, self._manager)
        self._tell()

    def _tell(self) -> None:
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
            f"{PERSON_DUE}_{key}": {"name": plain(status.title), "since": since(phrases, status)}
            for key, status in self._due.items()
        }
