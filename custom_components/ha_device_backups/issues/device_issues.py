"""Repairs about one device each: its backup may be wrong or lacks something, another answers at its address."""

from collections.abc import Mapping

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ha_device_backup_core import WrongDeviceError
from ha_device_backup_core.host import DeviceKey, DeviceStatus, Health

from ..coordinator import Change, Coordinator
from ..dates import moment
from ..gaps import listed, restore_gaps, suspicion_text
from ..translation import Phrases, loaded_phrases, named, plain
from .issues import create_issue, delete_issue

LOOKS_RESET = "looks_reset"
RESTORE_UNFINISHED = "restore_unfinished"
REPLACED = "replaced"
NOT_WHOLE = "not_whole"
ANOTHER_DEVICE = "another_device"
KINDS = (LOOKS_RESET, RESTORE_UNFINISHED, REPLACED, NOT_WHOLE, ANOTHER_DEVICE)


@callback
def async_watch_device_issues(hass: HomeAssistant, coordinator: Coordinator) -> None:
    """Follow how each device is."""
    coordinator.watch(DeviceIssues(hass))


def kind_of_issue(status: DeviceStatus) -> str | None:
    """Return what a person has to decide about the device, the most urgent first."""
    if status.unfinished_restore is not None:
        return REPLACED if status.unfinished_restore.awaits_replacement else RESTORE_UNFINISHED
    attempt = status.last_attempt
    if attempt is not None and attempt.error == WrongDeviceError.code:
        return ANOTHER_DEVICE
    if status.health is Health.SUSPECT:
        return LOOKS_RESET
    return NOT_WHOLE if status.health is Health.NOT_WHOLE else None


def issue_id(kind: str, key: DeviceKey) -> str:
    """Return the id of the repair of that kind about a device."""
    return f"{kind}_{key}"


def placeholders(status: DeviceStatus, phrases: Phrases, language: str) -> dict[str, str]:
    """Return what the texts about a device fill in, for Markdown."""
    latest, recommended = status.latest, status.recommended
    unfinished = status.unfinished_restore
    return {
        **named(status.title),
        "date": "" if latest is None else moment(latest.taken_at, language),
        "reason": plain(suspicion_text(latest, language) or ""),
        "recommended": "–" if recommended is None else moment(recommended.taken_at, language),
        "gaps": restore_gaps(recommended, phrases),
        "flaws": listed(status.gaps, language),
        "begun": "" if unfinished is None else moment(unfinished.begun_at, language),
    }


class DeviceIssues:
    """Owns which of these repairs there are."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin without any."""
        self._hass = hass
        self._told: dict[DeviceKey, tuple[str, Mapping[str, str]]] = {}

    @callback
    def follow(self, change: Change) -> None:
        """Look again at the device."""
        self._tell(change.key, None if change.shown is None else change.shown.status)

    @callback
    def tell(self) -> None:
        """Nothing is told of several devices together."""

    def _tell(self, key: DeviceKey, status: DeviceStatus | None) -> None:
        if status is not None and status.restoring:
            # Whoever opens it meanwhile finds the restore; what is left to decide is known when that has ended.
            return
        kind = None if status is None else kind_of_issue(status)
        wanted = None
        if kind is not None and status is not None:
            wanted = kind, placeholders(status, loaded_phrases(self._hass), self._hass.config.language)
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
