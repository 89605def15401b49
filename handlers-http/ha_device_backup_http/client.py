"""HTTP with a device: one request at a time, and what was packed for the way only is unpacked."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

import aiohttp
from yarl import URL

from ha_device_backup_core import HandlerContext, UnexpectedResponseError
from ha_device_backup_core.toolkit import Body, DeviceClient, Pace, Request, Response

from .content_encoding import decoded, promises_gzip

_SERVER_ERRORS = range(500, 600)
_ACCEPT_ENCODING = "accept-encoding"
_TELL_AN_END = ("Content-Length", "Transfer-Encoding")
_SCHEME = re.compile(r"(?:^|,)\s*(basic|digest|bearer|negotiate|ntlm)\b", re.IGNORECASE)


class Client:
    """Sends requests; the session of the job keeps the cookies."""

    def __init__(self, context: HandlerContext, origin: URL, limit: int) -> None:
        """Keep the context and the largest answer; no I/O."""
        self._context = context
        self._device = DeviceClient(
            context, origin.host, origin.port, scheme=origin.scheme, pace=Pace(tries=1), own_connections=False
        )
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
    ) -> Response:
        """Return the answer as the device would store it; raise DeviceError where there is none, or only trouble."""
        if not any(name.lower() == _ACCEPT_ENCODING for name in headers):
            headers = {**headers, _ACCEPT_ENCODING: "identity"}
        is_watched = follow and digest is None
        answer = await self._device.send(
            Request(
                method=method,
                path=url,
                headers=headers,
                body=None if body is None else Body(body, ""),
                follow=is_watched,
                decompress=False,
                # A request with middlewares of its own passes none of the session's, which watch over redirects.
                middlewares=None if is_watched else tuple(filter(None, (digest,))),
            )
        )
        if answer.status in _SERVER_ERRORS:
            raise UnexpectedResponseError(f"HTTP {answer.status}")
        encoding = answer.headers.get("Content-Encoding", "")
        if not encoding or not answer.body:
            return answer
        is_packed_file = promises_gzip(answer.media_type, (answer.filename, url.name, answer.url.name))
        unpack = partial(decoded, is_packed_file=is_packed_file, limit=self._limit)
        return replace(answer, body=await self._context.run_blocking(unpack, answer.body, encoding))


def has_end(answer: Response) -> bool:
    """Return whether the device told where the answer ends: without, one that was cut off looks like a whole one."""
    return not answer.body or any(name in answer.headers for name in _TELL_AN_END)


def logins_asked_for(answer: Response) -> str:
    """Return the kinds of login that the device asks for."""
    return ", ".join(_schemes(answer))


def _schemes(answer: Response) -> Iterator[str]:
    for challenge in answer.values("WWW-Authenticate"):
        yield from (scheme.capitalize() for scheme in _SCHEME.findall(challenge))
