"""What is wrong with what is stored."""

from dataclasses import dataclass
from enum import StrEnum

from .text import Text, in_language


class DamageKind(StrEnum):
    """What can be wrong with something in the store."""

    ARTIFACT_MISSING = "artifact_missing"
    META_MISSING = "meta_missing"
    ARTIFACT_CHANGED = "artifact_changed"
    META_UNREADABLE = "meta_unreadable"
    META_MISPLACED = "meta_misplaced"
    DEVICE_UNREADABLE = "device_unreadable"
    DOCUMENT_UNREADABLE = "document_unreadable"
    WRONG_FOLDER = "wrong_folder"
    SYMBOLIC_LINK = "symbolic_link"
    READ_FAILED = "read_failed"
    NEWER_VERSION = "newer_version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """Something in the store that is not as it was stored."""

    path: str
    """Relative to the root of the store."""
    kind: DamageKind
    message: Text

    def to_dict(self, language: str = "en") -> dict[str, str]:
        """Return what is told of it everywhere, as plain values."""
        return {"path": self.path, "kind": self.kind.value, "message": in_language(self.message, language)}


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """The result of reading everything in the store."""

    checked: int
    """Backups whose file was read and compared with its digest, damaged ones included."""
    problems: tuple[Damage, ...] = ()

    def to_dict(self, language: str = "en") -> dict[str, object]:
        """Return what is told of it everywhere, as plain values."""
        return {"checked": self.checked, "problems": [damage.to_dict(language) for damage in self.problems]}
