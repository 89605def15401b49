"""Work in threads that can be ended: a job's limit stops the work, not only the waiting for it.

What is one long call of C code ends only by itself; until then its device gets no more work. A process could be killed
at any time, and is not used all the same:

- What would need it most is a search with a regular expression that goes astray. While it searches nothing else runs,
  no limit either, and 30 bytes are enough for it; so every check of every device would have to run in a process.
- One takes 50 MiB before it does anything, half of what the worst file costs in all, and 0.7 seconds of a desktop's
  processor, several times that of a small computer: each day, for each device.
- It would have to have the same packages in the same versions as the one that runs, also after an update.

Instead no step may be long: each decoder takes pieces, spends from a budget of bytes, members and levels, and refuses
what would cost more. Searches of people's own patterns are those of an automaton. Tests hold the steps of every
handler to what grows with the size of a file (`tests/hostile_files.py`).
"""

import asyncio
import contextlib
import contextvars
import ctypes
import threading
from collections.abc import Callable, Hashable
from typing import Any

from ..errors import DeviceBusyError
from ..text import Text, _

THREAD_NAME = "device-backups-work"
SECONDS_TO_END = 1.0
"""A thread that was told to end and does not, as in one long call of C code, is left behind after these."""

_STILL_AT_WORK: Text = _("What it sent before is still being worked on.")


class Threads:
    """The threads in which handlers work; one that does not end keeps its device from getting another."""

    def __init__(self) -> None:
        """Begin without any."""
        self._left: dict[Hashable, _Thread[Any]] = {}

    async def run[R](self, device: Hashable, function: Callable[[], R], *, seconds: float | None = None) -> R:
        """Return what the function returns.

        Raises DeviceBusyError while earlier work for the device goes on, RuntimeError after the seconds.
        """
        self._sweep()
        if (earlier := self._left.get(device)) is not None:
            earlier.end()
            raise DeviceBusyError(_STILL_AT_WORK)
        thread = _Thread(function)
        limit = asyncio.timeout(seconds)
        try:
            async with limit:
                return await thread.begin()
        except TimeoutError as error:
            if not limit.expired():
                raise
            await thread.end_in_time()
            message = f"checking took more than {seconds:.0f} seconds"
            raise RuntimeError(message) from error
        finally:
            if not thread.has_ended:
                thread.end()
                self._left[device] = thread

    @property
    def left(self) -> int:
        """Return how many threads were told to end and have not."""
        self._sweep()
        return len(self._left)

    def _sweep(self) -> None:
        self._left = {device: thread for device, thread in self._left.items() if not thread.has_ended}


class _Thread[R]:
    def __init__(self, function: Callable[[], R]) -> None:
        self._function = function
        self._context = contextvars.copy_context()
        self._loop = asyncio.get_running_loop()
        self._result: asyncio.Future[R] = self._loop.create_future()
        self._over = asyncio.Event()
        self._thread = threading.Thread(target=self._work, name=THREAD_NAME, daemon=True)
        self.has_ended = False

    async def begin(self) -> R:
        """Work, and return the result."""
        self._thread.start()
        try:
            return await self._result
        finally:
            if self.has_ended:
                # All that is left to it is to go, so that nobody finds it afterwards.
                self._thread.join(SECONDS_TO_END)

    def end(self) -> None:
        """Raise an exception in the thread, at its next step of Python code."""
        if not self.has_ended and self._thread.ident is not None:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread.ident), ctypes.py_object(SystemExit))

    async def end_in_time(self) -> None:
        """End the thread, and wait a moment for that."""
        self.end()
        try:
            async with asyncio.timeout(SECONDS_TO_END):
                await self._over.wait()
        except TimeoutError:
            return

    def _work(self) -> None:
        with contextlib.suppress(SystemExit):
            self._work_and_report()

    def _work_and_report(self) -> None:
        try:
            try:
                result = self._context.run(self._function)
            finally:
                self.has_ended = True
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits
            self._report(self._fail, error)
        else:
            self._report(self._succeed, result)

    def _report[T](self, how: Callable[[T], None], what: T) -> None:
        try:
            self._loop.call_soon_threadsafe(how, what)
        except RuntimeError:
            return  # The loop is closed: nobody waits.

    def _succeed(self, result: R) -> None:
        self._over.set()
        if not self._result.done():
            self._result.set_result(result)

    def _fail(self, error: BaseException) -> None:
        self._over.set()
        if not self._result.done():
            self._result.set_exception(error)
