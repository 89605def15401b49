"""Snapshots: what was in the store when Home Assistant made a backup of itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ha_device_backup_core.records import Backup, DeviceKey

from .events import DeviceStatus
from .health import Health

SCHEMA = 1
RECORDS_KEPT = 100

UNKNOWN_RESULT = ""
"""The id of a snapshot of which Home Assistant did not say how it ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotBackup:
    """One backup that is in the snapshot."""

    id: str
    path: str
    """Relative to the root of the store."""
    sha256: str
    size: int
    taken_at: datetime
    confirmed: datetime
    whole: bool
    suspect: bool = False

    @classmethod
    def of(cls, backup: Backup) -> "SnapshotBackup":
        """Return what the manifest tells of a backup."""
        return cls(
            id=backup.id,
            path=backup.path,
            sha256=backup.artifact.sha256,
            size=backup.artifact.size,
            taken_at=backup.taken_at,
            confirmed=backup.confirmed or backup.taken_at,
            whole=backup.whole,
            suspect=backup.suspect,
        )

    def to_dict(self, at: datetime) -> dict[str, object]:
        """Return it as plain values, with its age at that time."""
        return {
            "id": self.id,
            "path": self.path,
            "sha256": self.sha256,
            "size": self.size,
            "taken_at": self.taken_at.isoformat(),
            "confirmed": self.confirmed.isoformat(),
            "age_seconds": max(0, int((at - self.confirmed).total_seconds())),
            "whole": self.whole,
            "suspect": self.suspect,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotDevice:
    """What the snapshot holds of one device: its recommended backup and, where it is another, its newest."""

    key: DeviceKey
    title: str
    newest: SnapshotBackup | None
    recommended: SnapshotBackup | None
    reason: str | None = None
    """Why there is no backup, or no fresh one: the code of the last error, or "never"."""

    @property
    def backup(self) -> SnapshotBackup | None:
        """Return the backup that counts: the recommended one, or the newest where none is."""
        return self.recommended or self.newest


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotManifest:
    """What was in the store at the moment the gate closed."""

    at: datetime
    devices: tuple[SnapshotDevice, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Return the content of `snapshot.json`."""
        return {
            "schema": SCHEMA,
            "created_at": self.at.isoformat(),
            "devices": [
                {
                    "kind": device.key.kind,
                    "unique_id": device.key.unique_id,
                    "title": device.title,
                    "folder": device.key.folder,
                    "newest": device.newest and device.newest.to_dict(self.at),
                    "recommended": device.recommended and device.recommended.to_dict(self.at),
                    "reason": device.reason,
                }
                for device in self.devices
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotRecord:
    """Which backup of each device one backup of Home Assistant carries."""

    id: str
    """Home Assistant's id of its backup."""
    at: datetime
    name: str | None = None
    devices: Mapping[DeviceKey, str] = field(default_factory=dict)
    """Device to backup id."""

    @classmethod
    def of(cls, manifest: SnapshotManifest, *, id: str, name: str | None = None) -> "SnapshotRecord":  # noqa: A002 - the field's name
        """Return the record of a finished backup of Home Assistant that the manifest was made for."""
        carried = {device.key: device.backup.id for device in manifest.devices if device.backup is not None}
        return cls(id=id, name=name, at=manifest.at, devices=carried)

    def to_dict(self) -> dict[str, object]:
        """Return it as plain values, for JSON."""
        devices = [{"kind": key.kind, "unique_id": key.unique_id, "backup": id_} for key, id_ in self.devices.items()]
        return {"id": self.id, "name": self.name, "at": self.at.isoformat(), "devices": devices}

    @classmethod
    def from_dict(cls, values: Mapping[str, object]) -> "SnapshotRecord":
        """Return what `to_dict` gave; raises ValueError, KeyError or TypeError for anything else."""
        devices = values["devices"]
        if not isinstance(devices, list):
            raise TypeError("devices is a list")
        return cls(
            id=str(values["id"]),
            name=None if values.get("name") is None else str(values["name"]),
            at=datetime.fromisoformat(str(values["at"])),
            devices={DeviceKey(str(item["kind"]), str(item["unique_id"])): str(item["backup"]) for item in devices},
        )


def manifest_of(statuses: Iterable[DeviceStatus], at: datetime) -> SnapshotManifest:
    """Return what a snapshot holds that is made now."""
    return SnapshotManifest(at=at, devices=tuple(map(_snapshot_device, statuses)))


def with_record(records: Iterable[SnapshotRecord], record: SnapshotRecord) -> tuple[SnapshotRecord, ...]:
    """Return the records, newest first, with this one in its place and the oldest beyond the limit gone."""
    kept = [other for other in records if other.id != record.id]
    return tuple(sorted((*kept, record), key=lambda item: item.at, reverse=True)[:RECORDS_KEPT])


def to_document(records: Iterable[SnapshotRecord]) -> dict[str, object]:
    """Return the content of `snapshots.json`."""
    return {"schema": SCHEMA, "snapshots": [record.to_dict() for record in records]}


def records_of(document: Mapping[str, object]) -> tuple[SnapshotRecord, ...]:
    """Return the records of `snapshots.json` that can be read, newest first."""
    listed = document.get("snapshots")
    records: tuple[SnapshotRecord, ...] = ()
    for values in listed if isinstance(listed, list) else ():
        try:
            records = with_record(records, SnapshotRecord.from_dict(values))
        except (AttributeError, KeyError, TypeError, ValueError):
            continue
    return records


def _snapshot_device(status: DeviceStatus) -> SnapshotDevice:
    reason = None if status.last_attempt is None else status.last_attempt.error
    if reason is None and status.newest is None:
        reason = Health.NEVER.value
    return SnapshotDevice(
        key=status.key,
        title=status.title,
        newest=None if status.newest is None else SnapshotBackup.of(status.newest),
        recommended=None if status.recommended is None else SnapshotBackup.of(status.recommended),
        reason=reason,
    )
