"""Puts what was found in a backup of Home Assistant into a store: what is damaged is told, all else comes out."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from ha_device_backup_core.errors import StoreError, StoreFullError, StoreLockedError
from ha_device_backup_core.records import Backup, DeviceKey, DeviceRecord
from ha_device_backup_core.store.merging import Merged
from ha_device_backup_core.store.reader import StoreReader
from ha_device_backup_core.store.verify import verify_folder

from .records import Snapshot, SnapshotProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceInSnapshot:
    """A device in a snapshot, with its backups that are right, oldest first, and what is wrong with others."""

    record: DeviceRecord | None
    """None for a folder that does not tell which device it is of."""
    backups: tuple[Backup, ...] = ()
    problems: tuple[SnapshotProblem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractedDevice:
    """What became of a device: the ids of backups that were taken, and of those that were there already."""

    record: DeviceRecord
    taken: tuple[str, ...] = ()
    present: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What was taken out of a snapshot, and what could not be."""

    devices: tuple[ExtractedDevice, ...]
    problems: tuple[SnapshotProblem, ...] = ()


def found_devices(snapshot: Snapshot) -> Iterator[DeviceInSnapshot]:
    """Return one device in a snapshot after the other; every backup is compared with its digest; blocking."""
    reader = reader_of(snapshot)
    devices = {record.key.folder: record for record in reader.devices()}
    for folder in reader.folders():
        report = verify_folder(reader, folder)
        problems = tuple(
            SnapshotProblem(path=f"{snapshot.place}/{problem.path}", message=problem.message)
            for problem in report.problems
        )
        record = devices.get(folder)
        if record is None:
            yield DeviceInSnapshot(record=None, problems=problems)
            continue
        damaged = {problem.path for problem in report.problems}
        backups = [backup for backup in reader.backups(record.key) if backup.path not in damaged]
        yield DeviceInSnapshot(record=record, backups=tuple(backups[::-1]), problems=problems)


class Merges(Protocol):
    """A store of backups, or who has one in care."""

    async def merge(self, source: StoreReader, key: DeviceKey, backups: Sequence[Backup]) -> Merged:
        """Take in backups of a device, oldest first; what is there already is not doubled."""


async def extract(snapshot: Snapshot, found: Iterable[DeviceInSnapshot], store: Merges) -> Extracted:
    """Take in what a snapshot holds of these devices; what is there already is not doubled.

    Raises StoreLockedError, StoreFullError; what else is wrong with a device is told among the problems.
    """
    reader, each = reader_of(snapshot), iter(found)
    devices: list[ExtractedDevice] = []
    problems: list[SnapshotProblem] = []
    while (device := await asyncio.to_thread(next, each, None)) is not None:
        problems += device.problems
        if device.record is None or not device.backups:
            continue
        try:
            merged = await store.merge(reader, device.record.key, device.backups)
        except (StoreFullError, StoreLockedError):
            raise
        except StoreError as error:
            problems.append(SnapshotProblem(path=device.record.key.folder, message=error.detail or str(error)))
            continue
        devices.append(ExtractedDevice(record=device.record, taken=merged.taken, present=merged.present))
    return Extracted(devices=tuple(devices), problems=tuple(problems))


def reader_of(snapshot: Snapshot) -> StoreReader:
    """Return what reads the store that was found."""
    return StoreReader(snapshot.root, lambda: datetime.now(UTC))
