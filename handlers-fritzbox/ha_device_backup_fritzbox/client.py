"""Talks to one box: finds its port and services, logs in, calls actions and fetches the files that they name."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import aiohttp
from yarl import URL

from ha_device_backup_core import (
    AuthenticationError,
    ConfigError,
    DeviceBackupError,
    HandlerContext,
    UnexpectedResponseError,
    UnsupportedDeviceError,
)
from ha_device_backup_core.toolkit import Request, Response, is_web_page

from .addresses import own_url
from .description import DEVICE_INFO, NOT_FRITZBOX, SECURITY, Description, is_fritz_description, parse_description
from .faults import ACCESS_OFF, error_of
from .http import BoxHttp, http_status
from .soap import NoSoapError, SoapFaultError, parse_answer, request_body, request_headers
from .timing import FritzboxTiming, Ports
from .translation import _
from .users import Users, parse_login_page, parse_user_list, which_user, wrong_login

_OK = 200
_NOT_FOUND = 404
_SERVER_ERROR = 500
_REFUSED = frozenset({401, 403})
_GONE = frozenset({401, 403, 404, 410})
_HIGHEST_PORT = 65535
_MAX_ANSWER = 1024 * 1024
_DESCRIPTION = "/tr64desc.xml"
_OTHER_DESCRIPTION = "/igddesc.xml"
_LOGIN_PAGE = "/login_sid.lua"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What a person entered about the way to a box."""

    host: str
    port: int | None
    encrypted: bool
    username: str | None
    """None where people log in with a password only: the box tells the name that goes with it."""
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Action:
    """One action to be done."""

    service: str
    action: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    token: str | None = field(default=None, repr=False)
    needed: Collection[str] = ()


class BoxClient:
    """One request at a time; after a refused login none at all."""

    def __init__(self, context: HandlerContext, address: Address, timing: FritzboxTiming, ports: Ports) -> None:
        """Keep the address; no I/O."""
        self._context = context
        self._http = BoxHttp(context, address.host, timing)
        self._address = address
        self._ports = ports
        self._login: aiohttp.DigestAuthMiddleware | None = None
        self._username = address.username
        self._refusal: DeviceBackupError | None = None
        self._found: tuple[URL, Description] | None = None
        self.timing = timing

    @property
    def url(self) -> str:
        """The address of the box for a browser."""
        return str(URL.build(scheme="http", host=self._address.host))

    async def has(self, service: str) -> bool:
        """Return whether the box has a service."""
        _, description = await self._find()
        return service in description.control_paths

    async def call(
        self,
        service: str,
        action: str,
        arguments: Mapping[str, str] | None = None,
        *,
        token: str | None = None,
        seconds: float | None = None,
        expected: Collection[int] = (),
        needed: Collection[str] = (),
    ) -> dict[str, str]:
        """Return what the action gives; where only some of it is needed, the rest may be unreadable.

        Raises SoapFaultError for the expected faults, DeviceError for all others, ConfigError for a user name that has
        to be entered.
        """
        origin, description = await self._find()
        request = _Action(service, action, arguments or {}, token, needed)
        try:
            return await self._call(origin, description, request, seconds=seconds)
        except SoapFaultError as error:
            if error.fault in expected:
                raise
            raise await self._error_of(error.fault) from None

    async def download(self, url: str, *, with_login: bool, seconds: float) -> Response:
        """Return the file at an address that the box named a moment ago, from the box itself only.

        Raises UnexpectedResponseError when the address is not its own, or no longer good.
        """
        self._refuse_again()
        own = await own_url(
            url,
            self._address.host,
            encrypted_only=self._address.encrypted,
            run_blocking=self._context.run_blocking,
            seconds=self.timing.resolve,
        )
        if own is None:
            raise UnexpectedResponseError(
                _("It named an address that is not its own, or not encrypted. Nothing was fetched from there.")
            )
        login = await self._new_login() if with_login else None
        request = Request(path=own, verified=self._address.encrypted)
        answer = await self._http.send(request, seconds=seconds, login=login)
        if answer.status in _GONE:
            raise UnexpectedResponseError(_("The address of the file was no longer good. Try again."))
        if answer.status != _OK:
            raise UnexpectedResponseError(http_status(answer.status))
        return answer

    async def _new_login(self) -> aiohttp.DigestAuthMiddleware:
        """Return a login for one origin; raises ConfigError where the box leaves open which name goes with it."""
        if self._username is None:
            self._username = (await self._users()).for_password_alone()
        return aiohttp.DigestAuthMiddleware(self._username, self._address.password)

    async def _users(self) -> Users:
        """Return the users that the box names to everybody: in its own page, else by an action."""
        users = parse_login_page(await self._login_page()).users
        if users.names or self._found is None:
            return users
        origin, description = self._found
        if SECURITY not in description.control_paths:
            return users
        try:
            answer = await self._call(origin, description, _Action(SECURITY, "X_AVM-DE_GetUserList"), login=False)
        except (SoapFaultError, UnexpectedResponseError, AuthenticationError):
            return users
        return parse_user_list(answer.get("NewX_AVM-DE_UserList", ""))

    def _refuse_again(self) -> None:
        if self._refusal is not None:
            raise self._refusal

    async def _find(self) -> tuple[URL, Description]:
        """Return where actions are taken, and which."""
        if self._found is None:
            origin = await self._find_origin()
            self._found = origin, await self._describe(origin)
        return self._found

    async def _find_origin(self) -> URL:
        address = self._address
        if not address.encrypted:
            return URL.build(scheme="http", host=address.host, port=address.port or self._ports.plain)
        port = address.port or await self._encrypted_port()
        return URL.build(scheme="https", host=address.host, port=port)

    async def _encrypted_port(self) -> int:
        """Return the port as the box names it to everybody, without a login."""
        plain = URL.build(scheme="http", host=self._address.host, port=self._ports.plain)
        description = await self._describe(plain)
        try:
            answer = await self._call(plain, description, _Action(DEVICE_INFO, "GetSecurityPort"), login=False)
        except (SoapFaultError, UnexpectedResponseError, AuthenticationError):
            return self._ports.encrypted
        port = answer.get("NewSecurityPort", "")
        if port.isascii() and port.isdecimal() and len(port) < 6 and 0 < int(port) <= _HIGHEST_PORT:
            return int(port)
        return self._ports.encrypted

    async def _describe(self, origin: URL) -> Description:
        answer = await self._get(origin, _DESCRIPTION)
        if answer.status == _OK:
            return await self._context.run_blocking(parse_description, answer.body)
        if answer.status >= _SERVER_ERROR:
            raise UnexpectedResponseError(http_status(answer.status))
        if answer.status != _NOT_FOUND:
            raise UnsupportedDeviceError(NOT_FRITZBOX)
        other = await self._get(origin, _OTHER_DESCRIPTION)
        is_box = other.status == _OK and is_fritz_description(other.body)
        raise UnsupportedDeviceError(
            ACCESS_OFF
            if is_box
            else _(
                "Either no FRITZ!Box answers there, or its access for applications is off. Check the address, "
                "and switch on “Allow access for applications” (Home Network, Network, Network Settings)."
            )
        )

    async def _get(self, origin: URL, path: str) -> Response:
        request = Request(path=origin.with_path(path), longest=_MAX_ANSWER)
        return await self._http.send(request, seconds=self.timing.answer)

    async def _call(
        self,
        origin: URL,
        description: Description,
        request: _Action,
        *,
        seconds: float | None = None,
        login: bool = True,
    ) -> dict[str, str]:
        self._refuse_again()
        if login and self._login is None:
            self._login = await self._new_login()
        asked = Request(
            method="POST",
            path=origin.with_path(description.control_paths[request.service]),
            headers=request_headers(request.service, request.action),
            body=request_body(request.service, request.action, request.arguments, request.token),
            longest=_MAX_ANSWER,
        )
        answer = await self._http.send(
            asked, seconds=seconds or self.timing.answer, login=self._login if login else None
        )
        try:
            return await self._context.run_blocking(parse_answer, answer.body, request.action, request.needed)
        except NoSoapError:
            raise await self._no_answer(answer, login=login) from None

    async def _no_answer(self, answer: Response, *, login: bool) -> DeviceBackupError:
        if answer.status in _REFUSED:
            return await self._refused() if login else AuthenticationError()
        if is_web_page(answer.body):
            return UnexpectedResponseError(_("It sent a web page instead of an answer."))
        if answer.status != _OK:
            return UnexpectedResponseError(http_status(answer.status))
        return UnexpectedResponseError(_("Its answer does not belong to the question."))

    async def _error_of(self, fault: int) -> DeviceBackupError:
        error = error_of(fault)
        return await self._refused() if isinstance(error, AuthenticationError) else error

    async def _refused(self) -> DeviceBackupError:
        """Remember that this login is wrong, and ask whom the box knows and how long it takes no other."""
        page = parse_login_page(await self._login_page())
        if self._address.username is None and len(page.users.names) != 1:
            detail = (
                which_user(page.users.names)
                if page.users.names
                else _(
                    "The FRITZ!Box wants a user name with the password and does not say which. You find it under "
                    "System, FRITZ!Box Users."
                )
            )
            self._refusal = ConfigError("username", detail)
            return self._refusal
        known = page.users.names if self._username not in page.users.names else ()
        self._refusal = AuthenticationError(
            wrong_login(page.block_seconds, known), retry_after=float(page.block_seconds) or None
        )
        return self._refusal

    async def _login_page(self) -> bytes:
        """Return what the page of the box tells everybody who wants to log in; empty where it tells nothing."""
        page = URL.build(
            scheme="http", host=self._address.host, port=self._ports.web, path=_LOGIN_PAGE, query={"version": "2"}
        )
        try:
            answer = await self._http.send(Request(path=page, longest=_MAX_ANSWER), seconds=self.timing.lockout)
        except DeviceBackupError:
            return b""
        return answer.body if answer.status == _OK else b""
