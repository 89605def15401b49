"""What grows with a store: `prune` of many backups and `ready()` of many devices, at N and 2 N in one run."""

import argparse
import asyncio
import json
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from rich.console import Console
from rich.table import Table

from ha_device_backup_core.contract import Artifact, DeviceInfo
from ha_device_backup_core.manager import BackupManager, DeviceSettings
from ha_device_backup_core.records import DeviceKey, HandlerVersion, Trigger
from ha_device_backup_core.registry import HandlerRegistry
from ha_device_backup_core.retention import RetentionPolicy
from ha_device_backup_core.store import BackupStore

KEY = DeviceKey("lamp", "a1")
STALL_GOAL_MILLISECONDS = 50.0
RATIO_GOAL = 2.5
BEAT_SECONDS = 0.001


class Watch:
    """Measures how long the event loop let others wait at most."""

    async def __aenter__(self) -> Self:
        self.longest = 0.0
        self._beating = asyncio.create_task(self._beat())
        await asyncio.sleep(0)
        self._started = time.perf_counter()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.seconds = time.perf_counter() - self._started
        await asyncio.sleep(2 * BEAT_SECONDS)
        self._beating.cancel()

    async def _beat(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(BEAT_SECONDS)
            self.longest = max(self.longest, time.perf_counter() - before - BEAT_SECONDS)


async def fill(root: Path, count: int) -> None:
    """Store one backup, and its like by hand: `commit` makes each safe on the disk, which takes its time."""
    store = BackupStore(root)
    await store.open(write=True)
    backup = await store.commit(
        key=KEY,
        title="Lamp",
        artifact=Artifact(filename="cfg.json", content=b"{}"),
        doubts=(),
        fingerprint="",
        handler=HandlerVersion(kind=KEY.kind, distribution="lamps", version="1"),
        device=DeviceInfo(unique_id=KEY.unique_id, name="Lamp"),
        trigger=Trigger.SCHEDULE,
        taken_at=datetime(2020, 1, 1, tzinfo=UTC),
    )
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
    manager = BackupManager(folder / f"ready-{count}", registry=HandlerRegistry())
    await manager.start()
    for number in range(count):
        key = DeviceKey("lamp", f"l{number}")
        await manager.add_device(DeviceSettings(key=key, title=f"Lamp {number}", config={"host": f"lamp{number}"}))
    await manager.prepare_snapshot()
    async with Watch() as watch:
        manager.ready()
        while not manager.status(key).queued:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0)
    await manager.stop()
    return watch


async def benchmark(folder: Path, backups: int, devices: int) -> bool:
    """Measure, show, and return whether the goals are met."""
    table = Table("What", "N", "seconds", "longest stall (ms)")
    met = True
    for name, work, count in (("prune", prune, backups // 2), ("ready", ready, devices // 2)):
        measured = [(size, await work(folder, size)) for size in (count, 2 * count)]
        for size, watch in measured:
            table.add_row(name, str(size), f"{watch.seconds:.2f}", f"{watch.longest * 1000:.1f}")
            met &= watch.longest * 1000 <= STALL_GOAL_MILLISECONDS
        met &= measured[1][1].seconds <= RATIO_GOAL * max(measured[0][1].seconds, 0.05)
    Console().print(table)
    return met


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backups", type=int, default=100_000)
    parser.add_argument("--devices", type=int, default=5_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        met = asyncio.run(benchmark(Path(folder), arguments.backups, arguments.devices))
    raise SystemExit(0 if met else 1)


if __name__ == "__main__":
    main()
