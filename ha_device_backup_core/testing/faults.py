"""What can go wrong between a handler and a device, as a server that does nothing else."""

import asyncio
import base64
import contextlib
import hashlib
import random
import re
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

WEB_PAGE = b"<!DOCTYPE html>\n<html><head><title>Log in</title></head><body><form>Please log in</form></body></html>\n"
NOISE = random.Random(4711).randbytes(600)  # noqa: S311 - the same noise for everybody
OVERSIZE = 16 * 1024 * 1024
_CHUNK = 64 * 1024
_MAX_HEAD = 1024 * 1024


class Fault(StrEnum):
    """A way in which a device, or what is in its place, answers wrongly."""

    REFUSED = "refused connection"
    HANG = "hang"
    UNAUTHORIZED = "status 401"
    SERVER_ERROR = "status 500"
    NOISE = "noise"
    WEB_PAGE = "web page"
    CUT = "answer that is cut off"
    OVERSIZED = "answer without end"


_FIXED_ANSWERS = {
    Fault.UNAUTHORIZED: (401, "Unauthorized", b"", len),
    Fault.SERVER_ERROR: (500, "Internal Server Error", b"Internal Server Error", len),
    Fault.NOISE: (200, "OK", NOISE, len),
    Fault.WEB_PAGE: (200, "OK", WEB_PAGE, len),
    Fault.CUT: (200, "OK", b'{"', lambda body: len(body) + 1000),
}


_WEBSOCKET = re.compile(rb"(?i)\r\nSec-WebSocket-Key: *([A-Za-z0-9+/=]+)")
_WEBSOCKET_ID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_MESSAGES = {
    Fault.NOISE: b"\x82\x7e" + len(NOISE).to_bytes(2) + NOISE,
    Fault.CUT: b"\x88\x02\x03\xe8",
    Fault.OVERSIZED: b"\x81\x7f" + OVERSIZE.to_bytes(8),
}
"""What comes over a websocket instead: bytes, the end, a text without end."""


class FaultServer:
    """Answers every request on a Unix socket with one fault."""

    def __init__(self, path: Path, fault: Fault) -> None:
        """Choose the fault; `path` is where the socket is made."""
        self.path = path
        self.fault = fault
        self.asked = asyncio.Event()
        self.swallowed = False
        """Whether somebody read an answer without end to the end."""
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        """Listen, unless connections are to be refused."""
        if self.fault is not Fault.REFUSED:
            self._server = await asyncio.start_unix_server(self._connected, self.path, limit=_MAX_HEAD)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End every connection."""
        if self._server is None:
            return
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.get_running_loop().create_task(self._answer(reader, writer))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                head = await reader.readuntil(b"\r\n\r\n")
                self.asked.set()
                websocket = _WEBSOCKET.search(head)
                if websocket is not None and self.fault in _MESSAGES:
                    await self._misbehave_by_message(writer, websocket[1])
                else:
                    await self._misbehave(writer)
        finally:
            writer.transport.abort()

    async def _misbehave_by_message(self, writer: asyncio.StreamWriter, key: bytes) -> None:
        await _send(writer, _agreement(key) + _MESSAGES[self.fault])
        if self.fault is Fault.OVERSIZED:
            for _ in range(OVERSIZE // _CHUNK):
                await _send(writer, b" " * _CHUNK)
            self.swallowed = True
        await asyncio.sleep(0.1)

    async def _misbehave(self, writer: asyncio.StreamWriter) -> None:
        if self.fault is Fault.HANG:
            await asyncio.Event().wait()
        elif self.fault is Fault.OVERSIZED:
            await _send(writer, f"HTTP/1.1 200 OK\r\nContent-Length: {OVERSIZE}\r\nConnection: close\r\n\r\n".encode())
            for _ in range(OVERSIZE // _CHUNK):
                await _send(writer, b" " * _CHUNK)
            self.swallowed = True
        else:
            status, reason, body, length = _FIXED_ANSWERS[self.fault]
            kind = "text/html" if self.fault is Fault.WEB_PAGE else "application/octet-stream"
            head = f"HTTP/1.1 {status} {reason}\r\nContent-Type: {kind}\r\nContent-Length: {length(body)}\r\n"
            await _send(writer, f"{head}Connection: close\r\n\r\n".encode() + body)
            writer.write_eof()
            await asyncio.sleep(0.1)


def _agreement(key: bytes) -> bytes:
    """Return the answer that opens a websocket."""
    accepted = base64.b64encode(hashlib.sha1(key + _WEBSOCKET_ID, usedforsecurity=False).digest())
    head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    return head + b"Sec-WebSocket-Accept: " + accepted + b"\r\n\r\n"


async def _send(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(data)
    await writer.drain()
