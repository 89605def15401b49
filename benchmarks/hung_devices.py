"""How much longer controllers wait for their backups while other devices are silent, both in one run."""

import argparse
import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence

from rich.console import Console

from ha_device_backup_core.jobs import runner
from ha_device_backup_core.jobs.runner import Fetched
from ha_device_backup_core.manager.job_queue import SILENT_SECONDS, Job, JobQueue, Priority
from ha_device_backup_core.plugins.registry import RegisteredHandler, load_handlers

from .fleet import ADDRESS, controllers

GOAL_RATIO = 1.25


@contextlib.asynccontextmanager
async def silent_devices(count: int) -> AsyncIterator[list[int]]:
    """Accept connections and answer nothing; yield the ports."""
    ended = asyncio.Event()

    async def accept(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await ended.wait()
        writer.close()

    servers = [await asyncio.start_server(accept, ADDRESS, 0) for _ in range(count)]
    try:
        yield [server.sockets[0].getsockname()[1] for server in servers]
    finally:
        ended.set()
        for server in servers:
            server.close()


async def seconds_for(ports: Sequence[int], silent: Sequence[int], concurrency: int, patience: float) -> float:
    """Return the seconds until every controller is backed up, with the silent devices ahead of them in the queue."""
    registered, queue = load_handlers().get("wled"), JobQueue(concurrency, patience=patience)
    began = time.perf_counter()
    hung = [_job(queue, registered, port) for port in silent]
    try:
        await asyncio.gather(*(_job(queue, registered, port).done for port in ports))
        return time.perf_counter() - began
    finally:
        await queue.close()
        await asyncio.gather(*(job.done for job in hung), return_exceptions=True)


def _job(queue: JobQueue, registered: RegisteredHandler, port: int) -> Job[Fetched]:
    config = {"host": ADDRESS, "port": port}

    async def fetch() -> Fetched:
        return await runner.fetch(registered, config, expected_unique_id=None, answered=lambda: queue.answered(job))

    job = Job(endpoint=str(port), priority=Priority.UNATTENDED, work=fetch, awaits_answer=True)
    return queue.submit(job)


async def main(devices: int, hung: int, concurrency: int, delay: float) -> float:
    """Print the times and return their ratio."""
    async with controllers(devices, delay) as ports, silent_devices(hung) as silent:
        await seconds_for(ports, (), concurrency, SILENT_SECONDS)
        alone = await seconds_for(ports, (), concurrency, SILENT_SECONDS)
        beside = await seconds_for(ports, silent, concurrency, SILENT_SECONDS)
    Console().print(f"{devices} controllers, {concurrency} at a time: {alone:.2f} s")
    Console().print(f"Beside {hung} silent devices: {beside:.2f} s, {beside / alone:.2f} times as long")
    return beside / alone


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=10)
    parser.add_argument("--hung", type=int, default=2)
    parser.add_argument("--concurrency", type=int, default=4)
    parser.add_argument("--delay", type=float, default=0.05, help="seconds before each answer of a controller")
    options = parser.parse_args()
    ratio = asyncio.run(main(options.devices, options.hung, options.concurrency, options.delay))
    raise SystemExit(ratio > GOAL_RATIO)
