"""An event entity for each device: how its backups ended."""

from typing import override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ha_device_backup_core import in_language
from ha_device_backup_core.host import JobResult, ManagerEvent, PromptChanged, RestoreResult

from .coordinator import DeviceChange
from .entity import DeviceEntity
from .entries import DeviceBackupsConfigEntry
from .translation import error_text, loaded_texts
from .wording.ends import (
    AWAY,
    FAILED,
    PERSON_NEEDED,
    RESTORE_FAILED,
    RESTORED,
    STORED,
    UNCHANGED,
    end_of_backup,
    end_of_restore,
)
from .wording.gaps import gap_attributes, suspicion_text
from .wording.restore_report import restore_message

PARALLEL_UPDATES = 0

BACKUP = EventEntityDescription(
    key="backup",
    event_types=[STORED, UNCHANGED, AWAY, FAILED, PERSON_NEEDED, RESTORED, RESTORE_FAILED],
    entity_category=EntityCategory.DIAGNOSTIC,
)


async def async_setup_entry(
    hass: HomeAssistant, entry: DeviceBackupsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the event entity of a device."""
    if (key := entry.runtime_data.key) is not None:
        async_add_entities([BackupEvent(entry, key, BACKUP)])


class BackupEvent(DeviceEntity, EventEntity):
    """Tells of each backup and restore how it ended, and when the device wants a person."""

    _unrecorded_attributes = frozenset({"message", "missing", "doubts", "suspect"})

    @callback
    @override
    def _follow(self, change: DeviceChange) -> None:
        for event in change.events:
            self._handle(event)

    def _handle(self, event: ManagerEvent) -> None:
        if isinstance(event, PromptChanged) and event.prompt is not None:
            message = in_language(event.prompt.text, self.hass.config.language)
            self._trigger_event(PERSON_NEEDED, {"message": message, "until": event.prompt.until.isoformat()})
            self.async_write_ha_state()
        if isinstance(event, JobResult):
            self._handle_result(event)
        if isinstance(event, RestoreResult):
            self._handle_restore(event)

    def _handle_restore(self, event: RestoreResult) -> None:
        self._trigger_event(
            end_of_restore(event),
            {
                "backup_id": event.backup.id,
                "safety_backup_id": event.safety_backup and event.safety_backup.id,
                "reason": event.error and event.error.code,
                "message": restore_message(self.hass, event),
                **gap_attributes(event.backup, self.hass.config.language),
            },
        )
        self.async_write_ha_state()

    def _handle_result(self, event: JobResult) -> None:
        language = self.hass.config.language
        texts = loaded_texts(self.hass, "exceptions")
        self._trigger_event(
            end_of_backup(event),
            {
                "trigger": event.trigger.value,
                "backup_id": event.backup and event.backup.id,
                "reason": event.error and event.error.code,
                "message": event.error and error_text(texts, event.error, language),
                **gap_attributes(event.backup, language),
                "suspect": suspicion_text(event.backup, language),
                "retry_at": event.will_retry_at and event.will_retry_at.isoformat(),
            },
        )
        self.async_write_ha_state()
