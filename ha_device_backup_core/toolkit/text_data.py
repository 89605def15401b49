"""Texts of devices: cut within a character, in old encodings, with anything in them; pure."""

import unicodedata
from codecs import BOM_UTF8
from collections.abc import Iterable

_LONGEST_SHOWN = 200
_LONGEST_NAME = 100
_MOST_NAMES = 8
_NEVER_SHOWN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_MOST_BYTES = 4
"""Of a character."""
_LATIN_1 = {0xDC00 + byte: byte for byte in range(0x80, 0x100)}
_PIECE = 64 * 1024
"""Characters that are looked at in one go: nothing else runs meanwhile."""
_JOINERS = "\u200c\u200d"
"""Letters and pictures are made with them."""


def decoded(content: bytes) -> str:
    """Return UTF-8 as text; bytes that are none become lone surrogates, which `encoded` turns back."""
    return content.removeprefix(BOM_UTF8).decode("utf-8", "surrogateescape")


def encoded(text: str) -> bytes:
    """Return the bytes of a text, those that were no UTF-8 among them."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return b"".join(map(_encoded, text))


def readable(content: bytes) -> str:
    """Return a text as people read it: UTF-8, and each byte that is none as Latin-1, which old devices write."""
    content = content.removeprefix(BOM_UTF8)
    try:
        return content.decode()
    except UnicodeDecodeError:
        text = content.decode("utf-8", "surrogateescape")
    pieces = (text[start : start + _PIECE].translate(_LATIN_1) for start in range(0, len(text), _PIECE))
    return "".join(pieces)


def shown(raw: bytes | str, longest: int = _LONGEST_SHOWN) -> str:
    """Return a text for the screen: cut UTF-8 without its broken end, other bytes as Latin-1, no invisible characters.

    Never compare it: different ones can look the same.
    """
    content = raw if isinstance(raw, bytes) else encoded("".join(map(_without_half, raw[: longest * _MOST_BYTES])))
    text = readable(_whole(content[: longest * _MOST_BYTES]))
    if text.isascii() and text.isprintable():
        return text[:longest].strip()
    seen = (" " if unicodedata.category(character) == "Zs" else character for character in text if _is_shown(character))
    return "".join(seen)[:longest].strip()


def name_list(names: Iterable[str]) -> str:
    """Return names for a sentence, sorted, not endlessly many."""
    ordered = sorted(names)
    listed = [shown(name, _LONGEST_NAME) for name in ordered[:_MOST_NAMES]]
    return ", ".join(listed) + (" …" if len(ordered) > _MOST_NAMES else "")


def _encoded(character: str) -> bytes:
    return character.encode("utf-8", "surrogateescape" if _is_byte(character) else "surrogatepass")


def _is_byte(character: str) -> bool:
    """Return whether a lone surrogate is a byte that is no UTF-8; the others are half of a character of JSON."""
    return "\udc80" <= character <= "\udcff"


def _without_half(character: str) -> str:
    return "" if "\ud800" <= character <= "\udfff" and not _is_byte(character) else character


def _whole(content: bytes) -> bytes:
    """Return UTF-8 without the beginning of a character that was cut at the end."""
    try:
        content.decode()
    except UnicodeDecodeError as error:
        return content[: error.start] if error.reason == "unexpected end of data" else content
    return content


def _is_shown(character: str) -> bool:
    return unicodedata.category(character) not in _NEVER_SHOWN or character in _JOINERS
