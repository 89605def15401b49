"""Files that come without a word about what they are: their kind and their device, by their content alone."""

import logging
from dataclasses import dataclass

from ..contract import Artifact, DeviceInfo, Note
from ..errors import ArtifactError, HandlerCrashedError, UnusableFileError
from ..file_facts import FileFacts
from ..plugins.registry import HandlerRegistry, RegisteredHandler
from ..snapshot_files import why_no_backup_of_device
from ..text import _, joined
from . import artifact_jobs

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognizedFile:
    """A valid file, the handler that knows it, and what it tells of itself."""

    artifact: Artifact
    registered: RegisteredHandler
    owner: str | None
    """The unique id of the device that it is of."""
    notes: tuple[Note, ...]
    facts: FileFacts | None


async def recognize(registry: HandlerRegistry, artifact: Artifact) -> RecognizedFile:
    """Return what a file is; raises UnusableFileError where no handler knows it, several do, or it is damaged."""
    registered = await _knowing(registry, artifact)
    try:
        return await looked_into(registered, artifact)
    except ArtifactError as error:
        name = registered.spec.name
        if error.detail is None:
            raise UnusableFileError(_("It is of {kind}, but damaged.", kind=name)) from error
        raise UnusableFileError(
            _("It is of {kind}, but cannot be used: {reason}", kind=name, reason=error.detail)
        ) from error


async def looked_into(registered: RegisteredHandler, artifact: Artifact) -> RecognizedFile:
    """Return what a file of that kind tells; raises ArtifactError, HandlerCrashedError."""
    inspected = await artifact_jobs.inspect_file(
        registered, artifact, DeviceInfo(unique_id=None, name=artifact.filename)
    )
    return RecognizedFile(
        artifact=artifact, registered=registered, owner=inspected.owner, notes=inspected.notes, facts=inspected.facts
    )


async def _knowing(registry: HandlerRegistry, artifact: Artifact) -> RegisteredHandler:
    knowing, reasons = [], []
    for registered in registry.handlers.values():
        try:
            if await artifact_jobs.recognizes(registered, artifact):
                knowing.append(registered)
        except ArtifactError as error:
            reasons.append(error.detail)
        except HandlerCrashedError as error:
            _LOGGER.warning("%s is not asked about %s: %s", registered.distribution, artifact.filename, error)
    if len(knowing) == 1:
        return knowing[0]
    if knowing:
        kinds = joined([registered.spec.name for registered in knowing], ", ")
        raise UnusableFileError(_("It could be of several kinds: {kinds}.", kinds=kinds))
    # Who looks into a zip file says what is wrong with it; the others never opened it.
    if reasons and (len(reasons) == len(registry.handlers) or artifact.media_type == "application/zip"):
        raise UnusableFileError(reasons[0])
    unknown = _("None of the installed packages knows what it is.")
    raise UnusableFileError(why_no_backup_of_device(artifact.content) or unknown)
