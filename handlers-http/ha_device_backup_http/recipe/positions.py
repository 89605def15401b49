"""On which line of a TOML text each key and each entry of a list stands; the text has to be valid; pure."""

import re
from collections.abc import Iterator, Mapping

type Place = tuple[str | int, ...]
"""The keys and numbers that lead to a value."""

_BLANK = re.compile(r"[ \t]*+")
_SPACE = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_BARE = re.compile(r"[A-Za-z0-9_-]++")
_STRINGS = (
    re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*+"{3,5}', re.DOTALL),
    re.compile(r"'''(?:[^']|'(?!''))*+'{3,5}"),
    re.compile(r'"(?:[^"\\\n]|\\.)*+"'),
    re.compile(r"'[^'\n]*+'"),
)
_OTHER = re.compile(r"[^,\]}#\r\n]++")
_ESCAPE = re.compile(r'\\(["\\bfnrte]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2})')
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "e": "\x1b"}


def lines_of(text: str) -> Mapping[Place, int]:
    """Return the line, counted from 1, of each key and of each entry of a list, tables included."""
    scanner = _Scanner(text)
    scanner.scan()
    return scanner.lines


def line_at(lines: Mapping[Place, int], place: Place) -> int:
    """Return the line of a place, or of the nearest that it lies in."""
    return next((lines[place[:length]] for length in range(len(place), 0, -1) if place[:length] in lines), 1)


class _Scanner:
    def __init__(self, text: str) -> None:
        self.lines: dict[Place, int] = {}
        self._text = text
        self._at = 0
        self._counted = 0
        self._line = 1
        self._sizes: dict[Place, int] = {}
        """How many tables an array of tables has so far."""

    def scan(self) -> None:
        table: Place = ()
        self._skip(_SPACE)
        while self._at < len(self._text):
            if self._take("["):
                table = self._header(is_array=self._take("["))
            else:
                self._pair(table)
            self._skip(_SPACE)

    def _header(self, *, is_array: bool) -> Place:
        line = self._now()
        keys = list(self._keys())
        self._skip_to("]]" if is_array else "]")
        place: Place = ()
        for key in keys[:-1]:
            place = self._inside((*place, key))
        place = (*place, keys[-1])
        if is_array:
            self.lines.setdefault(place, line)
            self._sizes[place] = self._sizes.get(place, 0) + 1
        place = self._inside(place)
        self.lines[place] = line
        return place

    def _inside(self, place: Place) -> Place:
        """Return the last table of an array, or the table itself."""
        return (*place, self._sizes[place] - 1) if place in self._sizes else place

    def _pair(self, table: Place) -> None:
        line = self._now()
        place = table
        for key in self._keys():
            place = (*place, key)
            self.lines.setdefault(place, line)
        self._skip(_BLANK)
        self._take("=")
        self._value(place)

    def _keys(self) -> Iterator[str]:
        while True:
            self._skip(_BLANK)
            string = self._string()
            if string is None:
                found = _BARE.match(self._text, self._at)
                string = found[0] if found else ""
                self._at += max(len(string), 1)
            yield string
            self._skip(_BLANK)
            if not self._take("."):
                return

    def _value(self, place: Place) -> None:
        self._skip(_BLANK)
        if self._take("["):
            self._list(place)
        elif self._take("{"):
            self._inline_table(place)
        elif self._string() is None and (found := _OTHER.match(self._text, self._at)):
            self._at = found.end()

    def _list(self, place: Place) -> None:
        number = 0
        self._skip(_SPACE)
        while not self._take("]") and self._at < len(self._text):
            self.lines[*place, number] = self._now()
            self._value((*place, number))
            number += 1
            self._skip(_SPACE)
            self._take(",")
            self._skip(_SPACE)

    def _inline_table(self, place: Place) -> None:
        self._skip(_SPACE)
        while not self._take("}") and self._at < len(self._text):
            self._pair(place)
            self._skip(_SPACE)
            self._take(",")
            self._skip(_SPACE)

    def _string(self) -> str | None:
        for pattern in _STRINGS:
            if found := pattern.match(self._text, self._at):
                self._at = found.end()
                return _unquoted(found[0])
        return None

    def _take(self, sign: str) -> bool:
        taken = self._text.startswith(sign, self._at)
        self._at += len(sign) if taken else 0
        return taken

    def _skip(self, pattern: re.Pattern[str]) -> None:
        if found := pattern.match(self._text, self._at):
            self._at = found.end()

    def _skip_to(self, sign: str) -> None:
        found = self._text.find(sign, self._at)
        self._at = len(self._text) if found < 0 else found + len(sign)

    def _now(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line


def _unquoted(string: str) -> str:
    """Return the key in quotes."""
    if string.startswith("'"):
        return string[1:-1]
    return _ESCAPE.sub(lambda escape: _sign(escape[1]), string[1:-1])


def _sign(escape: str) -> str:
    return chr(int(escape[1:], 16)) if len(escape) > 1 else _ESCAPED.get(escape, escape)
