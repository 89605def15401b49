"""Events for automations: what happened to the backups of a device, the same for all devices."""

from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from ha_device_backup_core import in_language
from ha_device_backup_core.host import DeviceKey, JobResult, ManagerEvent, PromptChanged, RestoreResult

from ..const import DOMAIN
from ..coordinator import Coordinator, DeviceChange, ShownDevice
from ..entries import device_entry
from ..page_paths import device_path, path_of
from ..translation import error_text, loaded_phrases, loaded_texts
from ..wording.ends import (
    AWAY,
    FAILED,
    INCOMPLETE,
    OVERDUE,
    PERSON_NEEDED,
    RESTORE_FAILED,
    RESTORED,
    STORED,
    SUSPECT,
    UNCHANGED,
    end_of_backup,
    end_of_restore,
    is_tried_again,
    lasting,
)
from ..wording.gaps import incomplete_sentence, unreliable_reason
from ..wording.reasons import backup_age_text, reason_of
from ..wording.restore_report import restore_message
from .device_registry import identifier_of
from .notifications import local_time

EVENT: Final = f"{DOMAIN}_event"
TYPES: Final = (FAILED, AWAY, OVERDUE, SUSPECT, INCOMPLETE, PERSON_NEEDED, STORED, RESTORED, RESTORE_FAILED)


@callback
def async_watch_bus_events(hass: HomeAssistant, coordinator: Coordinator) -> None:
    """Begin to fire them."""
    coordinator.watch(BusEvents(hass))


class BusEvents:
    """Owns what was last known of each device, so that a state is told when it begins."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin without any."""
        self._hass = hass
        self._lasting: dict[DeviceKey, frozenset[str]] = {}

    @callback
    def handle(self, change: DeviceChange) -> None:
        """Tell what is new about a device; how it already was when Home Assistant started is nothing new."""
        if change.shown is None:
            self._lasting.pop(change.key, None)
            return
        for event in change.events:
            self._fire_event(change, event)
        now = lasting(change.shown)
        begun = now - self._lasting.get(change.key, now)
        self._lasting[change.key] = now
        for kind in sorted(begun):
            self._fire(change, kind, self._why(kind, change.shown))

    @callback
    def publish(self) -> None:
        """Nothing is told of several devices together."""

    def _fire_event(self, change: DeviceChange, event: ManagerEvent) -> None:
        match event:
            case PromptChanged(prompt=prompt) if prompt is not None:
                instruction = in_language(prompt.text, self._hass.config.language)
                message = loaded_phrases(self._hass)("wanted_until", instruction=instruction, time=local_time(prompt))
                self._fire(change, PERSON_NEEDED, message)
            case JobResult():
                self._fire_backup(change, event)
            case RestoreResult():
                self._fire(change, end_of_restore(event), restore_message(self._hass, event))

    def _fire_backup(self, change: DeviceChange, result: JobResult) -> None:
        kind, language = end_of_backup(result), self._hass.config.language
        if result.error is not None:
            if kind == AWAY or not is_tried_again(result):
                self._fire(change, kind, error_text(loaded_texts(self._hass, "exceptions"), result.error, language))
        elif kind != UNCHANGED and result.backup is not None:
            phrases = loaded_phrases(self._hass)
            lacks = unreliable_reason(result.backup, phrases, language)
            self._fire(change, kind, lacks or phrases("is_complete"), title="stored" if lacks is None else "stored_but")

    def _why(self, kind: str, shown: ShownDevice) -> str:
        """Return why something lasts."""
        status, phrases, language = shown.status, loaded_phrases(self._hass), self._hass.config.language
        match kind:
            case "incomplete":
                return incomplete_sentence(status.gaps, phrases, language)
            case "person_needed":
                return phrases("reason_reminder_due", since=backup_age_text(phrases, status))
            case _:
                return reason_of(self._hass, shown) or backup_age_text(phrases, status)

    def _fire(self, change: DeviceChange, kind: str, message: str, *, title: str | None = None) -> None:
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
                "title": loaded_phrases(self._hass)(f"event_{title or kind}", name=entry.title),
                "message": message,
                "page": device_path(change.key) if change.shown is None else path_of(change.shown.status),
            },
        )
