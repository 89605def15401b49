"""A call of the operating system that fails, any one of them, costs at most what was being done."""

import errno
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ha_device_backup_core.damage import VerifyReport
from ha_device_backup_core.errors import StoreError, StoreFullError
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.store import BackupStore

from ..helpers import KEY, START, Clock, artifact, commit, tree
from .chapters import Chapter, chapters, last_told
from .faults import CallCounter, counted
from .story import Event, check, short_story

type Files = dict[str, bytes]


@dataclass
class Known:
    """What calls of one step leave when they fail, and what was promised by then."""

    left: list[Files] = field(default_factory=list)
    promised: list[tuple[Files, list[Event]]] = field(default_factory=list)


@pytest.mark.once
async def test_each_call_fails_once(quick_path: Path) -> None:
    """No error but a StoreError comes out, what was acknowledged is there, and the next thing works.

    What happens after a step depends on what it left: where another call left the same when it failed, the rest of the
    story was told already; where it had promised the same by then, that was checked, too.
    """
    told = await chapters(quick_path)
    for chapter in told:
        assert await last_told(chapter, quick_path / f"{chapter.step}-alone") == chapter.calls
        known = Known()
        for at in range(1, len(chapter.calls) + 1):
            folder = quick_path / f"{chapter.step}-at-{at}"
            await _told_with_fault(chapter, folder / "broken", at, errno.EIO, StoreError, known)
            await _told_with_fault(chapter, folder / "full", at, errno.ENOSPC, StoreFullError, known)
            shutil.rmtree(folder)
    assert sum(len(chapter.calls) for chapter in told) > 300


async def _told_with_fault(
    chapter: Chapter, folder: Path, at: int, number: int, expected: type[StoreError], known: Known
) -> None:
    """Tell the story from a step on, in which a call fails, to its end unless known is what the step leaves."""

    def fail(name: str) -> None:
        raise OSError(number, os.strerror(number), name)

    events = [*chapter.events]
    root = chapter.begin(folder)
    store = BackupStore(root)
    if chapter.step:
        await store.open(write=True)
    counter = CallCounter(at, fail)
    with counted(counter):
        if not chapter.step and await refused(store, expected):
            store = BackupStore(root)
            await store.open(write=True)
        errors = await short_story(store, events.append, go_on=True, begin=chapter.step, stop=chapter.step + 1)
    assert counter.count >= at
    left = {path: (root / path).read_bytes() for path in tree(root) if not path.endswith("/")}
    if is_new := left not in known.left:
        known.left.append(left)
        errors += await short_story(store, events.append, go_on=True, begin=chapter.step + 1)
    assert len(errors) <= 3
    await store.close()
    if is_new or (left, events) not in known.promised:
        known.promised.append((left, events))
        await check(root, events)


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


@pytest.mark.parametrize("calls", [("write",), ("write", "replace")])
async def test_backups_can_be_deleted_from_a_full_disk(
    store: BackupStore, root: Path, clock: Clock, calls: tuple[str, ...]
) -> None:
    backups = [await commit(store, b"%d" % number, taken_at=clock.advance(hours=1)) for number in range(5)]

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        for call in calls:
            patch.setattr(os, call, fail)
        with pytest.raises(StoreFullError):
            await commit(store, b"more")
        assert await store.delete(KEY, backups[4].id) == backups[4]
        await store.prune(KEY, RetentionPolicy(newest=2, monthly=0), now=clock())
    assert await store.backups(KEY) == [backups[3], backups[2]]
    assert [path for path in tree(root) if ".tmp" in path] == []
    assert await store.verify() == VerifyReport(checked=2)
    assert (await commit(store, b"more", taken_at=clock.advance(hours=1))).id > backups[4].id
    assert await store.delete(KEY, backups[3].id) == backups[3]


async def test_a_deletion_that_frees_the_room_for_its_own_note(store: BackupStore, clock: Clock) -> None:
    """The newest id is noted after the deletion where there was no room before it: it is not given again."""
    await commit(store, b"kept")
    newest = await commit(store, b"x" * 100, taken_at=clock.advance(hours=1))
    freed: list[Path] = []
    write, unlink = os.write, os.unlink

    def fail(descriptor: int, content: memoryview) -> int:
        if not freed:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, content)

    def free(path: Path, **options: int) -> None:
        unlink(path, **options)
        freed.extend([path] if str(path).endswith(newest.path.rpartition("/")[2]) else [])

    clock.now = START
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "write", fail)
        patch.setattr(os, "unlink", free)
        await store.delete(KEY, newest.id)
    assert (await commit(store, b"next")).id == f"{newest.id}_2"


async def test_the_artifact_is_safe_on_the_disk_before_its_meta_file_has_its_name(
    store: BackupStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A loss of power between the two must not leave a meta file without what it describes."""
    seen: list[str] = []
    fsync, replace = os.fsync, os.replace

    def synced(descriptor: int) -> None:
        seen.append(f"sync {Path(f'/proc/self/fd/{descriptor}').readlink().name}")
        fsync(descriptor)

    def renamed(source: Path, target: Path) -> None:
        seen.append(f"name {Path(target).name}")
        replace(source, target)

    await commit(store, b"first")
    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", renamed)
    name = (await commit(store, b"second")).path.rpartition("/")[2]
    assert seen[:6] == [
        f"sync .{name}.tmp",
        f"sync .{name}.meta.json.tmp",
        f"name {name}",
        f"sync {KEY.folder}",
        f"name {name}.meta.json",
        f"sync {KEY.folder}",
    ]


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
        with pytest.raises(StoreError, match="mounted to be read only") as caught:
            await commit(store, b"more")
        assert not isinstance(caught.value, StoreFullError)
        assert await store.read(KEY, backup.id) == artifact()
    await commit(store, b"more")
