"""Answers that no web framework sends, as small devices do."""

from collections.abc import Callable

from aiohttp import web


def raw(answer: bytes) -> Callable[[web.Request], web.StreamResponse]:
    """Return what sends these bytes, whatever they are, and closes the connection."""

    def send(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.write(answer)
        request.transport.close()
        return web.Response()

    return send


def without_length(body: bytes, content_type: str = "text/plain") -> Callable[[web.Request], web.StreamResponse]:
    """Return what ends its answer by closing the connection only."""
    return raw(f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nConnection: close\r\n\r\n".encode() + body)
