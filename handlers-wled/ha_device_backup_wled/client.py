"""What a controller is asked."""

from collections.abc import Mapping
from dataclasses import replace

from ha_device_backup_core import HandlerContext, UnexpectedResponseError, UnsupportedDeviceError
from ha_device_backup_core.toolkit import Body, DeviceClient, Pace, Response

from .info import NOT_WLED, WledInfo, parse_info
from .timing import WledTiming
from .translation import _

_OK = 200
_LOGINS = {401, 407}
_SERVER_ERROR = 500


class WledClient(DeviceClient):
    """Talks to one controller; nothing else does."""

    def __init__(self, context: HandlerContext, host: str, port: int, timing: WledTiming) -> None:
        """Keep the address; no I/O."""
        super().__init__(context, host, port, pace=timing.pace)
        self.host = host
        self.timing = timing

    async def info(self, *, patient: bool = True) -> WledInfo:
        """Return who is there.

        Raises UnsupportedDeviceError when it is no WLED controller. A call without patience tries once, and shortly.
        """
        return (await self.raw_info(patient=patient))[1]

    async def raw_info(self, *, patient: bool = True) -> tuple[bytes, WledInfo]:
        """Return the info as sent, too."""
        pace = self.pace if patient else self.pace.impatient(self.timing.restart_poll_timeout)
        answer = await self.get("/json/info", pace=pace)
        if answer.status in _LOGINS:
            raise UnsupportedDeviceError(
                _("Something in front of the controller asks for a login. Enter the controller's own address.")
            )
        if answer.status >= _SERVER_ERROR:
            raise UnexpectedResponseError(_("It answered with an error of its own."))
        if answer.status != _OK:
            raise UnsupportedDeviceError(NOT_WLED)
        info = parse_info(answer.body)
        self.pace = replace(self.pace, between=self.timing.between_requests_esp8266 if info.is_esp8266 else 0.0)
        return answer.body, info

    async def read_file(self, name: str, *, pace: Pace | None = None) -> Response:
        """Ask for a file by its path, which no lock closes."""
        return await self.get(f"/{name}", pace=pace)

    async def read_with_editor(self, info: WledInfo, name: str, *, pace: Pace | None = None) -> Response:
        """Ask the file editor, which must be open, for a file."""
        query: Mapping[str, str] = (
            {"func": "download", "path": f"/{name}"} if info.has_own_editor else {"download": f"/{name}"}
        )
        return await self.get("/edit", query, pace=pace)

    async def upload(self, name: str, content: bytes, *, again: bool = True) -> Response:
        """Put a file on the device; its answer proves nothing, read it back."""
        return await self.post("/upload", Body.file(f"/{name}", content), again=again)
