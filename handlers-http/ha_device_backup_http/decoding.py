"""The one rule by which bytes are read as text, whether they are checked, compared or searched; pure."""

import codecs
import re

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NO_TEXT = re.compile(rb"[\x00-\x06\x0e-\x1a]")
_HIGH = bytes(range(0x80, 0x100))
_OF_WINDOWS = bytes(range(0x80, 0xA0))
_MOST_HIGH = 3
"""One in so many bytes may be above ASCII in a text that is not UTF-8: what is random has every second one there."""
_PIECE = 64 * 1024
"""Bytes that are looked at in one go: nothing else runs meanwhile."""


def text_of(content: bytes) -> str | None:
    """Return the text: UTF-8, UTF-16 with its mark, else Latin-1 as Windows has it; None for what is no text."""
    encoding = encoding_of(content)
    return None if encoding is None else content.decode(encoding)


def encoding_of(content: bytes) -> str | None:
    """Return the encoding of a text, None for what is none; takes little memory, whatever the size."""
    marked = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), "")
    if marked and _decodes(content, marked):
        return marked
    if any(_NO_TEXT.search(content, at, at + _PIECE) for at in range(0, len(content), _PIECE)):
        return None
    if _decodes(content, "utf-8"):
        return "utf-8"
    if len(content) < _MOST_HIGH * _count(content, _HIGH):
        return None
    # Where Latin-1 has controls, Windows has the euro and quotation marks.
    return "cp1252" if _count(content, _OF_WINDOWS) and _decodes(content, "cp1252") else "latin-1"


def line_end_of(text: str) -> str:
    """Return what ends a line: in a text without any line feed some devices write carriage returns alone."""
    return "\r" if "\r" in text and "\n" not in text else "\n"


def _count(content: bytes, wanted: bytes) -> int:
    pieces = (content[at : at + _PIECE] for at in range(0, len(content), _PIECE))
    return sum(len(piece) - len(piece.translate(None, wanted)) for piece in pieces)


def _decodes(content: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for at in range(0, len(content), _PIECE):
            decoder.decode(content[at : at + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
