"""The gate: while it is shut, nothing of the store may appear, vanish, be renamed or change length."""

import asyncio
import threading
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from ha_device_backup_core.errors import StoreError
from ha_device_backup_core.text import _


class StepGuard(Protocol):
    """Says when a visible step may be made."""

    def step(self) -> AbstractContextManager[None]:
        """Wait until the step may be made, and keep the gate from being quiet while it is."""


class Gate:
    """Lets one visible step through at a time while it is open, and none while it is shut."""

    def __init__(self) -> None:
        """Begin open."""
        self._condition = threading.Condition()
        self._shut = False
        self._closed = False
        self._under_way = 0
        self._when_quiet: list[Callable[[], None]] = []

    @property
    def is_shut(self) -> bool:
        """Return whether steps have to wait."""
        return self._shut

    @contextmanager
    def step(self) -> Generator[None]:
        """Wait until the gate is open, then make one step."""
        with self._condition:
            self._condition.wait_for(lambda: self._closed or (not self._shut and not self._under_way))
            if self._closed:
                raise StoreError(_("The store was closed before this was done."))
            self._under_way += 1
        try:
            yield
        finally:
            self._end_step()

    def shut(self, when_quiet: Callable[[], None]) -> None:
        """Let no further step begin; call back once none is under way, maybe from the thread that made it."""
        with self._condition:
            self._shut = True
            if self._under_way:
                self._when_quiet.append(when_quiet)
                return
        when_quiet()

    def open(self) -> None:
        """Let the waiting steps through."""
        with self._condition:
            self._shut = False
            self._condition.notify_all()

    def close(self) -> None:
        """End for good: whoever waits while the gate is shut, or comes after, gets a StoreError."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    def bypass(self) -> "Bypass":
        """Return a way through the shut gate, until it is revoked."""
        return Bypass(self)

    @contextmanager
    def step_with(self, bypass: "Bypass") -> Generator[None]:
        """Make one step, whether the gate is open or shut, unless the bypass was revoked."""
        with self._condition:
            if bypass.is_revoked or self._closed:
                raise StoreError(_("This came too late for the Home Assistant backup."))
            self._under_way += 1
        try:
            yield
        finally:
            self._end_step()

    def revoke(self, bypass: "Bypass") -> None:
        """Let no further step begin with the bypass."""
        with self._condition:
            bypass.is_revoked = True

    def _end_step(self) -> None:
        with self._condition:
            self._under_way -= 1
            self._condition.notify_all()
            callbacks = [] if self._under_way else self._when_quiet
            if not self._under_way:
                self._when_quiet = []
        for callback in callbacks:
            callback()


class Bypass:
    """Makes steps while the gate is shut; once revoked, every further step fails."""

    def __init__(self, gate: Gate) -> None:
        """Begin valid."""
        self._gate = gate
        self.is_revoked = False

    def step(self) -> AbstractContextManager[None]:
        """Make one step."""
        return self._gate.step_with(self)


async def shut_within(gate: Gate, seconds: float) -> bool:
    """Shut the gate; return whether it was quiet within that time."""
    loop = asyncio.get_running_loop()
    quiet = asyncio.Event()
    gate.shut(lambda: _set_from_thread(loop, quiet))
    try:
        async with asyncio.timeout(seconds):
            await quiet.wait()
    except TimeoutError:
        return False
    return True


def _set_from_thread(loop: asyncio.AbstractEventLoop, quiet: asyncio.Event) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(quiet.set)
