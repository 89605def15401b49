"""What a value of a recipe may look like: checked with words about what is wrong, and told as JSON Schema; pure."""

import datetime as dt
import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from ha_device_backup_core import Message, Text

from ..translation import _
from .positions import Place
from .problems import Mistake, RecipeProblem, known_names, shown
from .templates import Value

type Schema = dict[str, Value]
type Syntax = Callable[[str], Mistake | None]
"""Returns what is wrong with a string, None where nothing is."""

TABLE_WORDS = _("a table")
_IN_QUOTES = _("a text in quotes")
_YES_OR_NO = _("true or false")
_IN_LANGUAGES = _("a text, or a table of texts by language with en")
_OF_JSON = _("a value that JSON can hold")
_LANGUAGE = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?"
_EXACT = 2**53


class Shape:
    """One form that a value can have."""

    @property
    def words(self) -> Text:
        """What it is called in a sentence."""
        return _("a value")

    def faults(self, value: Value, place: Place) -> Iterator[RecipeProblem]:
        """Return what is wrong with a value."""
        raise NotImplementedError

    def schema(self) -> Schema:
        """Return the same as JSON Schema."""
        raise NotImplementedError

    def takes(self, value: Value) -> bool:
        """Return whether a value is of this form at all, right or not."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Word(Shape):
    """A string, perhaps with a syntax of its own."""

    syntax: Syntax | None = None
    right: Text = ""
    """What would be right where the syntax is wrong."""
    pattern: str = ""
    may_be_empty: bool = False
    words: Text = _IN_QUOTES

    def takes(self, value: Value) -> bool:
        """Return whether it is a string."""
        return isinstance(value, str)

    def faults(self, value: Value, place: Place) -> Iterator[RecipeProblem]:
        """Return what is wrong with the string."""
        if not isinstance(value, str):
            yield of_another_kind(value, place, self.words)
        elif not value.strip() and not self.may_be_empty:
            yield RecipeProblem(place=place, wrong=_("it is empty"), right=self.right or write(self.words))
        elif self.syntax is not None and (fault := self.syntax(value)) is not None:
            right = fault.right or self.right or write(self.words)
            yield RecipeProblem(place=place, wrong=fault.wrong, right=right)

    def schema(self) -> Schema:
        """Return a string."""
        found: Schema = {"type": "string"}
        if self.pattern:
            found["pattern"] = f"^(?:{self.pattern})$"
        elif not self.may_be_empty:
            found["minLength"] = 1
        return found


@dataclass(frozen=True, slots=True)
class Number(Shape):
    """A number within limits."""

    least: float
    most: float
    is_whole: bool = True

    @property
    def words(self) -> Text:
        """Return what it is called."""
        if self.most >= _EXACT:
            return _("a whole number")
        if self.is_whole:
            return _("a whole number from {least} to {most}", least=self.least, most=self.most)
        return _("a number from {least} to {most}", least=self.least, most=self.most)

    def takes(self, value: Value) -> bool:
        """Return whether it is a number."""
        return isinstance(value, int | float) and not isinstance(value, bool)

    def faults(self, value: Value, place: Place) -> Iterator[RecipeProblem]:
        """Return what is wrong with the number."""
        if not self.takes(value):
            yield of_another_kind(value, place, self.words)
        elif (self.is_whole and isinstance(value, float)) or not (self.least <= value <= self.most):
            wrong = _("{value} is out of range", value=shown(value))
            yield RecipeProblem(place=place, wrong=wrong, right=write(self.words))

    def schema(self) -> Schema:
        """Return a number."""
        return {"type": "integer" if self.is_whole else "number", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Flag(Shape):
    """True or false."""

    words: Text = _YES_OR_NO

    def takes(self, value: Value) -> bool:
        """Return whether it is one."""
        return isinstance(value, bool)

    def faults(self, value: Value, place: Place) -> Iterator[RecipeProblem]:
        """Return what is wrong with it."""
        if not isinstance(value, bool):
            yield of_another_kind(value, place, self.words)

    def schema(self) -> Schema:
        """Return a boolean."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Choice(Shape):
    """One of several words or numbers."""

    values: Collection[str | int]

    @property
    def words(self) -> Text:
        """Return what it is called."""
        names = ", ".join(map(str, self.values))
        return names if len(self.values) == 1 else _("one of {names}", names=names)

    def takes(self, value: Value) -> bool:
        """Return whether it is of a type of theirs."""
        return any(type(value) is type(known) for known in self.values)

    def faults(self, value: Value, place: Place) -> Iterator[RecipeProblem]:
        """Return what is wrong with it."""
        if not self.takes(value):
            yield of_another_kind(value, place, self.words)
        elif value not in self.values:
            right = known_names(str(value), map(str, self.values)) if len(self.values) > 1 else write(self.words)
            yield RecipeProblem(place=place, wrong=_("there is no “{value}”", value=shown(value)), right=right)

    def schema(self) -> Schema:
        """Return an enumeration."""
        return {"enum": list(self.values)}


@dataclass(frozen=True, slots=True)
class Texts(Shape):
    """A text for people: in English, or in several languages."""

    words: Text = _IN_LANGUAGES

    def takes(self, value: Value) -> bool:
        """Return whether it is a string or a table."""
        return isinstance(value, str | dict)

    def faults(self, value: Value, place: Place) -> Iterator[RecipeProblem]:
        """Return what is wrong with it."""
        if isinstance(value, dict):
            if not isinstance(value.get("en"), str):
                right = _("add {example}", example='en = "…"')
                yield RecipeProblem(place=place, wrong=_("the English text is missing"), right=right)
            for language, text in value.items():
                if re.fullmatch(_LANGUAGE, language) is None:
                    wrong = _("“{name}” is no language", name=shown(language))
                    right = _("write a code such as {example}", example="en, de, pt-BR")
                    yield RecipeProblem(place=(*place, language), wrong=wrong, right=right)
                yield from Word().faults(text, (*place, language))
        else:
            yield from Word(words=self.words).faults(value, place)

    def schema(self) -> Schema:
        """Return a string or an object of strings."""
        texts = {"type": "string", "minLength": 1}
        by_language = {
            "type": "object",
            "required": ["en"],
            "propertyNames": {"pattern": f"^{_LANGUAGE}$"},
            "additionalProperties": texts,
        }
        return {"anyOf": [texts, by_language]}


@dataclass(frozen=True, slots=True)
class ListOf(Shape):
    """Several of one form; where `or_one`, one alone may stand without brackets."""

    item: Shape
    or_one: bool = False
    most: int = 500
    least: int = 1

    @property
    def words(self) -> Text:
        """Return what it is called."""
        if self.or_one:
            return _("{one}, or a list of them", one=self.item.words)
        return _("a list […], each entry {one}", one=self.item.words)

    def takes(self, value: Value) -> bool:
        """Return whether it is a list, or one."""
        return isinstance(value, list) or (self.or_one and self.item.takes(value))

    def faults(self, value: Value, place: Place) -> Iterator[RecipeProblem]:
        """Return what is wrong with each."""
        if not isinstance(value, list):
            if self.or_one:
                yield from self.item.faults(value, place)
            else:
                yield of_another_kind(value, place, self.words)
            return
        if not self.least <= len(value) <= self.most:
            wrong = _("there are {number}", number=len(value)) if value else _("it is empty")
            right = _("write {least} to {most}", least=self.least, most=self.most)
            yield RecipeProblem(place=place, wrong=wrong, right=right)
        for number, inner in enumerate(value):
            # TOML knows no null: this one was taken out.
            if inner is not None:
                yield from self.item.faults(inner, (*place, number))

    def schema(self) -> Schema:
        """Return an array."""
        several: Schema = {"type": "array", "items": self.item.schema(), "maxItems": self.most}
        if self.least:
            several["minItems"] = self.least
        return {"anyOf": [self.item.schema(), several]} if self.or_one else several


@dataclass(frozen=True, slots=True)
class MapOf(Shape):
    """A table with names of the author's own."""

    item: Shape
    name: Syntax | None = None
    right: Text = ""
    pattern: str = ""
    words: Text = TABLE_WORDS

    def takes(self, value: Value) -> bool:
        """Return whether it is a table."""
        return isinstance(value, dict)

    def faults(self, value: Value, place: Place) -> Iterator[RecipeProblem]:
        """Return what is wrong with each name and value."""
        if not isinstance(value, dict):
            yield of_another_kind(value, place, self.words)
            return
        if not value:
            right = _("write something into it, or leave it out")
            yield RecipeProblem(place=place, wrong=_("it is empty"), right=right)
        for name, inner in value.items():
            if self.name is not None and (fault := self.name(name)) is not None:
                yield RecipeProblem(place=(*place, name), wrong=fault.wrong, right=self.right)
            yield from self.item.faults(inner, (*place, name))

    def schema(self) -> Schema:
        """Return an object with properties of one kind."""
        found: Schema = {"type": "object", "additionalProperties": self.item.schema(), "minProperties": 1}
        if self.pattern:
            found["propertyNames"] = {"pattern": f"^(?:{self.pattern})$"}
        return found


@dataclass(frozen=True, slots=True)
class Anything(Shape):
    """Whatever JSON can hold."""

    words: Text = _OF_JSON

    def takes(self, value: Value) -> bool:
        """Return that it is."""
        return True

    def faults(self, value: Value, place: Place) -> Iterator[RecipeProblem]:
        """Return what JSON cannot hold."""
        match value:
            case dict():
                for name, inner in value.items():
                    yield from self.faults(inner, (*place, name))
            case list():
                for number, inner in enumerate(value):
                    yield from self.faults(inner, (*place, number))
            case dt.date() | dt.time():
                yield RecipeProblem(place=place, wrong=_("JSON has no dates"), right=write(_IN_QUOTES))
            case float() if not math.isfinite(value):
                yield RecipeProblem(
                    place=place, wrong=_("JSON has no {value}", value=value), right=write(_("a number"))
                )

    def schema(self) -> Schema:
        """Return what takes all."""
        return {}


_TYPES: Mapping[type, Text] = {
    str: _("a text"),
    bool: _YES_OR_NO,
    int: _("a number"),
    float: _("a number"),
    list: _("a list"),
    dict: TABLE_WORDS,
}


def write(words: Text) -> Message:
    """Return that something else would be right."""
    return _("write {words}", words=words)


def of_another_kind(value: Value, place: Place, words: Text) -> RecipeProblem:
    """Return that a value is of another kind than it has to be."""
    found = next((name for kind, name in _TYPES.items() if type(value) is kind), _("a date"))
    return RecipeProblem(place=place, wrong=_("this is {found}", found=found), right=write(words))
