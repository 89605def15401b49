"""What a backup should have held and could not get, in words; pure."""

from ha_device_backup_core import Note, PermissionDeniedError, UnexpectedResponseError

from ..translation import _
from .naming import code_of


class NotThereError(UnexpectedResponseError):
    """The device does not have what was asked for."""


def missing_note(name: str, error: Exception | None) -> Note:
    """Return that a file is missing, and why; without an error, because nothing led to it."""
    if isinstance(error, PermissionDeniedError):
        text = _("{name} is missing: this login may not read it.", name=name)
    elif error is None or isinstance(error, NotThereError):
        text = _("{name} is missing: the device does not have it.", name=name)
    else:
        text = _("{name} is missing: the device did not give it as it should.", name=name)
    return Note(code=f"missing_{code_of(name)}", text=text)
