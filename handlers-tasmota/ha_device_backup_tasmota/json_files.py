"""JSON as devices send it and as records are kept."""

import json
from typing import Any

from .shown import as_sent

type JsonObject = dict[str, Any]

_LONGEST = 256 * 1024
_DEEPEST = 32
"""Levels; a device itself writes fewer."""


class JsonError(ValueError):
    """This is no JSON object of a sensible size."""


def parse_object(content: bytes) -> JsonObject:
    """Return the object; raise JsonError for anything else."""
    if len(content) > _LONGEST:
        raise JsonError
    try:
        # As the device does: a name may be cut in the middle of a character, be Latin-1 or hold a line break.
        value = json.loads(content.decode("utf-8", "surrogateescape"), strict=False)
    except (ValueError, RecursionError) as error:
        raise JsonError from error
    if not isinstance(value, dict) or _is_deep(value):
        raise JsonError
    return value


def canonical(value: object) -> bytes:
    """Return the one form of a value: sorted, compact."""
    return as_sent(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False))


def as_object(value: object) -> JsonObject:
    """Return an object, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def _is_deep(value: object) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        level = [inner for outer in level for inner in _inside(outer) if isinstance(inner, dict | list)]
        if not level:
            return False
    return True


def _inside(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
