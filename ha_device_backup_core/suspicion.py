"""Whether a new backup looks as if the device had lost its configuration: pure."""

from dataclasses import dataclass
from enum import StrEnum

from .contract import Artifact
from .errors import ArtifactError
from .text import Text


class Suspicion(StrEnum):
    """Why a backup is suspect: it is kept, but nothing begins with it before a person said that it is right."""

    FACTORY_STATE = "factory_state"
    """The device was reset: the handler knows its factory state."""
    FEWER_FILES = "fewer_files"
    FEWER_BYTES = "fewer_bytes"
    UNFINISHED_RESTORE = "unfinished_restore"
    """A restore was begun on the device and did not end well, so nobody knows what it holds."""

    @property
    def text(self) -> Text:
        """Return it in people's words."""
        return _TEXTS[self]


_TEXTS: dict[Suspicion, Text] = {
    Suspicion.FACTORY_STATE: {
        "en": "The device holds its factory settings.",
        "de": "Das Gerät hat seine Werkseinstellungen.",
    },
    Suspicion.FEWER_FILES: {
        "en": "More than half of the files of the backup before are gone.",
        "de": "Mehr als die Hälfte der Dateien des Backups davor fehlt.",
    },
    Suspicion.FEWER_BYTES: {
        "en": "It is less than half as large as the backup before.",
        "de": "Es ist nicht einmal halb so groß wie das Backup davor.",
    },
    Suspicion.UNFINISHED_RESTORE: {
        "en": "A restore of the device was not finished before.",
        "de": "Davor wurde eine Wiederherstellung des Geräts nicht fertig.",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much an artifact holds, and whether that is the work of a person."""

    configured: bool | None
    files: int
    size: int
    """Bytes of all its files."""

    @classmethod
    def of(cls, artifact: Artifact, *, configured: bool | None) -> "Extent":
        """Measure an artifact."""
        try:
            contents = [len(content) for content in artifact.files().values()]
        except ArtifactError:
            contents = [len(artifact.content)]
        return cls(configured=configured, files=len(contents), size=sum(contents))


def suspicion_of(new: Extent, before: Extent | None, *, comparable: bool) -> Suspicion | None:
    """Return why the new backup is suspect beside the recommended one before it.

    `comparable` says that less would be a loss: nothing is missing that is named, and no person chose this state.
    """
    if before is None:
        return None
    if new.configured is False and before.configured is not False:
        return Suspicion.FACTORY_STATE
    if not comparable:
        return None
    if 2 * new.files < before.files:
        return Suspicion.FEWER_FILES
    return Suspicion.FEWER_BYTES if 2 * new.size < before.size else None
