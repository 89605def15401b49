"""From the wish for a backup to its published result: joining, queueing, recording, trying again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from random import Random

from ha_device_backup_core.config.config import config_digest
from ha_device_backup_core.contract import Person
from ha_device_backup_core.errors import AuthenticationError, DeviceBackupError, StoreError
from ha_device_backup_core.policies.retry import next_delay
from ha_device_backup_core.records import Attempt, Outcome, Trigger
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.text import Text, _, plain

from .backup_job import BackupJob, BackupTaken
from .device import BackupRequest, TrackedDevice
from .events import IdentityLearned, JobResult, PromptChanged
from .job_queue import Job, JobQueue
from .prompts import attending
from .scheduler import Planner

_LOGGER = logging.getLogger(__name__)

BLOCKED: Text = _("Until you enter another one, it is left alone.")
_UNEXPECTED: Text = _("Something unexpected happened; the log tells more.")


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupRequests:
    """Takes requests for backups; the devices are the manager's."""

    store: BackupStore
    queue: JobQueue
    planner: Planner
    clock: Callable[[], datetime]
    random: Random
    make_job: Callable[[TrackedDevice, Trigger, Person | None], BackupJob]
    """Raises HandlerUnavailableError."""
    may_store: Callable[[], Awaitable[object]]
    refresh: Callable[[TrackedDevice], Awaitable[None]]
    """Takes what is stored of the device into memory."""
    publish: Callable[[JobResult | IdentityLearned], None]
    changed: Callable[[TrackedDevice], None]
    prompted: Callable[[PromptChanged], None]

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
            elif present.job is not None and present.is_running and present.answers(trigger, person):
                present.join_retry(trigger)
                return present.job
        request = BackupRequest(trigger=trigger, person=person, attempt=attempt)
        request.join_retry(trigger)
        return self._submit(device, request)

    async def run_now(self, device: TrackedDevice, trigger: Trigger, person: Person | None) -> JobResult:
        """Back up a device whose endpoint the caller already holds; a failure is repeated unless a person waits."""
        request = BackupRequest(trigger=trigger, person=person)
        request.join_retry(trigger)
        result = await self._run(device, request)
        self.publish_identity(device)
        self.publish(result)
        return result

    def _submit(self, device: TrackedDevice, request: BackupRequest) -> Job[JobResult]:
        job = Job(
            endpoint=device.endpoint,
            priority=request.priority,
            work=partial(self._run, device, request),
            awaits_answer=True,
        )
        request.job = job
        device.requests.append(request)
        job.done.add_done_callback(partial(self._finish, device, request))
        self.queue.submit(job)
        self.changed(device)
        return job

    def _finish(self, device: TrackedDevice, request: BackupRequest, done: asyncio.Future[JobResult]) -> None:
        """Publish the result when the device is no longer running."""
        device.requests.remove(request)
        self.publish_identity(device)
        if done.cancelled() or done.exception() is not None:
            self.changed(device)
        else:
            self.publish(done.result())

    def publish_identity(self, device: TrackedDevice, config: Mapping[str, object] | None = None) -> None:
        """Publish, once and ahead of the result, that the device has another key, and perhaps another address."""
        if device.earlier is not None:
            earlier, device.earlier = device.earlier, None
            self.publish(IdentityLearned(key=device.key, earlier=earlier, config=config))

    async def _run(self, device: TrackedDevice, request: BackupRequest) -> JobResult:
        if device.blocked:
            return _result(device, request, error=AuthenticationError(BLOCKED))
        if request.retry_as is not None:
            self.planner.forget_retry(device)
        self.changed(device)
        try:
            with attending(device, request.person, self.clock, self.prompted) as person:
                job = self.make_job(device, request.trigger, person)
                if request.job is not None:
                    job = replace(job, answered=partial(self.queue.answered, request.job))
                taken = await job.run()
        except DeviceBackupError as error:
            return await self._failed(device, request, error)
        except Exception:
            _LOGGER.exception("The backup of %s failed unexpectedly", device.settings.title)
            return await self._failed(device, request, DeviceBackupError(_UNEXPECTED))
        return await self._succeeded(device, request, taken)

    async def _succeeded(self, device: TrackedDevice, request: BackupRequest, taken: BackupTaken) -> JobResult:
        await self.refresh(device)
        await self.may_store()
        self.planner.forget_retry(device)
        _log_success(device, taken)
        device.last_attempt = Attempt(at=taken.at, outcome=taken.outcome)
        self.planner.plan(device)
        return _result(device, request, taken=taken)

    async def _failed(self, device: TrackedDevice, request: BackupRequest, error: DeviceBackupError) -> JobResult:
        attempt = Attempt(
            at=self.clock(),
            outcome=Outcome.FAILED,
            error=error.code,
            detail=error.detail,
            values=error.values,
        )
        blocked = await self._digest(device) if isinstance(error, AuthenticationError) else None
        await self.may_store()
        try:
            await self.store.record_attempt(device.key, device.settings.title, attempt, blocked=blocked)
        except StoreError as store_error:
            _LOGGER.warning("The failed backup of %s could not be recorded: %s", device.settings.title, store_error)
        await self.may_store()
        _log_failure(device, attempt, error)
        device.last_attempt = attempt
        device.blocked = blocked is not None
        if device.blocked:
            self.planner.forget_retry(device)
        delay = next_delay(device.effective.retry, request.attempt, error, random=self.random)
        again = None
        if delay is not None and request.retry_as is not None and device.settings.schedule_enabled:
            again = self.planner.retry(device, request.retry_as, request.attempt + 1, delay)
        self.planner.plan(device)
        return _result(device, request, error=error, again=again)

    async def _digest(self, device: TrackedDevice) -> str:
        return await asyncio.to_thread(config_digest, device.settings.config)


def _log_success(device: TrackedDevice, taken: BackupTaken) -> None:
    title = plain(device.settings.title)
    if device.last_failed:
        _LOGGER.info("%s can be backed up again", title)
    _LOGGER.debug("The backup %s of %s is %s", taken.backup.id, title, taken.outcome)


def _log_failure(device: TrackedDevice, attempt: Attempt, error: DeviceBackupError) -> None:
    """Log a failure where people look, and its repetitions where they do not."""
    before = device.last_attempt
    known = before is not None and (before.outcome, before.error) == (attempt.outcome, attempt.error)
    level = logging.DEBUG if known else logging.WARNING
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
