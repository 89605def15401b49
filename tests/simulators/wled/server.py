"""A simulated controller on the loopback network."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from types import TracebackType
from typing import Self

from . import content, routes
from .canaries import WIFI_NAME
from .device import NO_FILES, NO_NAMES, PIN_RETRY_COOLDOWN, Device
from .faults import Faults
from .firmware import Chip, Firmware, Overload
from .http import BARE_503, MAX_HEAD, NoAnswerError, Request, Response, make_request, read_head

REBOOT_DELAY = 0.05
IDLE_TIMEOUT = 3.0


class SimulatedWled:
    """A controller at `wled.host` and `wled.port` while the block of `async with SimulatedWled() as wled:` runs."""

    def __init__(
        self,
        version: str = "0.15.5",
        chip: Chip = Chip.ESP32,
        *,
        mac: str = "a0b1c2d3e4f5",
        name: str = "Shelf",
        pin: str = "",
        ota_lock: bool = False,
        has_editor: bool = True,
        usermods: Sequence[str] = (),
        renamed_settings: Mapping[str, str] = NO_NAMES,
        networks: Sequence[str] = (WIFI_NAME,),
        extra_files: Mapping[str, bytes] = NO_FILES,
        file_system_bytes: int | None = None,
        port: int = 0,
        reboot_time: float = 0.05,
        idle_timeout: float = 0.05,
        pin_cooldown: float = PIN_RETRY_COOLDOWN,
        cable: int = 0,
        host: str = "127.0.0.1",
    ) -> None:
        """Choose the version, the chip and the household; `port` 0 takes a free one; times are in seconds."""
        self.device = Device(
            Firmware(version=version, chip=chip),
            mac=mac,
            name=name,
            pin=pin,
            ota_lock=ota_lock,
            has_editor=has_editor,
            usermods=usermods,
            renamed_settings=renamed_settings,
            networks=networks,
            extra_files=extra_files,
            file_system_bytes=file_system_bytes,
            pin_cooldown=pin_cooldown,
            cable=cable,
        )
        self.host = host
        self.port = port
        self.reboot_time = reboot_time
        self.idle_timeout = idle_timeout
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
        await self.go_online()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, and end every connection."""
        if self._restart is not None:
            self._restart.cancel()
            await asyncio.gather(self._restart, return_exceptions=True)
        await self.go_offline()

    @property
    def faults(self) -> Faults:
        """What goes wrong from now on."""
        return self.device.faults

    @property
    def url(self) -> str:
        """The address for a browser."""
        return f"http://[{self.host}]:{self.port}" if ":" in self.host else f"http://{self.host}:{self.port}"

    async def go_online(self) -> None:
        """Listen, on the same port as before."""
        self._server = await asyncio.start_server(self._connected, self.host, self.port, limit=MAX_HEAD)
        self.port = self._server.sockets[0].getsockname()[1]

    async def go_offline(self) -> None:
        """Refuse connections and end those there are, as when somebody pulls the plug."""
        if self._server is not None:
            self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        if self._server is not None:
            await self._server.wait_closed()
            self._server = None

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
            writer.transport.abort()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(IDLE_TIMEOUT):
            head = await read_head(reader)
        if head is None:
            return
        if self._is_silent or not self.device.on_network:
            await self._be_silent()
        if await self._is_overloaded(writer, head[1]):
            return
        self._in_flight += 1
        self.max_in_flight = max(self.max_in_flight, self._in_flight)
        self.requests.append((head[0], head[1]))
        try:
            await self._answer(reader, writer, *head)
        finally:
            self._in_flight -= 1
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(reader.read(1), self.idle_timeout)

    async def _be_silent(self) -> None:
        await asyncio.Event().wait()

    async def _is_overloaded(self, writer: asyncio.StreamWriter, target: str) -> bool:
        firmware = self.device.firmware
        busy = firmware.has_own_editor and self.faults.take("busy", target)
        if not busy and len(self._connections) <= firmware.connection_limit:
            return False
        if firmware.overload is Overload.BARE_503:
            writer.write(BARE_503)
            await writer.drain()
            writer.write_eof()
        else:
            self._begin_restart(delay=0.0)
        return True

    async def _answer(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        method: str,
        target: str,
        headers: dict[str, str],
    ) -> None:
        if self.faults.take("drop", target):
            return
        if self.faults.take("hang", target):
            await self._be_silent()
        request = make_request(method, target, headers, await self._read_body(reader, method, headers))
        if self.faults.delay:
            await asyncio.sleep(self.faults.delay)
        try:
            response, restart = self._respond(request)
        except NoAnswerError:
            await asyncio.sleep(self.idle_timeout)
            raise
        if restart and not (method == "POST" and self.faults.take("forget_restart", target)):
            self._begin_restart(delay=REBOOT_DELAY)
        if method == "POST" and target.startswith("/upload") and self.faults.take("lose_answer_to_upload", target):
            return
        await self._send(writer, response, target)

    async def _read_body(self, reader: asyncio.StreamReader, method: str, headers: dict[str, str]) -> bytes:
        if "content-length" in headers:
            async with asyncio.timeout(IDLE_TIMEOUT):
                return await reader.readexactly(int(headers["content-length"]))
        if method in {"POST", "PUT", "PATCH"} and "transfer-encoding" in headers:
            await asyncio.sleep(self.idle_timeout)
            raise NoAnswerError
        return b""

    def _respond(self, request: Request) -> tuple[Response, bool]:
        if self.faults.take("web_page", request.raw_target):
            return Response(200, "text/html", b"<!DOCTYPE html><html><title>Please log in</title></html>"), False
        if self.faults.take("spoil", request.raw_target):
            return Response(self.faults.spoiled_status, "text/plain", self.faults.spoiled), False
        answer = routes.answer(self.device, request, len(self._connections))
        if request.path == "/cfg.json":
            self._go_on_meanwhile(request.path)
        return answer

    def _go_on_meanwhile(self, path: str) -> None:
        if self.faults.take("torn", path):
            number = 100 + self.faults.torn % 100
            self.device.save_preset(number, content.preset("Saved in between", [1, 2, 3]))
        if self.faults.take("restless", path):
            self.device.files.write("/usermod.log", b"." * (self.faults.restless % 100))

    async def _send(self, writer: asyncio.StreamWriter, response: Response, target: str) -> None:
        payload = response.payload()
        bad_block = self.faults.unreadable and self.faults.unreadable in target and response.status == HTTPStatus.OK
        if payload and (bad_block or self.faults.take("truncate", target)):
            payload = payload[: len(payload) // 2]
        writer.write(response.head())
        if self.faults.take("slow", target):
            await self._drip(writer, payload)
        else:
            writer.write(payload)
        await writer.drain()
        if len(payload) < len(response.payload()):
            writer.write_eof()

    async def _drip(self, writer: asyncio.StreamWriter, payload: bytes) -> None:
        piece = max(int(self.faults.bytes_per_second / 20), 1)
        for start in range(0, len(payload), piece):
            writer.write(payload[start : start + piece])
            await writer.drain()
            await asyncio.sleep(1 / 20)

    def _begin_restart(self, *, delay: float) -> None:
        if self._restart is None or self._restart.done():
            self._restart = asyncio.get_running_loop().create_task(self._go_through_restart(delay))

    async def _go_through_restart(self, delay: float) -> None:
        await asyncio.sleep(delay)
        self.restarts += 1
        self._is_silent = True
        silenced = self._connections.copy()
        await asyncio.sleep(self.reboot_time)
        if self.faults.stay_away:
            self.device.on_network = False
        else:
            self.device.boot()
            self.faults.ignore_configuration = False
        self._is_silent = False
        for connection in silenced | self._connections:
            connection.cancel()
