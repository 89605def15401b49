"""Strings with gaps such as `{sid}`: filled once, and what is filled in is never looked at again; pure."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from ha_device_backup_core.toolkit import encoded, mac_address

from ..pointers import Pointer, found_at, parse_pointer

NAME = r"[a-z_][a-z0-9_]*"
GAP = rf"\{{({NAME})((?:/[\w~.-]+)*)(\*?)((?:\|[A-Za-z0-9_]+)*)\}}"
_PIECES = re.compile(rf"\{{(?P<literal>\{{[^{{}}]*\}})\}}|{GAP}")

type Value = Any
"""What JSON can hold: a field, a captured value, what the recipe sets."""


class UnknownValueError(LookupError):
    """A value that is needed is not there: the device did not tell it."""

    def __init__(self, name: str) -> None:
        """Take the name of the value."""
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Gap:
    """One place for a value."""

    name: str
    is_raw: bool
    """Whether the value goes into an address as it is."""
    filters: tuple[str, ...] = ()
    inner: Pointer = ()
    """Where in the value the part is that goes in."""

    def filled(self, values: Mapping[str, Value]) -> Value:
        """Return the value with its filters applied; None where nothing was entered."""
        if self.name not in values:
            raise UnknownValueError(self.name)
        value = values[self.name]
        if self.inner and (value := found_at(value, self.inner)) is None:
            raise UnknownValueError("/".join((self.name, *self.inner)))
        for name in self.filters:
            value = FILTERS[name](text_of_value(value))
        return value


@dataclass(frozen=True, slots=True)
class Template:
    """A string with gaps, in pieces."""

    source: str
    pieces: tuple[str | Gap, ...]

    @classmethod
    def of(cls, source: str) -> "Template":
        """Return the template of a string; braces that are no gap stay, and `{{name}}` is `{name}` itself."""
        pieces: list[str | Gap] = []
        at = 0
        for found in _PIECES.finditer(source):
            literal, name, inner, raw, filters = found.groups()
            pieces.append(source[at : found.start()])
            pieces.append(literal or Gap(name, bool(raw), tuple(filters.split("|")[1:]), parse_pointer(inner) or ()))
            at = found.end()
        pieces.append(source[at:])
        return cls(source, tuple(piece for piece in pieces if piece != ""))

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The places for values."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Gap))

    @property
    def names(self) -> frozenset[str]:
        """The values that it needs."""
        return frozenset(gap.name for gap in self.gaps)

    def value(self, values: Mapping[str, Value]) -> Value:
        """Return what it becomes; one that is nothing but a gap keeps the type of the value."""
        if len(self.pieces) == 1 and isinstance(gap := self.pieces[0], Gap):
            return gap.filled(values)
        return self.text(values)

    def text(self, values: Mapping[str, Value], quoted: Callable[[Gap, str], str] | None = None) -> str:
        """Return the string; `quoted` says how a value goes into it."""
        return "".join(self._texts(values, quoted))

    def _texts(self, values: Mapping[str, Value], quoted: Callable[[Gap, str], str] | None) -> Iterator[str]:
        for piece in self.pieces:
            if isinstance(piece, Gap):
                text = text_of_value(piece.filled(values))
                yield quoted(piece, text) if quoted else text
            else:
                yield piece


NOTHING = Template("", ())


def text_of_value(value: Value) -> str:
    """Return a value as it stands in a text."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case dict() | list():
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return str(value)


def templates_in(value: Value) -> Iterator[Template]:
    """Return the templates in a value of a recipe, in names and in values."""
    match value:
        case str():
            yield Template.of(value)
        case dict():
            for key, inner in value.items():
                yield from templates_in(key)
                yield from templates_in(inner)
        case list() | tuple():
            for inner in value:
                yield from templates_in(inner)


def filled_in(value: Value, values: Mapping[str, Value]) -> Value:
    """Return a value of a recipe with all gaps in it filled."""
    match value:
        case str():
            return Template.of(value).value(values)
        case dict():
            return {Template.of(key).text(values): filled_in(inner, values) for key, inner in value.items()}
        case list() | tuple():
            return [filled_in(inner, values) for inner in value]
    return value


def _md5(text: str) -> str:
    return hashlib.md5(encoded(text), usedforsecurity=False).hexdigest()


def _sha256(text: str) -> str:
    return hashlib.sha256(encoded(text)).hexdigest()


def _base64(text: str) -> str:
    return base64.b64encode(encoded(text)).decode()


def _json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _form(text: str) -> str:
    return quote_plus(encoded(text))


def _mac(text: str) -> str:
    return mac_address(text) or ""


FILTERS: Mapping[str, Callable[[str], str]] = {
    "md5": _md5,
    "sha256": _sha256,
    "base64": _base64,
    "lower": str.lower,
    "upper": str.upper,
    "mac": _mac,
    "json": _json,
    "form": _form,
}
"""What can be made of a value: `{password|md5}`."""
