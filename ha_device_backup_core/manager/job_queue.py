"""Which job runs now: a limit for all that are answered, one job at a time per endpoint, people first."""

import asyncio
from bisect import insort
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from functools import partial
from typing import Any

from ha_device_backup_core.errors import DeviceBackupError
from ha_device_backup_core.text import Text, _

from .snapshot_guard import SnapshotGuard

SECONDS_TO_STOP = 15.0
"""A handler that does not let itself be cancelled is left behind after these."""
SILENT_SECONDS = 0.25
"""A device that has not answered by then lends its place to the next one; most answer sooner."""
_ABANDONED: Text = _("Nobody waits for this any more.")
_STOPPED: Text = _("Device Backups is being stopped.")


class Priority(IntEnum):
    """The order of waiting jobs."""

    INTERACTIVE = 0
    """Somebody looks at a form: only another job at the same endpoint holds it back."""
    PERSON = 1
    UNATTENDED = 2


@dataclass(eq=False, slots=True, kw_only=True)
class Job[T]:
    """Work at one endpoint; `done` gets what it returns or raises."""

    endpoint: str
    priority: Priority
    work: Callable[[], Coroutine[Any, Any, T]]
    done: asyncio.Future[T] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    awaits_answer: bool = False
    """Whether the work tells its `Place` what the device does."""
    is_answered: bool = False
    """Whether the device answered for the first time."""
    is_read: bool = False
    """Whether all was read: what changes on the device from now on is no part of what this returns."""
    task: asyncio.Task[None] | None = None
    has_place: bool = False
    """Whether it counts for the limit now."""
    silence: asyncio.TimerHandle | None = None
    returning: asyncio.Future[None] | None = None
    """Waits for a place after an answer that came late."""


class JobQueue:
    """Waiting and running jobs."""

    def __init__(self, limit: int, *, snapshots: SnapshotGuard | None = None, patience: float = SILENT_SECONDS) -> None:
        """Run at most `limit` at a time, not counting those whose device is silent for `patience` seconds.

        While a snapshot is being made only what somebody waits for in a form begins; what runs goes on.
        """
        self._limit = limit
        self._patience = patience
        self._snapshots = snapshots
        if snapshots is not None:
            snapshots.on_end(self._start_what_may)
        self._closed = False
        self._waiting: dict[Priority, OrderedDict[Job[Any], None]] = {each: OrderedDict() for each in Priority}
        """In the order in which they came; many wait, and each is taken out from anywhere in no time."""
        self._running: dict[str, Job[Any]] = {}
        self._limited = 0
        """How many of the running ones have a place."""
        self._returning: list[Job[Any]] = []
        """Those whose device answered after they had lent their place, in the order of their priority."""
        self._paused_endpoints: set[str] = set()

    def submit[T](self, job: Job[T]) -> Job[T]:
        """Queue the job and start what may start."""
        if self._closed:
            _fail(job, DeviceBackupError(_STOPPED))
            return job
        self._waiting[job.priority][job] = None
        self._start_what_may()
        return job

    def raise_to(self, job: Job[Any], priority: Priority) -> None:
        """Move a waiting job forward."""
        if priority < job.priority and job in self._waiting[job.priority]:
            del self._waiting[job.priority][job]
            job.priority = priority
            self._waiting[priority][job] = None
            self._start_what_may()

    async def answered(self, job: Job[Any]) -> None:
        """Go on with a job whose device answered: at once, or when it has a place again."""
        job.is_answered = True
        _end_silence(job)
        if job.has_place or job.priority is Priority.INTERACTIVE:
            return
        job.returning = asyncio.get_running_loop().create_future()
        insort(self._returning, job, key=_priority)
        self._start_what_may()
        await job.returning

    def wait(self, job: Job[Any]) -> None:
        """Let others use the place of a job whose device, which answered before, is silent from now on."""
        if job.is_answered and job.has_place:
            _end_silence(job)
            job.silence = asyncio.get_running_loop().call_later(self._patience, self._lend_place, job)

    def hear(self, job: Job[Any]) -> None:
        """Give a job its place back at once, even beyond the limit: what a device began to send is not held up."""
        if not job.is_answered:
            return
        _end_silence(job)
        if not job.has_place and job.priority is not Priority.INTERACTIVE and self._running.get(job.endpoint) is job:
            self._take_place(job)

    def set_limit(self, limit: int) -> None:
        """Change how many run at a time; what runs goes on."""
        self._limit = limit
        self._start_what_may()

    def pause_endpoint(self, endpoint: str) -> None:
        """Start nothing at this endpoint."""
        self._paused_endpoints.add(endpoint)

    def resume_endpoint(self, endpoint: str) -> None:
        """Start jobs at this endpoint again."""
        self._paused_endpoints.discard(endpoint)
        self._start_what_may()

    async def run[T](self, where: str, priority: Priority, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Do the work when its turn at that endpoint comes; who no longer waits for it ends it."""
        return await self.result(Job(endpoint=where, priority=priority, work=work))

    async def result[T](self, job: Job[T]) -> T:
        """Queue the job and return what comes of it; who no longer waits for it ends it."""
        self.submit(job)
        try:
            await asyncio.wait([job.done])
        except asyncio.CancelledError:
            await self.drop(job, _ABANDONED)
            raise
        return job.done.result()

    async def drop(self, job: Job[Any], why: Text) -> None:
        """Take a job out, waiting or running; whoever waits for it gets a DeviceBackupError."""
        self._waiting[job.priority].pop(job, None)
        _fail(job, DeviceBackupError(why))
        if job.task is not None:
            job.task.cancel()
            await asyncio.wait([job.task])

    async def close(self) -> None:
        """Drop everything and accept nothing more."""
        self._closed = True
        for waiting in self._waiting.values():
            for job in waiting:
                _fail(job, DeviceBackupError(_STOPPED))
            waiting.clear()
        tasks = [job.task for job in self._running.values() if job.task is not None]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=SECONDS_TO_STOP)

    def _start_what_may(self) -> None:
        while self._returning and self._limited < self._limit:
            self._take_place(self._returning[0])
            self._end_return(self._returning[0])
        for priority, waiting in self._waiting.items():
            while self._has_place_for(priority) and (job := self._first_startable(waiting)) is not None:
                del waiting[job]
                self._start(job)

    def _has_place_for(self, priority: Priority) -> bool:
        if priority is Priority.INTERACTIVE:
            return True
        stands_still = self._snapshots is not None and self._snapshots.in_progress
        return not stands_still and self._limited < self._limit

    def _first_startable(self, waiting: Iterable[Job[Any]]) -> Job[Any] | None:
        startable = (
            job for job in waiting if job.endpoint not in self._running and job.endpoint not in self._paused_endpoints
        )
        return next(startable, None)

    def _start(self, job: Job[Any]) -> None:
        self._running[job.endpoint] = job
        if job.priority is not Priority.INTERACTIVE:
            self._take_place(job)
            if job.awaits_answer:
                job.silence = asyncio.get_running_loop().call_later(self._patience, self._lend_place, job)
        job.task = asyncio.get_running_loop().create_task(_run(job), name=f"device backup {job.endpoint}")
        job.task.add_done_callback(partial(self._ended, job))

    def _take_place(self, job: Job[Any]) -> None:
        job.has_place = True
        self._limited += 1

    def _lend_place(self, job: Job[Any]) -> None:
        job.silence = None
        job.has_place = False
        self._limited -= 1
        self._start_what_may()

    def _end_return(self, job: Job[Any]) -> None:
        self._returning.remove(job)
        if job.returning is not None and not job.returning.done():
            job.returning.set_result(None)

    def _ended(self, job: Job[Any], _: asyncio.Task[None]) -> None:
        del self._running[job.endpoint]
        _end_silence(job)
        if job in self._returning:
            self._end_return(job)
        self._limited -= job.has_place
        job.has_place = False
        if not job.done.done():
            _fail(job, DeviceBackupError(_STOPPED))
        self._start_what_may()


@dataclass(frozen=True, slots=True)
class PlaceInQueue:
    """The place of one job, to be told by its work."""

    queue: JobQueue
    job: Job[Any]

    async def answered(self) -> None:
        """Wait for a place, now that the device answered for the first time."""
        await self.queue.answered(self.job)

    def wait(self) -> None:
        """Say that something of the device is awaited."""
        self.queue.wait(self.job)

    def hear(self) -> None:
        """Say that it came."""
        self.queue.hear(self.job)

    def read(self) -> None:
        """Say that all was read."""
        self.job.is_read = True


async def _run(job: Job[Any]) -> None:
    try:
        result = await job.work()
    except Exception as error:  # noqa: BLE001 - handed to whoever waits for the job
        _fail(job, error)
    else:
        if not job.done.done():
            job.done.set_result(result)


def _end_silence(job: Job[Any]) -> None:
    if job.silence is not None:
        job.silence.cancel()
        job.silence = None


def _fail(job: Job[Any], error: Exception) -> None:
    """Hand the error to whoever waits; that nobody does is no mistake."""
    if not job.done.done():
        job.done.set_exception(error)
        job.done.exception()


def _priority(job: Job[Any]) -> Priority:
    return job.priority
