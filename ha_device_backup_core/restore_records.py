"""What a restore would do, and what it did."""

from dataclasses import dataclass
from enum import StrEnum

from .text import Text, in_language


class FileChange(StrEnum):
    """What a restore would do to one file on the device."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    UNKNOWN = "unknown"
    """It would be written; whether it differs cannot be told beforehand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFile:
    """One file that a restore would put on the device."""

    name: str
    change: FileChange
    details: tuple[Text, ...] = ()
    """What would be different afterwards, a thing a line, in people's words and without secrets."""

    def to_dict(self, language: str = "en") -> dict[str, object]:
        """Return it as plain values."""
        return {"name": self.name, "change": self.change.value, "details": _texts(self.details, language)}


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorePlan:
    """What a restore would do now, told by a handler that asked the device and changed nothing."""

    files: tuple[PlannedFile, ...] = ()
    refused: tuple[Text, ...] = ()
    """What would not be put back, and why."""
    needs: tuple[Text, ...] = ()
    """What would be left to the person."""
    risks: tuple[Text, ...] = ()
    """What could go wrong by it, as a connection that ends."""
    restarts: bool = False

    @property
    def changes_nothing(self) -> bool:
        """Return whether the device holds every file already."""
        return bool(self.files) and all(file.change is FileChange.UNCHANGED for file in self.files)

    def to_dict(self, language: str = "en") -> dict[str, object]:
        """Return what is told of it everywhere, as plain values."""
        return {
            "files": [file.to_dict(language) for file in self.files],
            "refused": _texts(self.refused, language),
            "needs": _texts(self.needs, language),
            "risks": _texts(self.risks, language),
            "restarts": self.restarts,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreReport:
    """What a restore did: `proven` was read back from the device, `unproven` was not, `needs` is left to the person."""

    proven: tuple[Text, ...] = ()
    unproven: tuple[Text, ...] = ()
    needs: tuple[Text, ...] = ()
    whole: bool = True
    """Whether no settings of the backup had to be left out: else what the device holds does not take its place."""
    nothing_to_do: bool = False
    """Set by the product where a plan found everything on the device already, and nothing was sent."""

    def to_dict(self, language: str = "en") -> dict[str, object]:
        """Return what is told of it everywhere, as plain values."""
        return {
            "proven": _texts(self.proven, language),
            "unproven": _texts(self.unproven, language),
            "needs": _texts(self.needs, language),
        }


def _texts(texts: tuple[Text, ...], language: str) -> list[str]:
    return [in_language(text, language) for text in texts]
