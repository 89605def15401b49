"""HTTP with a controller: one request at a time, each on a connection of its own, with patience for a busy one."""

import asyncio
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

import aiohttp
from yarl import URL

from ha_device_backup_core import (
    CannotConnectError,
    DeviceBusyError,
    DeviceError,
    HandlerContext,
    UnexpectedResponseError,
    UnsupportedDeviceError,
    base_url,
    client_errors,
)

from .info import NOT_WLED, WledInfo, parse_info
from .multipart import upload_body
from .timing import Timing
from .translation import _

_OK = 200
_LOGINS = {401, 407}
_SERVER_ERROR = 500
_BUSY = 503


@dataclass(frozen=True, slots=True)
class Answer:
    """What the device answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_file(self) -> bool:
        """Whether this is a file of the device, as it is: pages of the firmware have no disposition."""
        return self.status == _OK and "Content-Disposition" in self.headers and not self.is_twin

    @property
    def is_twin(self) -> bool:
        """Whether the compressed twin (`x.gz` for `x`) or a compressed page was sent."""
        return "Content-Encoding" in self.headers


class WledClient:
    """Talks to one controller; nothing else does."""

    def __init__(self, context: HandlerContext, host: str, port: int, timing: Timing) -> None:
        """Keep the address; no I/O."""
        self._context = context
        self.host = host
        self._base = URL(base_url(host, port))
        self._pause = 0.0
        self.timing = timing

    @property
    def url(self) -> str:
        """The address of the device for a browser."""
        return str(self._base)

    async def info(self, *, patient: bool = True) -> WledInfo:
        """Return who is there.

        Raises UnsupportedDeviceError when it is no WLED controller. A call without patience tries once, and shortly.
        """
        return (await self.raw_info(patient=patient))[1]

    async def raw_info(self, *, patient: bool = True) -> tuple[bytes, WledInfo]:
        """Return the info as sent, too."""
        answer = await self.get("/json/info", timing=self.timing if patient else self._impatient())
        if answer.status in _LOGINS:
            raise UnsupportedDeviceError(
                _("Something in front of the controller asks for a login. Enter the controller's own address.")
            )
        if answer.status >= _SERVER_ERROR:
            raise UnexpectedResponseError(_("It answered with an error of its own."))
        if answer.status != _OK:
            raise UnsupportedDeviceError(NOT_WLED)
        info = parse_info(answer.body)
        self._pause = self.timing.between_requests_esp8266 if info.is_esp8266 else 0.0
        return answer.body, info

    async def get(self, path: str, query: Mapping[str, str] | None = None, *, timing: Timing | None = None) -> Answer:
        """Ask for a path, which is quoted here."""
        asked = "&".join(f"{key}={_quoted(value)}" for key, value in (query or {}).items())
        return await self._request("GET", _quoted(path), asked, timing=timing or self.timing)

    async def read_file(self, name: str, *, timing: Timing | None = None) -> Answer:
        """Ask for a file by its path, which no lock closes."""
        return await self.get(f"/{name}", timing=timing)

    async def post_json(self, path: str, value: object) -> Answer:
        """Send JSON."""
        return await self._request("POST", path, "", json.dumps(value).encode(), "application/json", timing=self.timing)

    async def upload(self, name: str, content: bytes, *, once: bool = False) -> Answer:
        """Put a file on the device; its answer proves nothing, read it back."""
        body, content_type = upload_body(f"/{name}", content)
        timing = self.timing.for_bytes(len(content))
        timing = replace(timing, tries=1) if once else timing
        return await self._request("POST", "/upload", "", body, content_type, timing=timing)

    def _impatient(self) -> Timing:
        seconds = self.timing.restart_poll_timeout
        return replace(self.timing, tries=1, total=seconds, silence=seconds)

    async def _request(
        self, method: str, path: str, query: str, body: bytes = b"", content_type: str = "", *, timing: Timing
    ) -> Answer:
        url = URL(f"{self._base.origin()}{path}" + (f"?{query}" if query else ""), encoded=True)
        headers = {"Connection": "close"} | ({"Content-Type": content_type} if content_type else {})
        left = timing.tries
        while True:
            left -= 1
            await asyncio.sleep(self._pause)
            try:
                return await self._once(method, url, headers, body, timing)
            except _TryAgainError as again:
                if not left:
                    raise again.error from again.__cause__
                await asyncio.sleep(_pause_before(timing, left, again.error.retry_after))

    async def _once(self, method: str, url: URL, headers: Mapping[str, str], body: bytes, timing: Timing) -> Answer:
        limits = aiohttp.ClientTimeout(total=timing.total, sock_connect=timing.connect, sock_read=timing.silence)
        data = io.BytesIO(body) if body else None
        with client_errors():
            try:
                async with self._context.http.request(
                    method, url, headers=headers, data=data, timeout=limits, allow_redirects=False
                ) as response:
                    answer = Answer(response.status, response.headers, await self._context.read(response))
            except (aiohttp.ClientConnectorError, TimeoutError):
                raise
            except aiohttp.ClientPayloadError as error:
                raise _TryAgainError(UnexpectedResponseError(_("Its answer broke off, several times."))) from error
            except aiohttp.ClientResponseError as error:
                raise _TryAgainError(UnexpectedResponseError(_("Its answer is not understood."))) from error
            except (aiohttp.ClientError, OSError) as error:
                raise _TryAgainError(
                    CannotConnectError(_("It closed the connection without an answer, several times."))
                ) from error
        if answer.status == _BUSY:
            raise _TryAgainError(DeviceBusyError(retry_after=_seconds(answer.headers.get("Retry-After"))))
        return answer


def _quoted(text: str) -> str:
    return quote(text, safe="/", errors="surrogateescape")


class _TryAgainError(Exception):
    """Worth another try; carries what to raise when there is none left."""

    def __init__(self, error: DeviceError) -> None:
        super().__init__()
        self.error = error


def _pause_before(timing: Timing, left: int, asked: float | None) -> float:
    doubled = timing.busy_pause * 2 ** (timing.tries - 1 - left)
    return min(doubled if asked is None else asked, timing.longest_pause)


def _seconds(value: str | None) -> float | None:
    return float(value) if value is not None and value.isdecimal() else None
