"""HTTP with a box, which says at which port and with which login it is asked."""

from dataclasses import replace

import aiohttp

from ha_device_backup_core import (
    CannotConnectError,
    DeviceBusyError,
    HandlerContext,
    Message,
    UnexpectedResponseError,
)
from ha_device_backup_core.toolkit import DeviceClient, Pace, Request, Response

from .timing import FritzboxTiming
from .translation import _

_REDIRECTS = range(300, 400)
_BUSY = frozenset({429, 503})


class BoxHttp:
    """One request after the other, none of them twice: a box may count logins."""

    def __init__(self, context: HandlerContext, host: str, timing: FritzboxTiming) -> None:
        """Keep what is needed; no I/O."""
        self._device = DeviceClient(context, host, own_connections=False)
        self._connect = timing.connect

    async def send(
        self, request: Request, *, seconds: float, login: aiohttp.DigestAuthMiddleware | None = None
    ) -> Response:
        """Return the answer, whatever its status; a login belongs to the one origin that it is used for first.

        Only requests without a login pass the checks of the host's session, so the first one should have none.
        """
        pace = Pace(connect=self._connect, silence=seconds, total=seconds, tries=1)
        middlewares = None if login is None else (login,)
        try:
            answer = await self._device.send(replace(request, pace=pace, busy=(), middlewares=middlewares))
        except CannotConnectError as error:
            if isinstance(error.__cause__, aiohttp.ClientSSLError):
                raise CannotConnectError(
                    _("No encrypted connection could be made. Leave the port empty: the FRITZ!Box names it.")
                ) from None
            if isinstance(error.__cause__, aiohttp.ClientConnectorError):
                raise CannotConnectError(
                    _(
                        "Is “Allow access for applications” on in the FRITZ!Box (Home Network, Network, Network "
                        "Settings)?"
                    )
                ) from None
            raise
        if answer.status in _REDIRECTS:
            raise UnexpectedResponseError(_("It redirects to another address, which is not followed."))
        if answer.status in _BUSY and b"Fault" not in answer.body:
            raise DeviceBusyError(http_status(answer.status))
        return answer


def http_status(status: int) -> Message:
    """Name a status."""
    return _("It answered with HTTP status {status}.", status=status)
