"""The documents of the protocol, read without trust: a value of another form is never used; pure."""

import json
import math
import re
from collections.abc import Mapping

from ..text import GAP, GapValue, Message, Text, for_elsewhere
from ..text_documents import text_document, text_of
from ..toolkit import JsonError, JsonObject, read_json

DEEPEST = 20
LONGEST_WORD = 255
LONGEST_TEXT = 20_000
"""Characters of a text, with all of its gaps filled."""
MOST_ITEMS = 10_000
_MOST_LANGUAGES = 20
_LANGUAGE = re.compile(r"[A-Za-z0-9-]{2,35}")
_ODD = (AttributeError, LookupError, RecursionError, TypeError, ValueError)


class ProtocolError(ValueError):
    """A document is not what the protocol says; the words name the place, and never what stood there."""


def encode(document: Mapping[str, object]) -> bytes:
    """Return a document as it is sent: in ASCII, so that odd characters of devices arrive."""
    return json.dumps(document, separators=(",", ":"), allow_nan=False).encode("ascii")


def decode(content: bytes, where: str, *, largest: int) -> "Fields":
    """Return the document that was sent; raises ProtocolError."""
    try:
        value = read_json(content, largest=largest, deepest=DEEPEST, unique=True, allow_nan=False, strict=True)
    except JsonError:
        raise ProtocolError(f"{where} is no JSON, or too much of it") from None
    return Fields(value, where)


class Fields:
    """The fields of one object."""

    def __init__(self, document: object, where: str) -> None:
        """Take what was sent, and what the object is called in messages."""
        if not isinstance(document, dict):
            raise ProtocolError(f"{where} is no object")
        self._document: JsonObject = document
        self.where = where
        self._read: set[str] = set()

    def only_known(self) -> None:
        """Raise ProtocolError for a field that nobody asked for: what it would mean, nobody knows here."""
        if unknown := sorted(self._document.keys() - self._read):
            raise ProtocolError(f"{self.where} has unknown fields, the first is {unknown[0][:40]!r}")

    def has(self, key: str) -> bool:
        """Return whether a field is there, and not null."""
        self._read.add(key)
        return self._document.get(key) is not None

    def word(self, key: str, form: str = ".*", *, longest: int = LONGEST_WORD, default: str | None = None) -> str:
        """Return a string of that form."""
        value: object = self._value(key, default)
        if not isinstance(value, str) or len(value) > longest or re.fullmatch(form, value, re.DOTALL) is None:
            raise self._wrong(key)
        return value

    def optional_word(self, key: str) -> str | None:
        """Return a string, None where there is none."""
        return self.word(key) if self.has(key) else None

    def text(self, key: str) -> Text:
        """Return a text for people."""
        return checked_text(self._value(key, None), f"{self.where}.{key}")

    def texts(self, key: str) -> tuple[Text, ...]:
        """Return texts for people."""
        return tuple(checked_text(value, f"{self.where}.{key}") for value in self.items(key))

    def integer(self, key: str, least: int, most: int, *, default: int | None = None) -> int:
        """Return a whole number within limits."""
        value = self._value(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self._wrong(key)
        return value

    def number(self, key: str, least: float, most: float) -> float:
        """Return a number within limits."""
        value = self._value(key, None)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self._wrong(key)
        if not least <= value <= most:
            raise self._wrong(key)
        return float(value)

    def boolean(self, key: str, *, default: bool | None = None) -> bool:
        """Return whether."""
        value = self._value(key, default)
        if not isinstance(value, bool):
            raise self._wrong(key)
        return value

    def items(self, key: str, most: int = MOST_ITEMS) -> list[object]:
        """Return a list; an empty one where there is none."""
        value = self._value(key, []) if self.has(key) else []
        if not isinstance(value, list) or len(value) > most:
            raise self._wrong(key)
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """Return strings."""
        values = self.items(key)
        found = tuple(value for value in values if isinstance(value, str) and len(value) <= LONGEST_TEXT)
        if len(found) != len(values):
            raise self._wrong(key)
        return found

    def objects(self, key: str) -> list["Fields"]:
        """Return objects."""
        return [Fields(value, f"{self.where}.{key}") for value in self.items(key)]

    def inner(self, key: str) -> "Fields":
        """Return an object."""
        return Fields(self._value(key, None), f"{self.where}.{key}")

    def mapping(self, key: str) -> JsonObject:
        """Return an object whose names are anybody's."""
        value = self._value(key, {}) if self.has(key) else {}
        if not isinstance(value, dict) or len(value) > MOST_ITEMS:
            raise self._wrong(key)
        return value

    def anything(self, key: str) -> object:
        """Return what stands there, whatever it is."""
        return self._value(key, None)

    def texts_by_name(self, key: str) -> dict[str, str]:
        """Return strings by name."""
        found = self.mapping(key)
        if not all(isinstance(value, str) and len(value) <= LONGEST_TEXT for value in found.values()):
            raise self._wrong(key)
        return found

    def _value(self, key: str, default: object) -> object:
        self._read.add(key)
        value: object = self._document.get(key)
        return default if value is None else value

    def _wrong(self, key: str) -> ProtocolError:
        return ProtocolError(f"{self.where}.{key} is missing, or not what the protocol says")


def checked_text(document: object, where: str) -> Text:
    """Return the text of a document; what would become endless by its gaps is refused."""
    try:
        text = text_of(document)
        length = _length(text)
    except _ODD:
        raise ProtocolError(f"{where} is no text") from None
    if length > LONGEST_TEXT:
        raise ProtocolError(f"{where} is a text without end")
    return text


def document_of(text: Text) -> object:
    """Return the document of a text, in all languages that there are here: the other side may lack the package."""
    return text_document(for_elsewhere(text))


def documents_of(texts: tuple[Text, ...]) -> list[object]:
    """Return the documents of texts."""
    return [document_of(text) for text in texts]


def _length(text: GapValue) -> int:
    """Return how long a text would be with its gaps filled, in its longest language, without filling them."""
    if not isinstance(text, Message):
        return len(str(text))
    gaps = set(GAP.findall(text.english))
    if len(text.said) > _MOST_LANGUAGES or not all(map(_LANGUAGE.fullmatch, text.said)):
        raise ValueError("no languages")
    if any(set(GAP.findall(words)) != gaps for words in text.said.values()):
        raise ValueError("another sentence")
    lengths = {name: _length(value) for name, value in text.values.items()}
    longest = max(
        len(words) + sum(lengths.get(gap, 0) for gap in GAP.findall(words))
        for words in (text.english, *text.said.values())
    )
    return longest + sum(lengths.values())
