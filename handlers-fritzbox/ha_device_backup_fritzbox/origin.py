"""Which model an export is of, which FRITZ!OS it had, and when it was made, as the file itself tells; pure."""

import re
from datetime import datetime

from ha_device_backup_core.toolkit import shown

from .description import version_of
from .export_file import ENCODING, Export
from .normalize import exported_at

_IN_BRACKETS = re.compile(r"\([^()]*\)")
_WORD = re.compile(r"[a-z0-9]+")
_SAYS_NOTHING = frozenset({"avm", "fritz", "box", "fon", "wlan", "cable", "edition", "international"})
_CLOCK_IS_SET = 2000
"""A box without the time is in the year 1970."""


def same_model(one: str, other: str) -> bool:
    """Return whether two names may be of the same model: spelled with more or fewer words that are in many of them."""
    return _essence(one) == _essence(other)


def made_at(export: Export) -> datetime | None:
    """Return when the box made it, by its own clock without a zone; None where that was not set."""
    times = [time for section in export.sections if section.is_text and (time := exported_at(section)) is not None]
    return max((time.replace(tzinfo=None) for time in times if time.year >= _CLOCK_IS_SET), default=None)


def shown_model(export: Export) -> str:
    """Return the name of the model as people read it."""
    return shown(export.model.encode(ENCODING))


def version(export: Export) -> str | None:
    """Return its FRITZ!OS as people know it."""
    software = export.header("FirmwareVersion")
    return version_of(software.strip()) if software and software.strip() else None


def _essence(model: str) -> frozenset[str]:
    words = _WORD.findall(_IN_BRACKETS.sub(" ", model.lower()))
    return frozenset(words) - _SAYS_NOTHING
