"""Names of files that captured values are part of; pure."""

import re
from collections.abc import Container, Mapping
from itertools import chain, count

from ha_device_backup_core import UnexpectedResponseError

from ..translation import _
from .templates import Gap, Template, Value

_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\":;*?<>|]|%(?=[0-9A-F]{2})')
_UNSAFE_IN_PATHS = re.compile(r'[\x00-\x1f\x7f\\":;*?<>|]|%(?=[0-9A-F]{2})')
_ESCAPED = re.compile("%([0-9A-F]{2})")
_LONGEST = 200
_DOTS = frozenset({"", ".", ".."})


def file_name(path: Template, values: Mapping[str, Value]) -> str:
    """Return the path of a file in a backup; a value that would lead out of it is refused.

    Raises UnexpectedResponseError, UnknownValueError.
    """
    literal = sum(len(piece) for piece in path.pieces if isinstance(piece, str))
    longest = max((_LONGEST - literal) // max(len(path.gaps), 1), 1)
    # The ending stays: by it the file is known again.
    name = path.text(values, lambda gap, text: quoted(gap, text)[:longest])
    if any(part in _DOTS for part in name.split("/")):
        raise UnexpectedResponseError(_("It named a file that has no place in a backup."))
    return name


def free_name(name: str, taken: Container[str]) -> str:
    """Return a name that no file has: two scripts of a person may be called the same."""
    stem, dot, suffix = name.rpartition(".")
    start, end = (stem, f"{dot}{suffix}") if stem else (suffix, "")
    names = chain([name], (f"{start} ({number}){end}" for number in count(2)))
    return next(free for free in names if free not in taken)


def value_in_name(name: str) -> str:
    """Return the value that a part of such a path was made of."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), name)


def code_of(name: str) -> str:
    """Return the name as part of a code."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower())[:60]


def quoted(gap: Gap, text: str) -> str:
    """Return a value as it goes into the name of a file."""
    pattern = _UNSAFE_IN_PATHS if gap.is_raw else _UNSAFE
    return pattern.sub(lambda found: f"%{ord(found[0]):02X}", text.encode("utf-8", "replace").decode())
