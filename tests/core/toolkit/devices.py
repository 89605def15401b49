"""Devices that answer byte by byte as a test wants, and clients for them."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp

from ha_device_backup_core.contract import HandlerContext, RunBlocking
from ha_device_backup_core.jobs.http_session import bounded_reader, open_session
from ha_device_backup_core.toolkit import DeviceClient, Pace

QUICK = Pace(silence=10.0, tries=3, pause=0.0)
LARGEST = 10_000


def answer(body: bytes = b"", status: str = "200 OK", *headers: str) -> bytes:
    """Return an answer with its length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@dataclass(frozen=True)
class Endless:
    """The same piece again and again, with a pause after each."""

    piece: bytes
    seconds: float
    count: int = 1_000_000


@dataclass
class Device:
    """Gives one answer after the other, the last one again and again; None is silence."""

    answers: list[bytes | Endless | None]
    port: int = 0
    asked: list[str] = field(default_factory=list)
    """The first line of each request."""
    heads: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    at_a_time: int = 0
    most_at_a_time: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request on one connection."""
        self.at_a_time += 1
        self.most_at_a_time = max(self.most_at_a_time, self.at_a_time)
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                await self._exchange(reader, writer)
        finally:
            self.at_a_time -= 1
            writer.transport.abort()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = next((line for line in head.lower().split("\r\n") if line.startswith("content-length:")), ":0")
        self.bodies.append(await reader.readexactly(int(length.partition(":")[2])))
        self.asked.append(head.split("\r\n")[0])
        self.heads.append(head)
        said = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if said is None:
            await reader.read()
            return
        if isinstance(said, Endless):
            await self._send_slowly(said, writer)
            return
        writer.write(said)
        await writer.drain()
        writer.write_eof()
        await reader.read()

    async def _send_slowly(self, endless: Endless, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        for _ in range(endless.count):
            writer.write(endless.piece)
            await writer.drain()
            await asyncio.sleep(endless.seconds)
        writer.write_eof()


@contextlib.asynccontextmanager
async def device(*answers: bytes | Endless | None, host: str = "127.0.0.1") -> AsyncIterator[Device]:
    """Run one."""
    made = Device(list(answers))
    server = await asyncio.start_server(made.serve, host, 0)
    made.port = server.sockets[0].getsockname()[1]
    async with server:
        yield made
        server.close_clients()


@contextlib.asynccontextmanager
async def context(tls: aiohttp.Fingerprint | bool = True) -> AsyncIterator[HandlerContext]:
    """Return what a handler gets."""
    async with open_session(None) as http:
        yield HandlerContext(
            http=http,
            read=bounded_reader(LARGEST),
            tls=tls,
            run_blocking=run_blocking,
            logger=logging.LoggerAdapter(logging.getLogger(__name__)),
        )


@contextlib.asynccontextmanager
async def client_of(served: Device, *, pace: Pace = QUICK, host: str = "127.0.0.1") -> AsyncIterator[DeviceClient]:
    """Return a client for a device."""
    async with context() as given:
        yield DeviceClient(given, host, served.port, pace=pace)


run_blocking: RunBlocking = asyncio.to_thread
