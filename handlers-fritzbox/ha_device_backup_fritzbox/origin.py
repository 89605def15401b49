"""Which model an export is of, which FRITZ!OS it had, and when it was made, as the file itself tells; pure."""

import re
from collections.abc import Iterator
from datetime import datetime

from .description import version_of
from .encoding import read_text
from .export_file import ENCODING, Export
from .normalize import exported_at

_IN_BRACKETS = re.compile(r"\([^()]*\)")
_WORD = re.compile(r"[a-z0-9]+")
_SAYS_NOTHING = frozenset({"avm", "fritz", "box", "fon", "wlan", "cable", "edition", "international"})
_IN_NAME = re.compile(r"_(\d\d)\.(\d\d)\.(\d\d)_(\d\d)(\d\d)(?!\d)")
_CLOCK_IS_SET = 2000
_UNSET_YEAR = 70
"""A box without the time is in the year 1970."""


def same_model(one: str, other: str) -> bool:
    """Return whether two names may be of the same model: spelled with more or fewer words that are in many of them."""
    return _essence(one) == _essence(other)


def made_at(handed_in: str, name: str, export: Export) -> datetime | None:
    """Return when the box made it, by its own clock without a zone: from the content, else from a file's name."""
    times = [time for section in export.sections if section.is_text and (time := exported_at(section)) is not None]
    told = [time.replace(tzinfo=None) for time in times if time.year >= _CLOCK_IS_SET]
    return max(told, default=None) or next(_times_in(name, handed_in), None)


def shown(model: str) -> str:
    """Return the name of the model as people read it."""
    return "".join(filter(str.isprintable, read_text(model.encode(ENCODING)))).strip()


def version(export: Export) -> str | None:
    """Return its FRITZ!OS as people know it."""
    software = export.header("FirmwareVersion")
    return version_of(software.strip()) if software and software.strip() else None


def _essence(model: str) -> frozenset[str]:
    words = _WORD.findall(_IN_BRACKETS.sub(" ", model.lower()))
    return frozenset(words) - _SAYS_NOTHING


def _times_in(*names: str) -> Iterator[datetime]:
    for name in names:
        if found := _IN_NAME.search(name):
            day, month, year, hour, minute = map(int, found.groups())
            if year >= _UNSET_YEAR:
                continue
            try:
                yield datetime(_CLOCK_IS_SET + year, month, day, hour, minute)  # noqa: DTZ001 - the zone is that of the box
            except ValueError:
                continue
