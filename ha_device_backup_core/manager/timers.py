"""Timers the manager asks for; Home Assistant passes its own in."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

type Cancel = Callable[[], None]

LONGEST_SLEEP = 3600.0
"""Seconds after which the wall clock is looked at again: it can be set, and machines sleep."""


class Timers(Protocol):
    """Calls something at a time."""

    def call_at(self, when: datetime, action: Callable[[datetime], None]) -> Cancel:
        """Call `action` with the time at `when`, in the event loop; return what cancels it."""


class LoopTimers:
    """Timers of the running event loop."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Read the time from the clock."""
        self._clock = clock

    def call_at(self, when: datetime, action: Callable[[datetime], None]) -> Cancel:
        """Call `action` once the clock shows `when`."""
        loop = asyncio.get_running_loop()
        handle: asyncio.TimerHandle | None = None

        def wait() -> None:
            nonlocal handle
            now = self._clock()
            remaining = (when - now).total_seconds()
            if remaining <= 0 and handle is not None:
                action(now)
            else:
                handle = loop.call_later(min(max(remaining, 0.0), LONGEST_SLEEP), wait)

        def cancel() -> None:
            if handle is not None:
                handle.cancel()

        wait()
        return cancel
