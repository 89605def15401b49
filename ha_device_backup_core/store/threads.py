"""The threads of a store: one writes, the others never wait for the gate with it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ha_device_backup_core.waiting import undisturbed

from .store_errors import as_store_error

_SECONDS_TO_END = 10.0


class Worker:
    """Runs blocking work, one after the other, on a thread of its own."""

    def __init__(self, name: str) -> None:
        """Begin without a thread; it is made by the first work."""
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"device-backups-{name}")

    async def run[**P, R](self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Return what the function returns; an OSError becomes a StoreError. Work that has begun is not cancelled."""
        return await undisturbed(self.start(function, *args, **kwargs))

    def start[**P, R](self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> asyncio.Future[R]:
        """Begin the work; must be called in the event loop."""
        return asyncio.get_running_loop().run_in_executor(self._executor, lambda: _guarded(function, *args, **kwargs))

    async def end(self) -> None:
        """Wait for what is left to do, unless something hangs."""
        ending = asyncio.get_running_loop().run_in_executor(None, self._executor.shutdown)
        await asyncio.wait([ending], timeout=_SECONDS_TO_END)


def _guarded[**P, R](function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    try:
        return function(*args, **kwargs)
    except OSError as error:
        raise as_store_error(error) from error
