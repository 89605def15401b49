"""A page that is open: it asks, and reads what it is sent."""

import asyncio
from collections.abc import Callable
from typing import Any

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.typing import MockHAClientWebSocket, WebSocketGenerator

from custom_components.ha_device_backups.const import DOMAIN

LONGEST_WAIT = 30


class OpenPage:
    """Somebody's connection."""

    def __init__(self, client: MockHAClientWebSocket) -> None:
        self._client = client

    async def ask(self, command: str, **values: object) -> dict[str, Any]:
        """Return the answer of a command, with the events before it left out."""
        await self._client.send_json_auto_id({"type": f"{DOMAIN}/{command}", **values})
        while (message := await self._receive())["type"] != "result":
            pass
        return message

    async def result(self, command: str, **values: object) -> Any:  # noqa: ANN401 - whatever the command answers
        """Return what a command that succeeds answers."""
        answer = await self.ask(command, **values)
        assert answer["success"], answer
        return answer["result"]

    async def follow(self, command: str, **values: object) -> Any:  # noqa: ANN401 - whatever the command answers
        """Return the first thing that a subscription sends."""
        await self._client.send_json_auto_id({"type": f"{DOMAIN}/{command}", **values})
        messages = [await self._receive(), await self._receive()]
        assert {message["type"] for message in messages} == {"result", "event"}
        return next(message["event"] for message in messages if message["type"] == "event")

    async def event(self) -> Any:  # noqa: ANN401 - whatever the command answers
        """Return what is sent next."""
        message = await self._receive()
        assert message["type"] == "event"
        return message["event"]

    async def until(self, is_so: Callable[[Any], object]) -> Any:  # noqa: ANN401 - whatever the command answers
        """Return the first thing that is sent from now on of which that is so."""
        while not is_so(event := await self.event()):
            pass
        return event

    async def close(self) -> None:
        """Leave: what it followed is sent to it no longer."""
        await self._client.close()

    async def _receive(self) -> dict[str, Any]:
        async with asyncio.timeout(LONGEST_WAIT):
            message: dict[str, Any] = await self._client.receive_json()
        return message


async def open_page(hass: HomeAssistant, ws: WebSocketGenerator, token: str | None = None) -> OpenPage:
    """Connect as an administrator, or as whoever the token belongs to."""
    return OpenPage(await ws(hass, token) if token else await ws(hass))
