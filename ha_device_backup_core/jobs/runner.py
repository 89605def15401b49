"""One job with one device: session, time limit, error boundary, checks, close; nothing else makes a handler."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from functools import partial

from ..config.config import parse_config
from ..contract import Artifact, DeviceBackupHandler, DeviceInfo, HandlerContext, Person, Progress, unheard
from ..errors import (
    ArtifactError,
    DeviceError,
    RestoreNotVerifiedError,
    RestoreUnsupportedError,
    WrongDeviceError,
)
from ..identity import assigned_identity, is_another, is_withheld
from ..plugins.registry import RegisteredHandler
from ..records import Fetched
from ..restore_records import RestorePlan, RestoreReport
from ..text import Text, _, numbered
from ..waiting import undisturbed
from . import artifact_jobs
from .artifact_jobs import PURE_SECONDS, THREADS, examined
from .error_boundary import JobLogger, error_boundary
from .http_session import SessionFactory, bounded_reader, open_session, tls_of
from .queue_place import NO_PLACE, QueuePlace
from .result_checks import ResultChecks
from .secret_mask import Mask, masking_logger
from .time_limit import JobClock, JobLimits

RESTORE_FACTOR = 5
"""A restore writes what a fetch reads, waits for a restart and reads it back."""
CLOSE_SECONDS = 10.0
_ID_WITHHELD: Text = _(
    "The device does not tell at present which one it is. Make sure that no other one has its address."
)
_OTHER_AT_END: Text = _(
    "Another device has its address now, and may have got the backup or a part of it. See to the addresses, and restore"
    " again."
)


@dataclass(slots=True)
class ProgressReport:
    """Passes on what a handler says of its progress, to who wants to know."""

    mask: Mask
    to: Progress = unheard

    def __call__(self, share: float | None, text: Text) -> None:
        """Pass it on without secrets."""
        self.to(share, self.mask.text(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerJob:
    """A handler at work with one device, and what watches over it."""

    key: Hashable
    """The device, for what works in threads."""
    handler: DeviceBackupHandler
    results: ResultChecks
    mask: Mask
    clock: JobClock
    progress: ProgressReport


async def probe(
    registered: RegisteredHandler,
    config: Mapping[str, object],
    *,
    sessions: SessionFactory | None = None,
    person: Person | None = None,
) -> DeviceInfo:
    """Return who is there."""

    async def work(job: HandlerJob) -> DeviceInfo:
        return await _identify(job, expected_unique_id=None)

    seconds = registered.spec.fetch_timeout
    return await _run(registered, config, work, device=None, seconds=seconds, sessions=sessions, person=person)


async def fetch(
    registered: RegisteredHandler,
    config: Mapping[str, object],
    *,
    expected_unique_id: str | None,
    place: QueuePlace = NO_PLACE,
    sessions: SessionFactory | None = None,
    person: Person | None = None,
    progress: Progress = unheard,
    kept: frozenset[str] | None = None,
) -> Fetched:
    """Fetch and check one backup of the device with that unique id.

    It begins and ends with the question who is there. Waiting for the `place`, once that is told, is outside the limit.
    """
    async with open_job(
        registered,
        config,
        device=expected_unique_id,
        limits=JobLimits(seconds=registered.spec.fetch_timeout),
        sessions=sessions,
        person=person,
        place=place,
        kept=kept,
    ) as job:
        job.progress.to = progress
        device = await _identify(job, expected_unique_id=expected_unique_id)
        with job.clock.stopped():
            await place.answered()
        artifact = job.results.artifact(await job.handler.fetch_backup())
        place.hear()
        place.read()
        fetched, owner = await THREADS.run(
            job.key, lambda: examined(registered, artifact, job.results, device), seconds=PURE_SECONDS
        )
        await _prove_owner(job, device, owner)
    return fetched


async def restore(
    registered: RegisteredHandler,
    config: Mapping[str, object],
    artifact: Artifact,
    progress: Progress,
    *,
    expected_unique_id: str | None,
    begin: Callable[[], AbstractAsyncContextManager[None]] | None = None,
    sessions: SessionFactory | None = None,
    person: Person | None = None,
) -> RestoreReport:
    """Put an artifact back on the device with that unique id; what is no valid backup is refused before any contact.

    `begin` is entered before the device may be changed, and may take long; what its block raises changed nothing.
    """
    if not registered.can_restore:
        raise RestoreUnsupportedError(numbered(registered.spec.restore_guide))
    await artifact_jobs.check(registered, artifact, device=expected_unique_id)

    async def work(job: HandlerJob) -> RestoreReport:
        device = await _identify(job, expected_unique_id=expected_unique_id)
        if begin is not None:
            async with begin():
                await demand_same(job, device.unique_id)
        job.progress.to = progress
        return await put_back(job, artifact, unique_id=device.unique_id)

    seconds = registered.spec.fetch_timeout * RESTORE_FACTOR
    return await _run(
        registered, config, work, device=expected_unique_id, seconds=seconds, sessions=sessions, person=person
    )


async def demand_same(job: HandlerJob, unique_id: str | None) -> None:
    """Raise WrongDeviceError where another device has come since one told that id; who told none is not asked."""
    if unique_id is not None:
        again = job.results.device(await job.handler.test_connection())
        _demand_same(unique_id, again.unique_id or "")


async def put_back(job: HandlerJob, artifact: Artifact, *, unique_id: str | None) -> RestoreReport:
    """Put an artifact back on the device that told that id a moment ago, and see that it still answers."""
    job.clock.overrun = RestoreNotVerifiedError
    report = job.results.report(await job.handler.restore_backup(artifact, job.progress))
    if unique_id is None:
        return report
    try:
        again = job.results.device(await job.handler.test_connection())
        _demand_same(unique_id, again.unique_id)
    except WrongDeviceError as error:
        raise RestoreNotVerifiedError(_OTHER_AT_END) from error
    except (DeviceError, ArtifactError, TimeoutError):
        return report  # what comes at the end of a restore may have ended the connection
    return report if again.unique_id is not None else replace(report, unproven=(*report.unproven, _ID_WITHHELD))


async def plan(
    registered: RegisteredHandler,
    config: Mapping[str, object],
    artifact: Artifact,
    *,
    expected_unique_id: str | None,
    sessions: SessionFactory | None = None,
    person: Person | None = None,
) -> tuple[DeviceInfo, RestorePlan]:
    """Return who answers, and what a restore would do; what is no valid backup is refused before any contact."""
    if not registered.can_restore:
        raise RestoreUnsupportedError(numbered(registered.spec.restore_guide))
    await artifact_jobs.check(registered, artifact, device=expected_unique_id)

    async def work(job: HandlerJob) -> tuple[DeviceInfo, RestorePlan]:
        device = await _identify(job, expected_unique_id=expected_unique_id)
        planned = job.results.plan(await job.handler.plan_restore(artifact))
        if is_withheld(expected_unique_id, device.unique_id):
            planned = replace(planned, risks=(*planned.risks, _ID_WITHHELD))
        return device, planned

    seconds = registered.spec.fetch_timeout
    return await _run(
        registered, config, work, device=expected_unique_id, seconds=seconds, sessions=sessions, person=person
    )


async def _run[R](
    registered: RegisteredHandler,
    raw: Mapping[str, object],
    work: Callable[[HandlerJob], Awaitable[R]],
    *,
    device: str | None,
    seconds: float,
    sessions: SessionFactory | None,
    person: Person | None,
) -> R:
    limits = JobLimits(seconds=seconds)
    async with open_job(registered, raw, device=device, limits=limits, sessions=sessions, person=person) as job:
        return await work(job)


@contextlib.asynccontextmanager
async def open_job(
    registered: RegisteredHandler,
    raw: Mapping[str, object],
    *,
    device: str | None,
    limits: JobLimits,
    sessions: SessionFactory | None = None,
    person: Person | None = None,
    place: QueuePlace = NO_PLACE,
    kept: frozenset[str] | None = None,
) -> AsyncIterator[HandlerJob]:
    """Make a handler, let the block ask it, and close it; only errors of the contract leave the block.

    A handler may be allowed fewer bytes than its kind.
    """
    spec = registered.spec
    config = parse_config(spec, raw)
    mask = Mask.of(spec, config)
    key = (spec.kind, device or assigned_identity(spec, config))
    logger = masking_logger(registered.handler.__module__, mask)
    async with open_session(sessions, place) as http:
        with error_boundary(registered, mask, logger, device=True):
            clock, progress = JobClock(limits.seconds, person, mask), ProgressReport(mask)
            context = HandlerContext(
                http=http,
                read=bounded_reader(limits.bytes_of(spec.max_artifact_bytes), place),
                tls=tls_of(spec, config),
                run_blocking=partial(_run_blocking, key),
                logger=logger,
                progress=progress,
                kept=kept,
                person=clock.person,
            )
            handler = registered.handler(context, config)
            try:
                async with clock:
                    results = ResultChecks(registered, mask, most_bytes=limits.most_bytes)
                    yield HandlerJob(
                        key=key, handler=handler, results=results, mask=mask, clock=clock, progress=progress
                    )
            finally:
                await _close(handler, logger)


async def _run_blocking[**P, R](device: Hashable, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    return await THREADS.run(device, partial(function, *args, **kwargs))


async def _close(handler: DeviceBackupHandler, logger: JobLogger) -> None:
    closing = asyncio.create_task(_close_in_time(handler, logger))
    try:
        await undisturbed(closing)
    except asyncio.CancelledError:
        await closing
        raise


async def _close_in_time(handler: DeviceBackupHandler, logger: JobLogger) -> None:
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await handler.close()
    except (asyncio.CancelledError, KeyboardInterrupt):
        raise
    except BaseException:
        logger.warning("The handler did not close cleanly", exc_info=True)


async def _identify(job: HandlerJob, *, expected_unique_id: str | None) -> DeviceInfo:
    device = job.results.device(await job.handler.test_connection())
    _demand_same(expected_unique_id, device.unique_id)
    return device


async def _prove_owner(job: HandlerJob, device: DeviceInfo, owner: str | None) -> None:
    """Raise WrongDeviceError where another device came to the address while the backup was fetched."""
    if owner is None:
        await demand_same(job, device.unique_id)
    else:
        _demand_same(device.unique_id, owner)


def _demand_same(expected: str | None, found: str | None) -> None:
    if is_another(expected, found):
        raise WrongDeviceError
