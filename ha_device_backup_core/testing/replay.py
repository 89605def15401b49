"""Answers as a recorded device did, on 127.0.0.1 or on a Unix socket."""

import gzip
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web
from yarl import URL

from .recording import RecordedExchange

_OWN_HEADERS = {"content-length", "transfer-encoding", "connection", "date", "keep-alive"}
"""What the server of the replay says itself."""
_ENCODERS: Mapping[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "deflate": zlib.compress}
_MAX_BODY = 64 * 1024 * 1024


class ReplayServer:
    """Plays one take: each request gets the next answer that was recorded for it, the last one again and again."""

    def __init__(self, exchanges: Sequence[RecordedExchange], *, socket: Path | None = None) -> None:
        """Take the exchanges; listen on the socket, or else on a free port of 127.0.0.1."""
        self.exchanges = exchanges
        self.unknown: list[str] = []
        """The requests that were not recorded."""
        self.port = 0
        self._socket = socket
        self._used: set[int] = set()
        application = web.Application(client_max_size=_MAX_BODY)
        application.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(application, access_log=None, auto_decompress=False, shutdown_timeout=0.1)

    async def __aenter__(self) -> Self:
        """Start to answer."""
        await self._runner.setup()
        if self._socket is not None:
            await web.UnixSite(self._runner, self._socket).start()
        else:
            await web.TCPSite(self._runner, "127.0.0.1", 0).start()
            self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        await self._runner.cleanup()

    def play(self, exchanges: Sequence[RecordedExchange]) -> None:
        """Go on with another take."""
        self.exchanges = exchanges
        self.rewind()

    def rewind(self) -> None:
        """Begin anew, as each job of a handler does."""
        self._used.clear()

    async def _answer(self, request: web.Request) -> web.Response:
        found = self._find(request.method, URL(request.raw_path, encoded=True), await request.read())
        if found is None:
            self.unknown.append(f"{request.method} {request.raw_path}")
            return web.Response(status=404, text="This request was not recorded.")
        headers = [(name, value) for name, value in found.headers if name.lower() not in _OWN_HEADERS]
        encoding = {name.lower(): value.lower() for name, value in headers}.get("content-encoding", "")
        body = _ENCODERS[encoding](found.body) if encoding in _ENCODERS else found.body
        return web.Response(status=found.status, headers=headers, body=body)

    def _find(self, method: str, asked: URL, sent: bytes) -> RecordedExchange | None:
        """Return the best answer: the same query and body before another one, an unused one before a used one."""

        def preference(number: int) -> tuple[bool, bool, bool, int]:
            exchange = self.exchanges[number]
            used = number in self._used
            same_query = URL(exchange.url, encoded=True).raw_query_string == asked.raw_query_string
            return not same_query, exchange.sent != sent, used, -number if used else number

        candidates = [
            number
            for number, exchange in enumerate(self.exchanges)
            if exchange.method == method and URL(exchange.url, encoded=True).raw_path == asked.raw_path
        ]
        if not candidates:
            return None
        best = min(candidates, key=preference)
        self._used.add(best)
        return self.exchanges[best]
