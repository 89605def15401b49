"""HTTP with a box: bounded answers, no redirects, errors that never hold an address, because addresses hold logins."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

import aiohttp
from yarl import URL

from ha_device_backup_core import (
    CannotConnectError,
    DeviceBusyError,
    HandlerContext,
    Message,
    UnexpectedResponseError,
    client_errors,
)

from .timing import Timing
from .translation import _

_REDIRECTS = range(300, 400)
_BUSY = frozenset({429, 503})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the box answered."""

    status: int
    body: bytes = field(repr=False)
    filename: str | None = None
    """As the box suggests it."""


class BoxHttp:
    """One request after the other."""

    def __init__(self, context: HandlerContext, timing: Timing) -> None:
        """Keep both; no I/O."""
        self._context = context
        self._timing = timing

    async def request(
        self,
        method: str,
        url: URL,
        *,
        seconds: float,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        login: aiohttp.DigestAuthMiddleware | None = None,
        verified: bool = True,
    ) -> Answer:
        """Return the answer, whatever its status; a login belongs to the one origin that it is used for first.

        Only requests without a login pass the checks of the host's session, so the first one should have none.
        """
        tls = self._context.tls if verified or self._is_pinned else False
        with client_errors():
            try:
                answer = await self._answer(method, url, headers, body, login, seconds=seconds, tls=tls)
            except aiohttp.ClientSSLError:
                raise CannotConnectError(
                    _("No encrypted connection could be made. Leave the port empty: the FRITZ!Box names it.")
                ) from None
            except aiohttp.ClientConnectorError:
                raise CannotConnectError(
                    _(
                        "Is “Allow access for applications” on in the FRITZ!Box (Home Network, Network, Network "
                        "Settings)?"
                    )
                ) from None
        if answer.status in _REDIRECTS:
            raise UnexpectedResponseError(_("It redirects to another address, which is not followed."))
        if answer.status in _BUSY and b"Fault" not in answer.body:
            raise DeviceBusyError(http_status(answer.status))
        return answer

    async def _answer(
        self,
        method: str,
        url: URL,
        headers: Mapping[str, str] | None,
        body: bytes | None,
        login: aiohttp.DigestAuthMiddleware | None,
        *,
        seconds: float,
        tls: ssl.SSLContext | aiohttp.Fingerprint | bool,
    ) -> Answer:
        async with self._context.http.request(
            method,
            url,
            headers=headers,
            data=body,
            ssl=tls,
            timeout=aiohttp.ClientTimeout(total=seconds, sock_connect=self._timing.connect),
            allow_redirects=False,
            # A request with middlewares of its own does not pass those of the session.
            middlewares=None if login is None else (login,),
        ) as response:
            disposition = response.content_disposition
            return Answer(
                status=response.status,
                body=await self._context.read(response),
                filename=disposition.filename if disposition else None,
            )

    @property
    def _is_pinned(self) -> bool:
        return isinstance(self._context.tls, aiohttp.Fingerprint)


def http_status(status: int) -> Message:
    """Name a status."""
    return _("It answered with HTTP status {status}.", status=status)
