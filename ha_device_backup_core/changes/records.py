"""What a comparison finds: plain values, bounded in number and length."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

type Scalar = str | int | float | bool | None
"""The value of a setting as people see it."""

MOST_CHANGES = 1000
"""Settings, lines or members that are named of one file; the rest is counted."""
MOST_FILES = 2000
LONGEST_TEXT = 500
"""Characters of a value, a line or a key that are shown."""


class Change(StrEnum):
    """What became of something."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileVersion:
    """A file by what tells it from another: where nothing of it is shown, this is all there is."""

    size: int
    sha256: str

    @classmethod
    def of(cls, content: bytes) -> "FileVersion":
        """Return size and digest."""
        return cls(size=len(content), sha256=hashlib.sha256(content).hexdigest())


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingChange:
    """One setting that is another."""

    path: tuple[str | int, ...]
    """Its keys in order; a number is a place in a list."""
    change: Change
    before: Scalar = None
    after: Scalar = None
    masked: bool = False
    """It is a secret or holds one: all that is told is that it changed."""
    counts: bool = True
    """False for what changes by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """One line that is there no longer, or is new."""

    change: Change
    number: int
    """Counted from 1, in the text before where it was removed, else in the one after."""
    text: str
    masked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberChange:
    """One file in an archive that is another; `path` goes through the archives that it lies in."""

    path: str
    change: Change
    before: FileVersion | None = None
    after: FileVersion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileComparison:
    """One file that is another; at most one of settings, lines and members tells what changed in it."""

    path: str
    change: Change
    before: FileVersion | None
    after: FileVersion | None
    counts: bool = True
    """False where all that changed in it changes by itself."""
    settings: tuple[SettingChange, ...] = ()
    lines: tuple[LineChange, ...] = ()
    members: tuple[MemberChange, ...] = ()
    more: int = 0
    """How many more of these there are than are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All that differs between two backups, by path."""

    files: tuple[FileComparison, ...] = ()
    unchanged: int = 0
    """Files that are the same, byte by byte."""
    more: int = 0
    """How many more files differ than are named."""
    counts: bool = False
    """Whether anything differs that does not change by itself."""
