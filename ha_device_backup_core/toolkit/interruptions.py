"""Requests that a device drops or breaks off, which are worth another try."""

import aiohttp

from ..errors import CannotConnectError, DeviceError, UnexpectedResponseError
from ..http_errors import BROKE_OFF, CLOSED, NOT_HTTP, broken_rule
from ..text import _

_INTERRUPTIONS = (aiohttp.ClientPayloadError, aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)
_FINAL = (aiohttp.ClientConnectorError, aiohttp.TooManyRedirects, aiohttp.ServerFingerprintMismatch, TimeoutError)
"""Nobody is there, or another try would bring the same."""


class ConnectionClosedError(CannotConnectError):
    """The device closed the connection without an answer: small ones do that with what they do not want to answer."""


class RequestInterruptedError(Exception):
    """A request was dropped or broke off; the cause is what aiohttp raised."""

    def error(self, *, several: bool) -> DeviceError:
        """Return the error of the contract for the last one of `several` tries, or the only one."""
        match self.__cause__:
            case aiohttp.ClientPayloadError():
                return UnexpectedResponseError(_("Its answer broke off, several times.") if several else BROKE_OFF)
            case aiohttp.ClientResponseError() as error:
                no_answer = _("Its answer is not understood.") if several else NOT_HTTP
                return UnexpectedResponseError(broken_rule(error) or no_answer)
        closed = _("It closed the connection without an answer, several times.")
        return ConnectionClosedError(closed if several else CLOSED)


def is_interruption(error: Exception) -> bool:
    """Return whether the device was there, but did not answer to the end."""
    if isinstance(error, _FINAL):
        return False
    return isinstance(error, (*_INTERRUPTIONS, aiohttp.ClientResponseError, ConnectionError))
