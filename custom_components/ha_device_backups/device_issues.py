"""Repairs about one device each: it looks reset, another answers at its address, its backups lack something."""

from collections.abc import Mapping
from contextlib import suppress

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ha_device_backup_core.errors import BackupNotFoundError, WrongDeviceError
from ha_device_backup_core.manager import BackupManager, DeviceStatus, Event, Health
from ha_device_backup_core.records import Backup, DeviceKey
from ha_device_backup_core.text import in_language

from .const import DOMAIN
from .issues import bullets, create_issue, delete_issue
from .language import plain

LOOKS_RESET = "looks_reset"
RESTORE_UNFINISHED = "restore_unfinished"
NOT_WHOLE = "not_whole"
ANOTHER_DEVICE = "another_device"
KINDS = (LOOKS_RESET, RESTORE_UNFINISHED, NOT_WHOLE, ANOTHER_DEVICE)

_WATCH: "HassKey[DeviceIssues]" = HassKey(f"{DOMAIN}_device_issues")


@callback
def async_watch_device_issues(hass: HomeAssistant, manager: BackupManager) -> None:
    """Follow how each device is."""
    watch = hass.data[_WATCH] = DeviceIssues(hass, manager)
    manager.subscribe(watch.follow)


@callback
def async_look_at_device_issues(hass: HomeAssistant) -> None:
    """Take back what was told about devices that are no longer in care."""
    if (watch := hass.data.get(_WATCH)) is not None:
        watch.look_at_all()


def kind_of_issue(status: DeviceStatus) -> str | None:
    """Return what a person has to decide about the device, the most urgent first."""
    if status.unfinished_restore is not None:
        return RESTORE_UNFINISHED
    attempt = status.last_attempt
    if attempt is not None and attempt.error == WrongDeviceError.code:
        return ANOTHER_DEVICE
    if status.health is Health.SUSPECT:
        return LOOKS_RESET
    return NOT_WHOLE if status.health is Health.NOT_WHOLE else None


def issue_id(kind: str, key: DeviceKey) -> str:
    """Return the id of the repair of that kind about a device."""
    return f"{kind}_{key}"


def placeholders(status: DeviceStatus, language: str) -> dict[str, str]:
    """Return what the texts about a device fill in, for Markdown."""
    latest, recommended = status.latest, status.recommended
    reason = "" if latest is None or latest.suspicion is None else in_language(latest.suspicion.text, language)
    flaws = () if latest is None else latest.flaws
    unfinished = status.unfinished_restore
    return {
        "name": plain(status.title),
        "date": "" if latest is None else local_time_of(latest),
        "reason": plain(reason),
        "recommended": "–" if recommended is None else local_time_of(recommended),
        "flaws": bullets(plain(in_language(note.text, language)) for note in flaws),
        "begun": "" if unfinished is None else dt_util.as_local(unfinished.begun_at).strftime("%Y-%m-%d %H:%M"),
    }


def local_time_of(backup: Backup) -> str:
    """Return when a backup was made, as a clock at home shows it."""
    return dt_util.as_local(backup.taken_at).strftime("%Y-%m-%d %H:%M")


class DeviceIssues:
    """Owns which of these repairs there are."""

    def __init__(self, hass: HomeAssistant, manager: BackupManager) -> None:
        """Begin without any."""
        self._hass = hass
        self._manager = manager
        self._told: dict[DeviceKey, tuple[str, Mapping[str, str]]] = {}

    @callback
    def follow(self, event: Event) -> None:
        """Look again at the device, or at all."""
        if event.key is None:
            self.look_at_all()
            return
        status = None
        with suppress(BackupNotFoundError):
            status = self._manager.status(event.key)
        self._tell(event.key, status)

    @callback
    def look_at_all(self) -> None:
        """Look at every device, and at those that are gone."""
        statuses = {status.key: status for status in self._manager.statuses()}
        for key in {*self._told, *statuses}:
            self._tell(key, statuses.get(key))

    def _tell(self, key: DeviceKey, status: DeviceStatus | None) -> None:
        kind = None if status is None else kind_of_issue(status)
        wanted = None
        if kind is not None and status is not None:
            wanted = kind, placeholders(status, self._hass.config.language)
        told = self._told.get(key)
        if told == wanted:
            return
        if told is not None and (wanted is None or wanted[0] != told[0]):
            delete_issue(self._hass, issue_id(told[0], key))
        if wanted is None:
            self._told.pop(key)
            return
        self._told[key] = wanted
        create_issue(
            self._hass,
            issue_id(wanted[0], key),
            wanted[0],
            wanted[1],
            severity=ir.IssueSeverity.WARNING if wanted[0] == NOT_WHOLE else ir.IssueSeverity.ERROR,
            is_fixable=True,
        )
