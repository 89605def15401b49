"""A binary sensor for each device: whether somebody has to do something about its backups."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import DeviceEntity
from .runtime import DeviceBackupsConfigEntry

PARALLEL_UPDATES = 0

PROBLEM = BinarySensorEntityDescription(key="problem", device_class=BinarySensorDeviceClass.PROBLEM)


async def async_setup_entry(
    hass: HomeAssistant, entry: DeviceBackupsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the binary sensor of a device."""
    if (key := entry.runtime_data.key) is not None:
        async_add_entities([ProblemSensor(entry, key, PROBLEM)])


class ProblemSensor(DeviceEntity, BinarySensorEntity):
    """On when the device is overdue, refuses the login, or cannot be backed up; not when it is merely switched off."""

    @property
    @override
    def is_on(self) -> bool:
        """Return whether there is a problem."""
        return self._status.health.is_problem

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        """Return how the device is doing, when it needs a person, and how the last attempt ended if it failed."""
        status = self._status
        return {
            "health": status.health.value,
            "person_due": status.due_from,
            "reason": status.last_attempt and status.last_attempt.error,
            "message": status.last_attempt and status.last_attempt.message,
        }
