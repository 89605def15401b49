"""The short story step by step: what is there before each, so that what is done to one needs none before it told."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ha_device_backup_core.store import BackupStore, atomic_files

from .faults import CallCounter, counted
from .story import Event, short_story

CHUNK = 16 * 1024
"""So large is a part that is written at once: large backups need not be large to be written in several."""


@dataclass(frozen=True)
class Chapter:
    """One step; the opening of a new store belongs to the first."""

    step: int
    files: Path
    """The store as it is before; nothing before the first."""
    events: Sequence[Event]
    """What was told before."""
    calls: Sequence[str]
    """What it asks of the operating system."""

    def begin(self, folder: Path) -> Path:
        """Return a store as it is before, in a new folder."""
        root = folder / "store"
        if self.step:
            shutil.copytree(self.files, root)
        return root


def write_small_parts() -> None:
    """Let all that this process stores be written in small parts."""
    atomic_files._CHUNK = CHUNK


async def chapters(folder: Path) -> list[Chapter]:
    """Tell the whole story once; return its steps."""
    root, events, told = folder / "whole/store", list[Event](), list[Chapter]()
    counter = CallCounter(0, lambda _: None)
    with counted(counter):
        store = BackupStore(root)
        await store.open(write=True)

        def end(step: int) -> None:
            files = folder / str(step + 1)
            shutil.copytree(root, files)
            told.append(Chapter(step, folder / str(step), seen[:], counter.names[:]))
            seen[:] = events
            counter.names.clear()

        seen: list[Event] = []
        assert await short_story(store, events.append, end=end) == []
        await store.close()
    assert counter.names == []
    return told


async def last_told(chapter: Chapter, folder: Path) -> Sequence[str]:
    """Tell only one step, with a store that was opened for it; return what it asks of the operating system."""
    counter = CallCounter(0, lambda _: None)
    store = BackupStore(chapter.begin(folder))
    if chapter.step:
        await store.open(write=True)
    with counted(counter):
        if not chapter.step:
            await store.open(write=True)
        await short_story(store, lambda _: None, begin=chapter.step, stop=chapter.step + 1)
    await store.close()
    return counter.names
