"""Looks after the repository once a week: lets go of states that nobody needs, and reads a part of all data."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from ha_device_backup_core import DeviceBackupError, DeviceBusyError

from ..data_folder import DataFolder
from .kept import forgettable
from .repository import Repository

_LOGGER = logging.getLogger(__name__)
DOCUMENT = "upkeep.json"
PARTS = 20
"""One of them is read in a week, so that in five months all was."""
WEEK = timedelta(days=7)
_CHECKED, _PART, _FAULT, _LOOKED, _NAMED = "checked", "part", "fault", "looked", "named"


def _now() -> datetime:
    return datetime.now(UTC)


class Upkeep:
    """Owns when what was done; it is done after a backup, because then Home Assistant says what it still has."""

    def __init__(self, folder: DataFolder, repository: Repository, *, now: Callable[[], datetime] = _now) -> None:
        """Take where that is noted; nothing is done yet."""
        self.now = now
        self._folder = folder
        self._repository = repository

    async def forget(self, tree: str, kept: frozenset[str] | None) -> None:
        """Let go of what no backup of the tree needs; that this fails is no fault of the backup that was made."""
        if kept is None:
            return
        known = await self._read()
        now = self.now().isoformat()
        # Each store is heard each time: the other one of two may always come when nothing is due.
        named = {**_texts(known.get(_NAMED), tree), **dict.fromkeys(kept, now)}
        looked = _texts(known, _LOOKED)
        if self._is_due(looked.get(tree)):
            try:
                named = await self._forget(tree, kept, named)
            except DeviceBackupError as error:
                _LOGGER.warning("Nothing is let go of: %s", error)
            else:
                looked[tree] = now
        all_named = known.get(_NAMED)
        await self._note({_LOOKED: looked, _NAMED: {**(all_named if isinstance(all_named, dict) else {}), tree: named}})

    async def _forget(self, tree: str, kept: frozenset[str], named: Mapping[str, str]) -> dict[str, str]:
        """Let go of what nobody needs; return when each of the others was named last."""
        states = await self._repository.snapshots(tree)
        # What was never seen before may be named by a backup that nobody told of.
        seen = {state.snapshot_id: named.get(state.snapshot_id, self.now().isoformat()) for state in states}
        going = tuple(state.snapshot_id for state in forgettable(states, kept, seen, now=self.now()))
        if going:
            await self._repository.forget(going)
        return {snapshot: time for snapshot, time in seen.items() if snapshot not in going}

    async def check(self) -> str | None:
        """Check the repository and read the next part of its data if that is due; return what is wrong with it."""
        known = await self._read()
        checked, part, fault = known.get(_CHECKED), known.get(_PART), known.get(_FAULT)
        number = part if isinstance(part, int) else 0
        if checked is None:
            await self._note({_CHECKED: self.now().isoformat()})
        elif fault is not None or self._is_due(checked):
            try:
                await self._repository.check(f"{number % PARTS + 1}/{PARTS}")
            except DeviceBusyError as error:
                _LOGGER.warning("The repository is checked later: %s", error)
                return None if fault is None else str(fault)
            except DeviceBackupError as error:
                fault = error.detail_in()
                await self._note({_FAULT: fault})
            else:
                fault = None
                await self._note({_CHECKED: self.now().isoformat(), _PART: number + 1, _FAULT: None})
        return None if fault is None else str(fault)

    def _is_due(self, last: object) -> bool:
        return not isinstance(last, str) or not last or datetime.fromisoformat(last) + WEEK <= self.now()

    async def _read(self) -> Mapping[str, object]:
        return await asyncio.to_thread(self._folder.read, DOCUMENT) or {}

    async def _note(self, changed: Mapping[str, object]) -> None:
        await asyncio.to_thread(self._folder.write, DOCUMENT, {**await self._read(), **changed})


def _texts(document: object, key: str) -> dict[str, str]:
    found = document.get(key) if isinstance(document, Mapping) else None
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}
