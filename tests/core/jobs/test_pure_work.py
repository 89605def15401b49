"""Work that takes too long is ended, and until it has its device gets no more of it."""

import asyncio
import itertools
import threading
from collections.abc import Callable

import pytest

from ha_device_backup_core.errors import DeviceBusyError
from ha_device_backup_core.jobs.pure_work import THREAD_NAME, Threads


def workers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == THREAD_NAME]


def for_ever() -> None:
    """Be what a decoder is on hostile input."""
    for _ in itertools.count():
        pass


def stubborn(until: threading.Event) -> Callable[[], str]:
    """Return work that is in one long call of C code."""

    def work() -> str:
        until.wait()
        return "done"

    return work


async def ended(threads: list[threading.Thread]) -> None:
    for thread in threads:
        await asyncio.to_thread(thread.join)


async def test_what_it_returns_and_raises() -> None:
    threads = Threads()
    assert await threads.run("a1", lambda: 7, seconds=60) == 7
    for error in (ValueError("broken"), TimeoutError("slow"), KeyboardInterrupt()):

        def fail(error: BaseException = error) -> None:
            raise error

        with pytest.raises(type(error)):
            await threads.run("a1", fail, seconds=60)
    assert (threads.left, workers()) == (0, [])


async def test_what_takes_too_long_is_ended_and_no_try_adds_a_thread() -> None:
    threads = Threads()
    for _ in range(3):
        with pytest.raises(RuntimeError, match="more than 0 seconds"):
            await threads.run("a1", for_ever, seconds=0.01)
        await ended(workers())
        assert threads.left == 0
    assert await threads.run("a1", lambda: 7, seconds=60) == 7


async def test_a_job_that_is_cancelled_ends_its_work() -> None:
    threads, began = Threads(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def work() -> None:
        loop.call_soon_threadsafe(began.set)
        for_ever()

    job = asyncio.create_task(threads.run("a1", work))
    await began.wait()
    job.cancel()
    await asyncio.wait([job])
    assert job.cancelled()
    await ended(workers())
    assert threads.left == 0


async def test_what_cannot_be_ended_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ha_device_backup_core.jobs.pure_work.SECONDS_TO_END", 0)
    threads, until = Threads(), threading.Event()
    with pytest.raises(RuntimeError, match="more than 0 seconds"):
        await threads.run("a1", stubborn(until), seconds=0.01)
    for _ in range(3):
        with pytest.raises(DeviceBusyError):
            await threads.run("a1", lambda: 7, seconds=60)
    assert (threads.left, len(workers())) == (1, 1)
    assert await threads.run("b2", lambda: 7, seconds=60) == 7

    until.set()
    await ended(workers())
    assert await threads.run("a1", lambda: 7, seconds=60) == 7
    assert threads.left == 0


def test_a_loop_that_is_gone_is_no_error() -> None:
    until = threading.Event()

    async def leave() -> None:
        job = asyncio.create_task(Threads().run("a1", stubborn(until)))
        await asyncio.sleep(0)
        job.cancel()

    asyncio.run(leave())
    until.set()
    for thread in workers():
        thread.join()
