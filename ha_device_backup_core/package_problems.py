"""Why a handler package cannot be used."""

from dataclasses import dataclass
from enum import StrEnum

from .text import Text


class ProblemKind(StrEnum):
    """The ways in which a handler package can be unusable."""

    IMPORT_FAILED = "import_failed"
    IMPORT_HANGS = "import_hangs"
    DEPENDENCY_MISSING = "dependency_missing"
    WRONG_HOOK = "wrong_hook"
    HOOK_FAILED = "hook_failed"
    NOT_A_HANDLER = "not_a_handler"
    DUPLICATE_KIND = "duplicate_kind"
    API_TOO_NEW = "api_too_new"
    API_TOO_OLD = "api_too_old"
    NOT_INSTALLED = "not_installed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a handler package, or one of its handlers, cannot be used; the message says what to do."""

    kind: ProblemKind
    distribution: str
    version: str
    message: Text
    handler_kind: str | None = None
