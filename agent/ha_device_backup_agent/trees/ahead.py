"""Something that is asked while other work goes on, and once more where the answer is old by then."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

FRESH_SECONDS = 60.0


class Ahead[R]:
    """Asks from the begin of a block on; nothing of it goes on after the block."""

    def __init__(self, ask: Callable[[], Awaitable[R]], *, clock: Callable[[], float] = time.monotonic) -> None:
        """Take what to ask."""
        self._ask = ask
        self._clock = clock

    async def __aenter__(self) -> Self:
        """Begin to ask."""
        self._begun = self._clock()
        self._asking = asyncio.ensure_future(self._ask())
        return self

    async def result(self) -> R:
        """Return the answer, or raise what it ended with."""
        answer = await self._asking
        return answer if self._clock() < self._begun + FRESH_SECONDS else await self._ask()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End it; what it ended with is of no interest to who did not ask for it."""
        self._asking.cancel()
        await asyncio.gather(self._asking, return_exceptions=True)
