"""HTTP as a small device speaks it: one request on a connection, read leniently, answered byte by byte."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Self
from urllib.parse import parse_qsl, unquote

MAX_HEAD = 16 * 1024
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


@dataclass(frozen=True, slots=True)
class SimulatedRequest:
    """What a simulated device was asked."""

    method: str
    path: str
    """Decoded."""
    raw_target: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """By lower-case names."""
    body: bytes

    @classmethod
    def of(cls, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Self:
        """Split and decode the target; names in it need be no UTF-8."""
        path, _, query = target.partition("?")
        asked = dict(parse_qsl(query, keep_blank_values=True, errors="surrogateescape"))
        return cls(method, unquote(path, errors="surrogateescape"), target, asked, headers, body)

    @property
    def content_type(self) -> str:
        """The content type, as sent."""
        return self.headers.get("content-type", "")

    def form(self) -> Mapping[str, str]:
        """Return the fields of an urlencoded body."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class SimulatedResponse:
    """What a simulated device answers; `chunked` ones carry no length, as pages that are sent piece by piece."""

    status: int = 200
    content_type: str = "text/plain"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    chunked: bool = False

    @classmethod
    def json(cls, value: object, status: int = 200) -> Self:
        """Return an answer in JSON."""
        return cls(status, "application/json", json.dumps(value).encode())

    def head(self) -> bytes:
        """Return the status line and the headers."""
        lines = [
            f"HTTP/1.1 {self.status} {_PHRASES.get(self.status, 'Odd')}",
            *([f"Content-Type: {self.content_type}"] if self.content_type else []),
            *(f"{name}: {value}" for name, value in self.headers.items()),
            "Transfer-Encoding: chunked" if self.chunked else f"Content-Length: {len(self.body)}",
            "Connection: close",
        ]
        return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape")

    def payload(self) -> bytes:
        """Return the body as it goes over the wire."""
        if not self.chunked:
            return self.body
        return b"%x\r\n%s\r\n0\r\n\r\n" % (len(self.body), self.body) if self.body else b"0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Head:
    """The first lines of a request."""

    method: str
    target: str
    headers: Mapping[str, str]


async def read_head(reader: asyncio.StreamReader) -> Head | None:
    """Read the request line and the headers; None when the client went away."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = (*first.split(" "), "", "")[:3]
    pairs = (line.partition(":") for line in lines)
    return Head(method, target, {name.strip().lower(): value.strip() for name, _, value in pairs if name})
