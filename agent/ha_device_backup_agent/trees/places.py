"""Where the agent keeps trees: the copies that rsync makes, what is on its way back, and the keys of a job."""

import asyncio
import contextlib
import secrets
import shutil
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from ha_device_backup_core import DeviceBusyError, UnsupportedDeviceError

from ..data_folder import FOLDER_MODE, DataFolder
from ..translation import _
from .mirror import TreeFacts, facts_of_tree, keeps_owners
from .repository import TREE, Repository
from .tools import Toolbox
from .upkeep import Upkeep

LARGE = "large"
DOCUMENT = "large.json"
MARK = ".device-backups"
"""Tells the folder from the empty place where its disk or share belongs."""
_STAGED_SECONDS = 3600.0
_MIRRORS, _PARTIALS, _STAGING, _JOBS = "mirrors", "partials", "staging", "jobs"


@dataclass(frozen=True, slots=True)
class JobFolder:
    """The folder of one job, which holds its key."""

    path: Path

    def remove(self) -> None:
        """Remove it; blocking."""
        shutil.rmtree(self.path, ignore_errors=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorFacts:
    """What is in a copy."""

    tree: TreeFacts
    owners: bool


class TreePlaces:
    """Owns the folder of large data; in each tree is one job at a time."""

    def __init__(self, folder: DataFolder, *, large: Path | None = None, repository: str | None = None) -> None:
        """Take the folder of data, and where large data is; nothing is made yet."""
        self._data = folder
        self._folder = folder.path
        self._large = large or folder.path / LARGE
        self.tools = Toolbox()
        self.repository = Repository(folder, self._large, repository, self.tools)
        self.upkeep = Upkeep(folder, self.repository)
        self._busy: set[str] = set()

    def sweep(self) -> None:
        """Remove what jobs left behind that did not come to their end; blocking."""
        shutil.rmtree(self._folder / _JOBS, ignore_errors=True)
        shutil.rmtree(self._large / _STAGING, ignore_errors=True)

    @contextlib.asynccontextmanager
    async def exclusively(self, tree: str) -> AsyncIterator[None]:
        """Have a tree alone for the block, while nothing else is done with the repository beside jobs."""
        if tree in self._busy:
            raise DeviceBusyError(_("Another job works with this folder."))
        self._busy.add(tree)
        try:
            async with self.upkeep.paused():
                yield
        finally:
            self._busy.discard(tree)

    def new_job(self) -> JobFolder:
        """Return the folder of a new job; blocking."""
        return JobFolder(_made(self._folder / _JOBS / secrets.token_hex(8)))

    def mirror(self, tree: str) -> tuple[Path, Path]:
        """Return where the copy of a tree is, and where files of it that are half there; blocking.

        What was taken out for a plan that nobody followed goes.
        """
        self._require_large()
        staged = self._large / _STAGING / tree
        if staged.is_dir() and time.time() - staged.stat().st_mtime > _STAGED_SECONDS:
            shutil.rmtree(staged, ignore_errors=True)
        return _made(self._large / _MIRRORS / tree / TREE), _made(self._large / _PARTIALS / tree)

    def facts(self, mirror: Path) -> MirrorFacts:
        """Return what is in a copy; blocking."""
        return MirrorFacts(tree=facts_of_tree(mirror), owners=keeps_owners(mirror))

    def staging(self, tree: str) -> Path:
        """Return where a tree is put that goes back; blocking."""
        self._require_large()
        return _made(self._large / _STAGING / tree)

    def _require_large(self) -> None:
        """Mark the folder the first time; raise UnsupportedDeviceError where it once was and is not now.

        Otherwise all would come anew, onto the disk of the machine.
        """
        known, place = self._data.read(DOCUMENT) or {}, self._large / MARK
        if known.get("folder") != str(self._large):
            mark = secrets.token_hex(16)
            _made(self._large)
            place.write_text(mark)
            self._data.write(DOCUMENT, {"folder": str(self._large), "mark": mark})
        elif not place.is_file() or place.read_text() != known.get("mark"):
            raise UnsupportedDeviceError(
                _(
                    "The large data is not in {folder} any more. Is its disk or share connected to the agent?",
                    folder=str(self._large),
                )
            )

    async def clear_staging(self, tree: str) -> None:
        """Remove what went back."""
        await asyncio.to_thread(shutil.rmtree, self._large / _STAGING / tree, ignore_errors=True)


def _made(path: Path) -> Path:
    path.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
    return path
