"""JSON that devices send: parsed where that is cheap, else looked over in pieces; pure."""

import json
import re
from collections.abc import Iterator

from ha_device_backup_core.toolkit import JsonError
from ha_device_backup_core.toolkit import read_json as read_leniently

from .decoding import encoding_of, text_of

LARGEST_PARSED = 8 * 1024 * 1024
_MOST_VALUES = 250_000
"""Each takes up to a hundred times its bytes in memory, and all other work waits while they are made."""
_MOST_BRACKETS = 4_000_000
_LONGEST_NUMBER = 4000
_DEEPEST = 100
_SEPARATORS = (b",", b":", b"[", b"{")
_BLANKS = b"\xef\xbb\xbf \t\r\n"
_OUTSIDE = re.compile(rb'[^"\[\]{}]{0,65536}+["\[\]{}]|[^"\[\]{}]{1,65536}+')
_INSIDE = re.compile(rb'(?:[^"\\]|\\.){0,65536}+(")|(?:[^"\\]|\\.){1,65536}+', re.DOTALL)
"""A piece at a time: nothing else runs while an expression is looked for."""
_CLOSED_BY = {b"[": b"]", b"{": b"}"}
_BRACKETS = frozenset({b"[", b"]", b"{", b"}"})


def is_json(content: bytes) -> bool:
    """Return whether this is a whole JSON object or list."""
    return isinstance(read_json(content), dict | list) if is_cheap(content) else _is_balanced(content)


def is_cheap(content: bytes) -> bool:
    """Return whether it can be parsed without taking much memory, or time in which nothing else runs."""
    return len(content) <= LARGEST_PARSED and count_values(content) <= _MOST_VALUES


def count_values(content: bytes) -> int:
    """Return about how many values there are; never too few."""
    return sum(content.count(separator) for separator in _SEPARATORS)


def read_json(content: bytes) -> object:
    """Return the value, None for what is no JSON, is too much to parse, or too deep for any device to mean it."""
    text = _text(content) if is_cheap(content) else None
    try:
        # What is laid out for comparing has line breaks in its texts, and must not be laid out once more.
        return (
            None
            if text is None
            else read_leniently(text, largest=LARGEST_PARSED, longest_number=_LONGEST_NUMBER, strict=True)
        )
    except JsonError:
        return None


def _text(content: bytes) -> str | None:
    """Return the text of JSON, in another encoding too: with names in Latin-1, or cut within a character."""
    try:
        return content.decode(json.detect_encoding(content), "surrogatepass")
    except UnicodeDecodeError:
        return text_of(content)


def _is_balanced(content: bytes) -> bool:
    """Return whether all that is opened is closed, strings too: what is cut off is found out, grammar is not."""
    if not content[:_DEEPEST].lstrip(_BLANKS).startswith((b"{", b"[")) or encoding_of(content) is None:
        return False
    opened: list[bytes] = []
    seen = 0
    for at, sign in _signs(content):
        if sign in _CLOSED_BY:
            seen += 1
            opened.append(_CLOSED_BY[sign])
            if len(opened) > _DEEPEST or seen > _MOST_BRACKETS:
                return False
        elif not opened or opened.pop() != sign:
            return False
        elif not opened:
            return not content[at + 1 :].strip(_BLANKS + b"\0")
    return False


def _signs(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Return the brackets outside of strings with their places, and a quotation mark that nothing closes."""
    at, is_inside = 0, False
    while found := (_INSIDE if is_inside else _OUTSIDE).match(content, at):
        at = found.end()
        sign = content[at - 1 : at]
        if is_inside:
            is_inside = sign != b'"' or found[1] is None
        elif sign == b'"':
            is_inside = True
        elif sign in _BRACKETS:
            yield at - 1, sign
    if is_inside:
        yield at, b'"'
