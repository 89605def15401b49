"""Looks after the repository once a week, beside the jobs: no backup waits for that, and none fails by it."""

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextvars import Context
from datetime import UTC, datetime, timedelta

from ha_device_backup_core import DeviceBackupError, DeviceBusyError

from ..data_folder import DataFolder, DataFolderError
from .kept import forgettable
from .repository import Repository

_LOGGER = logging.getLogger(__name__)
DOCUMENT = "upkeep.json"
PARTS = 20
"""One of them is read in a week, so that in five months all was."""
MOST_PARTS = 160
"""One that backups end after a long time is halved, so that it comes to its end some day; restic takes up to 256."""
WEEK = timedelta(days=7)
LONG = timedelta(hours=1)
_SINCE, _NAMED = "since", "named"
_PART, _PARTS, _FAULT = "part", "parts", "fault"

type UpkeepDocument = Mapping[str, object]


def _now() -> datetime:
    return datetime.now(UTC)


class Upkeep:
    """Owns when what was done; it begins after a backup, because then Home Assistant says what it still has."""

    def __init__(self, folder: DataFolder, repository: Repository, *, now: Callable[[], datetime] = _now) -> None:
        """Take where that is noted; nothing is done yet."""
        self.now = now
        self._folder = folder
        self._repository = repository
        self._writing = threading.Lock()
        self._kept: dict[str, frozenset[str]] = {}
        self._is_wanted = False
        self._pauses = 0
        self._took_long = False
        self._task: asyncio.Task[None] | None = None

    @contextlib.asynccontextmanager
    async def paused(self) -> AsyncIterator[None]:
        """Have the repository left to a job for the block; what is ended by that begins again when no job works."""
        self._pauses += 1
        try:
            await self._stop()
            yield
        finally:
            self._pauses -= 1
            if self._is_wanted and not self._pauses:
                # It is nothing of the job that ends here.
                self._task = asyncio.create_task(self._work(), context=Context())

    async def close(self) -> None:
        """Begin nothing any more, and end what is being done."""
        self._pauses += 1
        await self._stop()

    async def done(self) -> None:
        """Wait until nothing is being done."""
        if self._task is not None:
            await asyncio.wait({self._task})

    async def hear(self, tree: str, kept: frozenset[str] | None, *, made: str | None = None) -> None:
        """Note which states of a tree a store names, None where nobody knows, and have done afterwards what is due.

        `made` is the state that the store will name next: it may be an old one that is there again.
        """
        self._is_wanted = True
        if kept is not None:
            # Each store is heard each time: the other one of two may always come when nothing is due.
            self._kept[tree] = self._kept.get(tree, frozenset()) | kept
        if named := {*(kept or ()), *(() if made is None else (made,))}:
            now = self.now().isoformat()
            await self._change(lambda known: _naming(known, tree, {**_named(known, tree), **dict.fromkeys(named, now)}))

    async def fault(self) -> str | None:
        """Return what the last check found wrong with the repository."""
        found = (await asyncio.to_thread(self._known)).get(_FAULT)
        return None if found is None else str(found)

    async def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _work(self) -> None:
        try:
            for tree, kept in tuple(self._kept.items()):
                await self._forget(tree, kept)
                del self._kept[tree]
            await self._prune()
            await self._check()
        except DeviceBackupError as error:
            _LOGGER.warning("The repository is looked after later: %s", error)
        except Exception:  # the agent goes on; what it was is in the log
            _LOGGER.exception("The repository could not be looked after")
        self._is_wanted = False

    async def _forget(self, tree: str, kept: frozenset[str]) -> None:
        """Let go of what no backup of the tree needs."""
        work = f"forget {tree}"
        if not await self._is_due(work):
            return
        states = await self._repository.snapshots(tree)
        now = self.now()
        named = _named(await asyncio.to_thread(self._known), tree)
        # What was never seen before may be named by a backup that nobody told of.
        seen = {state.snapshot_id: named.get(state.snapshot_id, now.isoformat()) for state in states}
        going = tuple(state.snapshot_id for state in forgettable(states, kept, seen, now=now))
        if going:
            await self._repository.forget(going)
        left = {snapshot: time for snapshot, time in seen.items() if snapshot not in going}
        await self._change(lambda known: _naming(known, tree, left) | _since(known, work, now))

    async def _prune(self) -> None:
        """Free the room of what is no longer named, and of backups that did not come to their end."""
        if await self._is_due("prune"):
            await self._repository.prune()
            now = self.now()
            await self._change(lambda known: _since(known, "prune", now))

    async def _check(self) -> None:
        """Check the repository, and read the next part of its data."""
        known = await asyncio.to_thread(self._known)
        if known.get(_FAULT) is None and not await self._is_due("check"):
            return
        part, parts = _next_part(known, is_halved=self._took_long)
        await self._change(lambda _: {_PART: part, _PARTS: parts})
        self._took_long, begun = False, self.now()
        try:
            await self._repository.check(f"{part + 1}/{parts}")
        except asyncio.CancelledError:
            self._took_long = begun + LONG <= self.now()
            raise
        except DeviceBusyError:
            raise
        except DeviceBackupError as error:
            fault = error.detail_in()
            await self._change(lambda _: {_FAULT: fault})
            return
        now = self.now()
        following = {_PART: part + 1, _PARTS: parts} if part + 1 < parts else {_PART: 0, _PARTS: PARTS}
        await self._change(lambda known: _since(known, "check", now) | following | {_FAULT: None})

    async def _is_due(self, work: str) -> bool:
        """Return whether a week passed since it was done, or since it could have been done first."""
        last = _texts((await asyncio.to_thread(self._known)).get(_SINCE)).get(work)
        now = self.now()
        if last is None:
            await self._change(lambda known: _since(known, work, now))
            return False
        return datetime.fromisoformat(last) + WEEK <= now

    def _known(self) -> UpkeepDocument:
        try:
            return self._folder.read(DOCUMENT) or {}
        except DataFolderError as error:
            _LOGGER.warning("What was done for the repository is not known: %s", error)
            return {}

    async def _change(self, change: Callable[[UpkeepDocument], UpkeepDocument]) -> None:
        """Read, change and write, as one; that it cannot be noted costs no backup."""

        def write() -> None:
            with self._writing:
                known = self._known()
                self._folder.write(DOCUMENT, {**known, **change(known)})

        try:
            await asyncio.to_thread(write)
        except OSError as error:
            _LOGGER.warning("What was done for the repository is not noted: %s", error)


def _since(known: UpkeepDocument, work: str, time: datetime) -> dict[str, object]:
    return {_SINCE: {**_texts(known.get(_SINCE)), work: time.isoformat()}}


def _named(known: UpkeepDocument, tree: str) -> dict[str, str]:
    named = known.get(_NAMED)
    return _texts(named.get(tree)) if isinstance(named, dict) else {}


def _naming(known: UpkeepDocument, tree: str, times: Mapping[str, str]) -> dict[str, object]:
    named = known.get(_NAMED)
    return {_NAMED: {**(named if isinstance(named, dict) else {}), tree: dict(times)}}


def _next_part(known: UpkeepDocument, *, is_halved: bool) -> tuple[int, int]:
    """Return which part is read next, and of how many."""
    part, parts = known.get(_PART), known.get(_PARTS)
    if not isinstance(part, int) or not isinstance(parts, int) or not 0 <= part < parts <= MOST_PARTS:
        return 0, PARTS
    return (part * 2, parts * 2) if is_halved and parts * 2 <= MOST_PARTS else (part, parts)


def _texts(found: object) -> dict[str, str]:
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}
