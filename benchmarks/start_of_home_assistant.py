"""Time and errors of the start of Home Assistant with 1 and with 1,000 devices, against an empty integration.

The empty one has as many entries, devices and entities, and does nothing. Every Home Assistant is a process of its own
in a fresh folder. It is started twice: the first start makes the registries, and the first backups follow (of
controllers that are switched off: their connections are refused); the second is that of every day, and what was missed
is made up for at once. Measured from the start of the process: the time until Home Assistant has started, and
the processor time until it has nothing to do any more.
"""

import argparse
import asyncio
import json
import math
import os
import re
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from scripts.live.folder import INTEGRATION, free_port, prepare_folder, set_port, write_storage
from scripts.live.process import HomeAssistantProcess, running
from scripts.live.waiting import until

EMPTY = Path(__file__).parent / "empty_integration"
OURS = INTEGRATION.name
GOAL_RATIO = 1.5
GOAL_MILLISECONDS = 5.0
TICKS = os.sysconf("SC_CLK_TCK")
STARTED = re.compile(r"homeassistant.bootstrap\] Home Assistant initialized in ([\d.]+)s")
RECORD = re.compile(r"^(?=\d{4}-\d\d-\d\d )", re.MULTILINE)
REST_SECONDS = 3.0
REST_SHARE = 0.05
"""Of the processor, in so many seconds: then nothing is going on."""
LONGEST_SECONDS = 900.0
WRITES_SECONDS = 25.0
"""Home Assistant writes its registries so long after they changed."""
ENTITIES = {"binary_sensor": 1, "button": 1, "event": 1, "sensor": 5, "switch": 1}
LOGGED = """\
http:
logger:
  default: info
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """One start."""

    seconds: float
    """Until Home Assistant was initialized."""
    processor: float
    """Until then, in seconds."""
    afterwards: float
    """From then on until nothing was going on, in seconds of the processor."""
    errors: int


def entry(domain: str, unique_id: str, title: str, data: dict[str, Any]) -> dict[str, Any]:
    """Return a config entry as Home Assistant stores it."""
    at = "2026-01-01T00:00:00+00:00"
    return {
        "created_at": at,
        "data": data,
        "disabled_by": None,
        "discovery_keys": {},
        "domain": domain,
        "entry_id": f"{domain}{unique_id}".replace(":", "").replace("_", "")[-32:],
        "minor_version": 1,
        "modified_at": at,
        "options": {},
        "pref_disable_new_entities": False,
        "pref_disable_polling": False,
        "source": "user",
        "subentries": [],
        "title": title,
        "unique_id": unique_id,
        "version": 1,
    }


def entries(domain: str, count: int, port: int) -> list[dict[str, Any]]:
    """Return the entries of so many controllers, all of them switched off, or of the empty integration."""
    made = []
    for number in range(count):
        mac = f"a0b1c2{number:06x}"
        config = {"host": f"127.1.{number // 250}.{number % 250 + 1}", "port": port, "pin": None}
        ours = {"kind": "wled", "unique_id": mac, "config": config}
        data = ours if domain == OURS else {"entities": ENTITIES}
        made.append(entry(domain, f"wled:{mac}", f"Lamp {number}", data))
    return made


async def benchmark(work: Path, domain: str, count: int) -> list[Start]:
    """Start Home Assistant twice."""
    folder = work / f"{domain}_{count}"
    prepare_folder(folder, free_port(), integrations=[INTEGRATION if domain == OURS else EMPTY])
    (folder / "configuration.yaml").write_text(LOGGED)
    write_storage(folder, "core.config_entries", 1, {"entries": entries(domain, count, free_port())}, minor_version=5)
    return [await measure(folder, number) for number in range(2)]


async def measure(folder: Path, number: int) -> Start:
    """Start Home Assistant, wait until it has nothing to do any more, and end it."""
    port = free_port()
    set_port(folder, port)
    log = folder.parent / f"{folder.name}.log"
    async with running(folder, port) as process:
        text = await until(
            lambda: asyncio.to_thread(log.read_text), lambda told: bool(STARTED.search(told)), seconds=LONGEST_SECONDS
        )
        at_start = processor_seconds(process)
        await until_at_rest(process)
        rest = processor_seconds(process)
        text = log.read_text()
    started = STARTED.search(text)
    log.rename(log.with_suffix(f".{number}.log"))
    return Start(
        seconds=float(started[1]) if started else math.inf,
        processor=at_start,
        afterwards=rest - at_start,
        errors=errors_of(folder.name.rpartition("_")[0], text),
    )


def errors_of(domain: str, log: str) -> int:
    """Return how many errors name the integration; Home Assistant has some of its own."""
    records = RECORD.split(log)
    return sum(
        f"custom_components/{domain}" in record or f"custom_components.{domain}" in record
        for record in records
        if " ERROR " in record.partition("\n")[0]
    )


async def until_at_rest(process: HomeAssistantProcess) -> None:
    """Return when hardly anything has been going on for some time."""
    begun = time.monotonic()
    before = processor_seconds(process)
    while time.monotonic() - begun < LONGEST_SECONDS:
        await asyncio.sleep(REST_SECONDS)
        now = processor_seconds(process)
        if now - before < REST_SHARE * REST_SECONDS and time.monotonic() - begun > WRITES_SECONDS:
            return
        before = now


def processor_seconds(process: HomeAssistantProcess) -> float:
    """Return what the process has used of the processor."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def show(results: dict[str, dict[int, list[Start]]]) -> bool:
    """Print each start beside that with the empty integration; return whether the goals are met."""
    table = Table(title="Starts of Home Assistant")
    for column in ("Devices", "Start", "Integration", "Seconds", "Processor", "Afterwards", "Errors"):
        table.add_column(column, justify="right")
    well = True
    for count in results[OURS]:
        for number in range(2):
            ours, empty = (results[domain][count][number] for domain in (OURS, EMPTY.name))
            for name, start in (("ours", ours), ("empty", empty)):
                figures = (f"{start.seconds:.1f}", f"{start.processor:.1f}", f"{start.afterwards:.1f}")
                table.add_row(str(count), str(number + 1), name, *figures, str(start.errors))
            ratios = (ours.seconds / empty.seconds, ours.processor / empty.processor)
            table.add_row("", "", "ratio", *(f"{ratio:.2f}" for ratio in ratios), "", "")
            each = (ours.afterwards - empty.afterwards) / count * 1000
            table.add_row("", "", "each backup", "", "", f"{each:.1f} ms", "")
            well = well and max(ratios) <= GOAL_RATIO and ours.errors <= empty.errors
            well = well and (count == 1 or each <= GOAL_MILLISECONDS)
    Console(width=100).print(table)
    print(
        f"goals: ratio {GOAL_RATIO}, no error more, {GOAL_MILLISECONDS:.0f} ms a backup: {'met' if well else 'missed'}"
    )
    return well


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--devices", type=int, nargs="+", default=[1, 1000])
    parser.add_argument("--only", choices=[OURS, EMPTY.name], help="measure only one integration")
    parser.add_argument("--work", type=Path, help="keep the folders and logs there")
    parser.add_argument("--json", type=Path, help="write every measurement there")
    arguments = parser.parse_args()
    domains = [arguments.only] if arguments.only else [EMPTY.name, OURS]
    with tempfile.TemporaryDirectory(prefix="device-backups-benchmark-") as scratch:
        work = arguments.work or Path(scratch)
        results = {
            domain: {count: asyncio.run(benchmark(work, domain, count)) for count in arguments.devices}
            for domain in domains
        }
    if arguments.json:
        told = {
            domain: {count: [asdict(s) for s in starts] for count, starts in of.items()}
            for domain, of in results.items()
        }
        arguments.json.write_text(json.dumps(told, indent=2))
    if arguments.only:
        print(results)
    else:
        show(results)


if __name__ == "__main__":
    main()
