"""A simulated device on the loopback network."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl

from tests.simulators.wled.http import NoAnswerError, Request, make_request, read_head

from . import pages, routes
from .canaries import PASSWORD
from .device import NO_FILES, Device
from .faults import Faults
from .firmware import Chip, Firmware
from .http import Response

RESTART_DELAY = 0.05
MAX_HEAD = 16 * 1024
IDLE_TIMEOUT = 3.0
OVERSIZE = 17 * 1024 * 1024
STATUS_FAULTS = {"web_page": 200, "unauthorized": 401, "not_found": 404, "server_error": 500, "busy": 503}
WEB_PAGE = b"<!DOCTYPE html><html><title>Please log in</title></html>"


def request_of(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Request:
    """Split and decode the target; names of files need be no UTF-8."""
    query = parse_qsl(target.partition("?")[2], keep_blank_values=True, errors="surrogateescape")
    return replace(make_request(method, target, headers, body), query=dict(query))


class SimulatedTasmota:
    """A device at `tasmota.host` and `tasmota.port` while `async with SimulatedTasmota() as tasmota:` runs."""

    def __init__(
        self,
        version: str = "14.4.1",
        chip: Chip = Chip.ESP32,
        *,
        mac: str = "a0b1c2d3e4f5",
        name: str = "Lamp",
        password: str = PASSWORD,
        user: str = "admin",
        image: str = "release-tasmota",
        http_api: bool = True,
        has_file_system: bool = True,
        card: Mapping[str, bytes] | None = None,
        extra_files: Mapping[str, bytes] = NO_FILES,
        port: int = 0,
        reboot_time: float = 0.05,
    ) -> None:
        """Choose the build and its owner's wishes; `port` 0 takes a free one; times are in seconds."""
        self.device = Device(
            Firmware(version=version, chip=chip, image=image, has_file_system=has_file_system),
            mac=mac,
            name=name,
            password=password,
            user=user,
            http_api=http_api,
            card=card,
            extra_files=extra_files,
        )
        self.host = "127.0.0.1"
        self.port = port
        self.reboot_time = reboot_time
        self.requests: list[tuple[str, str]] = []
        self.max_in_flight = 0
        self.restarts = 0
        self._in_flight = 0
        self._connections: set[asyncio.Task[None]] = set()
        self._is_silent = False
        self._server: asyncio.Server | None = None
        self._restart: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Start to answer."""
        self._server = await asyncio.start_server(self._connected, self.host, self.port, limit=MAX_HEAD)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, and end every connection."""
        if self._restart is not None:
            self._restart.cancel()
            await asyncio.gather(self._restart, return_exceptions=True)
        if self._server is not None:
            self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        if self._server is not None:
            await self._server.wait_closed()

    @property
    def faults(self) -> Faults:
        """What goes wrong from now on."""
        return self.device.faults

    @property
    def url(self) -> str:
        """The address for a browser."""
        return f"http://{self.host}:{self.port}"

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._exchange(reader, writer)
        except (NoAnswerError, TimeoutError, ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(IDLE_TIMEOUT):
            head = await read_head(reader)
            if head is None:
                return
            method, target, headers = head
            body = await reader.readexactly(int(headers.get("content-length", 0)))
        if self._is_silent or not self.device.on_network:
            await asyncio.Event().wait()
        self.requests.append((method, target))
        self._in_flight += 1
        self.max_in_flight = max(self.max_in_flight, self._in_flight)
        try:
            await self._answer(writer, request_of(method, target, headers, body))
        finally:
            self._in_flight -= 1

    async def _answer(self, writer: asyncio.StreamWriter, request: Request) -> None:
        target, is_upload = request.raw_target, request.method == "POST" and request.path.startswith("/u")
        await self._misbehave(target)
        response, restarts = self._respond(request)
        if restarts and not (is_upload and self.faults.take("forget_restart", target)):
            self._begin_restart()
        if is_upload and self.faults.take("lose_answer_to_upload", target):
            return
        await self._send(writer, response, target)

    async def _misbehave(self, target: str) -> None:
        if self.faults.take("drop", target):
            raise NoAnswerError
        if self.faults.take("vanish", target):
            self.device.on_network = False
        if self.faults.take("hang", target) or not self.device.on_network:
            await asyncio.Event().wait()
        if self.faults.delay:
            await asyncio.sleep(self.faults.delay)

    def _respond(self, request: Request) -> tuple[Response, bool]:
        for fault, status in STATUS_FAULTS.items():
            if self.faults.take(fault, request.raw_target):
                return Response(status, "text/html", WEB_PAGE if status == 200 else b""), False
        response, restarts = routes.answer(self.device, request)
        if self.faults.take("empty", request.raw_target):
            response = pages.listing(self.device, "/nothing")
        if self.faults.take("oversized", request.raw_target):
            response = Response(200, response.content_type, bytes(OVERSIZE), response.headers)
        if self.faults.take("halve", request.raw_target):
            response = Response(200, response.content_type, response.body[: len(response.body) // 2], response.headers)
        if self.faults.take("damage", request.raw_target):
            middle = len(response.body) // 2
            damaged = response.body[:middle] + bytes([response.body[middle] ^ 1]) + response.body[middle + 1 :]
            response = Response(200, response.content_type, damaged, response.headers)
        return response, restarts

    async def _send(self, writer: asyncio.StreamWriter, response: Response, target: str) -> None:
        payload = response.payload()
        if payload and self.faults.take("truncate", target):
            payload = payload[: len(payload) // 2]
        writer.write(response.head() + payload)
        await writer.drain()

    def _begin_restart(self) -> None:
        if self._restart is None or self._restart.done():
            self._restart = asyncio.get_running_loop().create_task(self._go_through_restart())

    async def _go_through_restart(self) -> None:
        await asyncio.sleep(RESTART_DELAY)
        self.restarts += 1
        self._is_silent = True
        silenced = self._connections.copy()
        await asyncio.sleep(self.reboot_time)
        if self.faults.stay_away:
            self.device.on_network = False
        else:
            self.device.boot()
        self._is_silent = False
        for connection in silenced:
            connection.cancel()
