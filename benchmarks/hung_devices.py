"""How much longer controllers wait for their backups while other devices hang, in several ways, all in one run."""

import argparse
import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from enum import StrEnum

import aiohttp
from rich.console import Console

from ha_device_backup_core.jobs import runner
from ha_device_backup_core.manager.job_queue import SILENT_SECONDS, Job, JobQueue, PlaceInQueue, Priority
from ha_device_backup_core.plugins.registry import RegisteredHandler, load_handlers
from ha_device_backup_core.records import Fetched

from .fleet import ADDRESS, controllers

GOAL_RATIO = 1.25


TRICKLE_SECONDS = 0.1
_WHO_IS_THERE = ("/json/info", "/edit?list=/")
_BEGINNING = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n[1"


class Hanging(StrEnum):
    """How a device hangs."""

    SILENT = "silent from the start"
    SILENT_LATER = "silent once they told who they are"
    IN_THE_MIDDLE = "silent in the middle of a file"
    TRICKLING = "sending a byte now and then"


@contextlib.asynccontextmanager
async def hung_devices(count: int, how: Hanging, answers: Mapping[str, bytes]) -> AsyncIterator[list[int]]:
    """Tell who they are, but for the silent ones, and hang; yield the ports."""
    ended = asyncio.Event()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            target = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1].decode()
            if how is not Hanging.SILENT and (known := answers.get(target)) is not None:
                head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(known)}\r\n\r\n"
                writer.write(head.encode() + known)
                await writer.drain()
            else:
                await hang(writer)
        writer.close()

    async def hang(writer: asyncio.StreamWriter) -> None:
        if how in (Hanging.IN_THE_MIDDLE, Hanging.TRICKLING):
            writer.write(_BEGINNING)
        while how is Hanging.TRICKLING and not ended.is_set():
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(TRICKLE_SECONDS)
        await ended.wait()

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
        return await runner.fetch(registered, config, expected_unique_id=None, place=PlaceInQueue(queue, job))

    job = Job(endpoint=str(port), priority=Priority.UNATTENDED, work=fetch, awaits_answer=True)
    return queue.submit(job)


async def asked(port: int, path: str) -> bytes:
    """Return what a controller answers."""
    async with aiohttp.ClientSession() as session, session.get(f"http://{ADDRESS}:{port}{path}") as answer:
        return await answer.read()


async def main(devices: int, hung: int, concurrency: int, delay: float, patience: float) -> float:
    """Print the times and return the worst ratio."""
    ratios = []
    async with controllers(devices, delay) as ports:
        answers = {path: await asked(ports[0], path) for path in _WHO_IS_THERE}
        await seconds_for(ports, (), concurrency, patience)
        alone = await seconds_for(ports, (), concurrency, patience)
        Console().print(f"{devices} controllers, {concurrency} at a time: {alone:.2f} s")
        for how in Hanging:
            async with hung_devices(hung, how, answers) as silent:
                beside = await seconds_for(ports, silent, concurrency, patience)
            ratios.append(beside / alone)
            Console().print(f"Beside {hung} that are {how}: {beside:.2f} s, {ratios[-1]:.2f} times as long")
    return max(ratios)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=10)
    parser.add_argument("--hung", type=int, default=2)
    parser.add_argument("--concurrency", type=int, default=4)
    parser.add_argument("--delay", type=float, default=0.05, help="seconds before each answer of a controller")
    parser.add_argument("--patience", type=float, default=SILENT_SECONDS, help="until a silent device lends its place")
    options = parser.parse_args()
    ratio = asyncio.run(main(options.devices, options.hung, options.concurrency, options.delay, options.patience))
    raise SystemExit(ratio > GOAL_RATIO)
