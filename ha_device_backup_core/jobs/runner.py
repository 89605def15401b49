"""One job with one handler: session, time limit, error door, checks, close; nothing else calls a handler."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import partial

from ..config.config import parse_config
from ..contract import Artifact, DeviceBackupHandler, DeviceInfo, HandlerContext, Note, Person, Progress
from ..errors import (
    ArtifactError,
    ForeignFileError,
    RestoreNotVerifiedError,
    RestoreRejectedError,
    RestoreUnsupportedError,
    UnusableFileError,
    WrongDeviceError,
)
from ..file_facts import FileFacts
from ..identity import assigned_identity, is_another
from ..plugins.registry import RegisteredHandler
from ..restore_records import RestorePlan, RestoreReport
from ..suspicion import Extent
from ..text import Text, _, as_value, numbered
from ..waiting import undisturbed
from .error_boundary import JobLogger, error_door
from .fingerprint import fingerprint
from .http_session import SessionFactory, bounded_reader, open_session, tls_of
from .pure_work import Threads
from .result_checks import Results
from .secret_mask import Mask, masking_logger
from .time_limit import JobClock

RESTORE_FACTOR = 5
"""A restore writes what a fetch reads, waits for a restart and reads it back."""
CLOSE_SECONDS = 10.0
PURE_SECONDS = 60.0
_WORK = Threads()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A checked artifact, ready to be stored."""

    device: DeviceInfo
    artifact: Artifact
    doubts: tuple[Note, ...]
    remarks: tuple[Note, ...]
    fingerprint: str
    extent: Extent
    made_at: datetime | None = None
    """When the device made it, where a file that was handed in tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    key: Hashable
    """The device, for what works in threads."""
    handler: DeviceBackupHandler
    results: Results
    mask: Mask
    clock: JobClock


async def probe(
    registered: RegisteredHandler,
    config: Mapping[str, object],
    *,
    sessions: SessionFactory | None = None,
    person: Person | None = None,
) -> DeviceInfo:
    """Return who is there."""

    async def work(job: _Job) -> DeviceInfo:
        return await _identify(job, expected_unique_id=None)

    seconds = registered.spec.fetch_timeout
    return await _run(registered, config, work, device=None, seconds=seconds, sessions=sessions, person=person)


async def fetch(
    registered: RegisteredHandler,
    config: Mapping[str, object],
    *,
    expected_unique_id: str | None,
    answered: Callable[[], Awaitable[None]] | None = None,
    sessions: SessionFactory | None = None,
    person: Person | None = None,
) -> Fetched:
    """Fetch and check one backup of the device with that unique id.

    It begins and ends with the question who is there, so that nothing of another one is taken for its own. `answered`
    is awaited, outside of the limit, when the device told who it is.
    """

    async def work(job: _Job) -> Fetched:
        device = await _identify(job, expected_unique_id=expected_unique_id)
        if answered is not None:
            with job.clock.stopped():
                await answered()
        artifact = job.results.artifact(await job.handler.fetch_backup())
        fetched, owner = await _WORK.run(
            job.key, lambda: _examine(registered, artifact, job.results, device), seconds=PURE_SECONDS
        )
        await _prove_owner(job, device, owner)
        return fetched

    seconds = registered.spec.fetch_timeout
    return await _run(
        registered, config, work, device=expected_unique_id, seconds=seconds, sessions=sessions, person=person
    )


async def restore(
    registered: RegisteredHandler,
    config: Mapping[str, object],
    artifact: Artifact,
    progress: Progress,
    *,
    expected_unique_id: str | None,
    begin: Callable[[], Awaitable[None]] | None = None,
    sessions: SessionFactory | None = None,
    person: Person | None = None,
) -> RestoreReport:
    """Put an artifact back on the device with that unique id; what is no valid backup is refused before any contact.

    `begin` is awaited right before the device may be changed.
    """
    if not registered.can_restore:
        raise RestoreUnsupportedError(numbered(registered.spec.restore_guide))
    await check(registered, artifact, device=expected_unique_id)

    async def work(job: _Job) -> RestoreReport:
        def report_progress(share: float | None, text: Text) -> None:
            progress(share, job.mask.text(text))

        await _identify(job, expected_unique_id=expected_unique_id)
        if begin is not None:
            await begin()
        job.clock.overrun = RestoreNotVerifiedError
        return job.results.report(await job.handler.restore_backup(artifact, report_progress))

    seconds = registered.spec.fetch_timeout * RESTORE_FACTOR
    return await _run(
        registered, config, work, device=expected_unique_id, seconds=seconds, sessions=sessions, person=person
    )


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
    await check(registered, artifact, device=expected_unique_id)

    async def work(job: _Job) -> tuple[DeviceInfo, RestorePlan]:
        device = await _identify(job, expected_unique_id=expected_unique_id)
        return device, job.results.plan(await job.handler.plan_restore(artifact))

    seconds = registered.spec.fetch_timeout
    return await _run(
        registered, config, work, device=expected_unique_id, seconds=seconds, sessions=sessions, person=person
    )


async def part(registered: RegisteredHandler, artifact: Artifact, names: Collection[str]) -> Artifact:
    """Return a valid artifact with only these of its files.

    Raises RestoreRejectedError where the kind goes back only as a whole, or one is none of its files.
    """
    if not registered.can_restore_part:
        raise RestoreRejectedError(
            _("A backup of {kind} goes back only as a whole.", kind=as_value(registered.spec.name))
        )

    def work() -> Artifact:
        results = Results(registered, Mask(()))
        return results.artifact(registered.handler.part(artifact, names))

    return await pure(registered, None, work)


async def extent(registered: RegisteredHandler, artifact: Artifact, *, device: str | None = None) -> Extent:
    """Return how much a valid artifact holds; `device` is whose it is."""

    def work() -> Extent:
        results = Results(registered, Mask(()))
        return Extent.of(artifact, configured=results.configured(registered.handler.configured(artifact)))

    return await pure(registered, device, work)


async def check(registered: RegisteredHandler, artifact: Artifact, *, device: str | None = None) -> tuple[Note, ...]:
    """Return the doubts and remarks about an artifact, or raise InvalidArtifactError; `device` is whose it is."""
    return await pure(registered, device, lambda: _validate(registered, artifact, Results(registered, Mask(()))))


async def examine(
    registered: RegisteredHandler,
    artifact: Artifact,
    *,
    device: DeviceInfo,
    expected_unique_id: str,
    zone: tzinfo | None = None,
) -> Fetched:
    """Check a file that a person handed in as a backup of the device.

    It is recorded with what it tells of itself: model, version and time, which is that of the `zone` where the file
    names none, and of this machine without one. Raises UnusableFileError, ForeignFileError,
    HandlerCrashedError.
    """

    def work() -> tuple[Fetched, str | None]:
        results = Results(registered, Mask(()))
        checked = results.artifact(artifact)
        fetched, owner = _examine(registered, checked, results, device)
        facts = results.facts(registered.handler.describe(checked, device))
        return fetched if facts is None else _with_facts(fetched, facts, zone), owner

    try:
        fetched, owner = await pure(registered, expected_unique_id, work)
    except ForeignFileError:
        raise
    except ArtifactError as error:
        raise UnusableFileError(error.detail) from error
    if is_another(expected_unique_id, owner):
        raise ForeignFileError(owner=owner)
    return fetched


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTold:
    """What a valid file tells of itself."""

    owner: str | None
    notes: tuple[Note, ...]
    facts: FileFacts | None


async def recognizes(registered: RegisteredHandler, artifact: Artifact) -> bool:
    """Return whether a file shows that it is of the handler's kind; raises ArtifactError, HandlerCrashedError."""

    def work() -> bool:
        results = Results(registered, Mask(()))
        return results.recognizes(registered.handler.recognizes(results.artifact(artifact)))

    return await pure(registered, None, work)


async def look_into(registered: RegisteredHandler, artifact: Artifact, device: DeviceInfo) -> FileTold:
    """Return what a file tells, whichever device it is of; raises ArtifactError, HandlerCrashedError."""

    def work() -> FileTold:
        results = Results(registered, Mask(()))
        checked = results.artifact(artifact)
        return FileTold(
            notes=_validate(registered, checked, results),
            owner=results.owner(registered.handler.owner(checked)),
            facts=results.facts(registered.handler.describe(checked, device)),
        )

    return await pure(registered, None, work)


async def fingerprint_of(
    registered: RegisteredHandler, artifact: Artifact, notes: tuple[Note, ...], *, device: str | None = None
) -> str:
    """Return the fingerprint that this version of the handler makes of an artifact; `device` is whose it is."""
    return await pure(registered, device, lambda: _fingerprint(registered, artifact, notes))


async def _run[R](
    registered: RegisteredHandler,
    raw: Mapping[str, object],
    work: Callable[[_Job], Awaitable[R]],
    *,
    device: str | None,
    seconds: float,
    sessions: SessionFactory | None,
    person: Person | None,
) -> R:
    spec = registered.spec
    config = parse_config(spec, raw)
    mask = Mask.of(spec, config)
    key = (spec.kind, device or assigned_identity(spec, config))
    logger = masking_logger(registered.handler.__module__, mask)
    async with open_session(sessions) as http:
        with error_door(registered, mask, logger, device=True):
            clock = JobClock(seconds, person, mask)
            context = HandlerContext(
                http=http,
                read=bounded_reader(spec.max_artifact_bytes),
                tls=tls_of(spec, config),
                run_blocking=partial(_run_blocking, key),
                logger=logger,
                person=clock.person,
            )
            handler = registered.handler(context, config)
            try:
                async with clock:
                    return await work(
                        _Job(key=key, handler=handler, results=Results(registered, mask), mask=mask, clock=clock)
                    )
            finally:
                await _close(handler, logger)


async def _run_blocking[**P, R](device: Hashable, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    return await _WORK.run(device, partial(function, *args, **kwargs))


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


async def pure[R](registered: RegisteredHandler, device: str | None, function: Callable[[], R]) -> R:
    """Return what a method of the handler class makes of its arguments alone, within limits."""
    mask = Mask(())
    with error_door(registered, mask, masking_logger(registered.handler.__module__, mask), device=False):
        return await _WORK.run((registered.kind, device or object()), function, seconds=PURE_SECONDS)


async def _identify(job: _Job, *, expected_unique_id: str | None) -> DeviceInfo:
    device = job.results.device(await job.handler.test_connection())
    _demand_same(expected_unique_id, device.unique_id)
    return device


async def _prove_owner(job: _Job, device: DeviceInfo, owner: str | None) -> None:
    """Raise WrongDeviceError where another device came to the address while the backup was fetched."""
    if device.unique_id is None:
        return
    if owner is None:
        again = job.results.device(await job.handler.test_connection())
        owner = again.unique_id or ""
    _demand_same(device.unique_id, owner)


def _demand_same(expected: str | None, found: str | None) -> None:
    if is_another(expected, found):
        raise WrongDeviceError


def _examine(
    registered: RegisteredHandler, artifact: Artifact, results: Results, device: DeviceInfo
) -> tuple[Fetched, str | None]:
    """Return the artifact, checked, and whose it says it is."""
    notes = _validate(registered, artifact, results)
    fetched = Fetched(
        device=device,
        artifact=artifact,
        doubts=tuple(note for note in notes if not note.is_remark),
        remarks=tuple(note for note in notes if note.is_remark),
        fingerprint=_fingerprint(registered, artifact, notes),
        extent=Extent.of(artifact, configured=results.configured(registered.handler.configured(artifact))),
    )
    return fetched, results.owner(registered.handler.owner(artifact))


def _with_facts(fetched: Fetched, facts: FileFacts, zone: tzinfo | None) -> Fetched:
    device = replace(fetched.device, model=facts.model or fetched.device.model, version=facts.version)
    return replace(fetched, device=device, made_at=facts.made_at and _in_zone(facts.made_at, zone))


def _in_zone(at: datetime, zone: tzinfo | None) -> datetime:
    if at.tzinfo is not None:
        return at
    return at.astimezone() if zone is None else at.replace(tzinfo=zone)


def _validate(registered: RegisteredHandler, artifact: Artifact, results: Results) -> tuple[Note, ...]:
    return results.notes("validate", registered.handler.validate(artifact))


def _fingerprint(registered: RegisteredHandler, artifact: Artifact, notes: tuple[Note, ...]) -> str:
    return fingerprint(registered.handler.normalize(artifact), (*artifact.missing, *notes))
