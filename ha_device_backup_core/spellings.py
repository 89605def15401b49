"""Finds texts in whatever spelling they travel: other case, escapes of all kinds, Base64, hex; pure."""

import base64
import functools
import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_ESCAPES = re.compile(
    r"(?P<percent>(?:%[0-9a-f]{2})+)"
    r"|(?P<hex>(?:\\x[0-9a-f]{2})+)"
    r"|(?P<unicode>(?:[\\%]u[0-9a-f]{4})+)"
    r"|\\u\{(?P<point>[0-9a-f]{1,5})\}"
    r"|(?P<octal>(?:\\[0-3][0-7]{2})+)"
    r"|(?P<html>&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});)"
    r"|\\(?P<plain>[\"'\\/bfnrt])",
    re.IGNORECASE,
)
_UNITS = {"percent": 3, "hex": 4, "unicode": 6, "octal": 4}
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_LEVELS = 3
"""An escape in an escape in an escape."""
_SHORTEST_PART = 8
"""Characters of Base64 that are taken for a part of a longer text."""
_SHORTEST_HEX = 4
_BETWEEN_HEX = r"[ :,-]{0,2}(?:0x)?"
_LINE_END = r"(?:\r?\n|\\n)?"
"""Base64 is written in lines, too."""
_OF_ADDRESSES = {"+": "[+-]", "/": "[/_]"}
_LINE_ENDS = re.compile(_LINE_END.removesuffix("?"))
_FROM_ADDRESSES = str.maketrans("-_", "+/")
_SEPARATORS = re.compile("[ :,-]|0x", re.IGNORECASE)


class Spellings:
    """Looks for texts in all their spellings."""

    def __init__(self, texts: Iterable[str], *, logins: Iterable[str] = ()) -> None:
        """Take the texts, and what is looked for in Base64 alone."""
        self._texts = tuple(sorted({text for text in texts if text}, key=lambda text: (-len(text), text)))
        self._logins = tuple(logins)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return where they are, in order and without overlaps."""
        wanted = _wanted(self._texts, self._logins)
        found = [match.span() for match in wanted.found(text)]
        if _ESCAPES.search(text) is None:
            return _merged(found)
        read = _Read.of(text)
        for _ in range(_LEVELS - 1):
            if (further := read.unescaped()) is None:
                break
            read = further
            found += [read.span(match.start(), match.end()) for match in wanted.found(read.text)]
        return _merged(found)

    def replaced(self, text: str, stand_in: str) -> str:
        """Return the text with a stand-in for each of them."""
        for start, end in reversed(self.spans(text)):
            text = text[:start] + stand_in + text[end:]
        return text


@dataclass(frozen=True, slots=True)
class _Read:
    """A text without some of its escapes, and where each character was in the original."""

    text: str
    starts: list[int]
    ends: list[int]

    @classmethod
    def of(cls, text: str) -> "_Read":
        """Return the text as it is."""
        return cls(text, list(range(len(text))), list(range(1, len(text) + 1)))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the original."""
        return self.starts[start], max(self.ends[start:end])

    def unescaped(self) -> "_Read | None":
        """Return it with one layer of escapes less, None where there is none."""
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for match in _ESCAPES.finditer(self.text):
            begin, end = match.span()
            pieces.append(self.text[at:begin])
            starts += self.starts[at:begin]
            ends += self.ends[at:begin]
            for characters, first, last in _unescaped(match):
                pieces.append(characters)
                starts += [self.starts[first]] * len(characters)
                ends += [self.ends[last - 1]] * len(characters)
            at = end
        if not at:
            return None
        return _Read("".join((*pieces, self.text[at:])), [*starts, *self.starts[at:]], [*ends, *self.ends[at:]])


def _unescaped(match: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    """Return what an escape stands for and where: character by character where each has its own."""
    kind, (begin, end) = str(match.lastgroup), match.span()
    if kind == "point":
        yield chr(int(match["point"], 16)), begin, end
        return
    if kind not in _UNITS:
        yield (html.unescape(match[0]) if kind == "html" else _CONTROLS.get(match["plain"], match["plain"])), begin, end
        return
    size = _UNITS[kind]
    count = {"unicode": 4, "octal": 3}.get(kind, 2)
    digits = [match[0][at + size - count : at + size] for at in range(0, end - begin, size)]
    raw = bytes(int(one, 8) for one in digits) if kind == "octal" else bytes.fromhex("".join(digits))
    if kind == "unicode":
        characters = raw.decode("utf-16-be", "replace")
    else:
        try:
            characters = raw.decode()
        except UnicodeDecodeError:
            characters = raw.decode("latin-1")
    if len(characters) != len(digits):
        yield characters, begin, end
        return
    for number, character in enumerate(characters):
        yield character, begin + number * size, begin + (number + 1) * size


@dataclass(frozen=True, slots=True, repr=False)
class _Wanted:
    """What is looked for, as patterns and as what they are made of; it holds secrets, so its repr says nothing."""

    forms: tuple[str, ...]
    base64: tuple[tuple[str, str], ...]
    """Each with the pattern for its end."""
    hex: tuple[str, ...]

    def found(self, text: str) -> Iterator[re.Match[str]]:
        """Return where they are; patterns of a private key take long to compile, and hardly ever is one there."""
        in_a_line = _LINE_ENDS.sub("", text).translate(_FROM_ADDRESSES)
        digits = _SEPARATORS.sub("", text).lower()
        # Without its first and last letter: they may be taken for the end of \n and the beginning of 0x.
        patterns = [*self.forms]
        patterns += [_exactly(letters) + end for letters, end in self.base64 if letters[1:-1] in in_a_line]
        patterns += [_in_hex(letters) for letters in self.hex if letters[1:-1] in digits]
        pattern = _compiled(tuple(dict.fromkeys(patterns)))
        return iter(()) if pattern is None else pattern.finditer(text)


@functools.lru_cache(maxsize=64)
def _wanted(texts: tuple[str, ...], logins: tuple[str, ...]) -> _Wanted:
    return _Wanted(
        forms=tuple(re.escape(form).replace(r"\ ", "[ +]") for text in texts for form in _forms(text)),
        base64=tuple(dict.fromkeys(one for text in (*texts, *logins) for one in _base64(text))),
        hex=tuple(text.encode(errors="replace").hex() for text in texts if len(text) >= _SHORTEST_HEX),
    )


@functools.lru_cache(maxsize=64)
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str] | None:
    return re.compile("|".join(sorted(patterns, key=len, reverse=True)), re.IGNORECASE) if patterns else None


def _forms(text: str) -> list[str]:
    """Return a text in both ways to write its accents, and read by somebody who took it for Latin-1."""
    forms = (text, unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text))
    read_wrongly = text.encode(errors="replace").decode("latin-1")
    return list(dict.fromkeys((*forms, read_wrongly)))


def _base64(text: str) -> Iterator[tuple[str, str]]:
    """Return the text in Base64, whole or in the middle of something longer, and the pattern for what follows."""
    for encoding in ("utf-8", "latin-1", "utf-16-le"):
        raw = text.encode(encoding, errors="replace")
        yield base64.b64encode(raw).decode().rstrip("="), "={0,2}"
        for before in range(3):
            encoded = base64.b64encode(bytes(before) + raw).decode()
            part = encoded[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
            if len(part) >= _SHORTEST_PART:
                yield part, ""


def _exactly(encoded: str) -> str:
    """Return the pattern for Base64, that of addresses too, in which the case counts."""
    return f"(?-i:{_LINE_END.join(map(_OF_ADDRESSES.get, encoded, encoded))})"


def _in_hex(digits: str) -> str:
    """Return the pattern for bytes in hex, each by itself or in a row."""
    return "(?:0x)?" + _BETWEEN_HEX.join(digits[at : at + 2] for at in range(0, len(digits), 2))


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
