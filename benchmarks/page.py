"""The page with 1,000 devices of 100 backups each, beside Home Assistant's own page of devices, in the same run.

Every device is a controller that is switched off, with backups that were written by hand. Measured in a browser, from
the request for the page: until its first row is there, and until the last one is, after scrolling. Each is done several
times, and the fastest is told; then how long it takes until the backups of one device are listed.
"""

import argparse
import asyncio
import json
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.async_api import Page
from rich.console import Console
from rich.table import Table

from benchmarks.start_of_home_assistant import OURS, entries
from ha_device_backup_core.records import DeviceKey
from scripts.live.archive import STORE
from scripts.live.client import HomeAssistantClient, logged_in
from scripts.live.controllers import simulated_controllers
from scripts.live.folder import free_port, prepare_folder, write_storage
from scripts.live.process import running
from tests.e2e.browser import browser_page
from tests.e2e.home import fresh_home

GOAL_RATIO = 1.5
MILLISECONDS = 60_000
OUR_ROWS = "device-backups-overview a.device"
THEIR_ROWS = "ha-config-devices-dashboard lit-virtualizer .mdc-data-table__row"
AT_THE_END = """([last, rows]) => {
  const found = [];
  const look = node => {
    found.push(...node.querySelectorAll(rows));
    for (const element of node.querySelectorAll('*')) if (element.shadowRoot) look(element.shadowRoot);
  };
  look(document);
  const list = found.at(-1)?.closest("lit-virtualizer");
  if (list) list.scrollTop = list.scrollHeight;
  else found.at(-1)?.scrollIntoView();
  const text = row => row.textContent + (row.getRootNode().host?.textContent ?? "");
  return found.some(row => text(row).includes(last) && row.getBoundingClientRect().top < innerHeight);
}"""
MARK = "device-backups-store.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How long somebody waits, in seconds."""

    first_row: float
    scrolled: float


async def model_of_backups(work: Path) -> Path:
    """Return the store of a home with one real backup."""
    async with simulated_controllers(1) as controllers, fresh_home(work / "model", controllers) as home:
        return home.store


def fill(model: Path, root: Path, devices: int, backups: int) -> None:
    """Write so many backups of so many devices, each like that of the model."""
    (meta_path,) = model.rglob("backup_*.meta.json")
    artifact_path = meta_path.with_name(meta_path.name.removesuffix(".meta.json"))
    meta: dict[str, Any] = json.loads(meta_path.read_bytes())
    device: dict[str, Any] = json.loads((meta_path.parent / "device.json").read_bytes())
    artifact = artifact_path.read_bytes()
    root.mkdir(parents=True)
    (root / MARK).write_bytes((model / MARK).read_bytes())
    begin = datetime.now(UTC) - timedelta(days=backups)
    times = [begin + timedelta(days=day) for day in range(backups)]
    for number in range(devices):
        key = DeviceKey("wled", f"a0b1c2{number:06x}")
        place = root / key.folder
        place.mkdir()
        title, own = f"Lamp {number:04}", {"unique_id": key.unique_id}
        (place / "device.json").write_text(json.dumps({**device, **own, "title": title, "confirmed": {}}))
        for at in times:
            backup_id = f"{at:%Y-%m-%d_%H-%M-%S}"
            path = place / f"backup_{backup_id}{artifact_path.suffix}"
            path.write_bytes(artifact)
            written = {**meta, **own, "id": backup_id, "title": title, "taken_at": at.isoformat(), "previous": None}
            written |= {"device": {**meta["device"], **own}, "recommended_before": None}
            path.with_name(f"{path.name}.meta.json").write_text(json.dumps(written))


async def seen(page: Page, url: str, rows: str, last: str) -> Seen:
    """Open a list, and scroll it to its end."""
    began = time.perf_counter()
    await page.goto(url, wait_until="domcontentloaded")
    await page.locator(rows).first.wait_for(timeout=MILLISECONDS)
    first_row = time.perf_counter() - began
    await page.wait_for_function(AT_THE_END, arg=[last, rows.rpartition(" ")[2]], timeout=MILLISECONDS)
    return Seen(first_row=first_row, scrolled=time.perf_counter() - began)


async def history(page: Page, client: HomeAssistantClient, backups: int) -> float:
    """Return the seconds until all backups of a device are listed."""
    key = DeviceKey("wled", "a0b1c2000000")
    began = time.perf_counter()
    await page.goto(f"{client.url}/device-backups/device/{key}", wait_until="domcontentloaded")
    await page.locator("device-backups-device ol > li").nth(backups - 1).wait_for(timeout=MILLISECONDS)
    return time.perf_counter() - began


async def benchmark(work: Path, devices: int, backups: int, rounds: int) -> dict[str, Any]:
    """Start Home Assistant with all that, and look at both pages in turn."""
    model = await model_of_backups(work)
    folder, port = work / "home", free_port()
    prepare_folder(folder, port)
    made = entries(OURS, devices, free_port())
    for number, entry in enumerate(made):
        entry |= {"title": f"Lamp {number:04}", "options": {"schedule_enabled": False}}
    write_storage(folder, "core.config_entries", 1, {"entries": made}, minor_version=5)
    await asyncio.to_thread(fill, model, folder / STORE, devices, backups)
    last = f"Lamp {devices - 1:04}"
    found: dict[str, list[Seen]] = {"ours": [], "theirs": []}
    histories = []
    async with running(folder, port) as process, logged_in(process.url, fresh=True) as client:
        async with browser_page(client) as page:
            for _ in range(rounds):
                found["ours"].append(await seen(page, f"{client.url}/device-backups", OUR_ROWS, last))
                theirs = f"{client.url}/config/devices/dashboard"
                found["theirs"].append(await seen(page, theirs, THEIR_ROWS, last))
                histories.append(await history(page, client, backups))
        status = await asyncio.to_thread(Path(f"/proc/{process.pid}/status").read_text)
    memory = int(status.partition("VmRSS:")[2].split()[0]) // 1024
    return {
        name: asdict(Seen(first_row=min(one.first_row for one in of), scrolled=min(one.scrolled for one in of)))
        for name, of in found.items()
    } | {"history": min(histories), "memory_mb": memory}


def show(result: dict[str, Any], devices: int, backups: int) -> bool:
    """Print both beside each other; return whether the goal is met."""
    table = Table(title=f"{devices} devices of {backups} backups")
    for column in ("", "Device Backups", "Home Assistant's devices", "Ratio"):
        table.add_column(column, justify="right")
    ratios = []
    for name in ("first_row", "scrolled"):
        ours, theirs = result["ours"][name], result["theirs"][name]
        ratios.append(ours / theirs)
        table.add_row(name, f"{ours:.2f} s", f"{theirs:.2f} s", f"{ours / theirs:.2f}")
    table.add_row("backups of one", f"{result['history']:.2f} s", "", "")
    table.add_row("memory of Home Assistant", f"{result['memory_mb']} MB", "", "")
    Console(width=100).print(table)
    well = bool(max(ratios) <= GOAL_RATIO)
    print(f"goal: ratio {GOAL_RATIO}: {'met' if well else 'missed'}")
    return well


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--devices", type=int, default=1000)
    parser.add_argument("--backups", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write every measurement there")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="device-backups-benchmark-") as scratch:
        found = asyncio.run(benchmark(Path(scratch), arguments.devices, arguments.backups, arguments.rounds))
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2))
    show(found, arguments.devices, arguments.backups)


if __name__ == "__main__":
    main()
