"""JSON of devices: as lenient as those who write it, within limits of what is worth to parse; pure."""

import json
import re
from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Any, NoReturn

from .text_data import decoded, encoded

type JsonObject = dict[str, Any]

_LARGEST = 1024 * 1024
_DEEPEST = 100
_LONGEST_NUMBER = 64
"""Digits: devices know 20, and what has hundreds cannot be compared with fractions."""
_BLANKS = " \t\r\n"
_CONTAINERS = (dict, list)


class JsonError(ValueError):
    """This is no JSON, or more of it than is worth to parse."""


def read_json(
    content: bytes | str,
    *,
    largest: int = _LARGEST,
    deepest: int = _DEEPEST,
    unique: bool = False,
    first: bool = False,
    allow_nan: bool = True,
    longest_number: int = _LONGEST_NUMBER,
    strict: bool = False,
) -> object:
    """Return the value; raise JsonError for what is none, longer or deeper than that.

    Bytes that are no UTF-8 become lone surrogates, which `canonical` turns back; line breaks in texts are read, unless
    it is to be `strict`. Of a key that comes twice the last one counts, or with `unique` it is an error. With `first`,
    what follows the first value is not looked at.
    """
    if len(content) > largest:
        raise JsonError
    try:
        text = (content if isinstance(content, str) else _text(content)).lstrip(_BLANKS)
        decoder = json.JSONDecoder(
            object_pairs_hook=_unique if unique else None,
            parse_int=_whole_numbers(text, longest_number),
            parse_constant=None if allow_nan else _refuse,
            strict=strict,
        )
        value, end = decoder.raw_decode(text)
    except (ValueError, RecursionError) as error:
        raise JsonError from error
    if not first and text[end:].strip(_BLANKS):
        raise JsonError
    if text.count("[") + text.count("{") > deepest:
        _refuse_depth(value, deepest)
    return value


def json_object(content: bytes | str, *, largest: int = _LARGEST, deepest: int = _DEEPEST) -> JsonObject:
    """Return an object; raise JsonError for anything else."""
    value = read_json(content, largest=largest, deepest=deepest)
    if not isinstance(value, dict):
        raise JsonError
    return value


def canonical(value: object) -> bytes:
    """Return the one form of a value: sorted, compact."""
    return encoded(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False))


def compact(value: object) -> bytes:
    """Return a value without blanks, its keys in the order that they have."""
    return encoded(json.dumps(value, separators=(",", ":"), ensure_ascii=False))


def for_reading(value: object) -> str:
    """Return a value as people read and compare it: a line each, sorted; what is no text of UTF-8 as question marks."""
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False).encode("utf-8", "replace").decode()


def as_object(value: object) -> JsonObject:
    """Return an object, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """Return a list, an empty one for anything else."""
    return value if isinstance(value, list) else []


def _text(content: bytes) -> str:
    encoding = json.detect_encoding(content)
    return decoded(content) if encoding.startswith("utf-8") else content.decode(encoding)


def _refuse_depth(value: object, deepest: int) -> None:
    level = [value]
    for _level in range(deepest):
        level = [inner for outer in level for inner in _inside(outer) if isinstance(inner, _CONTAINERS)]
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


def _whole_numbers(text: str, longest: int) -> Callable[[str], int] | None:
    """Return what reads the whole numbers of a text, None where no one is too long: each call of it takes its time."""
    return partial(_whole_number, longest=longest) if _many_digits(longest).search(text) else None


@cache
def _many_digits(number: int) -> re.Pattern[str]:
    return re.compile(rf"[0-9]{{{number}}}")


def _whole_number(digits: str, *, longest: int) -> int:
    if len(digits) > longest:
        raise JsonError
    return int(digits)


def _refuse(_constant: str) -> NoReturn:
    raise JsonError
