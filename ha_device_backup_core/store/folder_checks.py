"""Looks at folders that a person named: one on a network share that hangs never answers."""

import asyncio
import errno
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from ha_device_backup_core.waiting import undisturbed

from .store_errors import as_store_error

ANSWER_SECONDS = 10.0


class FolderChecks:
    """Runs blocking looks at folders, each on a thread of its own; a folder that hangs keeps one and no more."""

    def __init__(self) -> None:
        """Begin with none that is looked at."""
        self._running: dict[str, asyncio.Future[Any]] = {}

    async def run[R](self, folder: str, look: Callable[[], R]) -> R:
        """Return what the look at the folder returns.

        Raises StoreError when it does not end in time, or when an earlier one at the same folder does not.
        """
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                while (earlier := self._running.get(folder)) is not None:
                    await asyncio.wait([earlier])
                result, thread = self._begin(folder, look)
                try:
                    return await undisturbed(result)
                finally:
                    if result.done():
                        # All that is left to it is to go, so that nobody finds it afterwards.
                        thread.join()
        except TimeoutError:
            raise as_store_error(OSError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT), folder)) from None

    def _begin[R](self, folder: str, look: Callable[[], R]) -> tuple[asyncio.Future[R], threading.Thread]:
        loop = asyncio.get_running_loop()
        result: asyncio.Future[R] = loop.create_future()
        self._running[folder] = result
        result.add_done_callback(lambda _: self._running.pop(folder))

        def work() -> None:
            tell = _look(look, result)
            with suppress(RuntimeError):  # the loop is closed: nobody waits
                loop.call_soon_threadsafe(tell)

        # One that the end of the program does not wait for.
        thread = threading.Thread(target=work, name="device-backups-folder", daemon=True)
        thread.start()
        return result, thread


def _look[R](look: Callable[[], R], result: asyncio.Future[R]) -> Callable[[], None]:
    """Look; return what tells whoever waits."""
    try:
        found = look()
    except Exception as error:  # noqa: BLE001 - handed to whoever waits
        return partial(result.set_exception, error)
    return partial(result.set_result, found)
