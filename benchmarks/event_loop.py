"""Longest block of Home Assistant's event loop while 100 controllers are backed up."""

import argparse
import asyncio
import json
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from scripts.live.archive import STORE
from scripts.live.client import HomeAssistantClient, logged_in
from scripts.live.controllers import simulated_controllers
from scripts.live.flows import add_device
from scripts.live.folder import INTEGRATION, free_port, prepare_folder
from scripts.live.process import running
from scripts.live.stored import wait_for_backups

PROBE = Path(__file__).parent / "loop_probe"
GOAL_MILLISECONDS = 20.0
SETTLE_SECONDS = 5.0
SHOWN = 10


async def measure(client: HomeAssistantClient) -> dict[str, Any]:
    """Back up all devices once with the probe running and return its report."""
    await client.act("loop_probe.start", response=False)
    started = time.monotonic()
    response = await client.act("ha_device_backups.back_up", {"all": True})
    seconds = time.monotonic() - started
    report: dict[str, Any] = await client.act("loop_probe.report")
    outcomes = Counter(result["outcome"] for result in response["devices"])
    return {**report, "seconds": round(seconds, 2), "outcomes": dict(outcomes)}


async def benchmark(folder: Path, count: int, delay: float) -> dict[str, Any]:
    """Measure a Home Assistant at rest, a run in which nothing changed, and one in which all did."""
    port = free_port()
    prepare_folder(folder, port, integrations=[INTEGRATION, PROBE], extra="loop_probe:\n")
    async with (
        simulated_controllers(count, delay=delay) as controllers,
        running(folder, port) as process,
        logged_in(process.url, fresh=True) as client,
    ):
        await client.act("loop_probe.start", response=False)
        await asyncio.sleep(SETTLE_SECONDS)
        idle = await client.act("loop_probe.report")
        for controller in track(controllers, description="Adding controllers"):
            await add_device(client, controller.answers)
        await wait_for_backups(folder / STORE, count)
        unchanged = await measure(client)
        for controller in controllers:
            controller.change()
        stored = await measure(client)
        return {"idle": idle, "unchanged": unchanged, "stored": stored}


def show(results: dict[str, Any]) -> None:
    """Print the longest blocks of each run."""
    table = Table(title="Longest blocks of the event loop")
    for column in ("Run", "Milliseconds", "of them processor", "What ran"):
        table.add_column(column)
    for name, report in results.items():
        for wall, processor, what in report["blocks"][:SHOWN]:
            table.add_row(name, f"{wall:.1f}", f"{processor:.1f}", what)
    Console(width=150).print(table)
    for name in ("unchanged", "stored"):
        report = results[name]
        longest = report["blocks"][0][0]
        busiest = max(processor for _, processor, _ in report["blocks"])
        print(
            f"{name}: {longest:.1f} ms (goal {GOAL_MILLISECONDS:.0f}), at most {busiest:.1f} ms of them processor, "
            f"{report['seconds']} s, {report['outcomes']}"
        )


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--controllers", type=int, default=100)
    parser.add_argument("--delay", type=float, default=0.05, help="seconds an answer takes")
    parser.add_argument("--json", type=Path, help="write the whole reports there")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="device-backups-benchmark-") as work:
        results = asyncio.run(benchmark(Path(work) / "config", arguments.controllers, arguments.delay))
    show(results)
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
