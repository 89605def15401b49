"""HTTP as the small web server on a controller speaks it."""

import gzip
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import unquote_plus

from ha_device_backup_core.testing import SimulatedRequest, SimulatedResponse

BARE_503 = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n"
"""Without the blank line after the headers: no client takes it for an answer."""


class NoAnswerError(Exception):
    """The device does not answer this request; the connection ends after its idle time."""


class Response(SimulatedResponse):
    """An answer with the headers that the firmware sends."""

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


def make_request(method: str, target: str, headers: Mapping[str, str], body: bytes) -> SimulatedRequest:
    """Split and decode the target as the device does: `+` is a blank in a path, too."""
    made = SimulatedRequest.of(method, target, headers, body)
    return replace(made, path=unquote_plus(target.partition("?")[0], errors="surrogateescape"))
