"""Copies on a folder that is away, full, hanging, or in the wrong place, and damage on either side."""

import asyncio
import os
import threading
from pathlib import Path

import pytest

from ha_device_backup_core.damage import VerifyReport
from ha_device_backup_core.errors import StoreDamagedError, StoreFullError
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.store.names import MARK_FILE

from .helpers import KEY, OTHER, Clock, artifact, commit, tree


async def test_a_missing_mount_is_reported_and_nothing_is_written_in_its_place(
    store: BackupStore, share: Path, caplog: pytest.LogCaptureFixture
) -> None:
    share.rmdir()
    store.set_second_copy(share)
    backup = await commit(store, b"one")
    await commit(store, b"two")
    await store.second_copy_done()
    assert str(store.second_copy_problem).endswith(f"The folder for the second copy, {share}, is not there.")
    assert caplog.text.count("The second copy is not complete") == 1
    assert not share.exists()
    share.mkdir()
    await store.confirm(KEY, (await store.backups(KEY))[0].id, backup.taken_at)
    await store.second_copy_done()
    assert store.second_copy_problem is None
    assert len(tree(share)) == 5


async def test_a_full_disk_there_hurts_nothing_here(
    store: BackupStore, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.set_second_copy(share)
    await store.second_copy_done()
    write = os.write

    def full(descriptor: int, content: memoryview) -> int:
        if str(share) in str(Path(f"/proc/self/fd/{descriptor}").readlink()):
            raise OSError(28, "No space left on device")
        return write(descriptor, content)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        backup = await commit(store)
        await store.second_copy_done()
    assert isinstance(store.second_copy_problem, StoreFullError)
    assert tree(share) == []
    assert await store.read(KEY, backup.id) == artifact()
    await commit(store, b"more")
    await store.second_copy_done()
    assert store.second_copy_problem is None
    store.set_second_copy(None)
    await commit(store, b"even more")
    await store.second_copy_done()
    assert len(tree(share)) == 5


async def test_a_folder_inside_the_store_is_refused(store: BackupStore) -> None:
    store.set_second_copy(store.root)
    await commit(store)
    await store.second_copy_done()
    assert "lies inside the store" in str(store.second_copy_problem)
    assert await store.verify() == VerifyReport(checked=1)


async def test_damage_is_not_copied(store: BackupStore, share: Path) -> None:
    backup = await commit(store)
    (store.root / backup.path).write_bytes(b"damaged")
    store.set_second_copy(share)
    await store.confirm(KEY, backup.id, backup.taken_at)
    await store.second_copy_done()
    assert isinstance(store.second_copy_problem, StoreDamagedError)
    assert tree(share) == [MARK_FILE]


async def test_what_is_gone_before_it_is_copied_is_no_problem(store: BackupStore, share: Path) -> None:
    backup = await commit(store, b"gone")
    await store.delete(KEY, backup.id)
    newest = await commit(store, b"newest")
    store.set_second_copy(share)
    store._copies.update(KEY, backup)
    await store.second_copy_done()
    assert store.second_copy_problem is None
    assert (share / newest.path).read_bytes() == b"newest"
    assert not (share / backup.path).exists()


async def test_a_failure_of_our_own_is_logged(
    store: BackupStore, share: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    store.set_second_copy(share)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "is_relative_to", lambda *_: 1 / 0)
        backup = await commit(store)
        await store.second_copy_done()
    assert "The second copy failed unexpectedly" in caplog.text
    assert await store.read(KEY, backup.id) == artifact()


async def test_a_mount_that_hangs_holds_up_nothing(
    store: BackupStore, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs, go_on = threading.Event(), threading.Event()
    write = os.write

    def hang(descriptor: int, content: memoryview) -> int:
        if str(share) in str(Path(f"/proc/self/fd/{descriptor}").readlink()):
            hangs.set()
            assert go_on.wait(60)
        return write(descriptor, content)

    monkeypatch.setattr(os, "write", hang)
    store.set_second_copy(share)
    await commit(store, b"one")
    assert await asyncio.to_thread(hangs.wait, 60)
    backup = await commit(store, b"two")
    assert await store.read(KEY, backup.id) == artifact(b"two")
    assert await store.close_gate(timeout=60) is False
    await store.write_snapshot(dict, timeout=60)
    store.open_gate()
    go_on.set()
    await store.second_copy_done()
    assert store.second_copy_problem is None


async def test_what_failed_for_others_is_made_up_for_with_the_next_success(
    store: BackupStore, share: Path, clock: Clock
) -> None:
    share.rmdir()
    store.set_second_copy(share)
    backup, other = await commit(store), await commit(store, key=OTHER)
    await store.second_copy_done()
    share.mkdir()
    await store.confirm(KEY, backup.id, clock.advance(hours=1))
    await store.second_copy_done()
    assert store.second_copy_problem is None
    assert (share / other.path).read_bytes() == b"content"
