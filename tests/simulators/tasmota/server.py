"""A simulated device on the loopback network."""

from collections.abc import Mapping

from ha_device_backup_core.testing import SimulatedRequest, SimulatedResponse, SimulatedServer
from ha_device_backup_core.testing.simulated_http import Head
from tests.simulators.wled.http import NoAnswerError, make_request

from . import pages, routes
from .canaries import PASSWORD
from .device import NO_FILES, Device
from .faults import Faults
from .firmware import Chip, Firmware

OVERSIZE = 17 * 1024 * 1024
STATUS_FAULTS = {"unauthorized": 401, "not_found": 404, "server_error": 500, "busy": 503}


class SimulatedTasmota(SimulatedServer):
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
        super().__init__(port=port, reboot_time=reboot_time, linger=0.0)

    def __str__(self) -> str:
        """Return what it is called where it is served."""
        firmware = self.device.firmware
        return f"Tasmota {firmware.version} ({firmware.chip.name}) “{self.device.name}” {self.device.mac}"

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

    def request_of(self, head: Head, body: bytes) -> SimulatedRequest:
        """Return the request, decoded as the device does."""
        return make_request(head.method, head.target, head.headers, body)

    async def answer(self, request: SimulatedRequest) -> SimulatedResponse | None:
        """Answer as the firmware does."""
        target, is_upload = request.raw_target, request.method == "POST" and request.path.startswith("/u")
        if self.faults.take("vanish", target):
            self.on_network = False
            await self.be_silent()
        if is_upload and self.faults.take("lose_upload", target):
            return None
        try:
            response, restarts = self._respond(request)
        except NoAnswerError:
            return None
        if restarts and not (is_upload and self.faults.take("forget_restart", target)):
            self.restart()
        if is_upload and self.faults.take("lose_answer_to_upload", target):
            return None
        return response

    def _respond(self, request: SimulatedRequest) -> tuple[SimulatedResponse, bool]:
        for fault, status in STATUS_FAULTS.items():
            if self.faults.take(fault, request.raw_target):
                return SimulatedResponse(status, "text/html"), False
        response, restarts = routes.answer(self.device, request)
        if self.faults.take("empty", request.raw_target):
            response = pages.listing(self.device, "/nothing")
        if self.faults.take("oversized", request.raw_target):
            response = SimulatedResponse(200, response.content_type, bytes(OVERSIZE), response.headers)
        if self.faults.take("halve", request.raw_target):
            response = SimulatedResponse(
                200, response.content_type, response.body[: len(response.body) // 2], response.headers
            )
        if self.faults.take("damage", request.raw_target):
            middle = len(response.body) // 2
            damaged = response.body[:middle] + bytes([response.body[middle] ^ 1]) + response.body[middle + 1 :]
            response = SimulatedResponse(200, response.content_type, damaged, response.headers)
        return response, restarts
