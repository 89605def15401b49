"""HTTP as the small web server on a controller speaks it."""

import asyncio
import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote_plus

MAX_HEAD = 16 * 1024
BARE_503 = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n"
"""Without the blank line after the headers: no client takes it for an answer."""


class NoAnswerError(Exception):
    """The device does not answer this request; the connection ends after its idle time."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request, with the path decoded as the device does (`+` is a blank)."""

    method: str
    path: str
    raw_target: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """The content type, as sent."""
        return self.headers.get("content-type", "")

    def form(self) -> Mapping[str, str]:
        """Return the fields of an urlencoded body."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Response:
    """An answer; `chunked` ones carry no length, as template pages do."""

    status: int = 200
    content_type: str = "text/plain"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    chunked: bool = False

    def head(self) -> bytes:
        """Return the status line and the headers."""
        lines = [
            f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}",
            *([] if self.chunked else [f"Content-Length: {len(self.body)}"]),
            *([f"Content-Type: {self.content_type}"] if self.content_type else []),
            "Connection: close",
            *(f"{name}: {value}" for name, value in self.headers.items()),
            "Access-Control-Allow-Origin: *",
            "Access-Control-Allow-Methods: *",
            "Access-Control-Allow-Headers: *",
            "Accept-Ranges: none",
            *(["Transfer-Encoding: chunked"] if self.chunked else []),
        ]
        return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape")

    def payload(self) -> bytes:
        """Return the body as it goes over the wire."""
        if not self.chunked:
            return self.body
        return b"%x\r\n%s\r\n0\r\n\r\n" % (len(self.body), self.body) if self.body else b"0\r\n\r\n"


def json_response(body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return an answer in JSON."""
    return Response(status, "application/json", body, headers or {})


def message_page(status: int, headline: str, text: str) -> Response:
    """Return a "message" page, made from a template and therefore chunked."""
    body = f"<!DOCTYPE html><html><head><title>WLED Message</title></head><body><h2>{headline}</h2>{text}</body></html>"
    return Response(status, "text/html", body.encode(), chunked=True)


def static_page(status: int, title: str, build_id: int, *, compressed: bool = True) -> Response:
    """Return a page that is part of the firmware."""
    body = f"<!DOCTYPE html><html lang=en><head><title>{title}</title></head><body>WLED {title}</body></html>".encode()
    headers = {"Cache-Control": "no-cache", "ETag": f'"{build_id}"'}
    if compressed:
        return Response(status, "text/html", gzip.compress(body), {"Content-Encoding": "gzip", **headers})
    return Response(status, "text/html", body, headers)


async def read_head(reader: asyncio.StreamReader) -> tuple[str, str, dict[str, str]] | None:
    """Read the request line and the headers; None when the client went away."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = (*first.split(" "), "", "")[:3]
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines) if name
    }
    return method, target, headers


def make_request(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Request:
    """Split and decode the target."""
    path, _, query = target.partition("?")
    asked = dict(parse_qsl(query, keep_blank_values=True, errors="surrogateescape"))
    return Request(method, unquote_plus(path, errors="surrogateescape"), target, asked, headers, body)
