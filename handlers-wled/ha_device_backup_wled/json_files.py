"""JSON as a controller reads it: names that its firmware cut within a character, an id that comes twice, any bytes."""

import json
import re
from collections.abc import Iterable
from typing import Any, NoReturn

type JsonObject = dict[str, Any]

_LONGEST_NUMBER = 64
"""Digits; a controller itself knows 20, and nobody could compute with thousands."""
_LONGEST_ANSWER = 256 * 1024
_LONGEST_KEY = 64
LARGEST_PARSED = 1024 * 1024
"""Bytes; parsed values take up to 65 times their text, and no file that a controller can use is longer."""
_DEEPEST = 64
"""Levels; a controller itself reads far fewer."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_BLANKS = " \t\r\n"
_DENSE = re.compile(rb'(?>[^"\s]++|"(?>[^"\\]++|\\.)*+")++', re.DOTALL)
"""What has no blanks, except in strings."""


class JsonError(ValueError):
    """This is no JSON that a controller can read."""


def parse(content: bytes, *, unique: bool = False, first: bool = False) -> object:
    """Return the value; raise JsonError for what is none, or longer than is worth to parse.

    Bytes that are no UTF-8 become surrogates, which `encoded` turns back. Of a key that comes twice the last one
    counts, or with `unique` it is an error. With `first` only the first value is looked at, as the firmware does.
    """
    if len(content) > LARGEST_PARSED:
        raise JsonError
    text = content.removeprefix(BYTE_ORDER_MARK).decode("utf-8", "surrogateescape").lstrip(_BLANKS)
    decoder = json.JSONDecoder(
        object_pairs_hook=_unique if unique else None,
        parse_int=_whole_number,
        parse_constant=_refuse,
        strict=False,
    )
    try:
        value, end = decoder.raw_decode(text)
    except (ValueError, RecursionError) as error:
        raise JsonError from error
    if not first and text[end:].strip(_BLANKS):
        raise JsonError
    _refuse_depth(value)
    return value


def parse_answer(content: bytes) -> object:
    """Return the value of what a device said about itself: that is short, and read in the event loop."""
    if len(content) > _LONGEST_ANSWER:
        raise JsonError
    return parse(content)


def seems_whole(content: bytes) -> bool:
    """Return whether this is JSON, as far as that is worth to find out."""
    if len(content) > LARGEST_PARSED:
        bare = content.removeprefix(BYTE_ORDER_MARK).strip()
        return (bare[:1], bare[-1:]) in {(b"{", b"}"), (b"[", b"]")}
    try:
        parse(content)
    except JsonError:
        return False
    return True


def canonical(value: object) -> bytes:
    """Return the one form of a value: sorted, compact."""
    return encoded(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False))


def compact(value: object) -> bytes:
    """Return a value as the firmware writes it."""
    return encoded(json.dumps(value, separators=(",", ":"), ensure_ascii=False))


def encoded(text: str) -> bytes:
    """Return the bytes of a text, those that were no UTF-8 among them."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return b"".join(map(_encoded, text))


def minified(content: bytes) -> bytes:
    """Return JSON without blanks and every other byte as it is."""
    kept = bytearray()
    for dense in _DENSE.finditer(content.removeprefix(BYTE_ORDER_MARK)):
        kept += dense[0]
    return bytes(kept)


def as_object(value: object) -> JsonObject:
    """Return an object, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """Return a list, an empty one for anything else."""
    return value if isinstance(value, list) else []


def below(path: str, key: str) -> str:
    """Return the place of what stands under a key; one too long for any setting is cut, since all below repeats it."""
    key = key[:_LONGEST_KEY]
    return f"{path}.{key}" if path else key


def _encoded(character: str) -> bytes:
    is_byte = "\udc80" <= character <= "\udcff"
    return character.encode("utf-8", "surrogateescape" if is_byte else "surrogatepass")


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
