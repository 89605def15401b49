"""A websocket as a stand-in answers it: text messages in JSON, and a close with a code."""

import asyncio
import base64
import hashlib
import json
from collections.abc import Callable, Iterable

from ha_device_backup_core.testing import SimulatedRequest

_ID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _CLOSE, _PING = 1, 8, 9

type Talk = Callable[[SimulatedRequest, object], Iterable[object]]
"""Gets each message, None when it is opened, and returns what is sent."""


class CloseError(Exception):
    """The stand-in closes the websocket with a code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


async def talk(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: SimulatedRequest, answers: Talk
) -> None:
    """Agree to a websocket, and answer what comes until it is closed."""
    key = request.headers["sec-websocket-key"].encode()
    accepted = base64.b64encode(hashlib.sha1(key + _ID, usedforsecurity=False).digest())
    head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    writer.write(head + b"Sec-WebSocket-Accept: " + accepted + b"\r\n\r\n")
    message: object = None
    try:
        while True:
            for answer in answers(request, message):
                writer.write(_frame(_TEXT, json.dumps(answer).encode()))
            await writer.drain()
            kind, content = await _read(reader)
            if kind == _CLOSE:
                writer.write(_frame(_CLOSE, content))
                return
            message = json.loads(content)
    except CloseError as close:
        writer.write(_frame(_CLOSE, close.code.to_bytes(2)))
        await writer.drain()
        await _read(reader)


async def _read(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    first, second = await reader.readexactly(2)
    size = second & 0x7F
    if size == 126:
        size = int.from_bytes(await reader.readexactly(2))
    elif size == 127:
        size = int.from_bytes(await reader.readexactly(8))
    mask = await reader.readexactly(4)
    content = await reader.readexactly(size)
    return first & 0x0F, bytes(sign ^ mask[at % 4] for at, sign in enumerate(content))


def _frame(kind: int, content: bytes) -> bytes:
    size = len(content)
    if size < 126:
        length = bytes((size,))
    elif size < 65536:
        length = b"\x7e" + size.to_bytes(2)
    else:
        length = b"\x7f" + size.to_bytes(8)
    return bytes((0x80 | kind,)) + length + content
