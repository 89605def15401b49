"""HTTP with a device: one request at a time, bounded answers, and errors without addresses, which may hold a key."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import aiohttp
from yarl import URL

from ha_device_backup_core import (
    DeviceBusyError,
    HandlerContext,
    UnexpectedResponseError,
    client_errors,
)

from .content_encoding import decoded, promises_gzip

_BUSY = frozenset({429, 503})
_SERVER_ERRORS = range(500, 600)
_ACCEPT_ENCODING = "accept-encoding"
_LONGEST_WAIT = 24 * 3600
_SCHEME = re.compile(r"(?:^|,)\s*(basic|digest|bearer|negotiate|ntlm)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the device answered, whatever its status."""

    status: int
    url: URL = field(repr=False)
    """Where it came from in the end."""
    body: bytes = field(repr=False)
    """As the device would store it: what was packed for the way only is unpacked."""
    has_end: bool = True
    """Whether the device told where the answer ends: without, one that was cut off looks like a whole one."""
    filename: str = ""
    """As the device suggests it."""
    media_type: str = ""
    charset: str = ""
    location: str = ""
    """Where it redirects to."""
    challenge: str = ""
    """The kind of login that the device asks for."""


class Client:
    """Sends requests; the session of the job keeps the cookies."""

    def __init__(self, context: HandlerContext, limit: int) -> None:
        """Keep the context and the largest answer; no I/O."""
        self._context = context
        self._limit = limit

    async def request(
        self,
        method: str,
        url: URL,
        *,
        headers: Mapping[str, str],
        body: bytes | None = None,
        digest: aiohttp.DigestAuthMiddleware | None = None,
        follow: bool = True,
    ) -> Answer:
        """Return the answer; raise DeviceError where there is none, or the device is in trouble."""
        if not any(name.lower() == _ACCEPT_ENCODING for name in headers):
            headers = {**headers, _ACCEPT_ENCODING: "identity"}
        with client_errors():
            async with self._context.http.request(
                method,
                url,
                headers=headers,
                data=body,
                ssl=self._context.tls,
                # A request with middlewares of its own passes none of the session's, which watch over redirects.
                middlewares=None if follow and digest is None else tuple(filter(None, (digest,))),
                allow_redirects=follow and digest is None,
                auto_decompress=False,
            ) as response:
                _refuse_trouble(response)
                answer = _answer(response, await self._context.read(response))
        encoding = response.headers.get("Content-Encoding", "")
        if not encoding or not answer.body:
            return answer
        is_packed_file = promises_gzip(answer.media_type, (answer.filename, url.name, answer.url.name))
        unpack = partial(decoded, is_packed_file=is_packed_file, limit=self._limit)
        return replace(answer, body=await self._context.run_blocking(unpack, answer.body, encoding))


def _answer(response: aiohttp.ClientResponse, body: bytes) -> Answer:
    disposition = response.content_disposition
    return Answer(
        status=response.status,
        url=response.url,
        body=body,
        has_end="Content-Length" in response.headers or "Transfer-Encoding" in response.headers or not body,
        filename=(disposition.filename or "") if disposition else "",
        media_type=response.content_type,
        charset=response.charset or "",
        location=response.headers.get("Location", ""),
        challenge=", ".join(_schemes(response.headers.getall("WWW-Authenticate", ()))),
    )


def _refuse_trouble(response: aiohttp.ClientResponse) -> None:
    if response.status in _BUSY:
        raise DeviceBusyError(retry_after=_seconds(response.headers.get("Retry-After", "")))
    if response.status in _SERVER_ERRORS:
        raise UnexpectedResponseError(f"HTTP {response.status}")


def _seconds(value: str) -> float | None:
    if not (value.isascii() and value.isdecimal() and len(value) <= len(str(_LONGEST_WAIT))):
        return None
    return min(float(value), _LONGEST_WAIT)


def _schemes(challenges: Sequence[str]) -> list[str]:
    return [scheme.capitalize() for challenge in challenges for scheme in _SCHEME.findall(challenge)]
