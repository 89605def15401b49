"""How places in files are written in a recipe; pure."""

import re
from collections.abc import Sequence

_OWN_NAME = re.compile(
    r"\d+|[0-9a-f]{2}(?:[:-]?[0-9a-f]{2}){5,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE
)
"""Keys that one device has and another of its kind has not: numbers, MAC addresses, ids."""
MOST_PLACES = 400
"""Of one list in a recipe; more are no help to anybody."""
_STEP = re.compile(r"[\w.:-]+")
_START_OF_LINE = re.compile(r"\s*[\w.\[\]/ -]{1,60}?\s*[=:]")
_NEXT_WORD = re.compile(r"([a-z0-9])([A-Z])")
_SIGNS = frozenset("\\.^$*+?{}[]|()")
_NO_PATTERN = str.maketrans({"[": "?", "]": "?", "!": "?", "{": "?", "}": "?"})


def pointer_text(steps: Sequence[str]) -> str:
    """Return a place in JSON as it is written; empty for all of it, and for what cannot be written."""
    text = "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in steps)
    return "" if text == "/" else text


def step_of(key: str) -> str:
    """Return the key, or * for one that only this device has, and for one that cannot be written."""
    return "*" if _OWN_NAME.fullmatch(key) or not key.isprintable() else key


def words_of(name: str) -> str:
    """Return the words of a name in lower case with _ between them: serialNumber is serial_number."""
    return re.sub(r"[^a-z0-9]+", "_", _NEXT_WORD.sub(r"\1_\2", name).lower()).strip("_")


def is_step(name: str) -> bool:
    """Return whether an element of that name can be named in a place in XML."""
    return _STEP.fullmatch(name) is not None


def line_start(line: str) -> str:
    """Return the key that a line of settings begins with, up to = or :; empty where there is none."""
    found = _START_OF_LINE.match(line)
    return found[0] if found else ""


def expression_of(text: str) -> str:
    """Return the expression that finds a text as it is."""
    return "".join(f"\\{sign}" if sign in _SIGNS else sign for sign in text)


def member_pattern(name: str) -> str:
    """Return what names a member of an archive."""
    return name.translate(_NO_PATTERN)
