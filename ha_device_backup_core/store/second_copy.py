"""Copies outside the store: the second copy in a folder that the person named, and exports."""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from ha_device_backup_core.errors import BackupNotFoundError, StoreDamagedError, StoreError
from ha_device_backup_core.records import Backup, DeviceKey

from .gate import Gate
from .layout import DEVICE_FILE, META_SUFFIX, BackupFiles
from .reader import StoreReader, read_file
from .steps import VisibleSteps
from .workers import Worker

_LOGGER = logging.getLogger(__name__)


class Copies:
    """Makes copies on a thread and behind a gate of its own: a mount that hangs holds up nothing else."""

    def __init__(self, reader: StoreReader) -> None:
        """Take what reads the store; there is no second copy at first."""
        self.gate = Gate()
        self.problem: StoreError | None = None
        self.watchers: list[Callable[[], object]] = []
        """Called when the problem is another."""
        self._reader = reader
        self._steps = VisibleSteps(self.gate)
        self._worker = Worker("copies")
        self._second: SecondCopy | None = None
        self._copying: set[asyncio.Future[None]] = set()
        self._ended = False

    def set_folder(self, folder: Path | None) -> None:
        """Keep a second copy there, or none."""
        self._second = None if folder is None else SecondCopy(folder, self._reader, self._steps)
        self._set_problem(None)

    def update(self, key: DeviceKey, committed: Backup | None = None) -> None:
        """Copy what was committed, and what else is new and not copied yet, in the background."""
        if self._second is not None:
            self._start(partial(self._second.update, key, committed))

    def remove(self, key: DeviceKey, removed: Sequence[BackupFiles]) -> None:
        """Remove from the second copy what retention removed from the store, in the background."""
        if removed and self._second is not None:
            self._start(partial(self._second.remove, key, removed))

    async def export(self, key: DeviceKey, backup_id: str, target: Path) -> Path:
        """Copy a backup with its meta file into the folder; return the path of the copy."""
        return await self._worker.run(export, self._reader, self._steps, key, backup_id, target)

    async def done(self) -> None:
        """Wait until nothing is being copied."""
        while self._copying:
            await asyncio.wait(self._copying)

    async def end(self) -> None:
        """Give up what is not copied yet."""
        self._ended = True
        self.gate.abandon()
        await self._worker.end()

    def _start(self, work: Callable[[], None]) -> None:
        if self._ended:
            return
        copying = self._worker.start(work)
        self._copying.add(copying)
        copying.add_done_callback(self._copied)

    def _copied(self, copying: asyncio.Future[None]) -> None:
        self._copying.discard(copying)
        error = None if copying.cancelled() else copying.exception()
        if isinstance(error, StoreError):
            if self.problem is None:
                _LOGGER.warning("The second copy is not complete: %s", error)
            self._set_problem(error)
        elif error is None:
            self._set_problem(None)
        else:
            _LOGGER.error("The second copy failed unexpectedly", exc_info=error)

    def _set_problem(self, problem: StoreError | None) -> None:
        changed = str(problem) != str(self.problem)
        self.problem = problem
        for watcher in tuple(self.watchers) if changed else ():
            watcher()


class SecondCopy:
    """The newest backups of each device in a folder that the person named, with the layout of the store; blocking."""

    def __init__(self, folder: Path, reader: StoreReader, steps: VisibleSteps) -> None:
        """Take the folder, which has to exist: where a mount is missing, nothing is written in its place."""
        self._folder = folder
        self._reader = reader
        self._steps = steps

    def update(self, key: DeviceKey, committed: Backup | None) -> None:
        """Copy what was committed, the newest backup and the newest whole one, where the copy lacks them.

        Raises StoreError, OSError.
        """
        if not self._folder.is_dir():
            raise StoreError(f"The folder for the second copy, {self._folder}, is not there.")
        root = self._reader.root.resolve()
        if self._folder.resolve().is_relative_to(root):
            raise StoreError("The folder for the second copy lies inside the store. Choose another one.")
        summary = self._reader.summary(key)
        if summary is None:
            return
        newest = (summary.recommended, committed, summary.newest)
        wanted = {backup.id: backup for backup in newest if backup is not None}
        for backup in wanted.values():
            with suppress(BackupNotFoundError):
                self._copy(backup)
        if (self._folder / key.folder).is_dir():
            target = self._folder / key.folder / DEVICE_FILE
            self._steps.write(target, read_file(self._reader.root / key.folder / DEVICE_FILE))

    def remove(self, key: DeviceKey, removed: Sequence[BackupFiles]) -> None:
        """Remove what retention removed from the store."""
        folder = self._folder / key.folder
        for files in removed:
            self._steps.remove(folder / files.meta, folder / files.artifact)

    def _copy(self, backup: Backup) -> None:
        target = self._folder / backup.path
        meta = target.with_name(target.name + META_SUFFIX)
        if meta.exists():
            if backup.known and hashlib.sha256(read_file(target)).hexdigest() != backup.artifact.sha256:
                raise StoreDamagedError(f"The second copy of {backup.path} differs. Move it away.")
            return
        content = self._reader.content(backup)
        document = self._meta(backup)
        if not target.parent.exists():
            self._steps.make_folder(target.parent)
        self._steps.write(target, content)
        self._steps.write(meta, document)

    def _meta(self, backup: Backup) -> bytes:
        try:
            return read_file(self._reader.root / (backup.path + META_SUFFIX))
        except FileNotFoundError as error:
            raise BackupNotFoundError(f"{backup.key} has no backup {backup.id}.") from error


def export(reader: StoreReader, steps: VisibleSteps, key: DeviceKey, backup_id: str, folder: Path) -> Path:
    """Copy a backup with its meta file into the folder; return the path of the copy."""
    backup = reader.backup(key, backup_id)
    content = reader.content(backup)
    document = read_file(reader.root / (backup.path + META_SUFFIX))
    if not folder.is_dir():
        if not folder.parent.is_dir():
            raise StoreError(f"The folder {folder} is not there.")
        steps.make_folder(folder)
    target = folder / backup.path.replace("/", "_")
    steps.write(target, content)
    steps.write(target.with_name(target.name + META_SUFFIX), document)
    return target
