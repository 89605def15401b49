"""HTTP with a device: one request at a time, each on its own connection; a password is never part of an address."""

import asyncio
import base64
import io
import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

import aiohttp
from yarl import URL

from ha_device_backup_core import (
    AuthenticationError,
    CannotConnectError,
    DeviceBusyError,
    DeviceError,
    HandlerContext,
    PermissionDeniedError,
    UnexpectedResponseError,
    UnsupportedDeviceError,
    base_url,
    client_errors,
)

from .json_files import JsonError, JsonObject, parse_object
from .shown import as_sent
from .status import MINIMAL, NOT_TASMOTA, SECTIONS, TasmotaStatus, module_name, parse_status
from .timing import Timing
from .translation import _

_OK = 200
_NOT_FOUND = 404
_UNAUTHORIZED = 401
_BUSY = 503
_SERVER_ERROR = 500
_ASKS_FOR_LOGIN = "user=<username>"
_CLOSED_EARLY = _(
    "It closed the connection without an answer, several times. If its HTTP API is switched off (SetOption128 0), "
    "enter its IP address as host, without a proxy in between, or switch it on: SetOption128 1."
)


@dataclass(frozen=True, slots=True)
class Login:
    """A user and the password; nobody prints it."""

    user: str
    password: str

    def __repr__(self) -> str:
        return "Login(…)"

    def header(self) -> dict[str, str]:
        """Return the header of a basic login."""
        pair = as_sent(f"{self.user}:{self.password}")
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the device answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_file(self) -> bool:
        """Whether this is a file of the device: pages have no disposition."""
        return self.status == _OK and "Content-Disposition" in self.headers

    @property
    def is_tasmota(self) -> bool:
        """Whether the web server says that it is one of Tasmota."""
        return self.headers.get("Server", "").startswith("Tasmota")


class ClosedEarlyError(CannotConnectError):
    """It closed the connection without an answer: what the device does with what it does not want to answer."""


class TasmotaClient:
    """Talks to one device; nothing else does."""

    def __init__(self, context: HandlerContext, host: str, port: int, login: Login | None, timing: Timing) -> None:
        """Keep the address; no I/O."""
        self._context = context
        self.host = host
        self._port = port
        self._base = URL(base_url(host, port))
        self._login = login
        self._address: str | None = None
        self.timing = timing

    @property
    def url(self) -> str:
        """The address of the device for a browser."""
        return str(self._base)

    async def address(self) -> str:
        """Return the IP address of the device, or its name where that leads to none."""
        if self._address is None:
            self._address = await _ip_address(self.host)
        return self._address

    def stay_at(self, address: str) -> None:
        """Ask at this address from now on: the name of the device may soon be another."""
        self._base = URL(base_url(address, self._port))

    def use_login(self, login: Login | None) -> None:
        """Log in with another password from now on."""
        self._login = login

    async def status(self, *, patient: bool = True) -> TasmotaStatus:
        """Return who is there; raise UnsupportedDeviceError for what is no Tasmota."""
        return (await self.raw_status(patient=patient))[1]

    async def raw_status(self, *, patient: bool = True) -> tuple[JsonObject, TasmotaStatus]:
        """Return all that the device says about itself, too. A call without patience tries once, and shortly."""
        timing = self.timing if patient else self.impatient()
        said = await self.command("Status 0", timing=timing)
        for section, command in SECTIONS.items():
            if section not in said:
                # A full log cuts the long answer, and a sensor without a value makes it unreadable.
                said |= await self.command(command, timing=timing)
        return said, parse_status(said)

    async def module(self) -> str | None:
        """Return the name of the module."""
        return module_name(await self.command("Module"))

    async def command(self, text: str, *, timing: Timing | None = None) -> JsonObject:
        """Send a command; return an empty object for an answer that cannot be read.

        Raises AuthenticationError, PermissionDeniedError, UnsupportedDeviceError.
        """
        fields = {"cmnd": text}
        if self._login is None:
            answer = await self.get("/cm", fields, timing=timing)
        else:
            # Old firmware does not look at the header here, and an address would stand in logs.
            fields |= {"user": self._login.user, "password": self._login.password}
            body = urlencode(fields, quote_via=quote, errors="surrogateescape").encode()
            kind = "application/x-www-form-urlencoded"
            answer = await self._request("POST", "/cm", "", body, kind, timing=timing or self.timing)
        said = _command_answer(answer)
        if _ASKS_FOR_LOGIN in str(said.get("WARNING", "")):
            raise self._refused_login()
        return said

    async def dump(self) -> bytes:
        """Return the settings as the device saves them; what they are worth is to be checked."""
        answer = await self.get("/dl")
        if answer.status == _NOT_FOUND:
            raise UnsupportedDeviceError(MINIMAL)
        return answer.body

    async def get(
        self, path: str, query: Mapping[str, str] | None = None, *, size: int = 0, timing: Timing | None = None
    ) -> Answer:
        """Ask for a path; more time for a large `size`."""
        asked = "&".join(
            f"{key}={quote(value, safe='/', errors='surrogateescape')}" for key, value in (query or {}).items()
        )
        return await self._request("GET", path, asked, timing=self.time_for(timing or self.timing, size))

    async def post(self, path: str, query: Mapping[str, str], body: bytes, content_type: str) -> Answer:
        """Send a form once."""
        timing = replace(self.time_for(self.timing, len(body)), tries=1)
        return await self._request("POST", path, urlencode(query), body, content_type, timing=timing)

    def impatient(self) -> Timing:
        """Return how long to wait for a device that may not be there."""
        seconds = self.timing.restart_poll_timeout
        return replace(self.timing, tries=1, total=seconds, silence=seconds)

    @staticmethod
    def time_for(timing: Timing, size: int) -> Timing:
        """Return how long a body of that size may take."""
        return replace(timing, total=timing.total + size / timing.download_bytes_per_second)

    async def _request(
        self, method: str, path: str, query: str, body: bytes = b"", content_type: str = "", *, timing: Timing
    ) -> Answer:
        url = URL(f"{self._base.origin()}{path}" + (f"?{query}" if query else ""), encoded=True)
        headers = {"Connection": "close", "Referer": await self._own_page()}
        headers |= {"Content-Type": content_type} if content_type else {}
        headers |= self._login.header() if self._login else {}
        for number in range(timing.tries):
            if number:
                await asyncio.sleep(timing.pause * 2 ** (number - 1))
            try:
                return await self._once(method, url, headers, body, timing)
            except _TryAgainError as again:
                last = again
        raise last.error from last.__cause__

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
                raise _TryAgainError(ClosedEarlyError(_CLOSED_EARLY)) from error
        if answer.status == _UNAUTHORIZED:
            raise self._refused_login()
        if answer.status == _BUSY:
            raise _TryAgainError(DeviceBusyError())
        if answer.status >= _SERVER_ERROR:
            raise UnexpectedResponseError(_("It answered with an error of its own."))
        return answer

    def _refused_login(self) -> AuthenticationError:
        return AuthenticationError(
            _("The web admin password is wrong.") if self._login else _("It asks for its web admin password.")
        )

    async def _own_page(self) -> str:
        """Return the page from which a browser would ask: devices may refuse others, and know their own IP address."""
        return f"{base_url(await self.address())}/"


class _TryAgainError(Exception):
    """Worth another try; carries what to raise when there is none left."""

    def __init__(self, error: DeviceError) -> None:
        super().__init__()
        self.error = error


def _command_answer(answer: Answer) -> JsonObject:
    if answer.status != _OK:
        raise UnsupportedDeviceError(NOT_TASMOTA)
    try:
        return parse_object(answer.body)
    except JsonError as error:
        if answer.is_tasmota and answer.body.lstrip().startswith(b"{"):
            return {}
        if answer.is_tasmota:
            raise PermissionDeniedError(
                _(
                    "Its web server only shows the main page. Enter “WebServer 2” in the console of the device, "
                    "by MQTT or serial."
                )
            ) from error
        raise UnsupportedDeviceError(NOT_TASMOTA) from error


async def _ip_address(host: str) -> str:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        return host
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, family=socket.AF_INET)
    except OSError:
        return host
    return str(found[0][4][0])
