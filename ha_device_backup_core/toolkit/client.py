"""HTTP with one device: one request at a time, bounded, another try where the device drops one, errors in words."""

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Self
from urllib.parse import quote

import aiohttp
from yarl import URL

from ..addresses import base_url, host_header
from ..contract import ConfigValue, DeviceBackupHandler, HandlerContext
from ..errors import CannotConnectError, DeviceBusyError, UnexpectedResponseError
from ..http_errors import client_errors
from ..text import _
from .bodies import Body
from .interruptions import RequestInterruptedError, is_interruption
from .pace import Pace
from .response import Response, asked_to_wait, error_of_status
from .text_data import encoded
from .websocket import LONGEST_MESSAGE, Websocket

_NOTHING: Mapping[str, str] = MappingProxyType({})
_BUSY = frozenset({429, 503})
_REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
_LONGEST_HEADER = 64 * 1024
"""Bytes; some devices keep a whole session in a cookie, or list all that they can do in a header."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One thing to ask a device."""

    method: str = "GET"
    path: str | URL = field(repr=False)
    """A path, which is quoted, or a whole address, which is taken as it is."""
    query: Mapping[str, str] = field(default=_NOTHING, repr=False)
    headers: Mapping[str, str] = field(default=_NOTHING, repr=False)
    body: Body | None = None
    pace: Pace | None = None
    """None for that of the client."""
    again: bool | None = None
    """Whether it may be done twice, where nobody knows if it was done; None leaves that to the method: not a POST."""
    longest: int | None = None
    """Bytes of an answer that is no backup; without it the limit of the backup counts."""
    busy: Collection[int] = _BUSY
    """What the device answers where it wants to be left alone for now."""
    follow: bool = False
    """Whether to go where it redirects to, within its host."""
    verified: bool = True
    """False takes any certificate, except where one is pinned."""
    decompress: bool = True
    middlewares: Sequence[aiohttp.ClientMiddlewareType] | None = None
    """In place of those of the job, which watch over redirects and name untrusted certificates: for a digest login."""


class DeviceClient:
    """Talks to one device; what goes wrong is an error of the contract.

    It tries again where a device is busy, drops a request or breaks off, as its pace says.
    """

    def __init__(
        self,
        context: HandlerContext,
        host: ConfigValue,
        port: ConfigValue = None,
        *,
        scheme: str = "http",
        pace: Pace | None = None,
        headers: Mapping[str, str] = _NOTHING,
        own_connections: bool = True,
    ) -> None:
        """Take the values of the HOST and PORT fields, an IPv6 address included; no I/O.

        The headers go with each request. Small devices are glad of a connection for each; False keeps one open.
        """
        self._context = context
        self._base = URL(base_url(host, port, scheme))
        self._port, self._scheme = port, scheme
        self._turn = asyncio.Lock()
        self.pace = pace or Pace()
        self.headers = {**({"Connection": "close"} if own_connections else {}), **headers}

    @classmethod
    def of(
        cls,
        handler: DeviceBackupHandler,
        *,
        scheme: str = "http",
        pace: Pace | None = None,
        headers: Mapping[str, str] = _NOTHING,
        own_connections: bool = True,
    ) -> Self:
        """Return a client for the device of a handler, by its fields `host` and, where it has that, `port`."""
        config = handler.config
        return cls(
            handler.context,
            config["host"],
            config.get("port"),
            scheme=scheme,
            pace=pace,
            headers=headers,
            own_connections=own_connections,
        )

    @property
    def url(self) -> str:
        """The address of the device for a browser."""
        return str(self._base)

    def move_to(self, host: str) -> None:
        """Ask at another address of the device from now on."""
        self._base = URL(base_url(host, self._port, self._scheme))

    async def read(self, path: str, query: Mapping[str, str] = _NOTHING) -> bytes:
        """Return what is at a path; raises AuthenticationError, PermissionDeniedError, UnexpectedResponseError."""
        return (await self.get(path, query)).checked().body

    async def get(self, path: str, query: Mapping[str, str] = _NOTHING, *, pace: Pace | None = None) -> Response:
        """Ask for a path."""
        return await self.send(Request(path=path, query=query, pace=pace))

    async def post(self, path: str, body: Body, *, pace: Pace | None = None, again: bool = False) -> Response:
        """Post something, once unless it may be done again."""
        return await self.send(Request(method="POST", path=path, body=body, pace=pace, again=again))

    async def put(self, path: str, body: Body, *, pace: Pace | None = None) -> Response:
        """Put something in a place."""
        return await self.send(Request(method="PUT", path=path, body=body, pace=pace))

    async def send(self, request: Request) -> Response:
        """Return the answer, whatever its status, unless that says that the device is busy."""
        may_repeat = request.method in _REPEATABLE if request.again is None else request.again
        pace = (request.pace or self.pace).for_bytes(len(request.body.content) if request.body else 0)
        async with self._turn:
            return await self._patiently(request, pace if may_repeat else pace.once())

    @contextlib.asynccontextmanager
    async def websocket(
        self,
        path: str | URL,
        query: Mapping[str, str] = _NOTHING,
        *,
        headers: Mapping[str, str] = _NOTHING,
        longest: int = LONGEST_MESSAGE,
    ) -> AsyncIterator[Websocket]:
        """Open a websocket for the block; all that goes wrong with it there is an error of the contract."""
        with client_errors():
            try:
                opening = self._context.http.ws_connect(
                    self._address(path, query),
                    headers={name: text for name, text in {**self.headers, **headers}.items() if name != "Connection"},
                    ssl=self._context.tls,
                    max_msg_size=longest,
                )
                async with opening as opened:
                    yield Websocket(opened)
            except aiohttp.WSServerHandshakeError as error:
                raise error_of_status(error.status) from None

    async def _patiently(self, request: Request, pace: Pace) -> Response:
        for tries in range(1, pace.tries + 1):
            await asyncio.sleep(pace.between)
            try:
                return await self._once(request, pace)
            except DeviceBusyError as busy:
                if tries == pace.tries:
                    raise
                asked = busy.retry_after
            except RequestInterruptedError as interrupted:
                if tries == pace.tries:
                    raise interrupted.error(several=tries > 1) from interrupted.__cause__
                asked = None
            await asyncio.sleep(pace.pause_after(tries, asked))
        raise AssertionError(f"a pace of {pace.tries} tries")

    async def _once(self, request: Request, pace: Pace) -> Response:
        body = request.body
        content_type = {"Content-Type": body.content_type} if body and body.content_type else {}
        pinned = isinstance(self._context.tls, aiohttp.Fingerprint)
        with client_errors():
            try:
                address = self._address(request.path, request.query)
                asking = self._context.http.request(
                    request.method,
                    address,
                    headers={**host_header(address), **self.headers, **content_type, **request.headers},
                    # As a file, so that a large one is not copied.
                    data=io.BytesIO(body.content) if body and body.content else None,
                    ssl=self._context.tls if request.verified or pinned else False,
                    timeout=aiohttp.ClientTimeout(total=pace.total, sock_connect=pace.connect, sock_read=pace.silence),
                    allow_redirects=request.follow,
                    auto_decompress=request.decompress,
                    middlewares=request.middlewares,
                    max_line_size=_LONGEST_HEADER,
                    max_field_size=_LONGEST_HEADER,
                )
                async with asking as response, _not_slower_than(pace, response):
                    return await self._read(response, request)
            except (aiohttp.ClientError, OSError) as error:
                if is_interruption(error):
                    raise RequestInterruptedError from error
                raise

    async def _read(self, response: aiohttp.ClientResponse, request: Request) -> Response:
        if response.status in request.busy:
            raise DeviceBusyError(retry_after=asked_to_wait(response.headers))
        most = request.longest
        if most is not None and (response.content_length or 0) > most:
            raise _too_long()
        answer = Response(
            response.status,
            response.headers,
            await self._context.read(response),
            url=response.url,
            media_type=response.content_type,
            charset=response.charset or "",
        )
        if most is not None and len(answer.body) > most:
            raise _too_long()
        return answer

    def _address(self, path: str | URL, query: Mapping[str, str]) -> URL:
        if isinstance(path, URL):
            return path
        asked = "&".join(f"{name}={_quoted(value)}" for name, value in query.items())
        return URL(f"{self._base.origin()}{_quoted(path)}" + (f"?{asked}" if asked else ""), encoded=True)


@contextlib.asynccontextmanager
async def _not_slower_than(pace: Pace, response: aiohttp.ClientResponse) -> AsyncIterator[None]:
    """Read an answer; raises CannotConnectError where so little comes that there is no end to it."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    timer: asyncio.TimerHandle

    def look() -> None:
        nonlocal timer
        due = began + pace.seconds_for(response.content.total_bytes)
        if due <= loop.time():
            limit.reschedule(due)
        else:
            timer = loop.call_at(due, look)

    try:
        async with asyncio.timeout(None) as limit:
            timer = loop.call_at(began + pace.seconds_for(0), look)
            try:
                yield
            finally:
                timer.cancel()
    except TimeoutError:
        if not limit.expired():
            raise
        raise CannotConnectError(_("Its answer comes too slowly.")) from None


def _quoted(text: str) -> str:
    return quote(encoded(text), safe="/")


def _too_long() -> UnexpectedResponseError:
    return UnexpectedResponseError(_("Its answer is too long."))
