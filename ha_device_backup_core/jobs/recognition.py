"""Files that come without a word about what they are: their kind and their device, by their content alone."""

import logging
from dataclasses import dataclass

from ..contract import Artifact, DeviceInfo, Note
from ..errors import ArtifactError, HandlerCrashedError, InvalidArtifactError, UnusableFileError
from ..file_facts import FileFacts
from ..plugins.registry import HandlerRegistry, RegisteredHandler
from ..text import _, as_value, joined
from . import runner

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
        name = as_value(registered.spec.name)
        if error.detail is None:
            raise UnusableFileError(_("It is of {kind}, but damaged.", kind=name)) from error
        raise UnusableFileError(
            _("It is of {kind}, but cannot be used: {reason}", kind=name, reason=as_value(error.detail))
        ) from error


async def looked_into(registered: RegisteredHandler, artifact: Artifact) -> RecognizedFile:
    """Return what a file of that kind tells; raises ArtifactError, HandlerCrashedError."""
    told = await runner.look_into(registered, artifact, DeviceInfo(unique_id=None, name=artifact.filename))
    return RecognizedFile(
        artifact=artifact, registered=registered, owner=told.owner, notes=told.notes, facts=told.facts
    )


async def _knowing(registry: HandlerRegistry, artifact: Artifact) -> RegisteredHandler:
    knowing = [registered for registered in registry.handlers.values() if await _recognizes(registered, artifact)]
    if not knowing:
        raise UnusableFileError(_("None of the installed packages knows what it is."))
    if len(knowing) > 1:
        kinds = joined([registered.spec.name for registered in knowing], ", ")
        raise UnusableFileError(_("It could be of several kinds: {kinds}.", kinds=kinds))
    return knowing[0]


async def _recognizes(registered: RegisteredHandler, artifact: Artifact) -> bool:
    try:
        return await runner.recognizes(registered, artifact)
    except InvalidArtifactError:
        return False
    except HandlerCrashedError as error:
        _LOGGER.warning("%s is not asked about %s: %s", registered.distribution, artifact.filename, error)
        return False
