"""What a person does with stored backups, of known devices and of removed ones."""

from collections.abc import Callable, Sequence
from pathlib import Path

from ha_device_backup_core.contract import Artifact
from ha_device_backup_core.errors import BackupNeededError, BackupNotFoundError, DeviceBackupError, StoreError
from ha_device_backup_core.records import Backup, DeviceKey, DeviceRecord, VerifyReport, recommended_of
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.text import Text, _

from .devices import Fleet
from .snapshot_guard import SnapshotKeeper
from .snapshot_records import SnapshotManifest, SnapshotRecord

_NOTHING_STORED: Text = _("Nothing of this device was backed up yet.")
_NOTHING_RECOMMENDED: Text = _("All backups of this device look as if its configuration was lost. Choose one yourself.")
_HAS_HISTORY: Text = _(
    "There are backups of the new device already. Put the one you want on it with the action Restore."
)

_THE_ONLY: Text = _("It is the only backup of this device.")
_THE_ONLY_WHOLE: Text = _("It is the only complete backup of this device.")
_THE_RECOMMENDED: Text = _("It is the recommended backup of this device: a restore begins with it.")


def why_needed(backups: Sequence[Backup], backup_id: str) -> Text | None:
    """Return what a restore would lack without the backup, None for one that may go; newest first.

    A protected one is kept for another reason.
    """
    backup = next((backup for backup in backups if backup.id == backup_id), None)
    if backup is None or backup.protected:
        return None
    others = [other for other in backups if other.id != backup_id]
    if not others:
        return _THE_ONLY
    if backup.whole and not any(other.whole for other in others):
        return _THE_ONLY_WHOLE
    return _THE_RECOMMENDED if backup == recommended_of(backups) else None


class StoredBackups:
    """The part of the manager that needs no device."""

    def __init__(self, store: BackupStore, fleet: Fleet, snapshots: SnapshotKeeper) -> None:
        """Read at any time, and write while no snapshot is being made."""
        self._store = store
        self._fleet = fleet
        self._snapshots = snapshots

    @property
    def snapshot_in_progress(self) -> bool:
        """Return whether Home Assistant is making a backup of itself, so that nothing may be written."""
        return self._snapshots.in_progress

    @property
    def last_snapshot(self) -> SnapshotManifest | None:
        """Return what was in the store when the gate was last shut."""
        return self._snapshots.last

    @property
    def snapshots(self) -> tuple[SnapshotRecord, ...]:
        """Return which backup of Home Assistant carries what, newest first."""
        return self._snapshots.records

    def keys(self) -> list[DeviceKey]:
        """Return which devices are in care."""
        return [device.key for device in self._fleet]

    async def list_backups(self, key: DeviceKey | None = None) -> list[Backup]:
        """Return the backups of a device, or of all, those without a device included; newest first per device."""
        if key is not None:
            return await self._store.backups(key)
        keys = sorted(record.key for record in await self._store.devices())
        return [backup for known in keys for backup in await self._store.backups(known)]

    async def without_device(self) -> list[DeviceRecord]:
        """Return the devices that have backups but were removed."""
        return [record for record in await self._store.devices() if record.key not in self._fleet]

    async def verify(self, key: DeviceKey | None = None) -> VerifyReport:
        """Read everything that is stored and compare it with its digest."""
        return await self._store.verify(key)

    @property
    def second_copy_problem(self) -> StoreError | None:
        """Return why the second copy is not complete, None while it is."""
        return self._store.second_copy_problem

    def watch_second_copy(self, watcher: Callable[[], object]) -> None:
        """Call the watcher, in the event loop, whenever that is another."""
        self._store.watch_second_copy(watcher)

    async def total_size(self) -> int:
        """Return the bytes of everything that is stored."""
        return await self._store.total_size()

    async def delete_backup(self, key: DeviceKey, backup_id: str, *, even_if_needed: bool = False) -> None:
        """Delete a backup for good, a damaged one too.

        Raises BackupProtectedError, and BackupNeededError for one that a restore needs unless it is to go nevertheless.
        """
        await self._snapshots.wait_until_open()
        if not even_if_needed and (reason := why_needed(await self._store.backups(key), backup_id)) is not None:
            raise BackupNeededError(reason)
        await self._fleet.expect_deletion(key, backup_id)
        try:
            await self._store.delete(key, backup_id)
        finally:
            await self._fleet.take_stored(key)

    async def stored_backup(self, key: DeviceKey, backup_id: str) -> Backup:
        """Return what is known of a backup; raises BackupNotFoundError."""
        return await self._store.backup(key, backup_id)

    async def read_backup(self, key: DeviceKey, backup_id: str) -> tuple[Backup, Artifact]:
        """Return a backup whole, compared with its digest; raises BackupNotFoundError, StoreDamagedError."""
        return await self._store.backup(key, backup_id), await self._store.read(key, backup_id)

    async def export_backup(self, key: DeviceKey, backup_id: str, target: Path) -> Path:
        """Copy a backup to where a person can reach it; return the path of the copy."""
        return await self._store.export(key, backup_id, target)

    async def protect(self, key: DeviceKey, backup_id: str, *, protected: bool = True) -> Backup:
        """Keep a backup from being deleted, or no longer."""
        await self._snapshots.wait_until_open()
        backup = await self._store.set_protected(key, backup_id, protected)
        await self._fleet.take_stored(key)
        return backup

    async def accept(self, key: DeviceKey, backup_id: str) -> Backup:
        """Take the word of a person that a backup is right as it is: neither suspect nor lacking anything."""
        await self._snapshots.wait_until_open()
        backup = await self._store.accept(key, backup_id)
        await self._fleet.take_stored(key)
        return backup

    async def recommended(self, key: DeviceKey) -> Backup:
        """Return what a restore begins with; raises BackupNotFoundError where there is nothing."""
        summary = await self._store.summary(key)
        if summary is None or summary.newest is None:
            raise BackupNotFoundError(_NOTHING_STORED)
        if summary.recommended is None:
            raise BackupNotFoundError(_NOTHING_RECOMMENDED)
        return summary.recommended

    async def backup_id(self, key: DeviceKey, named: str | None) -> str:
        """Return the id that was named, or that of the recommended backup; raises BackupNotFoundError."""
        return (await self.recommended(key)).id if named is None else named

    async def require_replaceable(self, key: DeviceKey, unique_id: str) -> None:
        """Raise DeviceBackupError, which says what else to do, where the device of that id cannot replace this one.

        Two histories are never mixed up.
        """
        new = DeviceKey(key.kind, unique_id)
        if (present := self._fleet.find(new)) is not None:
            raise DeviceBackupError(_is_in_care(present.settings.title))
        if await self._store.backups(new, limit=1) and await self._store.backups(self._fleet.get(key).key, limit=1):
            raise DeviceBackupError(_HAS_HISTORY)

    async def chosen(self, key: DeviceKey, named: str | None) -> Backup:
        """Return the backup that was named, or the recommended one; raises BackupNotFoundError, StoreDamagedError."""
        return await self.recommended(key) if named is None else await self._store.backup(key, named)

    async def mark_last_before(self, key: DeviceKey, version: str, *, backup_id: str | None = None) -> Backup | None:
        """Mark this backup, or the recommended one, as the last before that firmware; None where there is none."""
        await self._snapshots.wait_until_open()
        if backup_id is None:
            summary = await self._store.summary(key)
            backup = summary and (summary.recommended or summary.newest)
            if not backup:
                return None
            backup_id = backup.id
        marked = await self._store.set_last_before(key, backup_id, version)
        await self._fleet.take_stored(key)
        return marked


def _is_in_care(title: str) -> Text:
    return _(
        "The new device is backed up already, as “{title}”. Put the backup you want on it with the action Restore.",
        title=title,
    )
