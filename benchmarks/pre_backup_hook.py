"""How long Home Assistant's backup waits for us, and how long a start takes, with many devices in the store."""

import argparse
import asyncio
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from ha_device_backup_core.contract import Artifact, DeviceInfo
from ha_device_backup_core.manager import DeviceBackupManager
from ha_device_backup_core.manager.settings import DeviceSettings
from ha_device_backup_core.plugins.registry import HandlerRegistry
from ha_device_backup_core.records import DeviceKey, Fetched, HandlerVersion, NewBackup, Trigger
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.suspicion import Extent

GOAL_MILLISECONDS = 50.0
ROUNDS = 20
KIND = "wled"
TEMPLATE = DeviceKey(KIND, "template0000")
STARTED = datetime(2025, 1, 15, 10, 30, tzinfo=UTC)


def key(number: int) -> DeviceKey:
    """Return the key of a device, as long as the one of the template."""
    return DeviceKey(KIND, f"{number:012x}")


async def commit(store: BackupStore, device: DeviceKey, content: bytes, taken_at: datetime | None = None) -> None:
    """Store one backup."""
    artifact = Artifact(filename="backup.zip", content=content)
    fetched = Fetched(
        device=DeviceInfo(unique_id=device.unique_id, name="Desk lamp", manufacturer="WLED", model="ESP32"),
        artifact=artifact,
        fingerprint=content.hex()[:64],
        extent=Extent.of(artifact, configured=None),
    )
    new = NewBackup(
        key=device,
        title="Desk lamp",
        fetched=fetched,
        handler=HandlerVersion(kind=KIND, distribution="ha-device-backup-wled", version="0.1.0"),
        trigger=Trigger.SCHEDULE,
        taken_at=taken_at,
    )
    await store.commit(new)


async def fill(root: Path, devices: int, backups: int) -> None:
    """Fill a store: one device through the front door, the others as copies of its folder."""
    store = BackupStore(root)
    await store.open(write=True)
    for number in track(range(backups), description="Storing backups"):
        await commit(store, TEMPLATE, number.to_bytes(8) * 32, STARTED + timedelta(hours=number))
    await store.close()
    files = {path.name: path.read_bytes() for path in (root / TEMPLATE.folder).iterdir()}
    for number in track(range(devices), description="Copying devices"):
        folder = root / key(number).folder
        folder.mkdir(0o700)
        for name, content in files.items():
            new = content.replace(TEMPLATE.unique_id.encode(), key(number).unique_id.encode())
            (folder / name).write_bytes(new)
    shutil.rmtree(root / TEMPLATE.folder)


async def milliseconds(action: Callable[[], Awaitable[object]]) -> float:
    """Return how long the action takes."""
    started = time.perf_counter()
    await action()
    return (time.perf_counter() - started) * 1000


async def measure_hook(root: Path, devices: int) -> tuple[float, list[float], list[float]]:
    """Return the time of a start, and of the hook at rest and while backups are being stored."""
    manager = DeviceBackupManager(root, registry=HandlerRegistry())

    async def start() -> None:
        await manager.start()
        for number in range(devices):
            await manager.add_device(DeviceSettings(key=key(number), title="Desk lamp", config={}))

    async def store_without_end() -> None:
        while True:
            await commit(manager._store, key(0), time.time_ns().to_bytes(8) * 50_000)  # noqa: SLF001 - no device answers

    async def hook() -> float:
        taken = await milliseconds(manager.prepare_snapshot)
        if manager.last_snapshot is None or not (root / "snapshot.json").exists():
            sys.exit("The hook did not write the snapshot.")
        manager.finish_snapshot()
        await asyncio.sleep(0.05)
        return taken

    start_time = await milliseconds(start)
    at_rest = [await hook() for _ in range(ROUNDS)]
    storing = [asyncio.create_task(store_without_end()) for _ in range(4)]
    busy = [await hook() for _ in range(ROUNDS)]
    for task in storing:
        task.cancel()
    await asyncio.gather(*storing, return_exceptions=True)
    await manager.stop()
    return start_time, at_rest, busy


async def measure_store(root: Path, devices: int) -> float:
    """Return how long it takes to open the store and to know the newest backup of every device."""
    store = BackupStore(root)

    async def start() -> None:
        await store.open(write=True)
        for number in range(devices):
            if await store.summary(key(number)) is None:
                sys.exit("The store does not know its devices.")

    taken = await milliseconds(start)
    await store.close()
    return taken


async def benchmark(folder: Path, devices: int, backups: int) -> bool:
    """Fill a store, measure and print; return whether the goal was met."""
    root = folder / ".storage" / "ha_device_backups"
    await fill(root, devices, backups)
    store = await measure_store(root, devices)
    start, at_rest, busy = await measure_hook(root, devices)
    table = Table("what", "milliseconds", title=f"{devices:,} devices with {backups:,} backups each")
    table.add_row("store: open, and the newest backup of every device", f"{store:.0f}")
    table.add_row("manager: start, and take every device into care", f"{start:.0f}")
    for name, times in (("at rest", at_rest), ("while backups are being stored", busy)):
        table.add_row(f"hook {name}: median", f"{statistics.median(times):.1f}")
        table.add_row(f"hook {name}: longest of {ROUNDS}", f"{max(times):.1f}")
    Console().print(table, f"Goal: the hook takes at most {GOAL_MILLISECONDS:.0f} ms (median at rest).")
    return statistics.median(at_rest) <= GOAL_MILLISECONDS


def main() -> None:
    """Run the benchmark; exit status 1 when the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=1000)
    parser.add_argument("--backups", type=int, default=20, help="of each device")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        met = asyncio.run(benchmark(Path(folder), arguments.devices, arguments.backups))
    sys.exit(not met)


if __name__ == "__main__":
    main()
