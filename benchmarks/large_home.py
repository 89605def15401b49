"""What a large home costs: memory beside the empty integration, and blocks of the event loop by commands of the page.

Both Home Assistants have as many entries, devices and entities. The store is made by hand: `commit` makes each backup
safe on the disk, which takes its time. All devices are switched off; of some that were removed only backups are left.
"""

import argparse
import asyncio
import json
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from ha_device_backup_core.contract import Artifact, DeviceInfo
from ha_device_backup_core.records import DeviceKey, Fetched, HandlerVersion, NewBackup, Trigger
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.suspicion import Extent
from scripts.live.archive import STORE
from scripts.live.client import HomeAssistantClient, logged_in
from scripts.live.folder import INTEGRATION, free_port, prepare_folder, write_storage
from scripts.live.process import HomeAssistantProcess, running
from scripts.live.waiting import until

from .start_of_home_assistant import EMPTY, OURS, entries, until_at_rest

PROBE = Path(__file__).parent / "loop_probe"
GOAL_MILLISECONDS = 50.0
SECONDS = 600.0
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def mac_of(number: int) -> str:
    """Return the identity of a device."""
    return f"a0b1c2{number:06x}"


async def example(root: Path) -> tuple[str, str, str]:
    """Return what the store writes of a device and of a backup, and the name of that backup."""
    key = DeviceKey("wled", mac_of(0))
    store = BackupStore(root)
    await store.open(write=True)
    artifact = Artifact(filename="wled.zip", content=b"backup")
    fetched = Fetched(
        device=DeviceInfo(unique_id=key.unique_id, name="Lamp 0", model="ESP32", version="0.15.5"),
        artifact=artifact,
        doubts=(),
        remarks=(),
        fingerprint="",
        extent=Extent.of(artifact, configured=None),
    )
    backup = await store.commit(
        NewBackup(
            key=key,
            title="Lamp 0",
            fetched=fetched,
            handler=HandlerVersion(kind=key.kind, distribution="ha-device-backup-wled", version="1"),
            trigger=Trigger.SCHEDULE,
            taken_at=FIRST,
        )
    )
    await store.close()
    path = root / backup.path
    meta = path.with_name(f"{path.name}.meta.json").read_text()
    return (path.parent / "device.json").read_text(), meta, path.name


def fill(root: Path, devices: int, backups: int) -> None:
    """Make a store with so many backups of each of so many devices."""
    device, meta, name = asyncio.run(example(root))
    first = f"{FIRST:%Y-%m-%d_%H-%M-%S}"
    content = (root / DeviceKey("wled", mac_of(0)).folder / name).read_bytes()
    for number in range(devices):
        mac = mac_of(number)
        folder = root / DeviceKey("wled", mac).folder
        folder.mkdir(exist_ok=True)
        (folder / "device.json").write_text(device.replace(mac_of(0), mac).replace("Lamp 0", f"Lamp {number}"))
        for turn in range(backups):
            at = FIRST + timedelta(days=turn)
            written = meta.replace(mac_of(0), mac).replace(first, f"{at:%Y-%m-%d_%H-%M-%S}")
            path = folder / name.replace(f"{first[:10]}", f"{at:%Y-%m-%d}")
            path.with_name(f"{path.name}.meta.json").write_text(written.replace(FIRST.isoformat(), at.isoformat()))
            if turn == 0:
                path.write_bytes(content)
            else:
                os.link(folder / name, path)


def memory_of(process: HomeAssistantProcess) -> int:
    """Return the bytes of memory that a process has at this moment."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024


class Measured:
    """Asks for something, and has the probe watch the event loop meanwhile."""

    def __init__(self, client: HomeAssistantClient, process: HomeAssistantProcess) -> None:
        """Keep both."""
        self._client = client
        self._process = process

    async def __call__(self, ask: Callable[[], Awaitable[object]]) -> dict[str, Any]:
        """Return the seconds, the longest block of the event loop in milliseconds, and what memory came to it."""
        before = memory_of(self._process)
        await self._client.act("loop_probe.start", response=False)
        begun = time.perf_counter()
        await ask()
        seconds = time.perf_counter() - begun
        report = await self._client.act("loop_probe.report")
        wall, processor, what = max(report["blocks"], key=lambda block: block[1])
        return {
            "seconds": round(seconds, 3),
            "longest_block_ms": round(wall, 1),
            "of_them_processor_ms": round(processor, 1),
            "what": what,
            "grown_bytes": memory_of(self._process) - before,
        }

    async def follow(self, command: str, **fields: object) -> dict[str, Any]:
        """Measure how long it takes until the first message of a subscription."""
        received = self._client.received
        count = len(received)

        async def ask() -> None:
            await self._client.command(command, **fields)
            while not any('"type":"event"' in message for message in received[count:]):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.001)

        measured = await self(ask)
        return {**measured, "bytes": max(map(len, received[count:]))}


async def not_loaded(client: HomeAssistantClient, domain: str) -> list[str]:
    """Return the entries of an integration that are not set up yet."""
    found = await client.command("config_entries/get", domain=domain)
    return [entry["title"] for entry in found if entry["state"] != "loaded"]


async def start(work: Path, domain: str, devices: int, removed: int, backups: int) -> dict[str, Any]:
    """Start a Home Assistant with that integration, and measure it."""
    folder, port = work / domain, free_port()
    prepare_folder(folder, port, integrations=[INTEGRATION if domain == OURS else EMPTY, PROBE], extra="loop_probe:\n")
    (folder / "configuration.yaml").write_text(
        (folder / "configuration.yaml").read_text().replace(": debug", ": warning")
    )
    known = entries(domain, devices, free_port())
    write_storage(folder, "core.config_entries", 1, {"entries": known}, minor_version=5)
    if domain == OURS:
        await asyncio.to_thread(fill, folder / STORE, devices + removed, backups)
    async with running(folder, port) as process, logged_in(process.url, fresh=True) as client:
        await until(lambda: not_loaded(client, domain), lambda left: not left, seconds=SECONDS)
        await until_at_rest(process)
        if domain != OURS:
            return {"bytes": memory_of(process)}
        measured = Measured(client, process)
        device = f"wled:{mac_of(0)}"
        memory = memory_of(process)

        async def listed() -> None:
            await client.command("ha_device_backups/backups/list", device_key=device)

        return {
            "bytes": memory,
            "overview": await measured.follow("ha_device_backups/devices/subscribe"),
            "overview again": await measured.follow("ha_device_backups/devices/subscribe"),
            "device": await measured(listed),
            "device again": await measured(listed),
            "bytes afterwards": memory_of(process),
        }


def show(report: dict[str, Any], backups: int) -> bool:
    """Print it; return whether the goal is met."""
    more = report[OURS]["bytes"] - report[EMPTY.name]["bytes"]
    print(f"memory: {more / 1e6:.1f} MB more than the empty integration, {more / backups:.0f} bytes a backup")
    table = Table(title="Commands of the page")
    for column in ("Command", "Seconds", "Longest block (ms)", "of it processor", "What ran"):
        table.add_column(column)
    commands = {name: one for name, one in report[OURS].items() if isinstance(one, dict)}
    for name, one in commands.items():
        blocks = (f"{one['longest_block_ms']}", f"{one['of_them_processor_ms']}", one["what"])
        table.add_row(name, f"{one['seconds']}", *blocks)
    Console(width=140).print(table)
    return all(one["of_them_processor_ms"] <= GOAL_MILLISECONDS for one in commands.values())


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--devices", type=int, default=1000)
    parser.add_argument("--removed", type=int, default=50, help="devices of which only backups are left")
    parser.add_argument("--backups", type=int, default=100, help="of each device")
    parser.add_argument("--json", type=Path, help="write every measurement there")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="device-backups-benchmark-") as scratch:
        report = {
            domain: asyncio.run(start(Path(scratch), domain, chosen.devices, chosen.removed, chosen.backups))
            for domain in (EMPTY.name, OURS)
        }
    if chosen.json:
        chosen.json.write_text(json.dumps(report, indent=2))
    met = show(report, (chosen.devices + chosen.removed) * chosen.backups)
    print(f"goal: no block above {GOAL_MILLISECONDS:.0f} ms of the processor: {'met' if met else 'missed'}")


if __name__ == "__main__":
    main()
