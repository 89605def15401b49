"""Time of `ha-device-backup run` over many controllers, against a bare aiohttp loop with the same requests."""

import argparse
import asyncio
import contextlib
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from rich.console import Console
from rich.table import Table
from yarl import URL

from ha_device_backup_core.jobs import runner
from ha_device_backup_core.plugins.registry import load_handlers

ROOT = Path(__file__).parent.parent
GOAL_RATIO = 1.25
ADDRESS = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a backup, as the handler made it."""

    method: str
    path: URL
    headers: dict[str, str]


@contextlib.asynccontextmanager
async def controllers(count: int, delay: float) -> AsyncIterator[list[int]]:
    """Serve simulated controllers from a process of their own; yield their ports."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.simulators.wled", "--count", str(count), "--delay", str(delay)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        if process.stdout is None:
            raise RuntimeError("the simulator has no output")
        lines = [(await process.stdout.readline()).decode() for _ in range(count)]
        yield [URL(line.split()[-1]).port or 80 for line in lines]
    finally:
        process.terminate()
        await process.wait()


async def recorded(port: int) -> list[Request]:
    """Back up one controller and return every request that it took."""
    requests: list[Request] = []

    async def record(_: aiohttp.ClientSession, __: object, begun: aiohttp.TraceRequestStartParams) -> None:
        requests.append(Request(begun.method, begun.url.relative(), dict(begun.headers)))

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(record)

    def session(**options: Any) -> aiohttp.ClientSession:  # noqa: ANN401 - handed on as they come
        return aiohttp.ClientSession(trace_configs=[trace], **options)

    registered = load_handlers().get("wled")
    config = {"host": ADDRESS, "port": port}
    await runner.fetch(registered, config, expected_unique_id=None, sessions=session)
    return requests


async def bare_loop(ports: Sequence[int], requests: Sequence[Request], concurrency: int) -> float:
    """Return the seconds that the requests alone take: so many controllers at a time, one request at a time at each."""
    limit = asyncio.Semaphore(concurrency)

    async def ask(session: aiohttp.ClientSession, port: int) -> None:
        async with limit:
            for request in requests:
                url = URL.build(scheme="http", host=ADDRESS, port=port).join(request.path)
                async with session.request(request.method, url, headers=request.headers) as response:
                    await response.read()

    started = time.perf_counter()
    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(ask(session, port) for port in ports))
    return time.perf_counter() - started


async def command(folder: Path, ports: Sequence[int], concurrency: int) -> float:
    """Return the seconds that the command takes into an empty store, its own start included."""
    fleet = folder / "fleet.toml"
    fleet.write_text("".join(f'[[device]]\nkind = "wled"\nhost = "{ADDRESS}"\nport = {port}\n' for port in ports))
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ha_device_backup_core.cli", "run", str(fleet), "--json"),
        *("--store", str(folder / "store"), "--concurrency", str(concurrency)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    seconds = time.perf_counter() - started
    outcomes = [device["outcome"] for device in json.loads(output)]
    if outcomes != ["stored"] * len(ports):
        raise RuntimeError(f"not every controller was backed up: {outcomes}")
    return seconds


async def benchmark(count: int, delay: float, concurrency: int, rounds: int) -> dict[str, Any]:
    """Measure both in turns, against the same controllers."""
    async with controllers(count, delay) as ports:
        requests = await recorded(ports[0])
        bare, run = [], []
        for _ in range(rounds):
            bare.append(await bare_loop(ports, requests, concurrency))
            with new_folder() as folder:
                run.append(await command(folder, ports, concurrency))
    return {
        "controllers": count,
        "requests": len(requests),
        "bare_seconds": [round(seconds, 2) for seconds in bare],
        "run_seconds": [round(seconds, 2) for seconds in run],
        "ratio": round(min(run) / min(bare), 3),
    }


@contextlib.contextmanager
def new_folder() -> Iterator[Path]:
    """Lend an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def main() -> int:
    """Measure and print; the exit status says whether the goal was met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--controllers", type=int, default=100)
    parser.add_argument("--delay", type=float, default=0.05, help="seconds that every answer takes")
    parser.add_argument("--concurrency", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    found = asyncio.run(benchmark(chosen.controllers, chosen.delay, chosen.concurrency, chosen.rounds))
    if chosen.json:
        print(json.dumps(found))
    else:
        table = Table("", "seconds", title=f"{found['controllers']} controllers, {found['requests']} requests each")
        table.add_row("bare aiohttp loop", str(found["bare_seconds"]))
        table.add_row("ha-device-backup run", str(found["run_seconds"]))
        table.add_row("ratio", f"{found['ratio']} (goal: at most {GOAL_RATIO})")
        Console().print(table)
    return 0 if found["ratio"] <= GOAL_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
