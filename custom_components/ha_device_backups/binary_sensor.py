"""Whether somebody has to do something about the backups of a device; whether an agent answers."""

from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity, DataUpdateCoordinator

from ha_device_backup_core.host import AgentHello

from .const import DOMAIN
from .coordinator import ShownDevice
from .entity import DeviceEntity, EntityView
from .entries import DeviceBackupsConfigEntry
from .wording.reasons import reason_of

PARALLEL_UPDATES = 0

PROBLEM = BinarySensorEntityDescription(
    key="problem", device_class=BinarySensorDeviceClass.PROBLEM, entity_category=EntityCategory.DIAGNOSTIC
)

CONNECTED = BinarySensorEntityDescription(
    key="connected", device_class=BinarySensorDeviceClass.CONNECTIVITY, entity_category=EntityCategory.DIAGNOSTIC
)


async def async_setup_entry(
    hass: HomeAssistant, entry: DeviceBackupsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the binary sensor of a device, or of an agent."""
    if (agent := entry.runtime_data.agent) is not None:
        async_add_entities([ConnectedSensor(entry, agent)])
    if (key := entry.runtime_data.key) is not None:
        async_add_entities([ProblemSensor(entry, key, PROBLEM)])


class ProblemSensor(DeviceEntity, BinarySensorEntity):
    """On when a person has to do something; not when the device is merely switched off."""

    _unrecorded_attributes = frozenset({"message"})

    @override
    def _view_of(self, shown: ShownDevice) -> EntityView:
        status = shown.status
        return shown.is_problem, {
            "health": status.health.value,
            "reminder_due": status.person_needed_from,
            "reason": status.last_attempt and status.last_attempt.error,
            "message": reason_of(self.hass, shown),
        }

    @override
    def _set_value(self, value: bool) -> None:
        self._attr_is_on = value


class ConnectedSensor(CoordinatorEntity[DataUpdateCoordinator[AgentHello]], BinarySensorEntity):
    """On while an agent answers and lets this side in."""

    entity_description = CONNECTED
    _attr_has_entity_name = True

    def __init__(self, entry: DeviceBackupsConfigEntry, coordinator: DataUpdateCoordinator[AgentHello]) -> None:
        """Belong to the agent of the entry."""
        super().__init__(coordinator)
        self._attr_unique_id = f"{entry.unique_id}_{CONNECTED.key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, str(entry.unique_id))},
            name=entry.title,
            entry_type=DeviceEntryType.SERVICE,
            sw_version=coordinator.data.version,
        )

    @property
    @override
    def available(self) -> bool:
        """Return that it is always known."""
        return True

    @property
    @override
    def is_on(self) -> bool:
        """Return whether it answers."""
        return self.coordinator.last_update_success
