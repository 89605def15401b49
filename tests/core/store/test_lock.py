"""One writer at a time, over all processes."""

import errno
import fcntl
import subprocess
import sys
from pathlib import Path

import pytest

from ha_device_backup_core.errors import StoreError, StoreLockedError
from ha_device_backup_core.store import BackupStore

from .helpers import KEY, Clock, artifact, commit, mark

HOLDER = """
import fcntl, sys
file = open(sys.argv[1], "a")
fcntl.flock(file, fcntl.LOCK_EX)
print("locked", flush=True)
sys.stdin.read()
"""


async def test_another_process_holds_the_lock(root: Path, clock: Clock) -> None:
    mark(root)
    (root / KEY.folder).mkdir()
    (root / ".snapshot.json.tmp").write_text("of the other one")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(root / ".lock")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        assert holder.stdout.readline() == "locked\n"
        store = BackupStore(root, clock=clock)
        with pytest.raises(StoreLockedError, match="is writing to this store"):
            await store.open(write=True)
        assert (root / ".snapshot.json.tmp").exists()
        with pytest.raises(StoreError):
            await commit(store)
        reader = BackupStore(root, clock=clock)
        await reader.open(write=False)
        assert await reader.devices() == []
        await reader.close()
        holder.stdin.close()
    store = BackupStore(root, clock=clock)
    await store.open(write=True)
    backup = await commit(store)
    assert await store.read(KEY, backup.id) == artifact()
    await store.close()


async def test_a_second_store_in_one_process(store: BackupStore, root: Path) -> None:
    second = BackupStore(root)
    with pytest.raises(StoreLockedError):
        await second.open(write=True)
    await store.close()
    second = BackupStore(root)
    await second.open(write=True)
    await second.close()


async def test_a_disk_that_knows_no_locks(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    with monkeypatch.context() as patch:
        patch.setattr(fcntl, "flock", refuse)
        with pytest.raises(StoreError, match="has no locks for files") as caught:
            await BackupStore(root).open(write=True)
        assert type(caught.value) is StoreError
    store = BackupStore(root)
    await store.open(write=True)
    await store.close()


async def test_the_lock_is_free_after_a_failed_start(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Path, "iterdir", lambda _: (_ for _ in ()).throw(OSError(errno.EIO, "Input/output error")))
        with pytest.raises(StoreError, match="The disk reports an error"):
            await BackupStore(root).open(write=True)
    store = BackupStore(root)
    await store.open(write=True)
    await store.close()
