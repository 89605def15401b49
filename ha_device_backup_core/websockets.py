"""Messages of a websocket, read within limits and without surprises."""

import asyncio

import aiohttp

from .errors import ArtifactTooLargeError, CannotConnectError, UnexpectedResponseError
from .http_errors import CLOSED, NO_ANSWER, NOT_UNDERSTOOD
from .text import Text, _

_SECONDS = 60.0
_NO_TEXT: Text = _("It sent something else than text over the websocket.")
_TOO_MUCH: Text = _("It sent more over the websocket than is allowed.")


async def receive_text(websocket: aiohttp.ClientWebSocketResponse, *, seconds: float = _SECONDS) -> str:
    """Return the next message, which is text; its size is bounded by `max_msg_size` of `ws_connect`, 4 MiB by default.

    Raises CannotConnectError for a websocket that is closed or silent for that long, ArtifactTooLargeError for a
    message beyond the limit, UnexpectedResponseError for one that is no text or breaks the protocol.
    """
    try:
        async with asyncio.timeout(seconds):
            message = await websocket.receive()
    except TimeoutError:
        raise CannotConnectError(NO_ANSWER) from None
    match message.type:
        case aiohttp.WSMsgType.TEXT:
            return str(message.data)
        case aiohttp.WSMsgType.CLOSE | aiohttp.WSMsgType.CLOSING | aiohttp.WSMsgType.CLOSED:
            raise _too_much_or(websocket, CannotConnectError(CLOSED))
        case aiohttp.WSMsgType.ERROR:
            raise _too_much_or(websocket, UnexpectedResponseError(NOT_UNDERSTOOD))
    raise UnexpectedResponseError(_NO_TEXT)


def _too_much_or(
    websocket: aiohttp.ClientWebSocketResponse, error: CannotConnectError | UnexpectedResponseError
) -> ArtifactTooLargeError | CannotConnectError | UnexpectedResponseError:
    if websocket.close_code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG:
        return ArtifactTooLargeError(_TOO_MUCH)
    return error
