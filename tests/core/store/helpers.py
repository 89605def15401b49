"""What the tests of the store share."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ha_device_backup_core.contract import Artifact, DeviceInfo, Note
from ha_device_backup_core.damage import Damage, DamageKind
from ha_device_backup_core.records import (
    Backup,
    DeviceKey,
    Fetched,
    HandlerVersion,
    NewBackup,
    Trigger,
)
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.suspicion import Extent
from ha_device_backup_core.text import _

START = datetime(2025, 1, 15, 10, 30, tzinfo=UTC)
KEY = DeviceKey("wled", "a1b2c3d4e5f6")
OTHER = DeviceKey("fritzbox", "Fritz!Box 7590 #1")
HANDLER = HandlerVersion(kind="wled", distribution="ha-device-backup-wled", version="1.2.3")
DEVICE = DeviceInfo(
    unique_id="a1b2c3d4e5f6",
    name="Lamp",
    manufacturer="WLED",
    model="ESP32",
    version="0.15.0",
    connections=(("mac", "a1:b2:c3:d4:e5:f6"),),
    configuration_url="http://127.0.0.1/",
)
MISSING = Note(code="presets", text="The presets could not be read.")
DOUBT = Note(code="torn", text="The files changed while they were read.")


@dataclass
class Clock:
    """A clock that goes on when it is told to."""

    now: datetime = START

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now

    def advance(self, **units: float) -> datetime:
        """Go on, or back, and return the new time."""
        self.now += timedelta(**units)
        return self.now


def artifact(content: bytes = b"content", *, filename: str = "backup.zip", missing: tuple[Note, ...] = ()) -> Artifact:
    """Return an artifact with all that one can have."""
    return Artifact(
        filename=filename, content=content, media_type="application/zip", attributes={"files": "7"}, missing=missing
    )


def fetched(content: Artifact, *, device: DeviceInfo = DEVICE, doubts: tuple[Note, ...] = ()) -> Fetched:
    """Return an artifact as a job hands it over."""
    return Fetched(
        device=device,
        artifact=content,
        doubts=doubts,
        fingerprint=hashlib.sha256(content.content).hexdigest(),
        extent=Extent.of(content, configured=None),
    )


async def commit(
    store: BackupStore,
    content: bytes = b"content",
    *,
    key: DeviceKey = KEY,
    filename: str = "backup.zip",
    missing: tuple[Note, ...] = (),
    doubts: tuple[Note, ...] = (),
    taken_at: datetime | None = None,
    title: str = "Desk lamp",
    trigger: Trigger = Trigger.SCHEDULE,
) -> Backup:
    """Commit an artifact."""
    new = NewBackup(
        key=key,
        title=title,
        fetched=fetched(artifact(content, filename=filename, missing=missing), doubts=doubts),
        handler=HandlerVersion(kind=key.kind, distribution=HANDLER.distribution, version=HANDLER.version),
        trigger=trigger,
        taken_at=taken_at,
    )
    return await store.commit(new)


def mark(root: Path) -> None:
    """Make the folder a store, as one that was opened before is."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "device-backups-store.json").write_text('{"schema": 1, "use": "store"}')


def device_json(store: BackupStore, key: DeviceKey = KEY) -> dict[str, Any]:
    """Return what `device.json` holds."""
    return read_json(store.root / key.folder / "device.json")


def meta_path(store: BackupStore, backup: Backup) -> Path:
    """Return the path of a meta file."""
    return store.root / f"{backup.path}.meta.json"


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in the file."""
    document = json.loads(path.read_bytes())
    assert isinstance(document, dict)
    return document


def edit_json(path: Path, **changes: object) -> None:
    """Change keys of the object in the file; None takes a key away."""
    document = read_json(path) | changes
    path.write_text(json.dumps({key: value for key, value in document.items() if value is not None}))


def tree(root: Path) -> list[str]:
    """Return every path below the root, folders with a slash at the end."""
    return sorted(f"{path.relative_to(root)}{'/' if path.is_dir() else ''}" for path in root.rglob("*"))


def newer(path: str) -> Damage:
    """Return what is told of a document that a newer version wrote."""
    message = _("A newer version wrote it, so it was not checked. Update Device Backups.")
    return Damage(path=path, kind=DamageKind.NEWER_VERSION, message=message)


async def reopened(root: Path, clock: Clock) -> BackupStore:
    """Return the store of a folder, opened for writing."""
    store = BackupStore(root, clock=clock)
    await store.open(write=True)
    return store


async def opened_copy(share: Path, clock: Clock) -> BackupStore:
    """Return the store that a second copy is, opened for reading."""
    copy = BackupStore(share, clock=clock)
    await copy.open(write=False)
    return copy
