"""Logs in as the device wants it, and tells a refused login from other answers; at most one failed login a job."""

import json
from base64 import b64encode
from collections.abc import Mapping
from urllib.parse import urlencode

import aiohttp
from yarl import URL

from ha_device_backup_core import (
    AuthenticationError,
    HandlerContext,
    PermissionDeniedError,
    Text,
    UnexpectedResponseError,
)

from . import texts
from .client import Answer, Client
from .headers import CONTENT_TYPE
from .login_form import read_login_form
from .login_plan import Login, LoginKind
from .pointers import Pointer, found_at
from .recognise import asks_for_password, is_page, read_json

_UNAUTHORIZED = 401
_FORBIDDEN = 403
_NOT_FOUND = 404
_SUCCESSES = frozenset({200, 201, 204})
_REDIRECTS = range(300, 400)
_REFUSALS = frozenset({400, 401, 403, 422})
_KEYS = frozenset({LoginKind.HEADER, LoginKind.QUERY, LoginKind.BEARER})
_SCHEMES = {LoginKind.BASIC: "Basic", LoginKind.DIGEST: "Digest"}


class Access:
    """Asks for addresses with the login of one device."""

    def __init__(self, context: HandlerContext, login: Login, headers: Mapping[str, str]) -> None:
        """Keep what is needed; no I/O."""
        self._context = context
        self._client = Client(context)
        self._login = login
        self._headers = dict(headers)
        self._digest: aiohttp.DigestAuthMiddleware | None = None
        self._is_open = False

    async def request(self, method: str, url: URL, body: bytes | None = None) -> Answer:
        """Return the answer to a request with the login; raise AuthenticationError where that is refused."""
        if not self._is_open:
            await self._open(url)
            self._is_open = True
        headers = self._headers
        if body is None:
            headers = {name: value for name, value in headers.items() if name.lower() != CONTENT_TYPE}
        if self._login.kind is LoginKind.QUERY:
            url = url.update_query({self._login.key_name: self._login.token})
        answer = await self._client.request(method, url, headers=headers, body=body, digest=self._digest)
        self._refuse_refusal(answer)
        return answer

    def came_to_login(self, answer: Answer) -> bool:
        """Return whether the login page itself came in the place of what was asked for."""
        login = self._login.url
        return login is not None and answer.url.path == login.path and is_page(answer.body)

    def refused_by_page(self) -> AuthenticationError:
        """Return the error for a login page."""
        return AuthenticationError(texts.LOGIN_WANTED if self._login.kind is LoginKind.NONE else texts.LOGIN_AGAIN)

    async def _open(self, url: URL) -> None:
        login = self._login
        match login.kind:
            case LoginKind.BASIC:
                basic = b64encode(f"{login.username}:{login.password}".encode()).decode()
                self._headers["Authorization"] = f"Basic {basic}"
            case LoginKind.DIGEST:
                # Only without a login of its own does a request pass the session's checks of the certificate.
                await self._client.request("GET", url, headers={})
                self._digest = aiohttp.DigestAuthMiddleware(login.username, login.password)
            case LoginKind.BEARER:
                self._headers["Authorization"] = f"Bearer {login.token}"
            case LoginKind.HEADER:
                self._headers[login.key_name] = login.token
            case LoginKind.FORM if login.url is not None:
                await self._log_in(login.url, login)

    async def _log_in(self, url: URL, login: Login) -> None:
        fields = login.fields
        if fields is None:
            url, fields = await self._read_form(url)
        if login.as_json:
            body, content_type = json.dumps(fields), "application/json"
        else:
            body, content_type = urlencode(fields), "application/x-www-form-urlencoded"
        headers = {name: value for name, value in self._headers.items() if name.lower() != CONTENT_TYPE}
        headers[CONTENT_TYPE] = content_type
        # Where a good login leads to does not matter; a bad one often leads back.
        answer = await self._client.request("POST", url, headers=headers, body=body.encode(), follow=False)
        if answer.status in _REFUSALS or asks_for_password(answer.body) or self._leads_back(answer):
            raise AuthenticationError(texts.WRONG_LOGIN)
        if answer.status not in _REDIRECTS:
            refuse_status(answer)
        if login.answer is not None:
            value = await self._context.run_blocking(read_json, answer.body)
            self._headers["Authorization"] = f"Bearer {_token(value, login.answer)}"

    def _leads_back(self, answer: Answer) -> bool:
        try:
            target = answer.url.join(URL(answer.location))
        except ValueError:
            return False
        return answer.status in _REDIRECTS and self._login.url is not None and target.path == self._login.url.path

    async def _read_form(self, url: URL) -> tuple[URL, Mapping[str, str]]:
        """Return where the login page sends its form, and the form filled in."""
        page = await self._client.request("GET", url, headers=self._headers)
        if page.status == _UNAUTHORIZED:
            raise AuthenticationError(texts.other_login(page.challenge) if page.challenge else texts.WRONG_LOGIN)
        refuse_status(page)
        form = await self._context.run_blocking(read_login_form, page.body, self._login.username, self._login.password)
        if form is None:
            raise UnexpectedResponseError(texts.NO_LOGIN_FORM)
        try:
            action = page.url.join(URL(form.action)) if form.action else page.url
        except ValueError:
            raise UnexpectedResponseError(texts.NO_LOGIN_FORM) from None
        if action.origin() != page.url.origin():
            raise UnexpectedResponseError(texts.LOGIN_ELSEWHERE)
        return action, form.fields

    def _refuse_refusal(self, answer: Answer) -> None:
        kind = self._login.kind
        if answer.status == _UNAUTHORIZED:
            raise AuthenticationError(_reason(kind, answer.challenge))
        if answer.status == _FORBIDDEN and kind in _KEYS:
            raise AuthenticationError(texts.WRONG_KEY)
        if answer.status == _FORBIDDEN:
            raise PermissionDeniedError(texts.LOGIN_WANTED if kind is LoginKind.NONE else texts.NOT_ALLOWED)


def refuse_status(answer: Answer) -> None:
    """Refuse an answer that is no success."""
    if answer.status == _NOT_FOUND:
        raise UnexpectedResponseError(texts.not_found(answer.url.path))
    if answer.status in _REDIRECTS:
        raise UnexpectedResponseError(texts.REDIRECTED)
    if answer.status not in _SUCCESSES:
        raise UnexpectedResponseError(texts.http_status(answer.status))


def _reason(kind: LoginKind, challenge: str) -> Text:
    """Say what was refused, or which login is asked for instead."""
    if kind is LoginKind.NONE:
        return texts.LOGIN_WANTED
    if kind in _SCHEMES and challenge and _SCHEMES[kind] not in challenge:
        return texts.other_login(challenge)
    return texts.WRONG_KEY if kind in _KEYS else texts.WRONG_LOGIN


def _token(value: object, place: Pointer) -> str:
    if value is None:
        raise UnexpectedResponseError(texts.NO_LOGIN_ANSWER)
    token = found_at(value, place)
    if not isinstance(token, str) or not token or not token.isprintable():
        raise AuthenticationError(texts.no_token("/" + "/".join(place)))
    return token
