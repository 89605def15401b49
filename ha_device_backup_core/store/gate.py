"""The gate: while it is shut, nothing of the store may appear, vanish, be renamed or change length."""

import threading
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from ..errors import StoreError


class Door(Protocol):
    """What a visible step goes through."""

    def step(self) -> AbstractContextManager[None]:
        """Wait until the step may be made, and hold the door while it is."""


class Gate:
    """Lets one visible step through at a time while it is open, and none while it is shut."""

    def __init__(self) -> None:
        """Begin open."""
        self._condition = threading.Condition()
        self._shut = False
        self._abandoned = False
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
            self._condition.wait_for(lambda: self._abandoned or (not self._shut and not self._under_way))
            if self._abandoned:
                raise StoreError("The store was closed before this was done.")
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

    def abandon(self) -> None:
        """End for good: whoever waits while the gate is shut, or comes after, gets a StoreError."""
        with self._condition:
            self._abandoned = True
            self._condition.notify_all()

    def permit(self) -> "Permit":
        """Return a way through the shut gate, until it is revoked."""
        return Permit(self)

    def _end_step(self) -> None:
        with self._condition:
            self._under_way -= 1
            self._condition.notify_all()
            callbacks = [] if self._under_way else self._when_quiet
            if not self._under_way:
                self._when_quiet = []
        for callback in callbacks:
            callback()


class Permit:
    """Makes steps while the gate is shut; once revoked, every further step fails."""

    def __init__(self, gate: Gate) -> None:
        """Begin valid."""
        self._gate = gate
        self._revoked = False

    @contextmanager
    def step(self) -> Generator[None]:
        """Make one step."""
        gate = self._gate
        with gate._condition:
            if self._revoked or gate._abandoned:
                raise StoreError("This came too late for the Home Assistant backup.")
            gate._under_way += 1
        try:
            yield
        finally:
            gate._end_step()

    def revoke(self) -> None:
        """Let no further step begin."""
        with self._gate._condition:
            self._revoked = True
