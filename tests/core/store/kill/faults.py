"""Faults at the n-th call of the operating system that the threads of a store make."""

import os
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

CALLS = ("open", "write", "fsync", "link", "replace", "unlink", "mkdir", "rmdir", "chmod")


class CallCounter:
    """Counts the calls, and does something before one of them."""

    def __init__(self, at: int, action: Callable[[str], None]) -> None:
        """Take the number of the call, counted from 1, and what to do before it."""
        self.count = 0
        self.names: list[str] = []
        self._at = at
        self._action = action

    def before(self, name: str) -> None:
        """Count one call."""
        self.count += 1
        self.names.append(name)
        if self.count == self._at:
            self._action(name)


@contextmanager
def counted(counter: CallCounter) -> Generator[None]:
    """Count the calls of every thread of a store."""
    originals = {name: getattr(os, name) for name in CALLS}
    for name, original in originals.items():
        setattr(os, name, _counting(name, original, counter))
    try:
        yield
    finally:
        for name, original in originals.items():
            setattr(os, name, original)


def _counting[**P, R](name: str, original: Callable[P, R], counter: CallCounter) -> Callable[P, R]:
    def call(*arguments: P.args, **options: P.kwargs) -> R:
        if threading.current_thread().name.startswith("device-backups-"):
            counter.before(name)
        return original(*arguments, **options)

    return call
