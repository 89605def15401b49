"""Sensors: what is stored of each device, and what the newest Home Assistant backup holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, UnitOfInformation
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ha_device_backup_core.contract import Note
from ha_device_backup_core.manager import BackupManager
from ha_device_backup_core.manager.health import fresh_at
from ha_device_backup_core.manager.status import DeviceStatus
from ha_device_backup_core.records import Backup
from ha_device_backup_core.text import in_language

from .entity import DeviceEntity, ServiceEntity
from .runtime import DeviceBackupsConfigEntry
from .snapshots import carried_backup, devices_not_in, newest_snapshot

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class DeviceSensorDescription(SensorEntityDescription):
    """A sensor of a device, and where its value is."""

    value: Callable[[DeviceStatus], datetime | int | None]


@dataclass(frozen=True, kw_only=True)
class ServiceSensorDescription(SensorEntityDescription):
    """A sensor of all devices, and where its value and its attributes are."""

    value: Callable[[BackupManager], datetime | int | None]
    attributes: Callable[[BackupManager], Mapping[str, Any]]


LAST_BACKUP = DeviceSensorDescription(
    key="last_backup",
    device_class=SensorDeviceClass.TIMESTAMP,
    value=lambda status: fresh_at(status.recommended, status.newest),
)
DEVICE_SENSORS = (
    DeviceSensorDescription(
        key="size",
        device_class=SensorDeviceClass.DATA_SIZE,
        entity_category=EntityCategory.DIAGNOSTIC,
        native_unit_of_measurement=UnitOfInformation.BYTES,
        suggested_unit_of_measurement=UnitOfInformation.KILOBYTES,
        suggested_display_precision=1,
        state_class=SensorStateClass.MEASUREMENT,
        value=lambda status: status.size,
    ),
    DeviceSensorDescription(
        key="backups",
        entity_category=EntityCategory.DIAGNOSTIC,
        state_class=SensorStateClass.MEASUREMENT,
        value=lambda status: status.count,
    ),
)


def _problem_titles(manager: BackupManager) -> list[str]:
    return sorted(status.title for status in manager.statuses() if status.health.is_problem)


def _devices_carried(manager: BackupManager) -> int | None:
    snapshot = newest_snapshot(manager)
    return None if snapshot is None else len(snapshot.devices)


def _snapshot_attributes(manager: BackupManager) -> Mapping[str, Any]:
    snapshot = newest_snapshot(manager)
    return {} if snapshot is None else {"backup_id": snapshot.id}


SERVICE_SENSORS = (
    ServiceSensorDescription(
        key="devices_with_problem",
        state_class=SensorStateClass.MEASUREMENT,
        value=lambda manager: len(_problem_titles(manager)),
        attributes=lambda manager: {"devices": _problem_titles(manager)},
    ),
    ServiceSensorDescription(
        key="devices_in_newest_snapshot",
        state_class=SensorStateClass.MEASUREMENT,
        value=_devices_carried,
        attributes=lambda manager: {"devices_missing": devices_not_in(manager, newest_snapshot(manager))},
    ),
    ServiceSensorDescription(
        key="newest_snapshot",
        device_class=SensorDeviceClass.TIMESTAMP,
        value=lambda manager: None if (snapshot := newest_snapshot(manager)) is None else snapshot.at,
        attributes=_snapshot_attributes,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: DeviceBackupsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the sensors of a device, or those of the service."""
    if (key := entry.runtime_data.key) is None:
        async_add_entities(ServiceSensor(entry, description) for description in SERVICE_SENSORS)
        return
    async_add_entities(
        [
            LastBackupSensor(entry, key, LAST_BACKUP),
            *(DeviceSensor(entry, key, description) for description in DEVICE_SENSORS),
        ]
    )


class DeviceSensor(DeviceEntity, SensorEntity):
    """A value of one device."""

    entity_description: DeviceSensorDescription

    @property
    @override
    def native_value(self) -> datetime | int | None:
        """Return the value."""
        return self.entity_description.value(self._status)


class LastBackupSensor(DeviceSensor):
    """When the device was last equal to its backup."""

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        """Return which backup that is, when it changed, and what the newest Home Assistant backup carries."""
        status = self._status
        newest = status.newest
        backup = status.recommended or newest
        return {
            "changed_at": status.changed_at,
            "backup_id": None if backup is None else backup.id,
            "complete": None if backup is None else backup.whole,
            "missing": [] if backup is None else self._texts(backup.artifact.missing),
            "doubts": [] if backup is None else self._texts(backup.artifact.doubts),
            "remarks": [] if backup is None else self._texts(backup.artifact.remarks),
            "in_newest_snapshot": carried_backup(self._manager, self._key),
            "newer_suspect": None if newest is None or not newest.suspect else newest.id,
            **self._newer_incomplete(status, backup),
        }

    def _newer_incomplete(self, status: DeviceStatus, shown: Backup | None) -> Mapping[str, Any]:
        """Return what was got after the recommended backup, but is not whole."""
        newer = status.latest
        if newer is None or newer.whole or shown is None or newer.id == shown.id:
            newer = None
        return {
            "newer_incomplete": None if newer is None else newer.id,
            "newer_incomplete_at": None if newer is None else newer.confirmed,
            "newer_incomplete_missing": [] if newer is None else self._texts(newer.artifact.missing),
        }

    def _texts(self, notes: tuple[Note, ...]) -> list[str]:
        return [in_language(note.text, self.hass.config.language) for note in notes]


class ServiceSensor(ServiceEntity, SensorEntity):
    """A value of all devices."""

    entity_description: ServiceSensorDescription

    @property
    @override
    def native_value(self) -> datetime | int | None:
        """Return the value."""
        return self.entity_description.value(self._manager)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        """Return what is behind the value."""
        return self.entity_description.attributes(self._manager)
