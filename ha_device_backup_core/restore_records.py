"""What a restore would do, and what it did."""

from dataclasses import dataclass
from enum import StrEnum

from .text import Text


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


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreReport:
    """What a restore did: `proven` was read back from the device, `unproven` was not, `needs` is left to the person."""

    proven: tuple[Text, ...] = ()
    unproven: tuple[Text, ...] = ()
    needs: tuple[Text, ...] = ()
    nothing_to_do: bool = False
    """Set by the product where a plan found everything on the device already, and nothing was sent."""
