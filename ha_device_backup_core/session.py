"""The HTTP session of one job: its own cookies, bounded bodies, no redirect to strangers, pinned certificates."""

import asyncio
import hashlib
import ssl
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractCookieJar

from .contract import Config, FieldKind, HandlerSpec
from .errors import ArtifactTooLargeError, UnexpectedResponseError
from .http_errors import REDIRECTED, untrusted

TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=60)
"""Of each request, unless the handler asks for another; the whole job has a limit of its own."""
_HANDSHAKE_SECONDS = 10
_HTTPS_PORT = 443
_CHUNK = 64 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


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


def open_session(factory: SessionFactory | None) -> AbstractAsyncContextManager[aiohttp.ClientSession]:
    """Open the session of one job; devices are addressed by IP, so their cookies are accepted too."""
    return (factory or own_session)(
        middlewares=(_refuse_strangers, _name_untrusted_certificate),
        cookie_jar=aiohttp.CookieJar(unsafe=True),
        timeout=TIMEOUT,
    )


def tls_of(spec: HandlerSpec, config: Config) -> aiohttp.Fingerprint | bool:
    """Return what to pass as `ssl=`: the pinned certificate where one is set, else verification."""
    for declared in spec.fields:
        if declared.kind is FieldKind.CERTIFICATE and isinstance(pinned := config[declared.key], str):
            return aiohttp.Fingerprint(bytes.fromhex(pinned))
    return True


def bounded_reader(limit: int) -> Callable[[aiohttp.ClientResponse], Awaitable[bytes]]:
    """Return a function that reads a body of at most that many bytes."""

    async def read(response: aiohttp.ClientResponse) -> bytes:
        content = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            content += chunk
            if len(content) > limit:
                response.close()
                raise ArtifactTooLargeError(
                    {
                        "en": f"More than {limit} bytes were sent.",
                        "de": f"Es wurden mehr als {limit} Bytes gesendet.",
                    }
                )
        return bytes(content)

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
    writer.close()
    return hashlib.sha256(shown).hexdigest() if shown else None


async def _refuse_strangers(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    response = await send(request)
    # aiohttp follows both, in this order.
    location = response.headers.get("Location") or response.headers.get("URI")
    if response.status not in _REDIRECTS or location is None:
        return response
    if not _stays(str(request.url), location):
        response.close()
        raise UnexpectedResponseError(REDIRECTED)
    return response


def _stays(url: str, location: str) -> bool:
    """Return whether a redirect leads to the same host, and from https to https."""
    try:
        origin, named, target = urlsplit(url), urlsplit(location), urlsplit(urljoin(url, location))
    except ValueError:
        return False
    usable = target.scheme in {"http", "https"} and not (named.scheme and not named.hostname)
    return usable and target.hostname == origin.hostname and (origin.scheme, target.scheme) != ("https", "http")


async def _name_untrusted_certificate(
    request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    try:
        return await send(request)
    except aiohttp.ServerFingerprintMismatch as error:
        raise untrusted(error.got.hex()) from error
    except aiohttp.ClientConnectorCertificateError as error:
        sha256 = await certificate_sha256(error.host, error.port or _HTTPS_PORT)
        if sha256 is None:
            raise
        raise untrusted(sha256) from error
