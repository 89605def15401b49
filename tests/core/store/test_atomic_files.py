"""Every change below the root is a step that passed the gate, and no file that can be seen is ever written to."""

import os
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from ha_device_backup_core.store import BackupStore

from .helpers import Clock
from .kill.story import Event, short_story

_CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate", "os.link", "os.symlink"}


class Watch:
    """Sees every change that this process makes to files below a folder."""

    root: Path | None = None

    def __init__(self) -> None:
        """Begin to watch; an audit hook cannot be taken away, so there is one for all tests."""
        self.changes: list[tuple[str, str, bool]] = []
        self.store: BackupStore | None = None
        sys.addaudithook(self._see)

    def _see(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.root is None or not (event in _CHANGES or event == "open"):
            return
        if event == "open":
            flags = arguments[2]
            assert isinstance(flags, int)
            if not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC):
                return
        path = arguments[1] if event == "os.rename" else arguments[0]
        if isinstance(path, str | os.PathLike) and Path(os.fspath(path)).is_relative_to(self.root):
            assert self.store is not None
            self.changes.append((event, Path(os.fspath(path)).name, bool(self.store._gate._under_way)))


@pytest.fixture(scope="module")
def hooked() -> Watch:
    return Watch()


@pytest.fixture
def watch(hooked: Watch, root: Path) -> Generator[Watch]:
    hooked.changes.clear()
    hooked.root = root.parents[1]
    yield hooked
    hooked.root = None


async def test_every_change_is_a_step(watch: Watch, root: Path, clock: Clock) -> None:
    events: list[Event] = []
    for _ in range(2):
        watch.store = BackupStore(root, clock=clock)
        await watch.store.open(write=True)
        await short_story(watch.store, events.append, go_on=True)
        await watch.store.close()
        (root / "wled-a1b2c3d4e5f6" / "backup_2024-01-01_00-00-00.zip").write_text("left over")
        (root / "wled-a1b2c3d4e5f6").chmod(0o755)
        by_this_test = watch.changes[-2:]
        assert [event for event, _, _ in by_this_test] == ["open", "os.chmod"]
        del watch.changes[-2:]
    assert [change for change in watch.changes if not change[2]] == []
    assert {event for event, _, _ in watch.changes} == {
        "open",
        "os.chmod",
        "os.mkdir",
        "os.remove",
        "os.rename",
        "os.rmdir",
    }
    opened = {name for event, name, _ in watch.changes if event == "open"}
    assert [name for name in opened if not name.endswith(".tmp")] == [".lock"]


async def test_reading_changes_nothing(store: BackupStore, watch: Watch, root: Path, clock: Clock) -> None:
    watch.store = store
    await short_story(store, lambda _: None)
    watch.changes.clear()
    watch.store = BackupStore(root, clock=clock)
    await watch.store.open(write=False)
    for record in await watch.store.devices():
        for backup in await watch.store.backups(record.key):
            await watch.store.read(record.key, backup.id)
        await watch.store.summary(record.key)
    await watch.store.verify()
    await watch.store.close()
    assert watch.changes == []
