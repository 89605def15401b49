"""Home Assistant's archiver reads the configuration folder while the store is at work."""

import asyncio
import hashlib
import json
import os
import random
import tarfile
import threading
import time
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path, PurePath
from typing import Any

import pytest
from securetar import AddFileError, atomic_contents_add

from ha_device_backup_core.damage import VerifyReport
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.records import (
    Attempt,
    DeviceKey,
    Outcome,
)
from ha_device_backup_core.store import BackupStore, atomic_files

from .helpers import KEY, MISSING, START, Clock, commit

CYCLES = 12
CHANGES_BETWEEN = 40
KEYS = [DeviceKey("wled", f"a1b2c3d4e5{number:02}") for number in range(12)]
CHUNK = 32 * 1024
"""So large is a part that is written at once: that a backup has several need not make an archive of 100 MB."""
POLICY = RetentionPolicy(newest=3, monthly=0)


def archive(config: Path, target: Path, seen: Callable[[PurePath], object]) -> None:
    """Archive the configuration folder as Home Assistant does."""

    def never(path: PurePath) -> bool:
        seen(path)
        return False

    with tarfile.open(target, "w") as tar:
        atomic_contents_add(tar, config, never, "data")


class Churn:
    """Changes the store without end."""

    def __init__(self, store: BackupStore, clock: Clock) -> None:
        """Take the store."""
        self._store = store
        self._clock = clock
        self._chance = random.Random(7)
        self.changes = 0

    async def run(self) -> None:
        while True:
            await self._change(self._chance.choice(KEYS))
            self.changes += 1

    async def reach(self, changes: int) -> None:
        """Wait until there were that many changes."""
        while self.changes < changes:
            await asyncio.sleep(0.005)

    async def _change(self, key: DeviceKey) -> None:
        store, at = self._store, self._clock.advance(minutes=1)
        backups = await store.backups(key, limit=1)
        match self._chance.randrange(6):
            case 0 if backups:
                await store.confirm(key, backups[0].id, at)
            case 1:
                await store.prune(key, POLICY, now=at)
            case 2 if backups:
                await store.set_last_before(key, backups[0].id, "0.16.0" * self._chance.randrange(9))
            case 3:
                await store.record_attempt(key, "x" * self._chance.randrange(50), failed())
            case _:
                missing = () if self._chance.random() < 0.7 else (MISSING,)
                size = self._chance.choice([0, 100, 1000, 3 * CHUNK])
                await commit(store, self._chance.randbytes(size), key=key, missing=missing, taken_at=at)


def failed() -> Attempt:
    """Return an attempt that failed."""
    return Attempt(at=START, outcome=Outcome.FAILED, detail="The lamp is off.")


@pytest.mark.once
async def test_a_hundred_changes_and_a_dozen_archives(
    store: BackupStore, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atomic_files, "_CHUNK", CHUNK)
    config = store.root.parents[1]
    churn = Churn(store, clock)
    churning = [asyncio.create_task(churn.run()) for _ in range(4)]
    for cycle in range(CYCLES):
        await churn.reach(CHANGES_BETWEEN * (cycle + 1))
        assert await store.close_gate(timeout=60) is True
        summaries = {str(key): await store.summary(key) for key in KEYS}
        manifest = {
            name: {"id": summary.newest.id, "path": summary.newest.path, "sha256": summary.newest.artifact.sha256}
            for name, summary in summaries.items()
            if summary is not None and summary.newest is not None
        }
        await store.write_snapshot(partial(dict, devices=manifest), timeout=60)
        target = tmp_path / f"{cycle}.tar"
        await asyncio.to_thread(archive, config, target, lambda _: time.sleep(0.0005))
        store.open_gate()
        await asyncio.to_thread(hold_together, target, manifest)
        await restored(target, tmp_path / str(cycle), clock)
    for task in churning:
        task.cancel()
    await asyncio.gather(*churning, return_exceptions=True)
    assert (await store.verify()).problems == ()


def hold_together(target: Path, manifest: dict[str, dict[str, str]] | None = None) -> None:
    """Every meta file has its artifact with the right digest, and what the snapshot names is there."""
    with tarfile.open(target) as tar:
        files = {member.name: reading(tar, member) for member in tar.getmembers() if member.isfile()}
    root = "data/.storage/ha_device_backups"
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    for name, content in files.items():
        if name.endswith(".meta.json"):
            stored = json.loads(content)["artifact"]
            assert digests[name.removesuffix(".meta.json")] == stored["sha256"]
    if manifest is None:
        return
    assert json.loads(files[f"{root}/snapshot.json"]) == {"devices": manifest}
    for entry in manifest.values():
        assert digests[f"{root}/{entry['path']}"] == entry["sha256"]


def reading(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    """Return what a member holds."""
    file = tar.extractfile(member)
    assert file is not None
    return file.read()


async def restored(target: Path, folder: Path, clock: Clock) -> None:
    """What is in the archive is a good store."""
    with tarfile.open(target) as tar:
        await asyncio.to_thread(tar.extractall, folder, filter="data")
    store = BackupStore(folder / "data" / ".storage" / "ha_device_backups", clock=clock)
    await store.open(write=True)
    backups = sum([await store.count(key) for key in KEYS])
    assert backups > 0
    assert await store.verify() == VerifyReport(checked=backups)
    assert len(await store.devices()) > 0
    await store.close()


@pytest.mark.parametrize("change", ["delete", "commit", "confirm"])
async def test_without_the_gate_the_archiver_would_trip(store: BackupStore, tmp_path: Path, change: str) -> None:
    """The same moment with and without the gate: this is what the gate is for."""
    backup = await commit(store)
    config, loop = store.root.parents[1], asyncio.get_running_loop()
    (store.root / KEY.folder / ".device.json.tmp").write_text("a temporary file that a change renames")
    changes: dict[str, Callable[[], Coroutine[Any, Any, object]]] = {
        "delete": lambda: store.delete(KEY, backup.id),
        "commit": lambda: commit(store, b"more"),
        "confirm": lambda: store.confirm(KEY, backup.id, START),
    }

    def at_the_first_file(seconds: float | None) -> Callable[[PurePath], None]:
        def seen(path: PurePath) -> None:
            if path.name.startswith(".device.json") and not begun:
                begun.append(asyncio.run_coroutine_threadsafe(changes[change](), loop))
                if seconds is None:
                    begun[0].result(60)
                else:
                    time.sleep(seconds)

        begun: list[Any] = []
        return seen

    await store.close_gate(timeout=60)
    await asyncio.to_thread(archive, config, tmp_path / "with.tar", at_the_first_file(0.1))
    store.open_gate()
    with tarfile.open(tmp_path / "with.tar") as tar:
        assert f"data/{(store.root / backup.path).relative_to(config)}" in tar.getnames()
    await asyncio.sleep(0)
    if change == "delete":
        while await store.count(KEY):
            await asyncio.sleep(0.01)
        backup = await commit(store)
    else:
        await store.record_attempt(KEY, "Lamp", failed())
    (store.root / KEY.folder / ".device.json.tmp").write_text("a temporary file that a change renames")
    with pytest.raises(AddFileError):
        await asyncio.to_thread(archive, config, tmp_path / "without.tar", at_the_first_file(None))


async def test_the_time_box_expires_in_the_middle_of_a_commit(
    store: BackupStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A late thread makes no further step, and what it left behind does not change any more."""
    before = await commit(store, b"before")
    stuck, go_on = threading.Event(), threading.Event()
    write = os.write

    def slow(descriptor: int, content: memoryview) -> int:
        if threading.current_thread().name.startswith("device-backups-writer") and not stuck.is_set():
            stuck.set()
            assert go_on.wait(60)
        return write(descriptor, content)

    monkeypatch.setattr(os, "write", slow)
    committing = asyncio.create_task(commit(store, b"late"))
    assert await asyncio.to_thread(stuck.wait, 60)
    assert await store.close_gate(timeout=0.01) is False
    await store.write_snapshot(lambda: {"newest": before.id}, timeout=60)
    go_on.set()
    while store._gate._under_way:
        await asyncio.sleep(0.01)
    await asyncio.to_thread(archive, store.root.parents[1], tmp_path / "a.tar", lambda _: None)
    assert not committing.done()
    store.open_gate()
    late = await committing
    hold_together(tmp_path / "a.tar")
    assert await store.backups(KEY) == [late, before]


async def test_a_snapshot_that_comes_too_late_changes_nothing_any_more(
    store: BackupStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.write_snapshot(lambda: {"number": 1}, timeout=60)
    go_on, released = threading.Event(), threading.Event()
    write = os.write

    def slow(descriptor: int, content: memoryview) -> int:
        assert go_on.wait(60)
        try:
            return write(descriptor, content)
        finally:
            released.set()

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", slow)
        await store.close_gate(timeout=60)
        with pytest.raises(TimeoutError):
            await store.write_snapshot(lambda: {"number": 2}, timeout=0.05)
        go_on.set()
        assert await asyncio.to_thread(released.wait, 60)
    assert await store.read_snapshot() == {"number": 1}
    store.open_gate()
    await store.write_snapshot(lambda: {"number": 3}, timeout=60)
    assert await store.read_snapshot() == {"number": 3}
    assert not (store.root / ".snapshot.json.tmp").exists()
