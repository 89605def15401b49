"""What is found in a backup of Home Assistant: plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ha_device_backup_core.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotInfo:
    """What `backup.json` tells; None for what it does not."""

    id: str | None = None
    name: str | None = None
    date: str | None = None
    version: str | None = None
    """Of Home Assistant."""
    protected: bool | None = None

    @classmethod
    def of(cls, document: Mapping[str, object]) -> "SnapshotInfo":
        """Return what the document tells, whatever else is in it."""
        core = document.get("homeassistant")
        protected = document.get("protected")
        return cls(
            id=_string(document.get("slug")),
            name=_string(document.get("name")),
            date=_string(document.get("date")),
            version=_string(core.get("version")) if isinstance(core, dict) else None,
            protected=protected if isinstance(protected, bool) else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotProblem:
    """Something in a backup of Home Assistant that could not be taken, by its place there."""

    path: str
    message: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A backup of Home Assistant that was read, its backups of devices unpacked."""

    info: SnapshotInfo
    root: Path
    """The store, as it was in there; nothing but what belongs into one."""
    place: str
    """Where it was."""
    others: tuple[str, ...] = ()
    """Where there are more of them: old copies, second copies."""
    problems: tuple[SnapshotProblem, ...] = ()


def _string(value: object) -> str | None:
    return value[:1000] if isinstance(value, str) else None
