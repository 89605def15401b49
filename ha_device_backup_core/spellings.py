"""Finds texts in whatever spelling they travel: other case, escapes of all kinds, Base64, hex; pure."""

import base64
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


class Spellings:
    """Looks for texts in all their spellings."""

    def __init__(self, texts: Iterable[str], *, logins: Iterable[str] = ()) -> None:
        """Take the texts, and what is looked for in Base64 alone."""
        wanted = sorted({text for text in texts if text}, key=lambda text: (-len(text), text))
        patterns = [re.escape(form).replace(r"\ ", "[ +]") for text in wanted for form in _forms(text)]
        patterns += [pattern for text in (*wanted, *logins) for pattern in _base64(text)]
        patterns += [_BETWEEN_HEX.join(_hex(text)) for text in wanted if len(text) >= _SHORTEST_HEX]
        longest_first = sorted(dict.fromkeys(patterns), key=len, reverse=True)
        self._pattern = re.compile("|".join(longest_first), re.IGNORECASE) if longest_first else None

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return where they are, in order and without overlaps."""
        if self._pattern is None:
            return []
        found = [match.span() for match in self._pattern.finditer(text)]
        # Where each character was is noted only of a text with escapes: few have any.
        read = _Read.of(text).unescaped() if _ESCAPES.search(text) else None
        for _ in range(_LEVELS - 1):
            if read is None:
                break
            found += [read.span(match.start(), match.end()) for match in self._pattern.finditer(read.text)]
            read = read.unescaped()
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


def _forms(text: str) -> list[str]:
    """Return a text in both ways to write its accents, and read by somebody who took it for Latin-1."""
    forms = (text, unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text))
    read_wrongly = text.encode(errors="replace").decode("latin-1")
    return list(dict.fromkeys((*forms, read_wrongly)))


def _hex(text: str) -> list[str]:
    first, *rest = text.encode(errors="replace")
    return [f"(?:0x)?{first:02x}", *(f"{byte:02x}" for byte in rest)]


def _base64(text: str) -> Iterator[str]:
    """Return patterns for the text in Base64, whole or in the middle of something longer."""
    for encoding in ("utf-8", "latin-1", "utf-16-le"):
        raw = text.encode(encoding, errors="replace")
        yield _exactly(base64.b64encode(raw).decode().rstrip("=")) + "={0,2}"
        for before in range(3):
            encoded = base64.b64encode(bytes(before) + raw).decode()
            part = encoded[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
            if len(part) >= _SHORTEST_PART:
                yield _exactly(part)


def _exactly(encoded: str) -> str:
    """Return the pattern for Base64, that of addresses too, in which the case counts."""
    characters = ({"+": "[+-]", "/": "[/_]"}.get(character, character) for character in encoded)
    return f"(?-i:{_LINE_END.join(characters)})"


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
