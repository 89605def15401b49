"""From the wish for a backup to its published result: joining, queueing, recording, trying again."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import Context, copy_context
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from typing import Any

from ha_device_backup_core.config.config import config_digest
from ha_device_backup_core.contract import Artifact, DeviceInfo, Person, Progress
from ha_device_backup_core.errors import (
    AuthenticationError,
    DeviceBackupError,
    DeviceBusyError,
    HandlerUnavailableError,
    StoreError,
    WrongDeviceError,
)
from ha_device_backup_core.jobs.http_session import SessionFactory
from ha_device_backup_core.jobs.queue_place import NO_PLACE
from ha_device_backup_core.policies.retry import next_delay
from ha_device_backup_core.records import Attempt, Fetched, Outcome, Trigger
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.text import Text, _, plain
from ha_device_backup_core.unexpected import expected_errors_only

from .backup_job import BackupJob, BackupTaken
from .device import BackupRequest, TrackedDevice
from .devices import Devices
from .event_bus import EventBus
from .events import IdentityLearned, JobResult
from .handlers import Handlers
from .health import is_passing
from .import_job import examine_file
from .job_queue import Job, JobQueue, PlaceInQueue
from .prompts import showing_prompts
from .safety import suspicion_by
from .scheduler import Scheduler
from .snapshot_guard import SnapshotGuard

_LOGGER = logging.getLogger(__name__)

BLOCKED: Text = _("Until you enter another one, it is left alone.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backups:
    """Backs up devices in care."""

    store: BackupStore
    handlers: Handlers
    queue: JobQueue
    devices: Devices
    scheduler: Scheduler
    snapshots: SnapshotGuard
    bus: EventBus
    clock: Callable[[], datetime]
    random: Random
    sessions: SessionFactory | None
    context: Context = field(default_factory=copy_context)
    """In which all are finished: one for all, not a copy for each."""

    async def back_up(self, device: TrackedDevice, trigger: Trigger, person: Person | None) -> JobResult:
        """Back up a device and return how it went; errors are in the result."""
        done = self.request(device, trigger, person=person).done
        await asyncio.wait([done])
        try:
            return done.result()
        except DeviceBackupError as error:
            return _result(device, BackupRequest(trigger=trigger), error=error)

    def request_due(self, device: TrackedDevice, trigger: Trigger, attempt: int) -> None:
        """Ask for a backup that is due; without its handler a device waits, as it is caught up when that comes."""
        with suppress(HandlerUnavailableError):
            self.handlers.of(device)
            self.request(device, trigger, attempt)

    async def import_file(
        self,
        device: TrackedDevice,
        artifact: Artifact,
        *,
        made_at: datetime | None,
        may_be_old: bool,
        info: DeviceInfo | None,
    ) -> JobResult:
        """Keep a file as a backup of that time, else of the one that it tells itself, else of now; delete nothing.

        One that may be old and tells no time is kept as one from before the recommended backup.

        Raises UnusableFileError, ForeignFileError, HandlerUnavailableError, HandlerCrashedError, StoreError.
        """
        newest = None if device.summary is None else device.summary.newest
        info = info or (None if newest is None else newest.device)
        job = replace(self._job(device, Trigger.IMPORTED, None), retention=None)
        fetched = await examine_file(job, artifact, info=info, zone=self.devices.zone)
        taken = await self._keep(
            device, job, lambda: job.keep_file(fetched, made_at or fetched.made_at, may_be_old=may_be_old)
        )
        await self.devices.reload(device.key)
        await self.snapshots.wait_until_open()
        result = _result(device, BackupRequest(trigger=Trigger.IMPORTED), taken=taken)
        result = replace(result, device=None)  # what a file tells is not what the device is now
        self.bus.publish(result)
        return result

    def request(
        self, device: TrackedDevice, trigger: Trigger, attempt: int = 1, person: Person | None = None
    ) -> Job[JobResult]:
        """Return the job that answers the request: one that is there already, or a new one."""
        for present in reversed(device.requests):
            if present.is_waiting:
                present.join(trigger, person)
                if present.job is not None:
                    self.queue.raise_to(present.job, present.priority)
                    return present.job
            elif present.job is not None and present.is_running and present.also_serves(trigger, person):
                present.retry_for(trigger)
                return present.job
        request = BackupRequest(trigger=trigger, person=person, attempt=attempt)
        request.retry_for(trigger)
        return self._submit(device, request)

    async def run_now(
        self, device: TrackedDevice, trigger: Trigger, person: Person | None, *, is_partly_restored: bool = False
    ) -> JobResult:
        """Back up a device whose endpoint the caller already holds; a failure is repeated unless a person waits."""
        request = BackupRequest(trigger=trigger, person=person, is_partly_restored=is_partly_restored)
        request.retry_for(trigger)
        result = await self.perform(device, request)
        self.publish_identity(device)
        self.bus.publish(result)
        return result

    def _submit(self, device: TrackedDevice, request: BackupRequest) -> Job[JobResult]:
        job = Job(
            endpoint=device.endpoint,
            priority=request.priority,
            work=_Work(self, device, request),
            awaits_answer=True,
        )
        request.job = job
        device.requests += (request,)
        job.done.add_done_callback(_Finish(self, device, request), context=self.context)
        self.queue.submit(job)
        self.bus.changed(device)
        return job

    def finish(self, device: TrackedDevice, request: BackupRequest, done: asyncio.Future[JobResult]) -> None:
        """Publish the result when the device is no longer running."""
        device.requests = tuple(other for other in device.requests if other is not request)
        self.publish_identity(device)
        if done.cancelled() or done.exception() is not None:
            self.bus.changed(device)
        else:
            self.bus.publish(done.result())

    def publish_identity(self, device: TrackedDevice, config: Mapping[str, object] | None = None) -> None:
        """Publish, once and ahead of the result, that the device has another key, and perhaps another address."""
        if device.earlier is not None:
            earlier, device.earlier = device.earlier, None
            self.bus.publish(IdentityLearned(key=device.key, earlier=earlier, config=config))

    async def perform(self, device: TrackedDevice, request: BackupRequest) -> JobResult:
        """Do what was asked for; errors are in the result."""
        if device.blocked:
            return _result(device, request, error=AuthenticationError(BLOCKED))
        if request.retry_trigger is not None:
            self.scheduler.cancel_retry(device)
        self.bus.changed(device)
        try:
            with expected_errors_only(_LOGGER, f"The backup of {device.settings.title}"):
                return await self._succeeded(device, request, await self._taken(device, request))
        except DeviceBackupError as error:
            return await self._failed(device, request, error)

    async def _taken(self, device: TrackedDevice, request: BackupRequest) -> BackupTaken:
        with (
            showing_prompts(device, request.person, self.clock, self.bus) as person,
            self._showing_progress(device) as progress,
        ):
            job = self._job(device, request.trigger, person)
            job = replace(job, progress=progress, is_partly_restored=request.is_partly_restored)
            place = NO_PLACE if request.job is None else PlaceInQueue(self.queue, request.job)
            fetched = await job.fetch(place)
        job, at = await self._with_own_key(device, job, fetched), self.clock()
        return await self._keep(device, job, lambda: job.keep(fetched, at))

    @contextmanager
    def _showing_progress(self, device: TrackedDevice) -> Iterator[Progress]:
        """Keep in the status of the device how far its backup is, until that ends."""

        def show(_share: float | None, text: Text) -> None:
            device.progress = text
            self.bus.changed(device)

        try:
            yield show
        finally:
            device.progress = None

    def _job(self, device: TrackedDevice, trigger: Trigger, person: Person | None) -> BackupJob:
        """Return what makes the backup; raises HandlerUnavailableError."""
        return BackupJob(
            store=self.store,
            registered=self.handlers.of(device),
            key=device.key,
            title=device.settings.title,
            config=device.settings.config,
            trigger=trigger,
            retention=None if trigger is Trigger.BEFORE_RESTORE else device.effective.retention,
            clock=self.clock,
            sessions=self.sessions,
            person=person,
            chosen=trigger is Trigger.AFTER_RESTORE and device.put_back is not None and not device.put_back.suspect,
            unfinished=None if trigger is Trigger.AFTER_RESTORE else suspicion_by(device.unfinished_restore),
        )

    async def _with_own_key(self, device: TrackedDevice, job: BackupJob, fetched: Fetched) -> BackupJob:
        """Return the job under the id that the device tells, which until now had only an assigned one."""
        own_id = fetched.device.unique_id
        if own_id is None or own_id == job.key.unique_id:
            return job
        return replace(job, key=await self.devices.change_identity(device, own_id))

    async def _keep(
        self, device: TrackedDevice, job: BackupJob, keep: Callable[[], Awaitable[BackupTaken]]
    ) -> BackupTaken:
        """Store what was fetched or handed in; a snapshot that begins waits until that is in memory, too."""
        async with self.snapshots.writing():
            taken = await keep()
            if taken.outcome is Outcome.STORED:
                await self.devices.refresh(device)
        if taken.outcome is Outcome.STORED:
            await job.prune()
        return taken

    async def _succeeded(self, device: TrackedDevice, request: BackupRequest, taken: BackupTaken) -> JobResult:
        await self.devices.refresh(device)
        await self.snapshots.wait_until_open()
        self.scheduler.cancel_retry(device)
        _log_success(device, taken)
        device.last_attempt = Attempt(at=taken.at, outcome=taken.outcome)
        self.scheduler.plan(device)
        return _result(device, request, taken=taken)

    async def _failed(self, device: TrackedDevice, request: BackupRequest, error: DeviceBackupError) -> JobResult:
        error = _first_as_busy(device, error)
        await self._note_failure(device, error)
        if device.blocked:
            self.scheduler.cancel_retry(device)
        delay = next_delay(device.effective.retry, request.attempt, error, random=self.random)
        again = None
        if delay is not None and request.retry_trigger is not None and device.settings.schedule_enabled:
            again = self.scheduler.retry(device, request.retry_trigger, request.attempt + 1, delay)
        self.scheduler.plan(device)
        return _result(device, request, error=error, again=again)

    @asynccontextmanager
    async def noting_stranger(self, device: TrackedDevice) -> AsyncIterator[None]:
        """Let it be known if another device answers, whatever was asked of it: a person has to say what happened."""
        try:
            yield
        except WrongDeviceError as error:
            await self._note_failure(device, error)
            self.bus.changed(device)
            raise

    async def _note_failure(self, device: TrackedDevice, error: DeviceBackupError) -> None:
        attempt = Attempt(
            at=self.clock(),
            outcome=Outcome.FAILED,
            error=error.code,
            detail=error.detail,
            values=error.values,
        )
        blocked = await self._digest(device) if isinstance(error, AuthenticationError) else None
        await self.snapshots.wait_until_open()
        try:
            await self.store.record_attempt(device.key, device.settings.title, attempt, blocked=blocked)
        except StoreError as store_error:
            _LOGGER.warning("The failed backup of %s could not be recorded: %s", device.settings.title, store_error)
        await self.snapshots.wait_until_open()
        _log_failure(device, attempt, error)
        device.last_attempt = attempt
        device.blocked = blocked is not None

    async def _digest(self, device: TrackedDevice) -> str:
        return await asyncio.to_thread(config_digest, device.settings.config)


@dataclass(frozen=True, slots=True)
class _Work:
    """What is done for one request; thousands of them wait, and are few objects for the garbage collector."""

    backups: Backups
    device: TrackedDevice
    request: BackupRequest

    def __call__(self) -> Coroutine[Any, Any, JobResult]:
        return self.backups.perform(self.device, self.request)


@dataclass(frozen=True, slots=True)
class _Finish:
    """What follows once one request was answered."""

    backups: Backups
    device: TrackedDevice
    request: BackupRequest

    def __call__(self, done: asyncio.Future[JobResult]) -> None:
        self.backups.finish(self.device, self.request, done)


def _first_as_busy(device: TrackedDevice, error: DeviceBackupError) -> DeviceBackupError:
    """Return a refused login that may be too many sessions as a busy device, unless it was the same the last time."""
    if not isinstance(error, AuthenticationError) or not error.perhaps_busy:
        return error
    busy, last = DeviceBusyError(error.detail), device.last_attempt
    is_again = last is not None and (last.outcome, last.error) == (Outcome.FAILED, busy.code)
    return error if is_again and last is not None and last.detail == error.detail else busy


def _log_success(device: TrackedDevice, taken: BackupTaken) -> None:
    title = plain(device.settings.title)
    if device.last_failed:
        _LOGGER.info("%s can be backed up again", title)
    _LOGGER.debug("The backup %s of %s is %s", taken.backup.id, title, taken.outcome)


def _log_failure(device: TrackedDevice, attempt: Attempt, error: DeviceBackupError) -> None:
    """Log a failure where people look, one that will pass without a warning, and repetitions where nobody looks."""
    before = device.last_attempt
    known = before is not None and (before.outcome, before.error) == (attempt.outcome, attempt.error)
    first = logging.INFO if is_passing(error.code) else logging.WARNING
    level = logging.DEBUG if known else first
    _LOGGER.log(level, "%s could not be backed up: %s", plain(device.settings.title), plain(str(error)))


def _result(
    device: TrackedDevice,
    request: BackupRequest,
    *,
    taken: BackupTaken | None = None,
    error: DeviceBackupError | None = None,
    again: datetime | None = None,
) -> JobResult:
    return JobResult(
        key=device.key,
        title=device.settings.title,
        outcome=Outcome.FAILED if taken is None else taken.outcome,
        trigger=request.trigger,
        device=None if taken is None else taken.device,
        backup=None if taken is None else taken.backup,
        error=error,
        attempt=request.attempt,
        will_retry_at=again,
    )
