"""The store of backups, as everybody else sees it."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from ha_device_backup_core.contract import Artifact
from ha_device_backup_core.damage import VerifyReport
from ha_device_backup_core.errors import StoreError
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.records import (
    Attempt,
    Backup,
    DeviceKey,
    DeviceRecord,
    NewBackup,
    PutBack,
    StoredSummary,
    UnfinishedRestore,
)
from ha_device_backup_core.text import _
from ha_device_backup_core.waiting import undisturbed

from .atomic_files import DIRECTORY_MODE, AtomicFiles
from .copies import Copies
from .files import MOST_BYTES_OF_SNAPSHOTS, read_file, require_not_newer
from .gate import Gate, shut_within
from .identity_change import is_under_way
from .json_documents import DocumentError, decode, encode, iso
from .lock import StoreLock
from .merging import Merged
from .names import LOCK_FILE, SNAPSHOT_FILE, SNAPSHOTS_FILE
from .reader import StoreReader
from .root import require_readable, require_writable
from .threads import Worker
from .verify import joined, verify_folder, verify_root
from .writer import StoreWriter

_LOGGER = logging.getLogger(__name__)
_SECONDS_FOR_COPIES = 1.0


def _now() -> datetime:
    return datetime.now(UTC)


class BackupStore:
    """Keeps backups in a tree of folders; every blocking thing happens on threads of its own.

    One thread makes all changes, and waits while the gate is shut. Reading, the second copy and `snapshot.json` have
    threads of their own, so that they never wait for it.
    """

    def __init__(self, root: Path, *, clock: Callable[[], datetime] = _now) -> None:
        """Take the root; nothing is touched before `open`, which is for once."""
        self.root = root
        self._reader = StoreReader(root, clock)
        self._gate = Gate()
        self._writer = StoreWriter(self._reader, AtomicFiles(self._gate))
        self._copies = Copies(self._reader)
        self._lock = StoreLock(root / LOCK_FILE)
        self._workers: dict[str, Worker] | None = None
        self._summaries: dict[DeviceKey, StoredSummary | None] = {}
        self._changes: dict[DeviceKey, int] = {}
        self._writable = False

    # -- opening -------------------------------------------------------------------------------------------------

    async def open(self, *, write: bool) -> None:
        """Begin; a writer takes the lock and tidies up.

        Raises StoreLockedError, StoreError, also for a folder that is no store, in which then nothing is changed.
        """
        self._workers = {name: Worker(name) for name in ("writer", "reader", "snapshot")}
        try:
            if not write:
                await self._read(require_readable, self.root)
                return
            await self._worker("writer").run(self._begin_writing)
        except BaseException:
            await self._end_workers()
            raise
        self._writable = True

    async def close(self) -> None:
        """End; what still waits at a shut gate fails, everything else that was begun is done first."""
        if self._workers is None:
            return
        self._writable = False
        if self._gate.is_shut:
            self._gate.close()
        await asyncio.gather(self._copies.end(), self._end_workers())
        self._lock.release()

    # -- reading -------------------------------------------------------------------------------------------------

    async def devices(self) -> list[DeviceRecord]:
        """Return the record of every device in the store."""
        return await self._read(self._reader.devices)

    async def unreadable(self) -> StoreError | None:
        """Return which folders cannot be read, so that nobody knows what is in them, and why; None where all can."""
        return await self._read(self._reader.unreadable)

    async def device(self, key: DeviceKey) -> DeviceRecord | None:
        """Return the record of the device."""
        return await self._read(self._reader.device, key)

    async def backups(self, key: DeviceKey, *, limit: int | None = None, until: datetime | None = None) -> list[Backup]:
        """Return the backups of the device, those until then, newest first."""
        return await self._read(self._reader.backups, key, limit, until)

    async def holding(self, key: DeviceKey, sha256: str, fingerprint: str) -> list[Backup]:
        """Return the backups that hold that file, or one that is equal but for what changes by itself; newest first."""
        return await self._read(self._reader.holding, key, sha256, fingerprint)

    async def count(self, key: DeviceKey) -> int:
        """Return the number of backups of the device."""
        return await self._read(self._reader.count, key)

    async def summary(self, key: DeviceKey) -> StoredSummary | None:
        """Return what the store holds of the device, None for nothing; from memory while nothing changed."""
        if key in self._summaries:
            return self._summaries[key]
        change = self._changes.get(key, 0)
        summary = await self._read(self._reader.summary, key)
        if self._writable and self._changes.get(key, 0) == change:
            self._summaries[key] = summary
        return summary

    async def last_confirmed(self, key: DeviceKey) -> Backup | None:
        """Return what the last fetch stored or found unchanged, None for nothing."""
        return await self._read(self._reader.last_confirmed, key)

    async def backup(self, key: DeviceKey, backup_id: str) -> Backup:
        """Return one backup; raises BackupNotFoundError, StoreDamagedError."""
        return await self._read(self._reader.backup, key, backup_id)

    async def is_moving(self, old: DeviceKey, new: DeviceKey) -> bool:
        """Return whether a change of identity was cut off: it goes on when it is asked for again."""
        return await self._read(is_under_way, self._reader, old, new)

    async def holders(self, backup_id: str) -> list[DeviceRecord]:
        """Return the devices that have a backup of that id; raises StoreError where a folder cannot be read."""
        return await self._read(self._reader.holders, backup_id)

    async def backup_before(self, key: DeviceKey, backup_id: str) -> Backup | None:
        """Return the backup of the device before that one, None for the first."""
        return await self._read(self._reader.before, key, backup_id)

    async def beyond(self, key: DeviceKey, policy: RetentionPolicy, *, now: datetime) -> list[str]:
        """Return the ids that `prune` would delete."""
        return await self._read(self._reader.beyond, key, policy, now)

    async def needed(self, key: DeviceKey) -> frozenset[str]:
        """Return the backups of the device that restores which did not end need, whichever devices they are on."""
        return await self._read(self._reader.needed, key)

    async def read(self, key: DeviceKey, backup_id: str) -> Artifact:
        """Return a backup whole, compared with its digest; raises BackupNotFoundError, StoreDamagedError."""
        return await self._read(self._reader.read, key, backup_id)

    async def verify(self, key: DeviceKey | None = None) -> VerifyReport:
        """Read everything, or all of one device, and report what is damaged."""
        if key is not None:
            return await self._read(verify_folder, self._reader, key.folder)
        root = await self._read(verify_root, self._reader)
        folders = await self._read(self._reader.folders)
        return joined(root, *[await self._read(verify_folder, self._reader, folder) for folder in folders])

    async def total_size(self) -> int:
        """Return the bytes of all files in the store."""
        return await self._read(self._reader.size)

    async def export(self, key: DeviceKey, backup_id: str, target: Path) -> Path:
        """Copy a backup and its meta file into the folder `target`; return the path of the copy."""
        return await self._copies.export(key, backup_id, target)

    # -- writing -------------------------------------------------------------------------------------------------

    async def commit(self, new: NewBackup) -> Backup:
        """Store a backup; raises StoreFullError, StoreError, and then nothing that was there is touched."""
        backup = await self._write(new.key, partial(self._writer.commit, new))
        self._copies.update(new.key, backup)
        return backup

    async def confirm(
        self, key: DeviceKey, backup_id: str, at: datetime, *, attempted: bool = True, address: str | None = None
    ) -> None:
        """Note that the device was found equal to the backup, as its last attempt where it was asked."""
        confirm = partial(self._writer.confirm, key, backup_id, at, attempted=attempted, address=address)
        await self._write(key, confirm)
        self._copies.update(key)

    async def record_attempt(self, key: DeviceKey, title: str, attempt: Attempt, *, blocked: str | None = None) -> None:
        """Note how the last attempt ended, and whether the present configuration is not to be tried again."""
        await self._write(key, partial(self._writer.record_attempt, key, title, attempt, blocked))

    async def set_title(self, key: DeviceKey, title: str) -> None:
        """Note what the person calls the device."""
        await self._write(key, partial(self._writer.set_title, key, title))

    async def set_protected(self, key: DeviceKey, backup_id: str, value: bool) -> Backup:  # noqa: FBT001 - the new value
        """Protect a backup from being deleted, or no longer."""
        return await self._write(key, partial(self._writer.update_meta, key, backup_id, {"protected": value}))

    async def accept(self, key: DeviceKey, backup_id: str) -> Backup:
        """Take the word of a person that a backup is right as it is: neither suspect nor lacking anything."""
        return await self._write(key, partial(self._writer.accept, key, backup_id))

    async def judge(self, judged: Backup) -> Backup:
        """Note the suspicion that a later comparison leaves of a backup, if any."""
        return await self._write(judged.key, partial(self._writer.judge, judged))

    async def set_unfinished_restore(
        self, key: DeviceKey, title: str, restore: UnfinishedRestore | None, *, put_back: PutBack | None = None
    ) -> None:
        """Note that a restore was begun on the device, or (None) that it ended well, with what is not backed up yet."""
        await self._write(key, partial(self._writer.set_unfinished_restore, key, title, restore, put_back))

    async def set_last_before(self, key: DeviceKey, backup_id: str, version: str | None) -> Backup:
        """Mark a backup as the last one before a version of the firmware."""
        return await self._write(key, partial(self._writer.update_meta, key, backup_id, {"last_before": version}))

    async def set_before_restore(self, key: DeviceKey, backup_id: str, at: datetime) -> Backup:
        """Mark a backup as the state before a restore: by it that one is undone."""
        return await self._write(key, partial(self._writer.update_meta, key, backup_id, {"before_restore": iso(at)}))

    async def delete(self, key: DeviceKey, backup_id: str) -> Backup | None:
        """Delete one backup, as a person wants it; return what it was. Raises StoreError if it is protected."""
        return await self._write(key, partial(self._writer.delete, key, backup_id))

    async def prune(self, key: DeviceKey, policy: RetentionPolicy, *, now: datetime) -> list[str]:
        """Delete what is beyond the policy; return the ids."""
        pruned = await self._write(key, partial(self._writer.prune, key, policy, now))
        self._copies.prune(key, policy, now)
        return pruned

    async def forget(self, key: DeviceKey) -> None:
        """Remove what is left of a device without backups; raises StoreError if it has any."""
        await self._write(key, partial(self._writer.forget, key))

    async def change_identity(
        self, old: DeviceKey, new: DeviceKey, *, awaited: UnfinishedRestore | None = None
    ) -> None:
        """Move the history of a device to the identity that it now tells, unless that one has a history of its own.

        With it is noted which restore is awaited of a device that took the place of another one.
        """
        moved = await self._write(old, partial(self._writer.change_identity, old, new, awaited))
        self._summaries.pop(new, None)
        self._changes[new] = self._changes.get(new, 0) + 1
        self._copies.remove(old, moved)
        self._copies.update(new)

    async def merge(self, source: StoreReader, key: DeviceKey, backups: Sequence[Backup]) -> Merged:
        """Take in backups of the device from another store, oldest first; what is here already is not doubled."""
        merged = await self._write(key, partial(self._writer.merge, source, key, backups))
        self._copies.update(key)
        return merged

    # -- the second copy -----------------------------------------------------------------------------------------

    @property
    def second_copy_problem(self) -> StoreError | None:
        """Return why the second copy is not complete, None while it is or is not wanted."""
        return self._copies.problem

    def watch_second_copy(self, watcher: Callable[[], object]) -> Callable[[], None]:
        """Call the watcher whenever the problem of the second copy is another; return what ends that."""
        self._copies.watchers.append(watcher)
        return partial(self._copies.watchers.remove, watcher)

    def set_second_copy(self, folder: Path | None) -> None:
        """Keep copies of the newest backups in the folder as well; its problems are kept, never raised."""
        self._copies.set_folder(folder)

    async def second_copy_done(self) -> None:
        """Wait until nothing is being copied."""
        await self._copies.done()

    # -- Home Assistant's backups --------------------------------------------------------------------------------

    async def close_gate(self, *, timeout: float) -> bool:  # noqa: ASYNC109 - a time box, after which it is shut
        """Let nothing change any more, whatever happens; return whether all was quiet within that many seconds."""
        quiet = await asyncio.gather(
            shut_within(self._gate, timeout), shut_within(self._copies.gate, min(timeout, _SECONDS_FOR_COPIES))
        )
        return all(quiet)

    def open_gate(self) -> None:
        """Let the changes go on."""
        self._gate.open()
        self._copies.gate.open()

    async def write_snapshot(
        self,
        manifest: Callable[[], Mapping[str, object]],
        *,
        timeout: float,  # noqa: ASYNC109 - a time box, after which the bypass is revoked
    ) -> None:
        """Replace `snapshot.json` by what the function returns in a thread, also while the gate is shut.

        It is made anew each time and does not wait for the disk.

        Raises StoreError, TimeoutError; no step is made after that.
        """
        self._require_writable()
        bypass = self._gate.bypass()
        steps = AtomicFiles(bypass)
        try:
            async with asyncio.timeout(timeout):
                await self._worker("snapshot").run(self._replace_snapshot, steps, manifest)
        finally:
            self._gate.revoke(bypass)

    async def read_snapshot(self) -> Mapping[str, object]:
        """Return what `snapshot.json` holds, nothing if it is missing or damaged."""
        return await self._read(self._document, SNAPSHOT_FILE)

    async def read_snapshots(self) -> Mapping[str, object]:
        """Return which backup of Home Assistant carried what, nothing if that is missing or damaged."""
        return await self._read(self._document, SNAPSHOTS_FILE)

    async def write_snapshots(self, snapshots: Mapping[str, object]) -> None:
        """Note which backup of Home Assistant carried what."""
        self._require_writable()
        await self._worker("writer").run(self._writer.write_document, SNAPSHOTS_FILE, snapshots)

    async def put_kind_file(self, name: str, content: bytes) -> None:
        """Keep a file that describes a kind of device, in place of an earlier one of that name; raises StoreError."""
        self._require_writable()
        await self._worker("writer").run(self._writer.put_kind_file, name, content)
        self._copies.update_kinds()

    async def remove_kind_file(self, name: str) -> None:
        """Remove a file that describes a kind of device; raises StoreError."""
        self._require_writable()
        await self._worker("writer").run(self._writer.remove_kind_file, name)

    # -- inside --------------------------------------------------------------------------------------------------

    def _begin_writing(self) -> None:
        require_writable(self.root)
        steps = AtomicFiles(self._gate)
        if not self.root.is_dir():
            with self._gate.step():
                self.root.parent.mkdir(parents=True, exist_ok=True)
            steps.make_folder(self.root)
        with self._gate.step():
            self._lock.acquire()
        try:
            steps.set_mode(self.root, DIRECTORY_MODE)
            self._writer.tidy()
        except BaseException:
            self._lock.release()
            raise

    def _replace_snapshot(self, steps: AtomicFiles, manifest: Callable[[], Mapping[str, object]]) -> None:
        require_not_newer(self.root / SNAPSHOT_FILE, MOST_BYTES_OF_SNAPSHOTS)
        steps.write(self.root / SNAPSHOT_FILE, encode(manifest()), lasting=False)

    def _document(self, name: str) -> Mapping[str, object]:
        try:
            return decode(read_file(self.root / name, MOST_BYTES_OF_SNAPSHOTS))
        except FileNotFoundError:
            return {}
        except DocumentError as error:
            _LOGGER.warning("%s in the store of backups is damaged and not used: %s", name, error)
            return {}

    async def _read[**P, R](self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await self._worker("reader").run(function, *args, **kwargs)

    async def _write[R](self, key: DeviceKey, change: Callable[[], R]) -> R:
        self._require_writable()
        writing = self._worker("writer").start(change)
        writing.add_done_callback(lambda done: self._changed(key, done))
        return await undisturbed(writing)

    def _changed[R](self, key: DeviceKey, writing: asyncio.Future[R]) -> None:
        self._changes[key] = self._changes.get(key, 0) + 1
        self._summaries.pop(key, None)

    def _worker(self, name: str) -> Worker:
        if self._workers is None:
            raise StoreError(_("The store is not open."))
        return self._workers[name]

    def _require_writable(self) -> None:
        if not self._writable:
            raise StoreError(_("The store is not open for writing."))

    async def _end_workers(self) -> None:
        workers, self._workers = self._workers, None
        if workers is not None:
            await asyncio.gather(*(worker.end() for worker in workers.values()))
