"""A call of the operating system that fails, any one of them, costs at most what was being done."""

import errno
import os
from pathlib import Path

import pytest

from ha_device_backup_core.errors import StoreError, StoreFullError
from ha_device_backup_core.store import BackupStore

from ..helpers import KEY, Clock, artifact, commit, tree
from .faults import CallCounter, counted
from .story import Event, check, short_story


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
async def test_each_call_fails_once(quick_path: Path, number: int) -> None:
    """No error but a StoreError comes out, what was acknowledged is there, and the next thing works."""

    def fail(name: str) -> None:
        raise OSError(number, os.strerror(number), name)

    at, counter = 0, CallCounter(0, fail)
    while counter.count >= at:
        at += 1
        counter = CallCounter(at, fail)
        root = quick_path / str(at) / "store"
        events: list[Event] = []
        with counted(counter):
            store = BackupStore(root)
            if await refused(store, StoreFullError if number == errno.ENOSPC else StoreError):
                store = BackupStore(root)
                await store.open(write=True)
            errors = await short_story(store, events.append, go_on=True)
            assert len(errors) <= 3
            await store.close()
        await check(root, events)
    assert at > 150


async def refused(store: BackupStore, expected: type[StoreError]) -> bool:
    """Open the store; return whether that failed, as expected."""
    try:
        await store.open(write=True)
    except expected:
        return True
    return False


async def test_a_disk_that_is_full_and_stays_full(store: BackupStore, root: Path, clock: Clock) -> None:
    backup = await commit(store, b"before")
    before = {path: (root / path).read_bytes() for path in tree(root) if not path.endswith("/")}

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "write", fail)
        for change in (
            commit(store, b"more"),
            store.confirm(KEY, backup.id, clock.advance(hours=1)),
            store.set_protected(KEY, backup.id, True),
            store.set_title(KEY, "New"),
            store.write_snapshot(dict, timeout=60),
            store.write_snapshots({}),
            store.export(KEY, backup.id, root.parent),
        ):
            with pytest.raises(StoreFullError, match="Free some space"):
                await change
    assert {path: (root / path).read_bytes() for path in tree(root) if not path.endswith("/")} == before
    assert await store.read(KEY, backup.id) == artifact(b"before")
    after = await commit(store, b"more")
    assert await store.backups(KEY) == [after, backup]


async def test_a_commit_counts_even_if_the_record_of_the_device_cannot_be_written(
    store: BackupStore, caplog: pytest.LogCaptureFixture
) -> None:
    """The meta file is the commit point: what comes after it must not make a caller believe that nothing was stored."""
    await commit(store, b"first")
    replace, calls = os.replace, 0

    def fail(source: Path, target: Path) -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        replace(source, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", fail)
        backup = await commit(store, b"second")
    assert "but its device.json was not: No space left on device" in caplog.text
    assert await store.backup(KEY, backup.id) == backup
    assert (await store.verify()).problems == ()
    await store.confirm(KEY, backup.id, backup.taken_at)


async def test_a_read_only_disk(store: BackupStore) -> None:
    backup = await commit(store)
    opened = os.open

    def refuse(path: Path, flags: int, *arguments: int) -> int:
        if flags & os.O_CREAT:
            raise OSError(errno.EROFS, "Read-only file system", str(path))
        return opened(path, flags, *arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "open", refuse)
        with pytest.raises(StoreError, match="Read-only file system") as caught:
            await commit(store, b"more")
        assert not isinstance(caught.value, StoreFullError)
        assert await store.read(KEY, backup.id) == artifact()
    await commit(store, b"more")
