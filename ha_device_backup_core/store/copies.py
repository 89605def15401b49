"""Copies outside the store: the second copy in a folder that the person named, and exports."""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from ha_device_backup_core.errors import BackupNotFoundError, StoreDamagedError, StoreError
from ha_device_backup_core.policies.retention import RetentionPolicy, beyond
from ha_device_backup_core.records import Backup, DeviceKey
from ha_device_backup_core.text import _

from .atomic_files import AtomicFiles
from .files import MOST_BYTES_OF_DOCUMENT, MOST_BYTES_OF_META, read_file, require_not_newer
from .gate import Gate
from .json_documents import DocumentError, encode
from .names import DEVICE_FILE, KINDS_FOLDER, MARK_FILE, META_SUFFIX, BackupFiles, is_kind_file
from .reader import StoreReader
from .root import Use, mark_document, require_place_for_copy, use_of
from .store_errors import as_store_error, no_backup
from .threads import Worker

_LOGGER = logging.getLogger(__name__)

type CopyResults = Mapping[DeviceKey | None, StoreError | None]
"""What is wrong with the copy of each device that was looked at; without a device: with the folder."""


class Copies:
    """Makes copies on a thread and behind a gate of its own: a mount that hangs holds up nothing else."""

    def __init__(self, reader: StoreReader) -> None:
        """Take what reads the store; there is no second copy at first."""
        self.gate = Gate()
        self.watchers: list[Callable[[], object]] = []
        """Called when the problem is another."""
        self._problems: dict[DeviceKey | None, StoreError] = {}
        self._reader = reader
        self._steps = AtomicFiles(self.gate)
        self._worker = Worker("copies")
        self._second: SecondCopy | None = None
        self._copying: set[asyncio.Future[CopyResults]] = set()
        self._ended = False

    @property
    def problem(self) -> StoreError | None:
        """Return why the second copy is not complete, None while it is or is not wanted."""
        return next(iter(self._problems.values()), None)

    def set_folder(self, folder: Path | None) -> None:
        """Keep a second copy there, or none."""
        self._second = None if folder is None else SecondCopy(folder, self._reader, self._steps)
        self._take(dict.fromkeys(self._problems))

    def update(self, key: DeviceKey, committed: Backup | None = None) -> None:
        """Copy what was committed, and what else is new and not copied yet, in the background."""
        if self._second is not None:
            self._start(partial(self._second.update, key, committed))

    def update_kinds(self) -> None:
        """Copy the files that describe kinds and are not copied yet, in the background."""
        if self._second is not None:
            self._start(self._second.update_kinds)

    def prune(self, key: DeviceKey, policy: RetentionPolicy, now: datetime) -> None:
        """Remove from the second copy what is beyond the policy and not in the store, in the background."""
        if self._second is not None:
            self._start(partial(self._second.prune, key, policy, now))

    def remove(self, key: DeviceKey, moved: Sequence[BackupFiles]) -> None:
        """Remove from the second copy what the store keeps elsewhere now, in the background."""
        if moved and self._second is not None:
            self._start(partial(self._second.remove, key, moved))

    async def export(self, key: DeviceKey, backup_id: str, target: Path) -> Path:
        """Copy a backup with its meta file into the folder; return the path of the copy."""
        return await self._worker.run(export, self._reader, self._steps, key, backup_id, target)

    async def done(self) -> None:
        """Wait until nothing is being copied."""
        while self._copying:
            await asyncio.wait(self._copying)
            await asyncio.sleep(0)

    async def end(self) -> None:
        """Give up what is not copied yet."""
        self._ended = True
        self.gate.close()
        if self._second is not None:
            self._second.ended = True
        await self._worker.end()

    def _start(self, work: Callable[[], CopyResults]) -> None:
        if self._ended:
            return
        second, copying = self._second, self._worker.start(work)
        self._copying.add(copying)
        copying.add_done_callback(lambda done: self._copied(second, done))

    def _copied(self, second: "SecondCopy | None", copying: asyncio.Future[CopyResults]) -> None:
        self._copying.discard(copying)
        if copying.cancelled() or second is not self._second:
            return
        if (error := copying.exception()) is not None:
            _LOGGER.error("The second copy failed unexpectedly", exc_info=error)
            return
        results = copying.result()
        returned = None in self._problems and results[None] is None
        self._take(results)
        if returned and second is not None:
            self._start(second.update_all)

    def _take(self, results: CopyResults) -> None:
        before = self.problem
        for key, problem in results.items():
            if problem is None:
                self._problems.pop(key, None)
            else:
                self._problems[key] = problem
        problem = self.problem
        if before is None and problem is not None:
            _LOGGER.warning("The second copy is not complete: %s", problem)
        for watcher in tuple(self.watchers) if str(problem) != str(before) else ():
            watcher()


class SecondCopy:
    """The newest backups of each device in a folder that the person named, with the layout of the store; blocking."""

    def __init__(self, folder: Path, reader: StoreReader, steps: AtomicFiles) -> None:
        """Take the folder, which has to exist: where a mount is missing, nothing is written in its place."""
        self.ended = False
        """Nothing more is begun then."""
        self._folder = folder
        self._reader = reader
        self._copy_reader = StoreReader(folder, reader.clock)
        self._steps = steps
        self._swept: set[DeviceKey] = set()
        self._wrong: dict[DeviceKey, set[str]] = {}

    def update_all(self) -> CopyResults:
        """Bring the copies of all devices up to date."""
        return self._each((record.key for record in self._reader.devices()), self._update)

    def update(self, key: DeviceKey, committed: Backup | None) -> CopyResults:
        """Copy what was committed, the newest backup and the newest whole one, where the copy lacks them."""
        return self._each([key], partial(self._update, committed=committed))

    def update_kinds(self) -> CopyResults:
        """Copy what describes kinds: without it nothing could put a backup of such a device back."""
        return self._each([], self._update)

    def prune(self, key: DeviceKey, policy: RetentionPolicy, now: datetime) -> CopyResults:
        """Remove what is beyond the policy, however long the folder was away; what the store holds stays."""
        return self._each([key], partial(self._prune, policy=policy, now=now))

    def remove(self, key: DeviceKey, moved: Sequence[BackupFiles]) -> CopyResults:
        """Remove what the store keeps elsewhere now."""
        return self._each([key], partial(self._remove, moved=moved))

    def _each(self, keys: Iterable[DeviceKey], work: Callable[[DeviceKey], None]) -> CopyResults:
        """Do the work for each device as far as the folder can be used, and return what is wrong then."""
        results: dict[DeviceKey | None, StoreError | None] = {}
        try:
            self._prepare()
            self._copy_kinds()
        except (OSError, StoreError) as error:
            return {None: _store_error(error)}
        for key in keys:
            if self.ended:
                break
            try:
                self._require_not_newer(key)
                work(key)
                results[key] = self._still_wrong(key)
            except (OSError, DocumentError, StoreError) as error:
                results[key] = _store_error(error)
        return {None: None, **results}

    def _require_not_newer(self, key: DeviceKey) -> None:
        """Leave the copy of a device alone that a newer version made, where the store is of this one."""
        if not self._reader.is_of_newer(key.folder):
            require_not_newer(self._folder / key.folder / DEVICE_FILE)

    def _prepare(self) -> None:
        root = self._reader.root.resolve()
        if self._folder.is_dir() and self._folder.resolve().is_relative_to(root):
            raise StoreError(_("The folder for the second copy lies inside the store. Choose another one."))
        require_place_for_copy(self._folder)
        if use_of(self._folder) is not Use.SECOND_COPY:
            self._steps.write(self._folder / MARK_FILE, encode(mark_document(Use.SECOND_COPY)))

    def _copy_kinds(self) -> None:
        """Copy each file that describes a kind; one that is removed stays here, where its backups stay, too."""
        source, target = self._reader.root / KINDS_FOLDER, self._folder / KINDS_FOLDER
        for path in sorted(source.iterdir()) if source.is_dir() else ():
            if not path.is_file() or not is_kind_file(path.name):
                continue
            content, copy = path.read_bytes(), target / path.name
            if not copy.is_file() or copy.read_bytes() != content:
                if not target.is_dir():
                    self._steps.make_folder(target)
                self._steps.write(copy, content)

    def _update(self, key: DeviceKey, committed: Backup | None = None) -> None:
        summary = self._reader.summary(key)
        if summary is None:
            return
        self._sweep(key)
        newest = (summary.recommended, committed, summary.newest)
        for backup in {backup.id: backup for backup in newest if backup is not None}.values():
            with suppress(BackupNotFoundError):
                self._copy(backup)
        folder = self._folder / key.folder
        if folder.is_dir():
            record = read_file(self._reader.root / key.folder / DEVICE_FILE, MOST_BYTES_OF_DOCUMENT)
            self._steps.write(folder / DEVICE_FILE, record)

    def _prune(self, key: DeviceKey, *, policy: RetentionPolicy, now: datetime) -> None:
        if self._copy_reader.count(key) <= policy.newest:
            return
        held = self._reader.names(key.folder).ids
        doomed = set(beyond(self._copy_reader.for_retention(key), policy, now)) - held
        for files in self._copy_reader.names(key.folder).backups:
            if files.id in doomed:
                self._steps.remove_backup(self._folder / key.folder / files.artifact)

    def _remove(self, key: DeviceKey, *, moved: Sequence[BackupFiles]) -> None:
        for files in moved:
            self._steps.remove_backup(self._folder / key.folder / files.artifact)

    def _sweep(self, key: DeviceKey) -> None:
        """Remove what an interrupted copy left, once."""
        if key in self._swept:
            return
        unfinished = self._copy_reader.names(key.folder).unfinished
        self._steps.remove(*(self._folder / key.folder / name for name in unfinished))
        self._swept.add(key)

    def _copy(self, backup: Backup) -> None:
        target = self._folder / backup.path
        meta = target.with_name(target.name + META_SUFFIX)
        if target.exists(follow_symlinks=False):
            if backup.is_readable and not holds(target, backup):
                self._wrong.setdefault(backup.key, set()).add(backup.id)
                return
            if not meta.exists():
                self._steps.write(meta, self._meta(backup))
            return
        content = self._reader.content(backup)
        document = self._meta(backup)
        if not target.parent.exists():
            self._steps.make_folder(target.parent)
        self._steps.add_backup(target, content, document)

    def _still_wrong(self, key: DeviceKey) -> StoreError | None:
        """Return the error of a copy that was found to be another than the stored backup, until it is right or gone."""
        wrong = self._wrong.get(key, set())
        for backup_id in sorted(wrong):
            try:
                backup = self._reader.backup(key, backup_id)
                if (self._folder / backup.path).exists() and not holds(self._folder / backup.path, backup):
                    return StoreDamagedError(_("The second copy of {path} differs. Move it away.", path=backup.path))
                self._copy(backup)
            except BackupNotFoundError:
                pass
            wrong.discard(backup_id)
        return None

    def _meta(self, backup: Backup) -> bytes:
        try:
            return read_file(self._reader.root / (backup.path + META_SUFFIX), MOST_BYTES_OF_META)
        except FileNotFoundError as error:
            raise no_backup(self._reader.device(backup.key), backup.id) from error


def holds(path: Path, backup: Backup) -> bool:
    """Return whether the file is the artifact of the backup."""
    try:
        content = read_file(path, backup.artifact.size)
    except DocumentError:
        return False
    return hashlib.sha256(content).hexdigest() == backup.artifact.sha256


def _store_error(error: OSError | DocumentError | StoreError) -> StoreError:
    if isinstance(error, StoreError):
        return error
    return as_store_error(error) if isinstance(error, OSError) else StoreDamagedError(error.why)


def export(reader: StoreReader, steps: AtomicFiles, key: DeviceKey, backup_id: str, folder: Path) -> Path:
    """Copy a backup with its meta file into the folder; return the path of the copy."""
    backup = reader.backup(key, backup_id)
    content = reader.content(backup)
    document = read_file(reader.root / (backup.path + META_SUFFIX), MOST_BYTES_OF_META)
    if not folder.is_dir():
        if not folder.parent.is_dir():
            raise StoreError(_("The folder {folder} is not there.", folder=str(folder)))
        steps.make_folder(folder)
    target = folder / backup.path.replace("/", "_")
    steps.write(target, content)
    steps.write(target.with_name(target.name + META_SUFFIX), document)
    return target
