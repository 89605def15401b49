"""What a person does with stored backups, of known devices and of removed ones."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from ha_device_backup_core.contract import Artifact, DeviceInfo
from ha_device_backup_core.damage import VerifyReport
from ha_device_backup_core.errors import BackupNeededError, BackupNotFoundError, StoreError
from ha_device_backup_core.plugins.registry import RegisteredHandler
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.records import (
    Backup,
    DeviceKey,
    DeviceRecord,
    StoredSummary,
    Trigger,
    offered_of,
    recommended_of,
)
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.store.merging import Merged
from ha_device_backup_core.store.reader import StoreReader
from ha_device_backup_core.text import Text, _

from .backup_job import BackupJob, credible_time
from .devices import Devices
from .events import JobResult
from .firmware_marks import mark_other_firmware, recommended_or_newest
from .import_job import examine_file
from .snapshot_guard import SnapshotGuard

_NOTHING_STORED: Text = _("Nothing of this device was backed up yet.")
_NOTHING_RECOMMENDED: Text = _("All backups of this device look as if its configuration was lost. Choose one yourself.")

_THE_ONLY: Text = _("It is the only backup of this device: without it, there is nothing to put back.")
_THE_ONLY_WHOLE: Text = _("It is the only complete backup of this device: those that are left lack something.")
_THE_RECOMMENDED: Text = _("It is the recommended backup of this device: a restore begins with it.")
_TO_GO_ON: Text = _("A restore of this device did not end: by this backup it is continued or undone.")


def why_needed(backups: Sequence[Backup], unfinished: Collection[str] = ()) -> Mapping[str, Text]:
    """Return what a restore would lack without each backup that it needs, by their ids; newest first.

    `unfinished` are those by which a restore that did not end goes on. A protected one is kept for another reason.
    """
    if len(backups) == 1:
        reasons = {backups[0].id: _THE_ONLY}
    else:
        whole, recommended = [backup.id for backup in backups if backup.whole], recommended_of(backups)
        reasons = {} if recommended is None else {recommended.id: _THE_RECOMMENDED}
        reasons |= dict.fromkeys(whole if len(whole) == 1 else (), _THE_ONLY_WHOLE)
        reasons |= dict.fromkeys(unfinished, _TO_GO_ON)
    return {backup.id: reasons[backup.id] for backup in backups if backup.id in reasons and not backup.protected}


class StoredBackups:
    """The backups of all devices: read at any time, written while no snapshot is being made."""

    def __init__(
        self, store: BackupStore, devices: Devices, snapshots: SnapshotGuard, clock: Callable[[], datetime]
    ) -> None:
        """Take the store and who waits for it."""
        self._store = store
        self._devices = devices
        self._snapshots = snapshots
        self._clock = clock

    def credible_time(self, made_at: datetime | None) -> datetime | None:
        """Return as of when a file that may be old would be kept now, None where it tells no time that can be."""
        return credible_time(made_at, self._clock())

    async def newest(self, key: DeviceKey) -> Backup | None:
        """Return the newest backup of a device, None for nothing."""
        return next(iter(await self._store.backups(key, limit=1)), None)

    async def list_backups(self, key: DeviceKey | None = None) -> list[Backup]:
        """Return the backups of a device, or of all, those without a device included; newest first per device."""
        if key is not None:
            return await self._store.backups(key)
        keys = sorted(record.key for record in await self._store.devices())
        return [backup for known in keys for backup in await self._store.backups(known)]

    async def devices(self) -> list[DeviceRecord]:
        """Return every device of which anything is stored."""
        return await self._store.devices()

    async def unreadable(self) -> StoreError | None:
        """Return which folders of the store cannot be read, and why; None where all can."""
        return await self._store.unreadable()

    async def device(self, key: DeviceKey) -> DeviceRecord | None:
        """Return what is stored of a device beside its backups, None for nothing."""
        return await self._store.device(key)

    async def successors(self) -> dict[DeviceKey, DeviceRecord]:
        """Return which devices go on with the histories of others, by the keys that those had."""
        records = await self._store.devices()
        return {DeviceKey(record.key.kind, former): record for record in records for former in record.formerly}

    async def holders(self, backup_id: str) -> list[DeviceRecord]:
        """Return the devices that have a backup of that id; raises StoreError where a folder cannot be read."""
        return await self._store.holders(backup_id)

    async def backup_before(self, key: DeviceKey, backup_id: str) -> Backup | None:
        """Return the backup of the device before that one, None for the first."""
        return await self._store.backup_before(key, backup_id)

    async def makers(self, kinds: Collection[str]) -> dict[str, str]:
        """Return which package made the newest backup of each of these kinds."""
        newest = [
            backup
            for record in await self._store.devices()
            if record.key.kind in kinds
            for backup in await self._store.backups(record.key, limit=1)
            if backup.handler.distribution
        ]
        return {backup.key.kind: backup.handler.distribution for backup in sorted(newest, key=_taken_at)}

    async def summary(self, key: DeviceKey) -> StoredSummary | None:
        """Return how many backups there are of a device, and the newest and the recommended one; None for nothing."""
        return await self._store.summary(key)

    async def without_device(self) -> list[DeviceRecord]:
        """Return the devices that have backups but were removed."""
        return [record for record in await self._store.devices() if record.key not in self._devices]

    async def verify(self, key: DeviceKey | None = None) -> VerifyReport:
        """Read everything that is stored and compare it with its digest."""
        return await self._store.verify(key)

    @property
    def second_copy_problem(self) -> StoreError | None:
        """Return why the second copy is not complete, None while it is."""
        return self._store.second_copy_problem

    def watch_second_copy(self, watcher: Callable[[], object]) -> Callable[[], None]:
        """Call the watcher, in the event loop, whenever that is another; return what ends it."""
        return self._store.watch_second_copy(watcher)

    async def total_size(self) -> int:
        """Return the bytes of everything that is stored."""
        return await self._store.total_size()

    def needed(self, key: DeviceKey, backups: Sequence[Backup]) -> Mapping[str, Text]:
        """Return what a restore would lack without each of all backups of a device that it needs, by their ids.

        Which restores did not end is known here of devices in care; who deletes asks the store, too.
        """
        begun = ((device.key, device.unfinished_restore) for device in self._devices)
        unfinished = {id_ for target, restore in begun if restore is not None for id_ in restore.needed(target, key)}
        return why_needed(backups, unfinished)

    async def delete_backup(self, key: DeviceKey, backup_id: str, *, even_if_needed: bool = False) -> None:
        """Delete a backup for good, a damaged one too.

        Raises BackupProtectedError, and BackupNeededError for one that a restore needs unless it is to go nevertheless.
        """
        await self._snapshots.wait_until_open()
        if not even_if_needed:
            reason = why_needed(await self._store.backups(key), await self._store.needed(key)).get(backup_id)
            if reason is not None:
                raise BackupNeededError(reason)
        await self._devices.forget_backup(key, backup_id)
        try:
            await self._store.delete(key, backup_id)
        finally:
            await self._devices.reload(key)

    async def prune(self, key: DeviceKey, policy: RetentionPolicy, *, dry_run: bool = False) -> list[str]:
        """Delete the backups of a device that are beyond the policy; return their ids. A dry run deletes none."""
        now = self._clock()
        if dry_run:
            return await self._store.beyond(key, policy, now=now)
        await self._snapshots.wait_until_open()
        pruned = await self._store.prune(key, policy, now=now)
        await self._devices.reload(key)
        return pruned

    async def merge(self, source: StoreReader, key: DeviceKey, backups: Sequence[Backup]) -> Merged:
        """Take in backups of a device from another store, oldest first; what is here already is not doubled."""
        await self._snapshots.wait_until_open()
        merged = await self._store.merge(source, key, backups)
        await self._devices.reload(key)
        return merged

    async def keep_file(
        self,
        registered: RegisteredHandler,
        key: DeviceKey,
        title: str,
        artifact: Artifact,
        *,
        made_at: datetime | None = None,
        info: DeviceInfo | None = None,
    ) -> JobResult:
        """Keep a file of a device that is not in care, as `import_backup` does of one that is."""
        job = BackupJob(
            store=self._store,
            registered=registered,
            key=key,
            title=title,
            config={},
            trigger=Trigger.IMPORTED,
            retention=None,
            clock=self._clock,
        )
        fetched = await examine_file(job, artifact, info=info, zone=self._devices.zone)
        async with self._snapshots.writing():
            taken = await job.keep_file(fetched, made_at or fetched.made_at, may_be_old=True)
        return JobResult(key=key, title=title, outcome=taken.outcome, trigger=job.trigger, backup=taken.backup)

    async def backup(self, key: DeviceKey, backup_id: str) -> Backup:
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
        await self._devices.reload(key)
        return backup

    async def accept(self, key: DeviceKey, backup_id: str) -> Backup:
        """Take the word of a person that a backup is right as it is: neither suspect nor lacking anything."""
        await self._snapshots.wait_until_open()
        counted = await recommended_or_newest(self._store, key)
        backup = await self._store.accept(key, backup_id)
        await mark_other_firmware(self._store, key, counted)
        await self._devices.reload(key)
        return backup

    async def recommended(self, key: DeviceKey) -> Backup:
        """Return what a restore begins with; raises BackupNotFoundError where there is nothing."""
        summary = await self._store.summary(key)
        if summary is None or summary.newest is None:
            raise BackupNotFoundError(_NOTHING_STORED)
        if summary.recommended is None:
            raise BackupNotFoundError(_NOTHING_RECOMMENDED)
        return summary.recommended

    def offered(self, key: DeviceKey, backups: Sequence[Backup]) -> Backup | None:
        """Return which of the backups of a device is offered first to who wants to restore; newest first."""
        device = self._devices.find(key)
        return offered_of(backups, None if device is None else device.chosen_last)

    async def backup_id(self, key: DeviceKey, named: str | None) -> str:
        """Return the id that was named, or that of the recommended backup; raises BackupNotFoundError."""
        return (await self.recommended(key)).id if named is None else named

    async def chosen(self, key: DeviceKey, named: str | None) -> Backup:
        """Return the backup that was named, or the recommended one; raises BackupNotFoundError, StoreDamagedError."""
        return await self.recommended(key) if named is None else await self._store.backup(key, named)

    async def mark_last_before(self, key: DeviceKey, version: str) -> Backup | None:
        """Mark the recommended backup as the last before that firmware; None where there is none."""
        await self._snapshots.wait_until_open()
        backup = await recommended_or_newest(self._store, key)
        if backup is None:
            return None
        marked = await self._store.set_last_before(key, backup.id, version)
        await self._devices.reload(key)
        return marked


def _taken_at(backup: Backup) -> datetime:
    return backup.taken_at
