"""JSON documents as the store writes them, and the plain values in them: pure, without I/O."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ha_device_backup_core.records import SCHEMA
from ha_device_backup_core.text import Message, _

from .names import EARLIEST, LATEST

type StoreDocument = dict[str, Any]


ODD = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What reading an odd document can end in."""


BY_NEWER = _("A newer version wrote it, so it was not checked. Update Device Backups.")


class DocumentError(ValueError):
    """A document is not what the store writes; `why` is one sentence for people."""

    def __init__(self, why: Message) -> None:
        """Keep the reason."""
        super().__init__(why)
        self.why = why


class NewerDocumentError(DocumentError):
    """A newer version wrote a document, of which nothing can be told."""

    def __init__(self) -> None:
        """Say what helps."""
        super().__init__(BY_NEWER)


def encode(document: Mapping[str, object]) -> bytes:
    """Return the document as it is stored."""
    # A lone surrogate, as of a file name that is no UTF-8, becomes the JSON escape of itself.
    return json.dumps(document, ensure_ascii=False, indent=2).encode(errors="backslashreplace") + b"\n"


def decode(content: bytes) -> StoreDocument:
    """Return the document; raises DocumentError."""
    try:
        document = json.loads(content)
    except ValueError as error:
        raise DocumentError(_("It is not JSON.")) from error
    except RecursionError as error:
        raise DocumentError(_("It is nested too deeply.")) from error
    if not isinstance(document, dict):
        raise DocumentError(_("It is not a JSON object."))
    return document


def is_newer(document: Mapping[str, object]) -> bool:
    """Return whether a newer version wrote the document."""
    schema = document.get("schema")
    return isinstance(schema, int) and not isinstance(schema, bool) and schema > SCHEMA


def iso(at: datetime) -> str:
    """Return the time as it is stored."""
    return at.astimezone(UTC).isoformat()


def time(value: object) -> datetime:
    """Return a stored time; raises DocumentError."""
    try:
        at = datetime.fromisoformat(string(value))
        if at.tzinfo is not None and EARLIEST <= at <= LATEST:
            return at.astimezone(UTC)
    except ODD as error:
        raise DocumentError(_("It holds a time that cannot be read.")) from error
    raise DocumentError(_("It holds a time without its zone, or one that no clock showed."))


def lacking(error: BaseException) -> DocumentError:
    """Return the error for a document without something that belongs in it, by its key where that is known."""
    if isinstance(error, DocumentError):
        return error
    if isinstance(error, KeyError):
        return DocumentError(_("“{key}” is missing in it.", key=str(error.args[0])))
    return DocumentError(_("Something in it is not what belongs there."))


def string(value: object) -> str:
    """Return a text; raises TypeError."""
    if not isinstance(value, str):
        raise TypeError(f"expected a text, got {type(value).__name__}")
    return value


def optional_string(value: object) -> str | None:
    """Return a text or None; raises TypeError."""
    return None if value is None else string(value)


def integer(value: object) -> int:
    """Return a number that counts something; raises TypeError, ValueError."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"expected a whole number, got {type(value).__name__}")
    if not 0 <= value < 2**63:
        raise ValueError("a number that counts nothing")
    return value


def boolean(value: object) -> bool:
    """Return true or false; raises TypeError."""
    if not isinstance(value, bool):
        raise TypeError(f"expected true or false, got {type(value).__name__}")
    return value
