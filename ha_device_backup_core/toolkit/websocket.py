"""A websocket to a device, within limits and without surprises."""

import json
from typing import Any

import aiohttp

from ..errors import UnexpectedResponseError
from ..text import _
from ..websockets import receive_text
from .json_data import JsonError, read_json

LONGEST_MESSAGE = 4 * 1024 * 1024
_SECONDS = 60.0


class Websocket:
    """An open websocket; what goes wrong with it is an error of the contract."""

    def __init__(self, opened: aiohttp.ClientWebSocketResponse) -> None:
        """Take it open; whoever opened it closes it."""
        self._opened = opened

    @property
    def close_code(self) -> int | None:
        """With which code the device closed it; None while it is open."""
        return self._opened.close_code

    async def receive(self, *, seconds: float = _SECONDS) -> str:
        """Return the next message, which is text.

        Raises CannotConnectError for a websocket that is closed or silent for that long, ArtifactTooLargeError for a
        message that is too long, UnexpectedResponseError for one that is no text.
        """
        return await receive_text(self._opened, seconds=seconds)

    async def receive_json(self, *, seconds: float = _SECONDS) -> Any:  # noqa: ANN401 - whatever the device says
        """Return what the next message says in JSON; raises UnexpectedResponseError for one that does not."""
        message = await self.receive(seconds=seconds)
        try:
            return read_json(message, largest=LONGEST_MESSAGE)
        except JsonError as error:
            raise UnexpectedResponseError(_("What it sent over the websocket is no JSON.")) from error

    async def send(self, text: str) -> None:
        """Send a text."""
        await self._opened.send_str(text)

    async def send_json(self, value: object) -> None:
        """Send a value as JSON."""
        await self.send(json.dumps(value))
