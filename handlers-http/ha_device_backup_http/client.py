"""HTTP with a device: one request at a time, bounded answers, and errors without addresses, which may hold a key."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import aiohttp
from yarl import URL

from ha_device_backup_core import (
    DeviceBusyError,
    HandlerContext,
    UnexpectedResponseError,
    client_errors,
)

from . import texts

_BUSY = frozenset({429, 503})
_SERVER_ERRORS = range(500, 600)
_LONGEST_WAIT = 24 * 3600
_SCHEME = re.compile(r"(?:^|,)\s*(basic|digest|bearer|negotiate|ntlm)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the device answered, whatever its status."""

    status: int
    url: URL = field(repr=False)
    """Where it came from in the end."""
    body: bytes = field(repr=False)
    filename: str = ""
    """As the device suggests it."""
    media_type: str = ""
    location: str = ""
    """Where it redirects to."""
    challenge: str = ""
    """The kind of login that the device asks for."""


class Client:
    """Sends requests; the session of the job keeps the cookies."""

    def __init__(self, context: HandlerContext) -> None:
        """Keep the context; no I/O."""
        self._context = context

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
        with client_errors():
            async with self._context.http.request(
                method,
                url,
                headers=headers,
                data=body,
                ssl=self._context.tls,
                # A request with middlewares of its own passes none of the session's, which watch over redirects.
                middlewares=None if digest is None else (digest,),
                allow_redirects=follow and digest is None,
            ) as response:
                _refuse_trouble(response)
                return _answer(response, await self._context.read(response))


def _answer(response: aiohttp.ClientResponse, body: bytes) -> Answer:
    disposition = response.content_disposition
    return Answer(
        status=response.status,
        url=response.url,
        body=body,
        filename=(disposition.filename or "") if disposition else "",
        media_type=response.content_type,
        location=response.headers.get("Location", ""),
        challenge=", ".join(_schemes(response.headers.getall("WWW-Authenticate", ()))),
    )


def _refuse_trouble(response: aiohttp.ClientResponse) -> None:
    if response.status in _BUSY:
        raise DeviceBusyError(texts.BUSY, retry_after=_seconds(response.headers.get("Retry-After", "")))
    if response.status in _SERVER_ERRORS:
        raise UnexpectedResponseError(texts.http_status(response.status))


def _seconds(value: str) -> float | None:
    if not (value.isascii() and value.isdecimal() and len(value) <= len(str(_LONGEST_WAIT))):
        return None
    return min(float(value), _LONGEST_WAIT)


def _schemes(challenges: Sequence[str]) -> list[str]:
    return [scheme.capitalize() for challenge in challenges for scheme in _SCHEME.findall(challenge)]
