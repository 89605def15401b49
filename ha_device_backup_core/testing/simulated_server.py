"""A simulated device on the loopback network, for tests of handlers: with the faults that devices have."""

import asyncio
import contextlib
import signal
import ssl
import sys
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from ha_device_backup_core.addresses import base_url

from .simulated_http import MAX_HEAD, Head, SimulatedRequest, SimulatedResponse, read_head

_WEB_PAGE = b"<!DOCTYPE html><html><title>Please log in</title></html>"
_PATIENCE = 3.0


@dataclass(slots=True, kw_only=True)
class SimulatedFaults:
    """The faults that a test can switch on: each count is how many of the next requests (to `path`) go wrong."""

    path: str = ""
    """Only requests whose target begins with it; counts apply to these alone."""
    delay: float = 0.0
    """Seconds that every answer takes."""
    hang: int = 0
    """No answer, the connection stays open."""
    drop: int = 0
    """The connection is closed without an answer, as when memory runs out."""
    truncate: int = 0
    """The body ends early, and the connection with it."""
    web_page: int = 0
    """An HTML page with status 200."""
    stay_away: bool = False
    """It does not come back from the next restart."""

    def take(self, name: str, target: str) -> bool:
        """Use up one of a count, if the target is meant."""
        count: int = getattr(self, name)
        if count <= 0 or not self.is_meant(target):
            return False
        setattr(self, name, count - 1)
        return True

    def is_meant(self, target: str) -> bool:
        """Return whether the faults apply to a target."""
        return target.startswith(self.path)


class SimulatedServer:
    """A device at `host` and `port` while the block of `async with` runs; `answer` says what it is.

    Each request has a connection of its own, as with small devices.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        reboot_time: float = 0.05,
        linger: float = 0.05,
    ) -> None:
        """Choose where it listens, port 0 takes a free one, and the seconds of silence at a restart.

        A connection stays open for `linger` seconds after the answer.
        """
        self.host = host
        self.port = port
        self.reboot_time = reboot_time
        self.linger = linger
        self.requests: list[tuple[str, str]] = []
        """Method and target of each, in order."""
        self.max_in_flight = 0
        self.restarts = 0
        self.on_network = True
        self.connections: set[asyncio.Task[None]] = set()
        self._faults = SimulatedFaults()
        self._tls = tls
        self._in_flight = 0
        self._began = 0.0
        self._is_silent = False
        self._server: asyncio.Server | None = None
        self._restart: asyncio.Task[None] | None = None

    async def answer(self, request: SimulatedRequest) -> SimulatedResponse | None:
        """Return what the device answers; None closes the connection without an answer."""
        raise NotImplementedError

    def boot(self) -> None:
        """Begin anew, after a restart: what is only in memory is gone."""

    @property
    def faults(self) -> SimulatedFaults:
        """What goes wrong from now on."""
        return self._faults

    @property
    def is_there(self) -> bool:
        """Whether it is in the network."""
        return self.on_network and not self._is_silent

    @property
    def uptime(self) -> float:
        """The seconds since its start."""
        return asyncio.get_running_loop().time() - self._began

    @property
    def url(self) -> str:
        """The address for a browser."""
        return base_url(self.host, self.port, "http" if self._tls is None else "https")

    def __str__(self) -> str:
        """Return what it is called where it is served."""
        return type(self).__name__

    async def __aenter__(self) -> Self:
        """Start to answer."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, and end every connection."""
        if self._restart is not None:
            self._restart.cancel()
            await asyncio.gather(self._restart, return_exceptions=True)
        await self.stop()

    async def start(self) -> None:
        """Listen, on the same port as before."""
        self._server = await asyncio.start_server(self._connected, self.host, self.port, limit=MAX_HEAD, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        self._began = asyncio.get_running_loop().time()

    async def stop(self) -> None:
        """Refuse connections and end those there are, as when somebody pulls the plug."""
        if self._server is not None:
            self._server.close()
        for connection in self.connections:
            connection.cancel()
        await asyncio.gather(*self.connections, return_exceptions=True)
        if self._server is not None:
            await self._server.wait_closed()
            self._server = None

    def restart(self, *, delay: float = 0.05) -> None:
        """Restart after so many seconds, in which an answer still goes out."""
        if self._restart is None or self._restart.done():
            self._restart = asyncio.get_running_loop().create_task(self._go_through_restart(delay))

    async def admit(self, head: Head, writer: asyncio.StreamWriter) -> bool:
        """Return whether a request gets an answer: some devices are overloaded, and write what they write then."""
        return True

    async def read_body(self, reader: asyncio.StreamReader, head: Head) -> bytes | None:
        """Read the body; None for one that the device does not understand."""
        length = int(head.headers.get("content-length", 0))
        if length == 0:
            return b""
        async with asyncio.timeout(_PATIENCE):
            return await reader.readexactly(length)

    def request_of(self, head: Head, body: bytes) -> SimulatedRequest:
        """Return the request, decoded as the device does."""
        return SimulatedRequest.of(head.method, head.target, head.headers, body)

    async def send(self, writer: asyncio.StreamWriter, response: SimulatedResponse, target: str) -> None:
        """Send an answer."""
        payload = response.payload()
        if payload and self.faults.take("truncate", target):
            payload = payload[: len(payload) // 2]
        writer.write(response.head() + payload)
        await writer.drain()
        if len(payload) < len(response.payload()) and writer.can_write_eof():
            writer.write_eof()

    async def be_silent(self) -> None:
        """Say nothing until the connection is ended."""
        await asyncio.Event().wait()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self.connections.add(connection)

        def end(_: asyncio.Task[None]) -> None:
            """Close what was not, even of a task that was ended before it began."""
            self.connections.discard(connection)
            if not writer.is_closing():
                writer.transport.abort()

        connection.add_done_callback(end)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(TimeoutError, ConnectionError, asyncio.IncompleteReadError):
            await self._exchange(reader, writer)
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(_PATIENCE):
            head = await read_head(reader)
        if head is None:
            return
        if not self.is_there:
            await self.be_silent()
        if not await self.admit(head, writer):
            return
        self._in_flight += 1
        self.max_in_flight = max(self.max_in_flight, self._in_flight)
        self.requests.append((head.method, head.target))
        try:
            await self._answer(reader, writer, head)
        finally:
            self._in_flight -= 1
        if self.linger:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(reader.read(1), self.linger)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: Head) -> None:
        if self.faults.take("drop", head.target):
            raise ConnectionError
        if self.faults.take("hang", head.target):
            await self.be_silent()
        body = await self.read_body(reader, head)
        if body is None:
            return
        if self.faults.delay:
            await asyncio.sleep(self.faults.delay)
        page = self.faults.take("web_page", head.target)
        response = _page() if page else await self.answer(self.request_of(head, body))
        if response is not None:
            await self.send(writer, response, head.target)

    async def _go_through_restart(self, delay: float) -> None:
        await asyncio.sleep(delay)
        self.restarts += 1
        self._is_silent = True
        silenced = self.connections.copy()
        await asyncio.sleep(self.reboot_time)
        if self.faults.stay_away:
            self.on_network = False
        else:
            self._began = asyncio.get_running_loop().time()
            self.boot()
        self._is_silent = False
        for connection in silenced | self.connections:
            connection.cancel()


async def serve(*servers: SimulatedServer) -> None:
    """Run devices until a signal comes, and say where they are."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with contextlib.AsyncExitStack() as stack:
        for server in servers:
            await stack.enter_async_context(server)
            sys.stdout.write(f"{server} at {server.url}\n")
        sys.stdout.flush()
        await stop.wait()


def _page() -> SimulatedResponse:
    return SimulatedResponse(200, "text/html", _WEB_PAGE)
