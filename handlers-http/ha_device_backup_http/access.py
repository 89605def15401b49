"""Logs in as the device wants it, and tells a refused login from other answers; at most one failed login a job."""

import contextlib
import json
from collections.abc import Mapping

import aiohttp
from yarl import URL

from ha_device_backup_core import (
    AuthenticationError,
    ConfigError,
    DeviceError,
    HandlerContext,
    PermissionDeniedError,
    Text,
    UnexpectedResponseError,
)
from ha_device_backup_core.toolkit import Response, basic_login, is_web_page

from .addresses import shown_path
from .client import Client, logins_asked_for
from .headers import CONTENT_TYPE
from .json_files import read_json
from .login_form import URLENCODED, LoginForm, encoded_form, read_login_form
from .login_plan import Login, LoginKind
from .pointers import found_at
from .recognise import asks_for_password
from .told_errors import tells_only_of_an_error
from .translation import _

_UNAUTHORIZED = 401
_FORBIDDEN = 403
_NOT_FOUND = 404
_SUCCESSES = frozenset({200, 201, 204})
_REDIRECTS = range(300, 400)
_REFUSALS = frozenset({400, 401, 403, 422})
_KEYS = frozenset({LoginKind.HEADER, LoginKind.QUERY, LoginKind.BEARER})
_SCHEMES = {LoginKind.BASIC: "Basic", LoginKind.DIGEST: "Digest"}
_LOGIN_WANTED = _("It asks for a login, and none is set. Choose under “Login” how one logs in there.")
_WRONG_LOGIN = _("Try user name and password in a browser at the address of the login.")
_WRONG_KEY = _("The key or token is wrong, has expired, or is expected in another place.")
_NOT_ALLOWED = _("This login may not read the address. Choose a user who may.")


class Access:
    """Asks for addresses with the login of one device."""

    def __init__(
        self, context: HandlerContext, origin: URL, login: Login, headers: Mapping[str, str], limit: int
    ) -> None:
        """Keep what is needed; the headers are those of the login itself. No I/O."""
        self._context = context
        self._client = Client(context, origin, limit)
        self._login = login
        self._login_headers = _without_content_type(headers)
        self._own_headers: dict[str, str] = {}
        self._digest: aiohttp.DigestAuthMiddleware | None = None
        self._token = ""
        self._seemed_refused = False
        """Whether the answer to the login looked like a refusal; what comes afterwards decides."""

    async def open(self, url: URL) -> str:
        """Log in, and return the token that the login answered with, empty where there is none."""
        login = self._login
        match login.kind:
            case LoginKind.BASIC:
                self._own_headers |= basic_login(login.username, login.password)
            case LoginKind.DIGEST:
                # Only without a login of its own does a request pass the session's checks of the certificate.
                await self._client.request("GET", url, headers={})
                self._digest = aiohttp.DigestAuthMiddleware(login.username, login.password)
            case LoginKind.FORM if login.url is not None:
                await self._log_in(login.url)
            case _ if login.token:
                self._use(login.token)
        return self._token

    async def request(self, method: str, url: URL, headers: Mapping[str, str], body: bytes | None = None) -> Response:
        """Return the answer to a request with the login; raise AuthenticationError where that is refused."""
        asked = url
        if self._login.parameter and (token := self._token or self._login.token):
            asked = url.update_query({self._login.parameter: token})
        own = headers if body is not None else _without_content_type(headers)
        sent = {name: value for name, value in own.items() if name.lower() not in _names(self._own_headers)}
        answer = await self._client.request(
            method, asked, headers=sent | self._own_headers, body=body, digest=self._digest
        )
        self._refuse_refusal(answer)
        return answer

    def came_to_login(self, url: URL, answer: Response) -> bool:
        """Return whether a request was led to the login page."""
        login = self._login.url
        return login is not None and url.path != login.path == answer.url.path and is_web_page(answer.body)

    def refused_by_page(self) -> AuthenticationError:
        """Return the error for a login page in the place of what was asked for."""
        if self._login.kind is LoginKind.NONE:
            return AuthenticationError(_LOGIN_WANTED)
        return AuthenticationError(
            _WRONG_LOGIN if self._seemed_refused else _("It showed its login page again instead of the backup.")
        )

    def _use(self, token: str) -> None:
        login = self._login
        if login.header:
            self._own_headers[login.header] = f"Bearer {token}" if login.is_bearer else token

    async def _log_in(self, url: URL) -> None:
        form = await self._form(url)
        headers = self._login_headers | ({CONTENT_TYPE: form.content_type} if form.content_type else {})
        answer = await self._client.request(form.method, form.url, headers=headers, body=form.body, follow=False)
        self._seemed_refused = answer.status in _REFUSALS or asks_for_password(answer.body)
        if answer.status in _REDIRECTS:
            await self._follow(answer)
        elif answer.status not in _REFUSALS:
            refuse_status(answer)
        if self._login.answer is not None:
            self._token = await self._context.run_blocking(self._token_in, answer)
            self._seemed_refused = False
            self._use(self._token)

    async def _form(self, url: URL) -> LoginForm:
        login = self._login
        if login.fields is None:
            return await self._read_form(url)
        if url.scheme == "https":
            # Where it leads to is not followed blindly, so the login passes none of the session's checks.
            await self._client.request("GET", url, headers={})
        if login.as_json:
            return LoginForm("POST", url, json.dumps(login.fields).encode(), "application/json")
        return LoginForm("POST", url, encoded_form(tuple(login.fields.items())), URLENCODED)

    async def _read_form(self, url: URL) -> LoginForm:
        """Return the form of the login page, filled in."""
        page = await self._client.request("GET", url, headers=self._login_headers)
        wanted = logins_asked_for(page)
        if page.status == _UNAUTHORIZED and wanted and not asks_for_password(page.body):
            raise AuthenticationError(_other_login(wanted))
        if page.status not in {_UNAUTHORIZED, _FORBIDDEN}:
            # Some show the page with these, since one is not logged in.
            refuse_status(page)
        form = await self._context.run_blocking(
            read_login_form, page.body, page.url, self._login.username, self._login.password, page.charset
        )
        if form is None or form.url.scheme not in {"http", "https"}:
            refused = page.status in {_UNAUTHORIZED, _FORBIDDEN}
            raise (AuthenticationError if refused else UnexpectedResponseError)(
                _(
                    "The login page has no form with a password. Enter the address of the page that asks for it,"
                    " or the login fields."
                )
            )
        if form.url.origin() != page.url.origin():
            raise UnexpectedResponseError(
                _("The form of the login page sends the password to another address; it was not sent.")
            )
        return form

    async def _follow(self, answer: Response) -> None:
        """Go where a login leads to, as a browser does; some give the session only there."""
        # Where that leads to does not matter, and whether the login worked is seen afterwards.
        with contextlib.suppress(DeviceError, ValueError):
            target = answer.url.join(URL(answer.headers.get("Location", ""))).with_fragment(None)
            if target.scheme in {"http", "https"} and target.origin() == answer.url.origin():
                await self._client.request("GET", target, headers=self._login_headers)

    def _token_in(self, answer: Response) -> str:
        place = self._login.answer or ()
        value = read_json(answer.body)
        token = None if value is None else found_at(value, place)
        if isinstance(token, int) and not isinstance(token, bool):
            token = str(token)
        if isinstance(token, str) and token and token.isprintable():
            return token
        if self._seemed_refused or tells_only_of_an_error(answer.body):
            raise AuthenticationError(_WRONG_LOGIN)
        if value is None:
            raise UnexpectedResponseError(_("The answer to the login is no JSON."))
        raise ConfigError(
            "login_answer", _("The answer to the login has no token at {place}.", place="/" + "/".join(place))
        )

    def _refuse_refusal(self, answer: Response) -> None:
        kind = self._login.kind
        if answer.status not in {_UNAUTHORIZED, _FORBIDDEN}:
            return
        if kind is LoginKind.FORM:
            raise self._form_refused(answer)
        if answer.status == _UNAUTHORIZED:
            raise AuthenticationError(_reason(kind, logins_asked_for(answer)))
        if kind in _KEYS:
            raise AuthenticationError(_WRONG_KEY)
        raise PermissionDeniedError(_LOGIN_WANTED if kind is LoginKind.NONE else _NOT_ALLOWED)

    def _form_refused(self, answer: Response) -> DeviceError:
        """Return the error for an address that is refused after a login: that alone tells whether it worked."""
        if self._token and answer.status == _UNAUTHORIZED:
            return PermissionDeniedError(
                _(
                    "The login worked, but this address does not take its token. Enter under “Name of the key”"
                    " where the token goes: a header such as X-Session, or ?sid for the URL."
                )
            )
        if asks_for_password(answer.body):
            return self.refused_by_page()
        if answer.status == _UNAUTHORIZED or self._seemed_refused:
            return AuthenticationError(_WRONG_LOGIN)
        return PermissionDeniedError(_NOT_ALLOWED)


def refuse_status(answer: Response) -> None:
    """Refuse an answer that is no success."""
    if answer.status == _NOT_FOUND:
        raise UnexpectedResponseError(
            _("HTTP 404: there is nothing at {path}. Check the address.", path=shown_path(answer.url))
        )
    if answer.status in _REDIRECTS:
        raise UnexpectedResponseError(
            _("It redirects to another address, which is not followed. Enter the address that the browser ends at.")
        )
    if answer.status not in _SUCCESSES:
        raise UnexpectedResponseError(f"HTTP {answer.status}")


def _reason(kind: LoginKind, challenge: str) -> Text:
    """Say what was refused, or which login is asked for instead."""
    if kind is LoginKind.NONE:
        return _LOGIN_WANTED
    if kind in _SCHEMES and challenge and _SCHEMES[kind] not in challenge:
        return _other_login(challenge)
    return _WRONG_KEY if kind in _KEYS else _WRONG_LOGIN


def _other_login(wanted: str) -> Text:
    return _("It asks for another kind of login: {wanted}.", wanted=wanted)


def _without_content_type(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() != CONTENT_TYPE}


def _names(headers: Mapping[str, str]) -> set[str]:
    return {name.lower() for name in headers}
