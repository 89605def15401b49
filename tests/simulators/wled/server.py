"""A simulated controller on the loopback network."""

import asyncio
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from ha_device_backup_core.testing import SimulatedRequest, SimulatedResponse, SimulatedServer
from ha_device_backup_core.testing.simulated_http import Head

from . import content, routes
from .canaries import WIFI_NAME
from .device import NO_FILES, NO_NAMES, PIN_RETRY_COOLDOWN, Device
from .faults import Faults
from .firmware import Chip, Firmware, Overload
from .http import BARE_503, NoAnswerError, Response, make_request


class SimulatedWled(SimulatedServer):
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
        few_files: bool = False,
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
            few_files=few_files,
            file_system_bytes=file_system_bytes,
            pin_cooldown=pin_cooldown,
            cable=cable,
        )
        super().__init__(host=host, port=port, reboot_time=reboot_time, linger=idle_timeout)

    def __str__(self) -> str:
        """Return what it is called where it is served."""
        firmware = self.device.firmware
        return f"WLED {firmware.version} ({firmware.chip}) “{self.device.name}” {self.device.mac}"

    @property
    def faults(self) -> Faults:
        """What goes wrong from now on."""
        return self.device.faults

    @property
    def on_network(self) -> bool:
        """Whether it is in the network."""
        return self.device.on_network

    @on_network.setter
    def on_network(self, there: bool) -> None:
        self.device.on_network = there

    def boot(self) -> None:
        """Begin anew."""
        self.device.boot()
        self.faults.ignore_configuration = False

    async def admit(self, head: Head, writer: asyncio.StreamWriter) -> bool:
        """Refuse what is too much, each firmware in its way."""
        firmware = self.device.firmware
        busy = firmware.has_own_editor and self.faults.take("busy", head.target)
        if not busy and len(self.connections) <= firmware.connection_limit:
            return True
        if firmware.overload is Overload.BARE_503:
            writer.write(BARE_503)
            await writer.drain()
            writer.write_eof()
        else:
            self.restart(delay=0.0)
        return False

    async def read_body(self, reader: asyncio.StreamReader, head: Head) -> bytes | None:
        """Read a body that tells its length; no other is understood."""
        if head.method in {"POST", "PUT", "PATCH"} and "transfer-encoding" in head.headers:
            return None
        return await super().read_body(reader, head)

    def request_of(self, head: Head, body: bytes) -> SimulatedRequest:
        """Return the request, decoded as the device does."""
        return make_request(head.method, head.target, head.headers, body)

    async def answer(self, request: SimulatedRequest) -> SimulatedResponse | None:
        """Answer as the firmware does."""
        target, is_post = request.raw_target, request.method == "POST"
        if self.faults.take("spoil", target):
            return Response(self.faults.spoiled_status, "text/plain", self.faults.spoiled)
        try:
            response, restart = routes.answer(self.device, request, len(self.connections))
        except NoAnswerError:
            return None
        if request.path == "/cfg.json":
            self._go_on_meanwhile(request.path)
        if restart and not (is_post and self.faults.take("forget_restart", target)):
            self.restart()
        if is_post and target.startswith("/upload") and self.faults.take("lose_answer_to_upload", target):
            return None
        return response

    def _go_on_meanwhile(self, path: str) -> None:
        if self.faults.take("torn", path):
            number = 100 + self.faults.torn % 100
            self.device.save_preset(number, content.preset("Saved in between", [1, 2, 3]))
        if self.faults.take("restless", path):
            self.device.files.write("/usermod.log", b"." * (self.faults.restless % 100))

    async def send(self, writer: asyncio.StreamWriter, response: SimulatedResponse, target: str) -> None:
        """Send an answer, slowly or not to its end where that is the fault."""
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
