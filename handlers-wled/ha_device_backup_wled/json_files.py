"""JSON as a controller needs it: strict, because its own parser is."""

import json
from collections.abc import Iterable
from typing import Any, NoReturn

type JsonObject = dict[str, Any]

_LONGEST_NUMBER = 64
"""Digits; a controller itself knows 20, and nobody could compute with thousands."""
_LONGEST_ANSWER = 256 * 1024
_DEEPEST = 64
"""Levels; a controller itself reads far fewer."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class JsonError(ValueError):
    """This is no JSON that a controller can read."""


def parse(content: bytes) -> object:
    """Return the value; raise JsonError, for an object that has one key twice as well."""
    try:
        value: object = json.loads(
            content.removeprefix(BYTE_ORDER_MARK).decode(),
            object_pairs_hook=_unique,
            parse_int=_whole_number,
            parse_constant=_refuse,
        )
    except (ValueError, RecursionError) as error:
        raise JsonError from error
    _refuse_depth(value)
    return value


def parse_answer(content: bytes) -> object:
    """Return the value of what a device said about itself: that is short, and read in the event loop."""
    if len(content) > _LONGEST_ANSWER:
        raise JsonError
    return parse(content)


def canonical(value: object) -> bytes:
    """Return the one form of a value: sorted, compact."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


def as_object(value: object) -> JsonObject:
    """Return an object, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def _refuse_depth(value: object) -> None:
    level = [value]
    for _ in range(_DEEPEST):
        level = [inner for outer in level for inner in _inside(outer) if isinstance(inner, dict | list)]
        if not level:
            return
    raise JsonError


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _unique(pairs: list[tuple[str, Any]]) -> JsonObject:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise JsonError
    return found


def _whole_number(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise JsonError
    return int(digits)


def _refuse(_: str) -> NoReturn:
    raise JsonError
