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
        return _LoopTimer(self._clock, when, action).cancel


class _LoopTimer:
    """One action that waits; thousands of them are few objects for the garbage collector."""

    __slots__ = ("_action", "_clock", "_handle", "_when")

    def __init__(self, clock: Callable[[], datetime], when: datetime, action: Callable[[datetime], None]) -> None:
        self._clock = clock
        self._when = when
        self._action = action
        self._handle = self._wait(clock())

    def cancel(self) -> None:
        self._handle.cancel()

    def _wait(self, now: datetime) -> asyncio.TimerHandle:
        remaining = (self._when - now).total_seconds()
        return asyncio.get_running_loop().call_later(min(max(remaining, 0.0), LONGEST_SLEEP), self._look)

    def _look(self) -> None:
        now = self._clock()
        if now >= self._when:
            self._action(now)
        else:
            self._handle = self._wait(now)
