"""What all entities of this integration have in common."""

import logging
from typing import override

from homeassistant.core import callback
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity import Entity, EntityDescription

from ha_device_backup_core.manager import BackupManager
from ha_device_backup_core.manager.status import DeviceStatus, Event
from ha_device_backup_core.records import DeviceKey

from .const import DOMAIN, SERVICE_TITLE
from .details import device_info
from .runtime import DeviceBackupsConfigEntry
from .updates import SIGNAL_ANY_DEVICE, SIGNAL_EVERY_DEVICE, signal_of

_LOGGER = logging.getLogger(__name__)

SERVICE_UPDATE_SECONDS = 1.0


class _Entity(Entity):
    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(self, entry: DeviceBackupsConfigEntry, description: EntityDescription) -> None:
        """Name it after the entry and its description."""
        self.entity_description = description
        self._attr_unique_id = f"{entry.unique_id}_{description.key}"
        self._attr_translation_key = description.key
        self._entry = entry

    @property
    def _manager(self) -> BackupManager:
        return self._entry.runtime_data.manager


class DeviceEntity(_Entity):
    """Shows what is known about the backups of one device; available while the device is switched off, too."""

    def __init__(self, entry: DeviceBackupsConfigEntry, key: DeviceKey, description: EntityDescription) -> None:
        """Belong to the device of the entry."""
        super().__init__(entry, description)
        self._key = key
        self._attr_device_info = device_info(entry, self._status.newest)

    @property
    def _status(self) -> DeviceStatus:
        return self._manager.status(self._key)

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the device."""
        for signal in (signal_of(self._key), SIGNAL_EVERY_DEVICE):
            self.async_on_remove(async_dispatcher_connect(self.hass, signal, self._handle))

    @callback
    def _handle(self, event: Event) -> None:
        self.async_write_ha_state()


class ServiceEntity(_Entity):
    """Shows what concerns all devices."""

    def __init__(self, entry: DeviceBackupsConfigEntry, description: EntityDescription) -> None:
        """Belong to the service."""
        super().__init__(entry, description)
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, str(entry.unique_id))}, name=SERVICE_TITLE, entry_type=DeviceEntryType.SERVICE
        )

    @override
    async def async_added_to_hass(self) -> None:
        """Follow all devices, at most once a second."""
        update = Debouncer(
            self.hass, _LOGGER, cooldown=SERVICE_UPDATE_SECONDS, immediate=True, function=self.async_write_ha_state
        )
        self.async_on_remove(update.async_shutdown)
        self.async_on_remove(async_dispatcher_connect(self.hass, SIGNAL_ANY_DEVICE, update.async_schedule_call))
