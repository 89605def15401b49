"""A websocket: what a step sends, and the message that is the answer to it; the others are for somebody else."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress

from yarl import URL

from ha_device_backup_core import (
    CannotConnectError,
    DeviceError,
    HandlerContext,
    UnexpectedResponseError,
    client_errors,
)
from ha_device_backup_core.toolkit import DeviceClient, Response, Websocket, encoded

from ..translation import _
from .judging import holds, refuse_named
from .sources import Answer
from .steps import ErrorRule, Step
from .templates import Value, filled_in

_SILENCE = 60.0
_MOST_MESSAGES = 10_000
_LARGE = 64 * 1024
_OK = 200


class Conversation:
    """The websocket of one address; it stays open until the job ends, since some log in on it."""

    def __init__(
        self, context: HandlerContext, device: DeviceClient, url: URL, headers: Mapping[str, str], limit: int
    ) -> None:
        """Keep what is needed; no I/O. The limit is that of one message."""
        self._context = context
        self._device = device
        self._url = url
        self._headers = {name: text for name, text in headers.items() if name != "Accept-Encoding"}
        self._limit = limit
        self._open = AsyncExitStack()
        self._websocket: Websocket | None = None

    async def answer(self, step: Step, values: Mapping[str, Value], errors: tuple[ErrorRule, ...] = ()) -> Answer:
        """Send what the step says, and return the answer; raise DeviceError, also by the code of a close."""
        if step.send is None:
            # What comes unasked comes once: on a connection that was used it may be over.
            await self.close()
        websocket = await self._opened()
        try:
            async with asyncio.timeout(step.timeout or _SILENCE):
                with client_errors():
                    if step.send is not None:
                        message = filled_in(step.send, values)
                        await websocket.send(message if isinstance(message, str) else json.dumps(message))
                    return await self._awaited(websocket, step, values)
        except CannotConnectError:
            if websocket.close_code is not None:
                refuse_named(self._of(b"", websocket.close_code), (*step.errors, *errors), values)
            raise

    async def close(self) -> None:
        """Close it."""
        self._websocket = None
        with suppress(DeviceError):
            await self._open.aclose()

    async def _opened(self) -> Websocket:
        if self._websocket is None:
            opening = self._device.websocket(self._url, headers=self._headers, longest=self._limit)
            self._websocket = await self._open.enter_async_context(opening)
        return self._websocket

    async def _awaited(self, websocket: Websocket, step: Step, values: Mapping[str, Value]) -> Answer:
        for _number in range(_MOST_MESSAGES):
            answer = self._of(encoded(await websocket.receive(seconds=step.timeout or _SILENCE)))
            if await self._is_meant(answer, step, values):
                return answer
            refuse_named(answer, step.errors, values)
        raise UnexpectedResponseError(_("It sends messages without end, and none is the answer."))

    async def _is_meant(self, answer: Answer, step: Step, values: Mapping[str, Value]) -> bool:
        if len(answer.response.body) <= _LARGE:
            return holds(step.until, answer, values)
        return await self._context.run_blocking(holds, step.until, answer, values)

    def _of(self, body: bytes, closed: int | None = None) -> Answer:
        return Answer(Response(_OK, {}, body, url=self._url), {}, closed)
