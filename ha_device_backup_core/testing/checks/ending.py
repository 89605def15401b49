"""The end of a job: a cancelled one leaves nothing behind, a closed one bears a dead device."""

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from ha_device_backup_core.errors import DeviceBackupError
from ha_device_backup_core.jobs.pure_work import THREAD_NAME
from ha_device_backup_core.records import Fetched

from ..assertions import demand, describe, fail
from ..faults import Fault
from ..harness import Bench, in_job, run
from ..network import Phase
from ..source import DeviceSource
from ..suite import Suite

_DESCRIPTORS = Path("/proc/self/fd")
_SECONDS_TO_CANCEL = 20.0
_TRIES = 60
_PAUSE = 0.05
_WORKERS = ("asyncio_", "ThreadPoolExecutor", THREAD_NAME)


class EndingChecks(Suite):
    """The checks of cancellation and of close."""

    def test_cancellation_closes_everything(self, source: DeviceSource) -> None:
        """Home Assistant stops, or a person gives up: no task, connection or thread goes on."""

        async def scenario() -> None:
            async with self.bench(source) as bench:
                for phase in (Phase.CONNECTION, Phase.FETCH):
                    await _demand_clean_end(bench, phase)

        run(scenario())

    def test_finished_job_leaves_nothing(self, source: DeviceSource) -> None:
        """The same when nothing goes wrong."""

        async def scenario() -> None:
            async with self.bench(source) as bench:
                before = _Holdings.now()
                await bench.backup()
                await before.demand_nothing_new("A job that went well leaves")

        run(scenario())

    def test_close_bears_a_dead_device(self, source: DeviceSource) -> None:
        """The device may be gone by then; the backup is there all the same."""

        async def scenario() -> None:
            async with self.bench(source) as bench:
                for fault in (Fault.REFUSED, Fault.SERVER_ERROR):
                    bench.logs.clear()
                    async with bench.network.failing(fault, Phase.CLOSE):
                        await bench.backup()
                    crashed = [text for text in bench.logs if "did not close cleanly" in text]
                    demand(
                        not crashed,
                        f"close raised an error when the device failed ({fault.value}). Catch DeviceError there.\n"
                        + "\n".join(crashed),
                    )

        run(scenario())


async def _demand_clean_end(bench: Bench, phase: Phase) -> None:
    before, closed = _Holdings.now(), bench.closed
    async with bench.network.failing(Fault.HANG, phase) as server:
        job = asyncio.create_task(bench.fetch())
        asked = asyncio.create_task(server.asked.wait())
        await asyncio.wait({job, asked}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        if job.done():
            with contextlib.suppress(DeviceBackupError):
                await job
            return
        # The request has to be on its way: before, there is little to leave behind.
        await asyncio.sleep(_PAUSE)
        job.cancel()
        await asyncio.wait({job}, timeout=_SECONDS_TO_CANCEL)
        demand(job.done(), f"A job that is cancelled in {phase.value} goes on. Never catch CancelledError and go on.")
        if not job.cancelled():
            _fail_swallowed(job, phase)
    demand(bench.closed == closed + 1, f"close was called {bench.closed - closed} times for one job.")
    await before.demand_nothing_new(f"A job that is cancelled in {phase.value} leaves")


def _fail_swallowed(job: asyncio.Task[Fetched], phase: Phase) -> None:
    result = job.exception() or job.result()
    fail(
        f"A job that is cancelled in {phase.value} ended with {describe(result)}. Let CancelledError pass: catch single"
        " errors, never BaseException, and do not turn a cancellation into another error."
    )


class _Holdings:
    """The tasks, descriptors and threads there are."""

    def __init__(self) -> None:
        self._tasks = set(_tasks_of_jobs())
        self._descriptors = set(_descriptors())
        self._threads = set(_threads())

    @classmethod
    def now(cls) -> "_Holdings":
        """Look around."""
        return cls()

    async def demand_nothing_new(self, beginning: str) -> None:
        """Fail, after a while, when there is more than before."""
        await self._settle(lambda: set(_tasks_of_jobs()) - self._tasks)
        tasks = sorted(task.get_name() + f" ({_name(task)})" for task in set(_tasks_of_jobs()) - self._tasks)
        demand(
            not tasks, f"{beginning} a task behind: {', '.join(tasks)}. Await it, or cancel it and await it in close."
        )
        await self._settle(lambda: set(_threads()) - self._threads)
        threads = sorted(set(_threads()) - self._threads)
        demand(not threads, f"{beginning} a thread behind: {', '.join(threads)}. Use context.run_blocking.")
        await self._settle(lambda: set(_descriptors()) - self._descriptors)
        open_now = sorted(set(_descriptors()) - self._descriptors)
        demand(
            not open_now,
            f"{beginning} something open: {', '.join(open_now)}. Use context.http, and close what is yours in close.",
        )

    @staticmethod
    async def _settle(left: Callable[[], set[str] | set[asyncio.Task[object]]]) -> None:
        for _ in range(_TRIES):
            if not left():
                return
            await asyncio.sleep(_PAUSE)


def _tasks_of_jobs() -> Iterable[asyncio.Task[object]]:
    return (task for task in asyncio.all_tasks() if task.get_context().get(in_job, False))


def _name(task: asyncio.Task[object]) -> str:
    return getattr(task.get_coro(), "__qualname__", "?")


def _descriptors() -> Iterable[str]:
    if not _DESCRIPTORS.is_dir():
        return
    for entry in os.listdir(_DESCRIPTORS):  # noqa: PTH208 - entries vanish meanwhile
        with contextlib.suppress(OSError):
            target = os.readlink(_DESCRIPTORS / entry)  # noqa: PTH115
            if target.startswith(("socket:", "/")) and not target.startswith(("/dev", "/proc")):
                yield target


def _threads() -> Iterable[str]:
    return (thread.name for thread in threading.enumerate() if not thread.name.startswith(_WORKERS))
