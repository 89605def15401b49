"""Sensors: how each device is and what is stored of it, and what the newest Home Assistant backup holds."""

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

from ha_device_backup_core import Note
from ha_device_backup_core.host import (
    Backup,
    DeviceBackupManager,
    DeviceKey,
    DeviceState,
    DeviceStatus,
    SnapshotRecord,
    fresh_at,
    is_in_snapshot,
)

from .coordinator import ShownDevice, titles
from .entity import DeviceEntity, EntityView, ServiceEntity
from .entries import DeviceBackupsConfigEntry
from .wording.gaps import gap_attributes, note_texts
from .wording.reasons import reason_of

PARALLEL_UPDATES = 0

type Everywhere = Mapping[DeviceKey, ShownDevice]


@dataclass(frozen=True, kw_only=True)
class DeviceSensorDescription(SensorEntityDescription):
    """A sensor of a device, and where its value is."""

    value: Callable[[DeviceStatus], datetime | int | None]


@dataclass(frozen=True, kw_only=True)
class ServiceSensorDescription(SensorEntityDescription):
    """A sensor of all devices, and where its value and its attributes are."""

    value: Callable[[DeviceBackupManager, Everywhere], datetime | int | None]
    attributes: Callable[[DeviceBackupManager, Everywhere], Mapping[str, Any]]


STATE = SensorEntityDescription(
    key="state",
    device_class=SensorDeviceClass.ENUM,
    entity_category=EntityCategory.DIAGNOSTIC,
    options=[state.value for state in DeviceState],
)
LAST_BACKUP = DeviceSensorDescription(
    key="last_backup",
    device_class=SensorDeviceClass.TIMESTAMP,
    entity_category=EntityCategory.DIAGNOSTIC,
    value=lambda status: fresh_at(status.recommended, status.newest),
)
DEVICE_SENSORS = (
    DeviceSensorDescription(
        key="next_backup",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda status: min(filter(None, (status.next_run, status.retry_at)), default=None),
    ),
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


def _with_problem(shown: Everywhere) -> list[str]:
    return titles(shown, lambda one: one.is_problem)


def _without_backup(shown: Everywhere) -> list[str]:
    return titles(shown, lambda one: not one.status.count)


def _incomplete(shown: Everywhere) -> list[str]:
    return titles(shown, lambda one: bool(one.status.gaps))


def _count_in(snapshot: SnapshotRecord | None, shown: Everywhere) -> int | None:
    """Return how many devices could be put back from the snapshot as they are now; None where it is not known."""
    return None if snapshot is None else sum(is_in_snapshot(snapshot, one.status) for one in shown.values())


def _missing_in(snapshot: SnapshotRecord | None, shown: Everywhere) -> list[str]:
    return [] if snapshot is None else titles(shown, lambda one: not is_in_snapshot(snapshot, one.status))


def _carried(snapshot: SnapshotRecord | None, key: DeviceKey) -> str | None:
    """Return the id of the device's backup in the snapshot, None where it is not known or there is none."""
    return None if snapshot is None else snapshot.devices.get(key)


def _snapshot_attributes(manager: DeviceBackupManager, _: Everywhere) -> Mapping[str, Any]:
    snapshot = manager.newest_snapshot
    return {} if snapshot is None else {"backup_id": snapshot.id}


SERVICE_SENSORS = (
    ServiceSensorDescription(
        key="devices_with_problem",
        entity_category=EntityCategory.DIAGNOSTIC,
        state_class=SensorStateClass.MEASUREMENT,
        value=lambda _, shown: len(_with_problem(shown)),
        attributes=lambda _, shown: {"devices": _with_problem(shown)},
    ),
    ServiceSensorDescription(
        key="devices_without_backup",
        entity_category=EntityCategory.DIAGNOSTIC,
        state_class=SensorStateClass.MEASUREMENT,
        value=lambda _, shown: len(_without_backup(shown)),
        attributes=lambda _, shown: {"devices": _without_backup(shown)},
    ),
    ServiceSensorDescription(
        key="devices_incomplete",
        entity_category=EntityCategory.DIAGNOSTIC,
        state_class=SensorStateClass.MEASUREMENT,
        value=lambda _, shown: len(_incomplete(shown)),
        attributes=lambda _, shown: {"devices": _incomplete(shown)},
    ),
    ServiceSensorDescription(
        key="devices_in_newest_snapshot",
        entity_category=EntityCategory.DIAGNOSTIC,
        state_class=SensorStateClass.MEASUREMENT,
        value=lambda manager, shown: _count_in(manager.newest_snapshot, shown),
        attributes=lambda manager, shown: {
            "devices_missing": _missing_in(manager.newest_snapshot, shown),
        },
    ),
    ServiceSensorDescription(
        key="newest_snapshot",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda manager, _: None if (snapshot := manager.newest_snapshot) is None else snapshot.at,
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
            StateSensor(entry, key, STATE),
            LastBackupSensor(entry, key, LAST_BACKUP),
            *(DeviceSensor(entry, key, description) for description in DEVICE_SENSORS),
        ]
    )


class _Valued:
    _attr_native_value: Any

    def _set_value(self, value: datetime | int | str | None) -> None:
        self._attr_native_value = value


class StateSensor(_Valued, DeviceEntity, SensorEntity):
    """How a device is, in a word, and why."""

    _unrecorded_attributes = frozenset({"reason", "waits_until", "missing", "doubts"})

    @override
    def _view_of(self, shown: ShownDevice) -> EntityView:
        """Return also why, and what the last backup lacks, whatever else is more urgent."""
        prompt, latest, language = shown.status.prompt, shown.status.latest, self.hass.config.language
        return shown.state.value, {
            "reason": reason_of(self.hass, shown),
            "waits_until": None if prompt is None else prompt.until.isoformat(),
            **gap_attributes(latest, language),
        }


class DeviceSensor(_Valued, DeviceEntity, SensorEntity):
    """A value of one device."""

    entity_description: DeviceSensorDescription

    @override
    def _view_of(self, shown: ShownDevice) -> EntityView:
        return self.entity_description.value(shown.status), {}


class LastBackupSensor(DeviceSensor):
    """When the device was last equal to its backup."""

    _unrecorded_attributes = frozenset({"missing", "doubts", "remarks", "newer_incomplete_missing"})

    @override
    def _view_of(self, shown: ShownDevice) -> EntityView:
        """Return also which backup that is, when it changed, and what the newest Home Assistant backup carries."""
        status = shown.status
        newest = status.newest
        backup = status.recommended or newest
        return self.entity_description.value(status), {
            "changed_at": status.changed_at,
            "backup_id": None if backup is None else backup.id,
            "whole": None if backup is None else backup.whole,
            **gap_attributes(backup, self.hass.config.language),
            "remarks": [] if backup is None else self._texts(backup.artifact.remarks),
            "in_newest_snapshot": _carried(self._manager.newest_snapshot, self._key),
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
        return note_texts(notes, self.hass.config.language)


class ServiceSensor(_Valued, ServiceEntity, SensorEntity):
    """A value of all devices."""

    _unrecorded_attributes = frozenset({"devices", "devices_missing"})
    entity_description: ServiceSensorDescription

    @override
    def _view_now(self) -> EntityView:
        """Return also what is behind the value."""
        shown = self._coordinator.shown
        attributes = self.entity_description.attributes(self._manager, shown)
        return self.entity_description.value(self._manager, shown), dict(attributes)
