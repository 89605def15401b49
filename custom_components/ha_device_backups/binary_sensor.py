"""A binary sensor for each device: whether somebody has to do something about its backups."""

from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import Shown
from .entity import DeviceEntity, View
from .entries import DeviceBackupsConfigEntry
from .reasons import reason_of

PARALLEL_UPDATES = 0

PROBLEM = BinarySensorEntityDescription(
    key="problem", device_class=BinarySensorDeviceClass.PROBLEM, entity_category=EntityCategory.DIAGNOSTIC
)


async def async_setup_entry(
    hass: HomeAssistant, entry: DeviceBackupsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the binary sensor of a device."""
    if (key := entry.runtime_data.key) is not None:
        async_add_entities([ProblemSensor(entry, key, PROBLEM)])


class ProblemSensor(DeviceEntity, BinarySensorEntity):
    """On when a person has to do something; not when the device is merely switched off."""

    _unrecorded_attributes = frozenset({"message"})

    @override
    def _view_of(self, shown: Shown) -> View:
        status = shown.status
        return shown.is_problem, {
            "health": status.health.value,
            "person_due": status.due_from,
            "reason": status.last_attempt and status.last_attempt.error,
            "message": reason_of(self.hass, shown),
        }

    @override
    def _set_value(self, value: bool) -> None:
        self._attr_is_on = value
