"""What grows with a store: `prune` of many backups and `ready()` of many devices, at N and 2 N in one run.

Times are told in milliseconds and as multiples of work that is always the same, measured right before and after.
"""

import argparse
import asyncio
import gc
import json
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partialmethod
from pathlib import Path
from typing import Self

from rich.console import Console
from rich.table import Table

from ha_device_backup_core.contract import Artifact, DeviceInfo
from ha_device_backup_core.manager import DeviceBackupManager, DeviceSettings
from ha_device_backup_core.plugins.registry import load_handlers
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.records import DeviceKey, Fetched, HandlerVersion, NewBackup, Trigger
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.suspicion import Extent

KEY = DeviceKey("lamp", "a1")
STALL_GOAL_MILLISECONDS = 50.0
RATIO_GOAL = 2.5
CALIBRATION_ROUNDS = 10
BEAT_SECONDS = 0.001


class Watch:
    """Measures each callback of the event loop while it is on, and how late a beat comes that other threads hold up.

    `held` is what other threads worked between two beats: late beats of a busy machine are none of theirs.

    A full collection of garbage looks at everything in the process, whoever is at work; so it is told apart.
    """

    full_collection = 0.0

    async def __aenter__(self) -> Self:
        self._ended = False
        self.longest = self.longest_worked = self.longest_collection = self._collecting = 0.0
        gc.callbacks.append(self._collect)
        self._original = asyncio.Handle._run  # noqa: SLF001 - the one place that every callback passes
        asyncio.Handle._run = partialmethod(_measured, self, self._original)  # type: ignore[method-assign,assignment] # noqa: SLF001
        beating = asyncio.create_task(self._beat())
        await asyncio.sleep(0)
        self._beating = beating
        self.latest = self.held = 0.0
        self.longest = self.longest_worked = self.longest_collection = self._collecting = 0.0
        self._started, self._worked = time.perf_counter(), time.process_time()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.seconds, self.worked = time.perf_counter() - self._started, time.process_time() - self._worked
        await asyncio.sleep(2 * BEAT_SECONDS)
        self._ended = True
        self._beating.cancel()
        gc.callbacks.remove(self._collect)
        asyncio.Handle._run = self._original  # type: ignore[method-assign] # noqa: SLF001

    def take(self, seconds: float, worked: float) -> None:
        """Take how long one callback lasted, and how long of that it worked."""
        if self._ended:
            return
        self.longest = max(self.longest, seconds)
        self.longest_worked = max(self.longest_worked, worked - self._collecting)
        self.longest_collection = max(self.longest_collection, self._collecting)
        self._collecting = 0.0

    async def _beat(self) -> None:
        while True:
            before, others = time.perf_counter(), _of_others()
            await asyncio.sleep(BEAT_SECONDS)
            self.latest = max(self.latest, time.perf_counter() - before - BEAT_SECONDS)
            self.held = max(self.held, _of_others() - others)

    def _collect(self, phase: str, _: object) -> None:
        if threading.get_ident() == threading.main_thread().ident:
            self._collecting += time.thread_time() * (1 if phase == "stop" else -1)


def _of_others() -> float:
    """Return the seconds that the other threads worked."""
    return time.process_time() - time.thread_time()


def _measured(handle: asyncio.Handle, watch: Watch, run: Callable[[asyncio.Handle], None]) -> None:
    began, worked = time.perf_counter(), time.thread_time()
    run(handle)
    watch.take(time.perf_counter() - began, time.thread_time() - worked)


def calibrate() -> float:
    """Return the seconds of processor time of work that is always the same, on this machine at this moment."""
    began = time.thread_time()
    for _ in range(CALIBRATION_ROUNDS):
        json.loads(json.dumps({str(number): [number] * 10 for number in range(1000)}))
    return (time.thread_time() - began) / CALIBRATION_ROUNDS


def full_collection() -> float:
    """Return the seconds of processor time of a collection of all there is, in which Home Assistant stands still."""
    gc.collect()
    began = time.thread_time()
    gc.collect()
    return time.thread_time() - began


async def fill(root: Path, count: int) -> None:
    """Store one backup, and its like by hand: `commit` makes each safe on the disk, which takes its time."""
    store = BackupStore(root)
    await store.open(write=True)
    artifact = Artifact(filename="cfg.json", content=b"{}")
    fetched = Fetched(
        device=DeviceInfo(unique_id=KEY.unique_id, name="Lamp"),
        artifact=artifact,
        fingerprint="",
        extent=Extent.of(artifact, configured=None),
    )
    new = NewBackup(
        key=KEY,
        title="Lamp",
        fetched=fetched,
        handler=HandlerVersion(kind=KEY.kind, distribution="lamps", version="1"),
        trigger=Trigger.SCHEDULE,
        taken_at=datetime(2020, 1, 1, tzinfo=UTC),
    )
    backup = await store.commit(new)
    await store.close()
    meta = json.loads((root / f"{backup.path}.meta.json").read_bytes())
    for number in range(1, count):
        at = backup.taken_at + timedelta(minutes=number)
        backup_id = f"{at:%Y-%m-%d_%H-%M-%S}"
        path = root / KEY.folder / f"backup_{backup_id}.json"
        path.write_bytes(b"{}")
        path.with_name(f"{path.name}.meta.json").write_text(
            json.dumps({**meta, "id": backup_id, "taken_at": at.isoformat()})
        )


async def prune(folder: Path, count: int) -> Watch:
    """Delete all but a few of so many backups."""
    root = folder / f"prune-{count}"
    await asyncio.to_thread(lambda: asyncio.run(fill(root, count)))
    store = BackupStore(root)
    await store.open(write=True)
    async with Watch() as watch:
        deleted = await store.prune(KEY, RetentionPolicy(newest=20, monthly=0), now=datetime.now(UTC))
    assert len(deleted) == count - 20
    await store.close()
    return watch


async def ready(folder: Path, count: int) -> Watch:
    """Put the schedules of so many devices in force; what comes due waits behind a snapshot."""
    manager = DeviceBackupManager(folder / f"ready-{count}", registry=load_handlers())
    await manager.start()
    for number in range(count):
        key = DeviceKey("wled", f"l{number}")
        await manager.add_device(DeviceSettings(key=key, title=f"Lamp {number}", config={"host": f"lamp{number}"}))
    await manager.prepare_snapshot()
    async with Watch() as watch:
        manager.ready()
        while not manager.status(key).queued:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0)
    watch.full_collection = full_collection()
    await manager.stop()
    return watch


async def benchmark(folder: Path, backups: int, devices: int) -> bool:
    """Measure, show, and return whether the goals are met."""
    columns = (
        "seconds",
        "worked (s)",
        "late (ms)",
        "held (ms)",
        "longest callback (ms)",
        "worked (ms)",
        "in calibrations",
        "garbage (ms)",
        "all garbage (ms)",
    )
    table = Table("What", "N", *columns)
    met = True
    for name, work, count in (("prune", prune, backups // 2), ("ready", ready, devices // 2)):
        measured: list[Watch] = []
        for size in (count, 2 * count):
            before = calibrate()
            watch = await work(folder, size)
            unit = (before + calibrate()) / 2
            measured.append(watch)
            longest, longest_worked = watch.longest * 1000, watch.longest_worked * 1000
            garbage = watch.longest_collection * 1000
            late, in_units = watch.latest * 1000, watch.longest_worked / unit
            held = watch.held * 1000
            everything = watch.full_collection * 1000
            figures = (watch.seconds, watch.worked, late, held, longest, longest_worked, in_units, garbage, everything)
            table.add_row(name, str(size), *(f"{figure:.2f}" for figure in figures))
            met &= max(longest_worked, everything) <= STALL_GOAL_MILLISECONDS
        met &= measured[1].worked <= RATIO_GOAL * max(measured[0].worked, 0.05)
    Console(width=150).print(table)
    return met


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backups", type=int, default=100_000)
    parser.add_argument("--devices", type=int, default=10_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        met = asyncio.run(benchmark(Path(folder), arguments.backups, arguments.devices))
    raise SystemExit(0 if met else 1)


if __name__ == "__main__":
    main()
