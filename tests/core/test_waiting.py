import asyncio
import gc
from typing import Any

import pytest

from ha_device_backup_core.waiting import undisturbed


async def test_work_goes_on_and_fails_without_a_word() -> None:
    told: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: told.append(context))
    work: asyncio.Future[int] = loop.create_future()
    waiting = asyncio.create_task(undisturbed(work))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    assert (waiting.cancelled(), work.done()) == (True, False)

    work.set_exception(OSError("No space left on device"))
    await asyncio.sleep(0)
    del work, waiting
    gc.collect()
    assert told == []


async def test_who_waits_gets_the_result_or_the_error() -> None:
    loop = asyncio.get_running_loop()
    work: asyncio.Future[int] = loop.create_future()
    loop.call_soon(work.set_result, 7)
    assert await undisturbed(work) == 7
    failing: asyncio.Future[int] = loop.create_future()
    loop.call_soon(failing.set_exception, OSError("gone"))
    with pytest.raises(OSError, match="gone"):
        await undisturbed(failing)
