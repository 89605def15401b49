"""How many bytes of a tree are done, in words: once a second, because both programs say it far more often."""

import time
from collections.abc import Callable

from ha_device_backup_core import Progress, Text

from ..translation import _

PAUSE_SECONDS = 1.0
_MB = 1_000_000

type Words = Callable[[int, int], Text]
"""What is said of bytes that are done, and of all."""


def pulled(done: int, _total: int) -> Text:
    """Say how much came from the device; how much comes in all, rsync does not know until the end."""
    return _("{done} MB came from the device.", done=done // _MB)


def stored(done: int, total: int) -> Text:
    """Say how much the repository has."""
    return _("{done} of {total} MB are in the repository.", done=done // _MB, total=total // _MB)


def taken_out(done: int, total: int) -> Text:
    """Say how much was taken out of the repository."""
    return _("{done} of {total} MB are taken out of the repository.", done=done // _MB, total=total // _MB)


def sent(done: int, total: int) -> Text:
    """Say how much went back to the device."""
    return _("{done} of {total} MB are sent.", done=done // _MB, total=max(done, total) // _MB)


def shown_as(
    progress: Progress,
    words: Words,
    *,
    begin: float = 0.0,
    end: float = 1.0,
    clock: Callable[[], float] = time.monotonic,
) -> Callable[[int, int], None]:
    """Return what shows bytes, as a part of all that is done; without a total nobody knows which."""
    due = clock()

    def show(done: int, total: int) -> None:
        nonlocal due
        if clock() < due:
            return
        due = clock() + PAUSE_SECONDS
        progress(begin + (end - begin) * min(done / total, 1.0) if total else begin or None, words(done, total))

    return show
