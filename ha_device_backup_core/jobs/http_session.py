"""The HTTP session of one job: its own cookies, bounded bodies, no redirect to strangers, pinned certificates."""

import asyncio
import contextlib
import hashlib
import io
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from http.cookies import BaseCookie
from typing import Protocol
from urllib.parse import SplitResult, urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractCookieJar
from yarl import URL

from ..contract import Config, FieldKind, HandlerSpec
from ..errors import ArtifactTooLargeError, UnexpectedResponseError
from ..http_errors import REDIRECTED, untrusted
from ..text import _
from .queue_place import NO_PLACE, QueuePlace, watch_requests

TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=60)
"""Of each request, unless the handler asks for another; the whole job has a limit of its own."""
_HANDSHAKE_SECONDS = 10
_PORTS = {"http": 80, "https": 443}
_CHUNK = 64 * 1024
_SIGN_OF_LIFE = 1024
"""Bytes: a device that sends less now and then is as good as silent."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS_WITHOUT_SECRETS = frozenset(
    {
        *("accept", "accept-encoding", "accept-language", "cache-control", "connection", "content-length"),
        *("content-type", "host", "pragma", "referer", "user-agent"),
    }
)
_EMPTY = frozenset({None, "0"})


class VerbatimCookieJar(aiohttp.CookieJar):
    """Sends each cookie back as it was set: devices compare characters, and do not undo what a library quotes."""

    def __init__(self) -> None:
        """Devices are addressed by IP, so their cookies are accepted too."""
        super().__init__(unsafe=True, quote_cookie=False)

    def filter_cookies(self, request_url: URL = URL()) -> BaseCookie[str]:  # noqa: B008 - as it is inherited
        """Return the cookies for an address; those that were set in quotes keep them."""
        found = super().filter_cookies(request_url)
        for cookie in self:
            sent = found.get(cookie.key)
            if sent is not None and sent.value == cookie.value != cookie.coded_value:
                sent.set(cookie.key, cookie.value, cookie.coded_value)
        return found


class SessionFactory(Protocol):
    """Makes the session of one job; Home Assistant's shares one connector among all."""

    def __call__(
        self,
        *,
        middlewares: Sequence[aiohttp.ClientMiddlewareType],
        cookie_jar: AbstractCookieJar,
        timeout: aiohttp.ClientTimeout,
    ) -> AbstractAsyncContextManager[aiohttp.ClientSession]:
        """Return a session that is closed when the job ends."""


def own_session(
    *,
    middlewares: Sequence[aiohttp.ClientMiddlewareType],
    cookie_jar: AbstractCookieJar,
    timeout: aiohttp.ClientTimeout,
) -> aiohttp.ClientSession:
    """Make a session with a connector of its own."""
    return aiohttp.ClientSession(middlewares=middlewares, cookie_jar=cookie_jar, timeout=timeout)


@contextlib.asynccontextmanager
async def open_session(
    factory: SessionFactory | None, place: QueuePlace = NO_PLACE
) -> AsyncIterator[aiohttp.ClientSession]:
    """Open the session of one job, whose place is told what is waited for."""
    opening = (factory or own_session)(
        middlewares=(_refuse_strangers, _name_untrusted_certificate),
        cookie_jar=VerbatimCookieJar(),
        timeout=TIMEOUT,
    )
    async with opening as session:
        watch_requests(session, place)
        yield session


def tls_of(spec: HandlerSpec, config: Config) -> aiohttp.Fingerprint | bool:
    """Return what to pass as `ssl=`: the pinned certificate where one is set, else verification."""
    for declared in spec.fields:
        if declared.kind is FieldKind.CERTIFICATE and isinstance(pinned := config[declared.key], str):
            return aiohttp.Fingerprint(bytes.fromhex(pinned))
    return True


def bounded_reader(limit: int, place: QueuePlace = NO_PLACE) -> Callable[[aiohttp.ClientResponse], Awaitable[bytes]]:
    """Return a function that reads a body of at most that many bytes, and tells the place what comes of it."""

    async def read(response: aiohttp.ClientResponse) -> bytes:
        content = io.BytesIO()
        heard = 0
        place.wait()
        async for chunk in response.content.iter_chunked(_CHUNK):
            content.write(chunk)
            if content.tell() > limit:
                response.close()
                raise ArtifactTooLargeError(_("More than {limit} bytes were sent.", limit=limit))
            if content.tell() - heard >= _SIGN_OF_LIFE:
                heard = content.tell()
                place.hear()
                place.wait()
        place.hear()
        return content.getvalue()

    return read


async def certificate_sha256(host: str, port: int) -> str | None:
    """Return the fingerprint of the certificate that a server shows, without sending it anything."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        async with asyncio.timeout(_HANDSHAKE_SECONDS):
            _, writer = await asyncio.open_connection(host, port, ssl=context)
    except (OSError, TimeoutError):
        return None
    shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    # Nothing was said, so no farewell is waited for: whoever takes long over it would keep the connection open.
    writer.transport.abort()
    return hashlib.sha256(shown).hexdigest() if shown else None


async def _refuse_strangers(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    response = await send(request)
    # aiohttp follows both, in this order.
    location = response.headers.get("Location") or response.headers.get("URI")
    if response.status not in _REDIRECTS or location is None:
        return response
    if not _stays(str(request.url), location, has_secrets=_has_secrets(request.headers)):
        response.close()
        raise UnexpectedResponseError(REDIRECTED)
    return response


def _has_secrets(headers: Mapping[str, str]) -> bool:
    """Return whether a request has a login, a cookie, a header that may hold a key, or a body."""
    names = {name.lower() for name in headers}
    return not names <= _HEADERS_WITHOUT_SECRETS or headers.get("Content-Length") not in _EMPTY


def _stays(url: str, location: str, *, has_secrets: bool) -> bool:
    """Return whether a redirect leads to the same host, and from https to https; secrets never go to another port."""
    try:
        origin, named, target = urlsplit(url), urlsplit(location), urlsplit(urljoin(url, location))
        target.port  # noqa: B018 - what is no port is found out by asking
    except ValueError:
        return False
    if target.scheme not in _PORTS or (named.scheme and not named.hostname) or target.hostname != origin.hostname:
        return False
    if (origin.scheme, target.scheme) == ("https", "http"):
        return False
    return not has_secrets or (origin.scheme, _port(origin)) == (target.scheme, _port(target))


def _port(parts: SplitResult) -> int:
    return parts.port or _PORTS[parts.scheme]


async def _name_untrusted_certificate(
    request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    try:
        return await send(request)
    except aiohttp.ServerFingerprintMismatch as error:
        raise untrusted(error.got.hex()) from error
    except aiohttp.ClientConnectorCertificateError as error:
        sha256 = await certificate_sha256(error.host, error.port or _PORTS["https"])
        if sha256 is None:
            raise
        raise untrusted(sha256) from error
