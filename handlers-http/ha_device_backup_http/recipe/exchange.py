"""Sends the requests of a recipe: with its login and headers, one at a time, as patiently as it says."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from yarl import URL

from ha_device_backup_core import DeviceError, HandlerContext, UnexpectedResponseError, UnsupportedDeviceError
from ha_device_backup_core.toolkit import Body, DeviceClient, Pace, Request, Response, basic_login, encoded

from ..content_encoding import decoded, promises_gzip
from ..digest import DigestLogin
from ..translation import _
from .addresses import address_of, at_origin, base_of
from .conversation import Conversation
from .login_page import FILL_IN, LOGIN, form_of_page, page_behind
from .logins import named_scheme
from .recipe import Auth, Recipe
from .sources import Answer
from .step_language import SCHEMES
from .steps import Step
from .syntax import WEBSOCKET
from .templates import NOTHING, Template, UnknownValueError, Value, filled_in, text_of_value

_PACKED = frozenset({"tgz", "gzip"})
_CONTENT_TYPE = "content-type"
_DEFAULT_HEADER = "X-API-Key"
_DEFAULT_PARAMETER = "apikey"
_SILENCE = 60.0
_REDIRECTS = range(300, 400)
_REPEATED = frozenset({307, 308})
"""Redirects after which the same is sent again."""
_MOST_REDIRECTS = 10
_ONCE = Pace(tries=1)
_MOST_PAGES = 3
"""That lead from one to the next by themselves."""
NO_STEP = Step(method="GET", target=NOTHING)


class Exchange:
    """The connection of one job to its device."""

    def __init__(self, context: HandlerContext, recipe: Recipe, values: Mapping[str, Value]) -> None:
        """Prepare it; no I/O. Raises ConfigError for a base that is no address."""
        self.base = base_of(recipe.base, values)
        self._context = context
        self._values = values
        self._recipe = recipe
        self._limit = recipe.spec.max_artifact_bytes
        self._device = DeviceClient(context, self.base.host, self.base.port, scheme=self.base.scheme)
        self._conversations: dict[URL, Conversation] = {}
        self._auth, self._digest = _login(recipe.auth, values)
        self._is_shown = self.base.scheme == "http"
        """Whether a certificate that is not trusted yet would have been shown."""

    async def log_in(self) -> None:
        """Log in by the scheme of another package, where the recipe names one."""
        auth = self._recipe.auth
        if auth.scheme in SCHEMES:
            return
        log_in = await self._context.run_blocking(named_scheme, auth.scheme)
        if log_in is None:
            raise UnsupportedDeviceError(_("The package with the login “{scheme}” is missing.", scheme=auth.scheme))
        username, password, token = (part.text(self._values) for part in (auth.username, auth.password, auth.token))
        headers = await log_in(self._device, username=username, password=password, token=token)
        self._auth.headers |= {name: _one_line(text) for name, text in headers.items()}

    async def ask(
        self,
        step: Step,
        values: Mapping[str, Value],
        as_written: frozenset[str],
        *,
        parameters: Mapping[str, str] | None = None,
        pace: Pace | None = None,
        upload: Body | None = None,
    ) -> Answer:
        """Send the request of a step; raise UnknownValueError for a value that it needs and that is not there."""
        url = address_of(self.base, step.target, values, as_written)
        query = {name: template.text(values) for name, template in step.query.items()} | dict(parameters or {})
        if self._auth.scheme == "query" and (token := self._auth.token):
            query[self._auth.name or _DEFAULT_PARAMETER] = token
        if query:
            url = _with_query(url, query)
        headers = self._headers(step, values)
        if step.method == WEBSOCKET:
            return await self._conversation(url, headers).answer(step, values, self._recipe.errors)
        if isinstance(step.body, Mapping) and step.body_kind == FILL_IN:
            return await self._filled_in(step, url, headers, values, pace)
        response = await self._send(step, url, headers, upload or _body(step, values, headers), pace)
        return Answer(await self._unpacked(step, url, response), self._cookies(url))

    async def _filled_in(
        self, step: Step, url: URL, headers: Mapping[str, str], values: Mapping[str, Value], pace: Pace | None
    ) -> Answer:
        """Get a login page, and return the answer to its form."""
        pace = pace or self._pace(step)
        page = await self._followed(Request(path=url, headers=headers, pace=pace, busy=()))
        for _number in range(_MOST_PAGES):
            onward = await self._context.run_blocking(page_behind, page)
            if onward is None:
                break
            page = await self._followed(Request(path=onward, headers=headers, pace=pace, busy=()))
        username, password = (text_of_value(filled_in(step.body.get(key, ""), values)) for key in LOGIN)
        form = await self._context.run_blocking(form_of_page, Answer(page, {}), username, password)
        own = {**headers, **({"Content-Type": form.content_type} if form.content_type else {})}
        self._is_shown = True
        body = None if form.body is None else Body(form.body, "")
        response = await self._send(replace(step, method=form.method), form.url, own, body, pace)
        return Answer(await self._unpacked(step, form.url, response), self._cookies(form.url))

    async def go_on(self, answer: Answer, values: Mapping[str, Value]) -> None:
        """Go where an answer leads to, as a browser does: some give the session only there."""
        response = answer.response
        # Where that leads to does not matter, and whether the login worked is seen afterwards.
        with suppress(DeviceError, ValueError):
            for _number in range(_MOST_PAGES):
                target = await self._context.run_blocking(page_behind, response)
                if response.status in _REDIRECTS:
                    target = response.url.join(URL(response.headers.get("Location", ""))).with_fragment(None)
                if target is None or target.scheme not in {"http", "https"}:
                    return
                if target.origin() != response.url.origin():
                    return
                headers = self._headers(NO_STEP, values)
                response = await self._followed(Request(path=target, headers=headers, pace=_ONCE, busy=()))

    def _conversation(self, url: URL, headers: Mapping[str, str]) -> Conversation:
        """Return the websocket of an address: the one that is open, or a new one."""
        if url not in self._conversations:
            self._conversations[url] = Conversation(self._context, self._device, url, headers, 2 * self._limit)
        return self._conversations[url]

    async def close(self) -> None:
        """Close the websockets."""
        for conversation in self._conversations.values():
            await conversation.close()

    async def _send(
        self, step: Step, url: URL, headers: Mapping[str, str], body: Body | None, pace: Pace | None
    ) -> Response:
        has_own = self._digest is not None or step.goes_on
        if has_own and not self._is_shown:
            # Only without middlewares of its own does a request pass those that show the person a certificate.
            await self._device.send(Request(path=url, pace=self._pace(step), busy=()))
        self._is_shown = True
        request = Request(
            method=step.method,
            path=url,
            headers=headers,
            body=body,
            pace=pace or self._pace(step),
            busy=(),
            decompress=False,
            middlewares=tuple(filter(None, (self._digest,))) if has_own else None,
        )
        return await (self._followed(request) if step.redirects and not has_own else self._device.send(request))

    async def _followed(self, request: Request) -> Response:
        """Send a request, and go where the device leads to on itself; raise UnexpectedResponseError for elsewhere."""
        for _number in range(_MOST_REDIRECTS):
            response = await self._device.send(request)
            location = response.headers.get("Location", "")
            if response.status not in _REDIRECTS or not location:
                return response
            target = at_origin(response.url, location)
            is_repeated = response.status in _REPEATED
            method = request.method if is_repeated or request.method == "HEAD" else "GET"
            request = replace(request, path=target, method=method, body=request.body if is_repeated else None)
        raise UnexpectedResponseError(_("It redirects without end."))

    def _pace(self, step: Step) -> Pace:
        return Pace(silence=step.timeout or _SILENCE, between=self._recipe.pause)

    def _headers(self, step: Step, values: Mapping[str, Value]) -> dict[str, str]:
        """Return the headers whose values are known."""
        found: dict[str, str] = {"Accept-Encoding": "identity"}
        for name, template in {**self._recipe.headers, **step.headers}.items():
            text = _known(template, values)
            found = {known: value for known, value in found.items() if known.lower() != name.lower()}
            if text:
                found[name] = _one_line(text)
        own = {name.lower() for name in self._auth.headers}
        return {name: text for name, text in found.items() if name.lower() not in own} | self._auth.headers

    def _cookies(self, url: URL) -> dict[str, str]:
        jar = self._context.http.cookie_jar.filter_cookies(url)
        return {name: morsel.value for name, morsel in jar.items()}

    async def _unpacked(self, step: Step, asked: URL, response: Response) -> Response:
        encoding = response.headers.get("Content-Encoding", "")
        if not encoding or not response.body:
            return response
        is_packed = step.save is not None and step.save.form in _PACKED
        is_packed = is_packed or promises_gzip(response.media_type, (response.filename, asked.name, response.url.name))
        unpack = partial(decoded, is_packed_file=is_packed, limit=self._limit)
        return replace(response, body=await self._context.run_blocking(unpack, response.body, encoding))


class _Login:
    """What goes along with each request."""

    def __init__(self, scheme: str, headers: Mapping[str, str], token: str = "", name: str = "") -> None:
        self.scheme = scheme
        self.headers = dict(headers)
        self.token = token
        self.name = name


def _login(auth: Auth, values: Mapping[str, Value]) -> tuple[_Login, DigestLogin | None]:
    username, password, token = (part.text(values) for part in (auth.username, auth.password, auth.token))
    match auth.scheme:
        case "basic" if username or password:
            return _Login("basic", basic_login(username, password)), None
        case "digest" if username or password:
            return _Login("digest", {}), DigestLogin(username, password)
        case "bearer" if token:
            return _Login("bearer", {"Authorization": f"Bearer {_one_line(token)}"}), None
        case "header" if token:
            return _Login("header", {auth.name or _DEFAULT_HEADER: _one_line(token)}), None
        case "query" if token:
            return _Login("query", {}, token, auth.name), None
    return _Login(auth.scheme, {}), None


def _known(template: Template, values: Mapping[str, Value]) -> str:
    try:
        return template.text(values) if None not in [values.get(name, "") for name in template.names] else ""
    except UnknownValueError:
        return ""


def _one_line(text: str) -> str:
    if any(sign in text for sign in "\r\n\0"):
        raise UnexpectedResponseError(_("A value has a line break, which no header can have."))
    return text


def _body(step: Step, values: Mapping[str, Value], headers: Mapping[str, str]) -> Body | None:
    filled: Any = filled_in(step.body, values) if step.body_kind else None
    match step.body_kind:
        case "json":
            body = Body.json(filled)
        case "form_fields":
            body = Body.form(_texts(filled))
        case "multipart":
            body = Body.multipart(_texts(filled))
        case "body":
            body = Body(encoded(text_of_value(filled)), "text/plain; charset=utf-8")
        case _:
            return None
    has_type = any(name.lower() == _CONTENT_TYPE for name in headers)
    return replace(body, content_type="") if has_type else body


def _texts(fields: Mapping[str, Value]) -> dict[str, str]:
    return {name: text_of_value(value) for name, value in fields.items()}


def _with_query(url: URL, query: Mapping[str, str]) -> URL:
    added = Body.form(query).content.decode()
    joined = f"{url.raw_query_string}&{added}" if url.raw_query_string else added
    return URL(f"{url.origin()}{url.raw_path}?{joined}", encoded=True)
