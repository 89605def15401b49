"""Files that are handed in together: each is kept as a backup of its device, waits for a person, or is told why not."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from enum import StrEnum
from pathlib import Path

from ha_device_backup_core.errors import DeviceBackupError
from ha_device_backup_core.identity import new_assigned_identity
from ha_device_backup_core.manager import DeviceBackupManager, JobResult
from ha_device_backup_core.records import DeviceKey, Outcome
from ha_device_backup_core.text import in_language
from ha_device_backup_core.unexpected import expected_errors_only

from .found import FoundFile, RefusedFile, identify, paths_below, put_together

_LOGGER = logging.getLogger(__name__)


class ImportOutcome(StrEnum):
    """What became of a file."""

    STORED = "stored"
    PRESENT = "present"
    """The same is in the store already."""
    WITHOUT_OWNER = "without_owner"
    """It does not tell of which device it is, so a person has to."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFile:
    """A file, or several that are one backup, and what became of it."""

    names: tuple[str, ...]
    outcome: ImportOutcome
    kind: str | None = None
    made_at: datetime | None = None
    """As of when one that waits for a person will be kept, where it tells a time that can be."""
    key: DeviceKey | None = None
    title: str | None = None
    backup_id: str | None = None
    error: DeviceBackupError | None = None


class ImportBatch:
    """Owns what became of the files below a folder, for as long as they are looked at."""

    def __init__(
        self, manager: DeviceBackupManager, folder: Path, zone: tzinfo, changed: Callable[[], object] = lambda: None
    ) -> None:
        """Take the folder, and the zone in which files name times; `changed` is called whenever there is news."""
        self._manager = manager
        self._folder = folder
        self._zone = zone
        self._changed = changed
        self._pending = new_assigned_identity()
        self._found: dict[tuple[str, ...], FoundFile] = {}
        self._files: dict[tuple[str, ...], ImportedFile] = {}
        self.looked_at = 0
        self.total = 0
        self.is_done = False

    @property
    def files(self) -> list[ImportedFile]:
        """Return what became of the files, in the order of their names."""
        return [self._files[names] for names in sorted(self._files)]

    @property
    def is_needed(self) -> bool:
        """Return whether the files below the folder are still read: while they are looked at, or wait for a person."""
        return bool(self._found) or not self.is_done

    async def run(self) -> None:
        """Look at all files and keep what tells of which device it is."""
        paths: list[Path] = []
        try:
            with expected_errors_only(_LOGGER, "The import"):
                await self._run(paths)
        except DeviceBackupError as error:
            for path in paths or [self._folder]:
                self._refuse_unless_listed(RefusedFile(path=path, error=error))
        finally:
            self.is_done = True
            self._changed()

    async def assign(self, names: tuple[str, ...], key: DeviceKey) -> None:
        """Keep a file, which does not tell its own device, as a backup of this one; a mistake may be repeated."""
        found = self._found.get(names)
        if found is None or found.key.kind != key.kind:
            return
        await self._keep(replace(found, key=key), names)
        if self._files[names].outcome is not ImportOutcome.WITHOUT_OWNER:
            del self._found[names]

    async def _run(self, paths: list[Path]) -> None:
        found_paths, closed = await asyncio.to_thread(paths_below, [self._folder])
        paths += found_paths
        self.total = len(paths)
        looked: list[FoundFile] = []
        for refused in closed:
            self._refuse(refused)
        for path in paths:
            found = await self._identified(path)
            self.looked_at += 1
            if isinstance(found, FoundFile):
                looked.append(found)
                self._changed()
            else:
                self._refuse(found)
        for found in sorted(await put_together(looked), key=_age):
            names = tuple(self._name(path) for path in found.paths)
            if found.names_owner:
                await self._keep(found, names)
            else:
                self._found[names] = found
                self._set(self._waiting(found, names))

    async def _identified(self, path: Path) -> FoundFile | RefusedFile:
        try:
            with expected_errors_only(_LOGGER, "The look at a file"):
                return await identify(self._manager.registry, path, self._pending, self._zone)
        except DeviceBackupError as error:
            return RefusedFile(path=path, error=error)

    async def _keep(self, found: FoundFile, names: tuple[str, ...]) -> None:
        kind = found.registered.kind
        try:
            with expected_errors_only(_LOGGER, "The import of a file"):
                result = await self._kept(found)
        except DeviceBackupError as error:
            refused = ImportedFile(names=names, outcome=ImportOutcome.REFUSED, kind=kind)
            self._set(replace(self._waiting(found, names) if names in self._found else refused, error=error))
            return
        outcome = ImportOutcome.STORED if result.outcome is Outcome.STORED else ImportOutcome.PRESENT
        backup_id = None if result.backup is None else result.backup.id
        self._set(
            ImportedFile(
                names=names, outcome=outcome, kind=kind, key=result.key, title=result.title, backup_id=backup_id
            )
        )

    async def _kept(self, found: FoundFile) -> JobResult:
        artifact = await asyncio.to_thread(found.artifact)
        in_care = self._manager.keys()
        if found.key in in_care:
            return await self._manager.import_backup(found.key, artifact, made_at=found.made_at, may_be_old=True)
        newest = await self._manager.stored.newest(found.key)
        record = await self._manager.stored.device(found.key)
        known = None if record is None else record.title
        names = (known, found.title, f"{in_language(found.registered.spec.name)} {found.key.unique_id}")
        return await self._manager.stored.keep_file(
            found.registered,
            found.key,
            next(name for name in names if name),
            artifact,
            made_at=found.made_at,
            info=found.device or (None if newest is None else newest.device),
        )

    def _waiting(self, found: FoundFile, names: tuple[str, ...]) -> ImportedFile:
        return ImportedFile(
            names=names,
            outcome=ImportOutcome.WITHOUT_OWNER,
            kind=found.registered.kind,
            made_at=self._manager.stored.credible_time(found.made_at),
        )

    def _refuse_unless_listed(self, refused: RefusedFile) -> None:
        name = self._name(refused.path)
        if not any(name in names for names in self._files):
            self._refuse(refused)

    def _refuse(self, refused: RefusedFile) -> None:
        names = (self._name(refused.path),)
        self._set(ImportedFile(names=names, outcome=ImportOutcome.REFUSED, error=refused.error))

    def _set(self, file: ImportedFile) -> None:
        self._files[file.names] = file
        self._changed()

    def _name(self, path: Path) -> str:
        return path.name if path == self._folder else path.relative_to(self._folder).as_posix()


def _age(file: FoundFile) -> tuple[float, tuple[Path, ...]]:
    """Return the key that sorts the oldest first, so that each is compared with the one before."""
    return (0.0 if file.made_at is None else file.made_at.timestamp()), file.paths
