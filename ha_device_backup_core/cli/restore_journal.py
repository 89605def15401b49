"""What a store knows of a restore by this command: noted before the device is changed, until it ended well."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ha_device_backup_core.contract import DeviceInfo
from ha_device_backup_core.errors import StoreError
from ha_device_backup_core.manager.restores import where_undo_leads
from ha_device_backup_core.records import Backup, DeviceKey, DeviceRecord, UnfinishedRestore
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.store.root import is_marked

from .find_backup import ChosenBackup
from .output import Document, warn

_COMMAND = "ha-device-backup restore"


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreJournal:
    """Notes a restore in a store that is open for writing; without one, nowhere."""

    store: BackupStore | None

    async def is_unfinished(self, key: DeviceKey) -> bool:
        """Return whether a restore of the device did not end well before; raises StoreError."""
        record = None if self.store is None else await self.store.device(key)
        return record is not None and record.unfinished_restore is not None

    async def begin(
        self, key: DeviceKey, device: DeviceInfo, backup: Backup, safety: Backup | None
    ) -> UnfinishedRestore | None:
        """Note that the backup is about to be put on the device; return what was noted before. Raises StoreError."""
        if self.store is None:
            return None
        record = await self.store.device(key)
        before = None if record is None else record.unfinished_restore
        unfinished = UnfinishedRestore(
            source=backup.key,
            backup_id=backup.id,
            safety_backup_id=where_undo_leads(before, safety),
            begun_at=datetime.now(UTC),
        )
        await self.store.set_unfinished_restore(key, device.name if record is None else record.title, unfinished)
        return before

    async def end(self, key: DeviceKey, before: UnfinishedRestore | None = None) -> None:
        """Note that it ended well, or that nothing was changed and what was noted `before` holds; raises StoreError."""
        if self.store is None or (record := await self.store.device(key)) is None:
            return
        await self.store.set_unfinished_restore(key, record.title, before)
        if before is None and record.last_attempt is None and not await self.store.count(key):
            await self.store.forget(key)

    async def tell(self, key: DeviceKey) -> None:
        """Say that the restore did not end well, if it was begun."""
        if self.store is not None and (record := await self.store.device(key)) is not None:
            warn_of_unfinished(record, self.store.root)


@asynccontextmanager
async def opened_journal(chosen: ChosenBackup, safety_store: Path | None) -> AsyncIterator[RestoreJournal]:
    """Open the store of the safety backup, else the one that the backup is in.

    Raises StoreError for the first; the second may be in use by Home Assistant or be a copy, which prevents no restore.
    """
    root = safety_store or _store_of(chosen)
    store = None if root is None else BackupStore(root)
    if store is not None:
        try:
            await store.open(write=True)
        except StoreError as error:
            if safety_store is not None:
                raise
            warn(f"If this restore is cut off, {root} will not tell of it: {error}")
            store = None
    try:
        yield RestoreJournal(store=store)
    finally:
        if store is not None:
            await store.close()


def unfinished_document(record: DeviceRecord) -> Document | None:
    """Return for programs what was begun on the device and did not end well."""
    restore = record.unfinished_restore
    if restore is None:
        return None
    return {
        "source": str(restore.source),
        "backup_id": restore.backup_id,
        "safety_backup_id": restore.safety_backup_id,
        "begun_at": restore.begun_at.isoformat(),
        "awaits_replacement": restore.awaits_replacement,
    }


def warn_of_unfinished(record: DeviceRecord, root: Path) -> None:
    """Say what was begun on the device and did not end well, and how to go on with it or undo it."""
    restore = record.unfinished_restore
    if restore is None:
        return
    if restore.awaits_replacement:
        warn(f"{record.title} was replaced, and backup {restore.backup_id} was not put on the new device yet.")
        warn(f"Do it: {_command(restore.backup_id, root, record.key)}")
        return
    warn(
        f"Backup {restore.backup_id} was being put on {record.title} ({restore.begun_at:%Y-%m-%d %H:%M} UTC), "
        "and that did not end well. The device may hold only a part of it."
    )
    other = "" if restore.source == record.key else " --other-device"
    bare = Path(restore.backup_id).is_absolute()
    go_on = f'{_COMMAND} "{restore.backup_id}" --set …' if bare else _command(restore.backup_id, root, restore.source)
    warn(f"Continue: {go_on}{other}")
    if restore.safety_backup_id is None:
        warn("It cannot be undone: what was on the device before was not backed up.")
    else:
        warn(f"Undo: {_command(restore.safety_backup_id, root, record.key)}")


def _command(backup_id: str, root: Path, source: DeviceKey) -> str:
    return f'{_COMMAND} {backup_id} --store "{root}" --device "{source}" --set …'


def _store_of(chosen: ChosenBackup) -> Path | None:
    """Return the store that the backup is in, None for a copy elsewhere."""
    inside = "/" in chosen.backup.path
    root = chosen.root if inside else chosen.root.parent
    if not inside and chosen.root.name != chosen.backup.key.folder:
        return None
    return root if is_marked(root) else None
