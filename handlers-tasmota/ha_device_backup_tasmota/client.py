"""HTTP with a device: one request at a time, each on its own connection; a password is never part of an address."""

import asyncio
import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from ha_device_backup_core import (
    AuthenticationError,
    CannotConnectError,
    HandlerContext,
    PermissionDeniedError,
    UnexpectedResponseError,
    UnsupportedDeviceError,
    base_url,
)
from ha_device_backup_core.toolkit import (
    Body,
    ConnectionClosedError,
    DeviceClient,
    JsonError,
    JsonObject,
    Pace,
    Request,
    Response,
    basic_login,
)

from .status import MINIMAL, NOT_TASMOTA, SECTIONS, TasmotaStatus, module_name, parse_object, parse_status
from .timing import TasmotaTiming
from .translation import _

NO_QUERY: Mapping[str, str] = MappingProxyType({})
_OK = 200
_NOT_FOUND = 404
_UNAUTHORIZED = 401
_SERVER_ERROR = 500
_ASKS_FOR_LOGIN = "user=<username>"
_CLOSED_EARLY = _(
    "It closed the connection without an answer, several times. If its HTTP API is switched off (SetOption128 0), "
    "enter its IP address as host, without a proxy in between, or switch it on: SetOption128 1."
)


@dataclass(frozen=True, slots=True)
class TasmotaLogin:
    """A user and the password; nobody prints it."""

    user: str
    password: str

    def __repr__(self) -> str:
        return "Login(…)"

    def header(self) -> dict[str, str]:
        """Return the header of a basic login."""
        return basic_login(self.user, self.password)


class ClosedEarlyError(CannotConnectError):
    """It closed the connection without an answer: what the device does with what it does not want to answer."""


class TasmotaClient:
    """Talks to one device; nothing else does."""

    def __init__(
        self, context: HandlerContext, host: str, port: int, login: TasmotaLogin | None, timing: TasmotaTiming
    ) -> None:
        """Keep the address; no I/O."""
        self._device = DeviceClient(context, host, port, pace=timing.pace)
        self.host = host
        self._login = login
        self._address: str | None = None
        self.timing = timing

    @property
    def url(self) -> str:
        """The address of the device for a browser."""
        return self._device.url

    async def address(self) -> str:
        """Return the IP address of the device, or its name where that leads to none."""
        if self._address is None:
            self._address = await _ip_address(self.host)
        return self._address

    def stay_at(self, address: str) -> None:
        """Ask at this address from now on: the name of the device may soon be another."""
        self._device.move_to(address)

    def use_login(self, login: TasmotaLogin | None) -> None:
        """Log in with another password from now on."""
        self._login = login

    async def status(self, *, patient: bool = True) -> TasmotaStatus:
        """Return who is there; raise UnsupportedDeviceError for what is no Tasmota."""
        return (await self.raw_status(patient=patient))[1]

    async def raw_status(self, *, patient: bool = True) -> tuple[JsonObject, TasmotaStatus]:
        """Return all that the device says about itself, too. A call without patience tries once, and shortly."""
        pace = self.timing.pace if patient else self.impatient()
        said = await self.command("Status 0", pace=pace)
        for section, command in SECTIONS.items():
            if section not in said:
                # A full log cuts the long answer, and a sensor without a value makes it unreadable.
                said |= await self.command(command, pace=pace)
        return said, parse_status(said)

    async def module(self) -> str | None:
        """Return the name of the module."""
        return module_name(await self.command("Module"))

    async def command(self, text: str, *, pace: Pace | None = None) -> JsonObject:
        """Send a command; return an empty object for an answer that cannot be read.

        Raises AuthenticationError, PermissionDeniedError, UnsupportedDeviceError.
        """
        fields = {"cmnd": text}
        if self._login is None:
            answer = await self.get("/cm", fields, pace=pace)
        else:
            # Old firmware does not look at the header here, and an address would stand in logs.
            fields |= {"user": self._login.user, "password": self._login.password}
            form = Body.form(fields)
            answer = await self._send(Request(method="POST", path="/cm", body=form, pace=pace, again=True))
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
        self, path: str, query: Mapping[str, str] = NO_QUERY, *, size: int = 0, pace: Pace | None = None
    ) -> Response:
        """Ask for a path; more time for a large `size`."""
        pace = (pace or self.timing.pace).for_bytes(size)
        return await self._send(Request(path=path, query=query, pace=pace))

    async def post(self, path: str, query: Mapping[str, str], body: Body) -> Response:
        """Send a form once."""
        return await self._send(Request(method="POST", path=path, query=query, body=body))

    def impatient(self) -> Pace:
        """Return how long to wait for a device that may not be there."""
        return self.timing.pace.impatient(self.timing.restart_poll_timeout)

    async def _send(self, request: Request) -> Response:
        headers = {"Referer": await self._own_page()} | (self._login.header() if self._login else {})
        try:
            answer = await self._device.send(replace(request, headers=headers))
        except ConnectionClosedError as error:
            raise ClosedEarlyError(_CLOSED_EARLY) from error
        if answer.status == _UNAUTHORIZED:
            raise self._refused_login()
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


def _command_answer(answer: Response) -> JsonObject:
    if answer.status != _OK:
        raise UnsupportedDeviceError(NOT_TASMOTA)
    try:
        return parse_object(answer.body)
    except JsonError as error:
        if _is_tasmota(answer) and answer.body.lstrip().startswith(b"{"):
            return {}
        if _is_tasmota(answer):
            raise PermissionDeniedError(
                _(
                    "Its web server only shows the main page. Enter “WebServer 2” in the console of the device, "
                    "by MQTT or serial."
                )
            ) from error
        raise UnsupportedDeviceError(NOT_TASMOTA) from error


def _is_tasmota(answer: Response) -> bool:
    """Return whether the web server says that it is one of Tasmota."""
    return answer.headers.get("Server", "").startswith("Tasmota")


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
