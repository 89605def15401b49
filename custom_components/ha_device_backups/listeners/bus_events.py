"""Events for automations: what happened to the backups of a device, the same for all devices."""

from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from ha_device_backup_core.manager.device_state import DeviceState
from ha_device_backup_core.manager.events import JobResult, RestoreResult
from ha_device_backup_core.records import DeviceKey, Outcome

from ..const import DOMAIN
from ..coordinator import Change, Coordinator, Shown
from ..entries import device_entry
from ..reasons import reason_of
from ..restore_report import restore_message
from ..translation import error_text, loaded_phrases, loaded_texts
from .device_registry import identifier_of

EVENT: Final = f"{DOMAIN}_event"
STORED: Final = "stored"
FAILED: Final = "failed"
LATE: Final = "late"
SUSPECT: Final = "suspect"
RESTORED: Final = "restored"
RESTORE_FAILED: Final = "restore_failed"
TYPES: Final = (FAILED, LATE, SUSPECT, STORED, RESTORED, RESTORE_FAILED)


@callback
def async_watch_bus_events(hass: HomeAssistant, coordinator: Coordinator) -> None:
    """Begin to fire them."""
    coordinator.watch(BusEvents(hass))


class BusEvents:
    """Owns what was last known of each device, so that a state is told when it begins."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin without any."""
        self._hass = hass
        self._lasting: dict[DeviceKey, str | None] = {}

    @callback
    def follow(self, change: Change) -> None:
        """Tell what is new about a device; how it already was when Home Assistant started is nothing new."""
        if change.shown is None:
            self._lasting.pop(change.key, None)
            return
        for event in change.events:
            self._tell_end(change, event)
        lasting = _lasting(change.shown)
        before = self._lasting.get(change.key, lasting)
        self._lasting[change.key] = lasting
        if lasting is not None and lasting != before:
            self._fire(change, lasting, reason_of(self._hass, change.shown))

    @callback
    def tell(self) -> None:
        """Nothing is told of several devices together."""

    def _tell_end(self, change: Change, event: object) -> None:
        language, texts = self._hass.config.language, loaded_texts(self._hass, "exceptions")
        match event:
            case JobResult(error=None, outcome=Outcome.STORED):
                self._fire(change, STORED, None)
            case RestoreResult():
                kind = RESTORED if event.error is None else RESTORE_FAILED
                self._fire(change, kind, restore_message(self._hass, event))
            case JobResult(error=error) if error is not None:
                self._fire(change, FAILED, error_text(texts, error, language))

    def _fire(self, change: Change, kind: str, message: str | None) -> None:
        entry = device_entry(self._hass, change.key)
        if entry is None:
            return
        device = dr.async_get(self._hass).async_get_device_by_identifier(identifier_of(entry), entry.entry_id)
        self._hass.bus.async_fire(
            EVENT,
            {
                "type": kind,
                "device_id": None if device is None else device.id,
                "name": entry.title,
                "title": loaded_phrases(self._hass)(f"event_{kind}", name=entry.title),
                "message": message,
            },
        )


def _lasting(shown: Shown) -> str | None:
    """Return what is told once when it begins."""
    if shown.state is DeviceState.SUSPECT:
        return SUSPECT
    return LATE if shown.state is DeviceState.LATE and shown.is_problem else None
