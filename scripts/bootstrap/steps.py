"""One line on the screen for each step, with its seconds."""

import contextlib
import time
from collections.abc import Iterator


class SetupError(Exception):
    """Something that is needed is not there; the message is a sentence for the person."""


class SetupStep:
    """A step under way."""

    def __init__(self) -> None:
        self.result = "ready"


@contextlib.contextmanager
def step(title: str) -> Iterator[SetupStep]:
    """Print the title now, and the result with the seconds it took afterwards."""
    print(f"{title} … ", end="", flush=True)
    started = time.monotonic()
    current = SetupStep()
    try:
        yield current
    except BaseException:
        print(f"failed ({time.monotonic() - started:.1f} s)", flush=True)
        raise
    print(f"{current.result} ({time.monotonic() - started:.1f} s)", flush=True)
