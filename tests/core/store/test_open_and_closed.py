"""A store that is read without its lock, stands still for a snapshot, or is closed."""

import asyncio
import fcntl
import shutil
import stat
import tarfile
from pathlib import Path

import pytest

from ha_device_backup_core.damage import VerifyReport
from ha_device_backup_core.errors import StoreError
from ha_device_backup_core.records import (
    Attempt,
    DeviceKey,
    Outcome,
)
from ha_device_backup_core.store import BackupStore

from .helpers import (
    KEY,
    OTHER,
    START,
    Clock,
    artifact,
    commit,
    tree,
)
from .test_store import contents


async def test_changes_wait_while_the_gate_is_shut(store: BackupStore, clock: Clock) -> None:
    backup = await commit(store, b"before")
    before = contents(store.root)
    assert await store.close_gate(timeout=60) is True
    changes = [
        asyncio.create_task(change)
        for change in (
            commit(store, b"meanwhile"),
            commit(store, b"other", key=OTHER),
            store.confirm(KEY, backup.id, clock.advance(hours=1)),
            store.record_attempt(KEY, "New title", Attempt(at=START, outcome=Outcome.FAILED)),
        )
    ]
    assert (await asyncio.wait(changes, timeout=0.2))[0] == set()
    assert contents(store.root) == before
    assert await store.backups(KEY) == [backup]
    assert await store.read(KEY, backup.id) == artifact(b"before")
    assert await store.verify() == VerifyReport(checked=1)
    store.open_gate()
    await asyncio.gather(*changes)
    assert await store.verify() == VerifyReport(checked=3)


async def test_the_snapshot_is_written_through_the_shut_gate(store: BackupStore) -> None:
    assert await store.read_snapshot() == {}
    assert await store.close_gate(timeout=60) is True
    waiting = asyncio.create_task(commit(store))
    await store.write_snapshot(lambda: {"devices": {"wled:é": None}}, timeout=60)
    assert await store.read_snapshot() == {"devices": {"wled:é": None}}
    assert not waiting.done()
    store.open_gate()
    await waiting


async def test_snapshots_wait_for_the_gate(store: BackupStore) -> None:
    assert await store.read_snapshots() == {}
    await store.close_gate(timeout=60)
    writing = asyncio.create_task(store.write_snapshots({"abc123": {}}))
    assert (await asyncio.wait([writing], timeout=0.1))[0] == set()
    store.open_gate()
    await writing
    assert await store.read_snapshots() == {"abc123": {}}


async def test_a_damaged_snapshots_file_is_not_used(store: BackupStore, caplog: pytest.LogCaptureFixture) -> None:
    (store.root / "snapshots.json").write_text("[]")
    assert await store.read_snapshots() == {}
    assert "snapshots.json in the store of backups is damaged" in caplog.text
    await store.write_snapshots({"a": 1})
    assert await store.read_snapshots() == {"a": 1}


async def test_closing_a_store_whose_gate_is_shut(store: BackupStore, root: Path, clock: Clock) -> None:
    backup = await commit(store, b"before")
    before = contents(root)
    await store.close_gate(timeout=60)
    waiting = asyncio.create_task(commit(store, b"lost"))
    await asyncio.sleep(0.05)
    await store.close()
    with pytest.raises(StoreError, match="closed before this was done"):
        await waiting
    assert contents(root) == before
    again = BackupStore(root, clock=clock)
    await again.open(write=True)
    assert await again.backups(KEY) == [backup]
    await commit(again, b"lost")
    await again.close()


async def test_home_assistants_own_restore_gives_everything_back(store: BackupStore, tmp_path: Path) -> None:
    key = DeviceKey("backups", "backups")
    backup = await commit(store, key=key, filename="backups")
    await commit(store, filename="home-assistant_v2.db")
    config, restored = store.root.parents[1], tmp_path / "restored"
    ignored = shutil.ignore_patterns("backups", "home-assistant_v2.db", "home-assistant_v2.db-wal")
    shutil.copytree(config, restored, ignore=ignored)
    assert contents(restored) == contents(config)
    again = BackupStore(restored / store.root.relative_to(config), clock=store._reader.clock)
    await again.open(write=True)
    assert await again.read(key, backup.id) == artifact(filename="backups")
    assert await again.devices() == await store.devices()
    assert await again.verify() == VerifyReport(checked=2)
    await again.close()


async def test_tar_is_enough(store: BackupStore, tmp_path: Path) -> None:
    backup = await commit(store, b"by hand", filename="presets.json")
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        tar.add(store.root, "store")
    with tarfile.open(tmp_path / "a.tar") as tar:
        member = tar.extractfile(f"store/{backup.path}")
        assert member is not None
        assert member.read() == b"by hand"


async def test_reading_needs_no_lock_and_leaves_no_trace(store: BackupStore, root: Path, clock: Clock) -> None:
    backup = await commit(store)
    before = contents(root)
    reader = BackupStore(root, clock=clock)
    await reader.open(write=False)
    assert await reader.devices() == await store.devices()
    assert await reader.read(KEY, backup.id) == artifact()
    assert await reader.verify() == VerifyReport(checked=1)
    assert await reader.total_size() == await store.total_size() > 0
    second = await commit(store, b"more")
    summary = await reader.summary(KEY)
    assert summary is not None
    assert summary.newest == second
    third = await commit(store, b"and more")
    summary = await reader.summary(KEY)
    assert summary is not None
    assert summary.newest == third
    with pytest.raises(StoreError, match="not open for writing"):
        await commit(reader)
    with pytest.raises(StoreError, match="not open for writing"):
        await reader.write_snapshot(dict, timeout=60)
    with pytest.raises(StoreError, match="not open for writing"):
        await reader.write_snapshots({})
    await reader.close()
    assert set(before) <= set(contents(root))


async def test_reading_where_there_is_no_store(tmp_path: Path) -> None:
    reader = BackupStore(tmp_path / "nothing")
    await reader.open(write=False)
    assert await reader.devices() == []
    assert await reader.verify() == VerifyReport(checked=0)
    assert await reader.total_size() == 0
    await reader.close()
    await reader.close()
    assert tree(tmp_path) == []
    with pytest.raises(StoreError, match="not open"):
        await reader.devices()


async def test_the_root_is_made_private(root: Path) -> None:
    root.mkdir(parents=True, mode=0o755)
    store = BackupStore(root)
    await store.open(write=True)
    await commit(store)
    await store.close()
    store = BackupStore(root)
    root.chmod(0o755)
    (root / KEY.folder).chmod(0o755)
    await store.open(write=True)
    assert stat.S_IMODE(root.stat().st_mode) == 0o700
    assert stat.S_IMODE((root / KEY.folder).stat().st_mode) == 0o700
    await store.close()


async def test_what_was_begun_is_done_before_the_store_is_closed(root: Path, clock: Clock) -> None:
    store = BackupStore(root, clock=clock)
    await store.open(write=True)
    committing = [asyncio.create_task(commit(store, b"%d" % number)) for number in range(20)]
    await asyncio.sleep(0)
    await store.close()
    backups = await asyncio.gather(*committing)
    again = BackupStore(root, clock=clock)
    await again.open(write=True)
    assert await again.backups(KEY) == backups[::-1]
    await again.close()


async def test_a_caller_who_goes_away_loses_nothing(store: BackupStore) -> None:
    committing = asyncio.create_task(commit(store))
    await asyncio.sleep(0)
    committing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await committing
    await commit(store, b"next")
    assert [await store.read(KEY, backup.id) for backup in await store.backups(KEY)] == [artifact(b"next"), artifact()]


async def test_the_lock_file_never_changes(store: BackupStore, root: Path) -> None:
    assert (root / ".lock").read_bytes() == b""
    with (root / ".lock").open("rb") as file, pytest.raises(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
