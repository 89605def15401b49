"""What a handler says of an artifact, without any device: in a thread, within a limit, and checked."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from ..contract import Artifact, DeviceInfo, Note
from ..contract.artifact import unpacked_once
from ..errors import ArtifactError, ForeignFileError, RestoreRejectedError, UnusableFileError
from ..file_facts import FileFacts, time_in_name
from ..identity import is_another
from ..plugins.registry import RegisteredHandler
from ..records import Fetched
from ..suspicion import Extent
from ..text import _
from .error_boundary import error_boundary
from .fingerprint import fingerprint
from .pure_work import Threads
from .result_checks import ResultChecks
from .secret_mask import Mask, masking_logger

PURE_SECONDS = 60.0
THREADS = Threads()
"""For all that handlers do in threads: a device has one at a time."""


async def part(registered: RegisteredHandler, artifact: Artifact, names: Collection[str]) -> Artifact:
    """Return a valid artifact with only these of its files.

    Raises RestoreRejectedError where the kind goes back only as a whole, or one is none of its files.
    """
    if not registered.can_restore_part:
        raise RestoreRejectedError(_("A backup of {kind} goes back only as a whole.", kind=registered.spec.name))

    def work() -> Artifact:
        results = ResultChecks(registered, Mask(()))
        return results.artifact(registered.handler.part(artifact, names))

    return await pure(registered, None, work)


async def extent(registered: RegisteredHandler, artifact: Artifact, *, device: str | None = None) -> Extent:
    """Return how much a valid artifact holds; `device` is whose it is."""

    def work() -> Extent:
        results = ResultChecks(registered, Mask(()))
        return Extent.of(artifact, configured=results.configured(registered.handler.configured(artifact)))

    return await pure(registered, device, work)


async def check(registered: RegisteredHandler, artifact: Artifact, *, device: str | None = None) -> tuple[Note, ...]:
    """Return the doubts and remarks about an artifact, or raise InvalidArtifactError; `device` is whose it is."""
    return await pure(registered, device, lambda: _validate(registered, artifact, ResultChecks(registered, Mask(()))))


async def examine(
    registered: RegisteredHandler,
    artifact: Artifact,
    *,
    device: DeviceInfo,
    expected_unique_id: str,
    zone: tzinfo | None = None,
) -> Fetched:
    """Check a file that a person handed in as a backup of the device.

    It is recorded with what it tells of itself: model, version and time (that of its name where the content has none),
    which is that of the `zone` where the file names none, and of this machine without one.
    Raises UnusableFileError, ForeignFileError, HandlerCrashedError.
    """

    def work() -> tuple[Fetched, str | None]:
        results = ResultChecks(registered, Mask(()))
        checked = results.artifact(artifact)
        fetched, owner = examined(registered, checked, results, device)
        facts = results.facts(registered.handler.describe(checked, device))
        fetched = fetched if facts is None else _with_facts(fetched, facts, zone)
        return replace(fetched, made_at=fetched.made_at or time_in_name(artifact.filename, zone)), owner

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
class FileFindings:
    """What a valid file tells of itself."""

    owner: str | None
    notes: tuple[Note, ...]
    facts: FileFacts | None


async def recognizes(registered: RegisteredHandler, artifact: Artifact) -> bool:
    """Return whether a file shows that it is of the handler's kind; raises ArtifactError, HandlerCrashedError."""

    def work() -> bool:
        results = ResultChecks(registered, Mask(()))
        return results.recognizes(registered.handler.recognizes(results.artifact(artifact)))

    return await pure(registered, None, work)


async def inspect_file(registered: RegisteredHandler, artifact: Artifact, device: DeviceInfo) -> FileFindings:
    """Return what a file tells, whichever device it is of; raises ArtifactError, HandlerCrashedError."""

    def work() -> FileFindings:
        results = ResultChecks(registered, Mask(()))
        checked = results.artifact(artifact)
        return FileFindings(
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


async def pure[R](registered: RegisteredHandler, device: str | None, function: Callable[[], R]) -> R:
    """Return what a method of the handler class makes of its arguments alone, within limits."""
    mask = Mask(())
    with error_boundary(registered, mask, masking_logger(registered.handler.__module__, mask), device=False):
        return await THREADS.run((registered.kind, device or object()), function, seconds=PURE_SECONDS)


def results_of(registered: RegisteredHandler) -> ResultChecks:
    """Return what checks the results of methods that know no secrets of a configuration."""
    return ResultChecks(registered, Mask(()))


def examined(
    registered: RegisteredHandler, artifact: Artifact, results: ResultChecks, device: DeviceInfo
) -> tuple[Fetched, str | None]:
    """Return the artifact, checked, and whose it says it is."""
    with unpacked_once(artifact):
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


def _validate(registered: RegisteredHandler, artifact: Artifact, results: ResultChecks) -> tuple[Note, ...]:
    return results.notes("validate", registered.handler.validate(artifact))


def _fingerprint(registered: RegisteredHandler, artifact: Artifact, notes: tuple[Note, ...]) -> str:
    return fingerprint(registered.handler.normalize(artifact), (*artifact.missing, *notes))
