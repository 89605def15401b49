"""The checksum in the end line of an export; pure.

A running CRC-32 over headers, section names and decoded bodies. Public descriptions differ in rare cases: a header
without a value or with several =, and runs of backslashes. A file counts as right if any reading of the rule gives its
checksum.
"""

import zlib
from collections.abc import Callable, Iterator
from itertools import product

from .export_file import ENCODING, Export, Header, Section

type _HeaderRule = Callable[[str], str]
type _TextRule = Callable[[str], str]


def has_right_checksum(export: Export) -> bool:
    """Return whether the checksum in the end line is the one of the content."""
    return any(checksum(export, header, text) == export.checksum for header, text in product(_HEADERS, _TEXTS))


def checksum(export: Export, header: "_HeaderRule | None" = None, text: "_TextRule | None" = None) -> str | None:
    """Return the checksum of the content: 8 upper-case hex digits; None where a body cannot be decoded."""
    running = 0
    for part in export.parts:
        for chunk in _chunks(part, header or _first_equals_sign, text or _pairs_of_backslashes):
            if chunk is None:
                return None
            running = zlib.crc32(chunk, running)
    return f"{running:08X}"


def _chunks(part: Header | Section, header: _HeaderRule, text: _TextRule) -> Iterator[bytes | None]:
    if isinstance(part, Header):
        yield header(part.line).encode(ENCODING)
        return
    yield f"{part.name}\0".encode(ENCODING)
    yield text(part.body).encode(ENCODING) if part.is_text else part.data()


def _first_equals_sign(line: str) -> str:
    key, _, value = line.partition("=")
    return f"{key}{value}\0"


def _last_equals_sign(line: str) -> str:
    key, _, value = line.rpartition("=")
    return f"{key}{value}\0"


def _no_empty_value(line: str) -> str:
    return "" if line.endswith("=") else _first_equals_sign(line)


def _last_equals_sign_no_empty_value(line: str) -> str:
    return "" if line.endswith("=") else _last_equals_sign(line)


def _pairs_of_backslashes(text: str) -> str:
    return text.replace("\\\\", "\\")


def _runs_of_backslashes(text: str) -> str:
    while "\\\\" in text:
        text = text.replace("\\\\", "\\")
    return text


_HEADERS = (_first_equals_sign, _last_equals_sign, _no_empty_value, _last_equals_sign_no_empty_value)
_TEXTS = (_pairs_of_backslashes, _runs_of_backslashes)
