"""What a value of a recipe may look like: checked with words about what is wrong, and told as JSON Schema; pure."""

import datetime as dt
import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from .positions import Place
from .problems import RecipeProblem, known_names
from .templates import Value

type Schema = dict[str, Value]
type Syntax = Callable[[str], str | None]
"""Returns what is wrong with a string, None where nothing is."""

_LANGUAGE = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?"


class Shape:
    """One form that a value can have."""

    @property
    def words(self) -> str:
        """What it is called in a sentence."""
        return "a value"

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
    right: str = ""
    """What would be right where the syntax is wrong."""
    pattern: str = ""
    may_be_empty: bool = False
    words: str = "a text in quotes"

    def takes(self, value: Value) -> bool:
        """Return whether it is a string."""
        return isinstance(value, str)

    def faults(self, value: Value, place: Place) -> Iterator[RecipeProblem]:
        """Return what is wrong with the string."""
        if not isinstance(value, str):
            yield _another(value, place, self.words)
        elif not value and not self.may_be_empty:
            yield RecipeProblem(
                place=place, wrong="it is empty", right=self.right or f"write {self.words}, or leave it out"
            )
        elif self.syntax is not None and (fault := self.syntax(value)) is not None:
            yield RecipeProblem(place=place, wrong=fault, right=self.right or f"write {self.words}")

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
    def words(self) -> str:
        """Return what it is called."""
        kind = "a whole number" if self.is_whole else "a number"
        return f"{kind} from {self.least:g} to {self.most:g}"

    def takes(self, value: Value) -> bool:
        """Return whether it is a number."""
        return isinstance(value, int | float) and not isinstance(value, bool)

    def faults(self, value: Value, place: Place) -> Iterator[RecipeProblem]:
        """Return what is wrong with the number."""
        if not self.takes(value):
            yield _another(value, place, self.words)
        elif (self.is_whole and isinstance(value, float)) or not (self.least <= value <= self.most):
            yield RecipeProblem(place=place, wrong=f"{value} is out of range", right=f"write {self.words}")

    def schema(self) -> Schema:
        """Return a number."""
        return {"type": "integer" if self.is_whole else "number", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Flag(Shape):
    """True or false."""

    words: str = "true or false"

    def takes(self, value: Value) -> bool:
        """Return whether it is one."""
        return isinstance(value, bool)

    def faults(self, value: Value, place: Place) -> Iterator[RecipeProblem]:
        """Return what is wrong with it."""
        if not isinstance(value, bool):
            yield _another(value, place, self.words)

    def schema(self) -> Schema:
        """Return a boolean."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Choice(Shape):
    """One of several words or numbers."""

    values: Collection[str | int]

    @property
    def words(self) -> str:
        """Return what it is called."""
        return f"one of {', '.join(map(str, self.values))}"

    def takes(self, value: Value) -> bool:
        """Return whether it is of a type of theirs."""
        return any(type(value) is type(known) for known in self.values)

    def faults(self, value: Value, place: Place) -> Iterator[RecipeProblem]:
        """Return what is wrong with it."""
        if not self.takes(value):
            yield _another(value, place, self.words)
        elif value not in self.values:
            names = [str(known) for known in self.values]
            yield RecipeProblem(place=place, wrong=f"there is no “{value}”", right=known_names(str(value), names))

    def schema(self) -> Schema:
        """Return an enumeration."""
        return {"enum": list(self.values)}


@dataclass(frozen=True, slots=True)
class Texts(Shape):
    """A text for people: in English, or in several languages."""

    words: str = "a text, or a table of texts by language with en"

    def takes(self, value: Value) -> bool:
        """Return whether it is a string or a table."""
        return isinstance(value, str | dict)

    def faults(self, value: Value, place: Place) -> Iterator[RecipeProblem]:
        """Return what is wrong with it."""
        if isinstance(value, dict):
            if not isinstance(value.get("en"), str):
                yield RecipeProblem(place=place, wrong="the English text is missing", right='add en = "…"')
            for language, text in value.items():
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
    def words(self) -> str:
        """Return what it is called."""
        return f"{self.item.words}, or a list of them" if self.or_one else f"a list […] of {self.item.words}"

    def takes(self, value: Value) -> bool:
        """Return whether it is a list, or one."""
        return isinstance(value, list) or (self.or_one and self.item.takes(value))

    def faults(self, value: Value, place: Place) -> Iterator[RecipeProblem]:
        """Return what is wrong with each."""
        if not isinstance(value, list):
            if self.or_one:
                yield from self.item.faults(value, place)
            else:
                yield _another(value, place, self.words)
            return
        if not self.least <= len(value) <= self.most:
            wrong = "it is empty" if not value else f"there are {len(value)}"
            yield RecipeProblem(place=place, wrong=wrong, right=f"write {self.least} to {self.most}")
        for number, inner in enumerate(value):
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
    right: str = ""
    pattern: str = ""
    words: str = "a table"

    def takes(self, value: Value) -> bool:
        """Return whether it is a table."""
        return isinstance(value, dict)

    def faults(self, value: Value, place: Place) -> Iterator[RecipeProblem]:
        """Return what is wrong with each name and value."""
        if not isinstance(value, dict):
            yield _another(value, place, self.words)
            return
        if not value:
            yield RecipeProblem(place=place, wrong="it is empty", right="write something into it, or leave it out")
        for name, inner in value.items():
            if self.name is not None and (fault := self.name(name)) is not None:
                yield RecipeProblem(place=(*place, name), wrong=fault, right=self.right)
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

    words: str = "a value that JSON can hold"

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
                yield RecipeProblem(place=place, wrong="JSON has no dates", right="write it as a text in quotes")
            case float() if not math.isfinite(value):
                yield RecipeProblem(place=place, wrong=f"JSON has no {value}", right="write a number")

    def schema(self) -> Schema:
        """Return what takes all."""
        return {}


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table."""

    shape: Shape
    means: str
    """What it is for, in a sentence for authors."""
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Table(Shape):
    """A table with the keys of the language."""

    name: str
    keys: Mapping[str, Key]
    means: str = ""
    also: Callable[[dict[str, Value], Place], Iterator[RecipeProblem]] | None = None
    """Looks at keys that do not go together."""
    words: str = field(default="a table", kw_only=True)

    def takes(self, value: Value) -> bool:
        """Return whether it is a table."""
        return isinstance(value, dict)

    def faults(self, value: Value, place: Place) -> Iterator[RecipeProblem]:
        """Return what is wrong with its keys."""
        if not isinstance(value, dict):
            yield _another(value, place, self.words)
            return
        for name in value.keys() - self.keys.keys():
            yield RecipeProblem(place=(*place, name), wrong=f"there is no key “{name}” here", right=self._advice(name))
        for name, key in self.keys.items():
            if name in value:
                yield from key.shape.faults(value[name], (*place, name))
            elif key.is_required:
                wrong = f"the key “{name}” is missing"
                yield RecipeProblem(place=(*place, name), wrong=wrong, right=f"add it: {key.means}")
        if self.also is not None:
            yield from self.also(value, place)

    def _advice(self, name: str) -> str:
        return known_names(name, list(self.keys))

    def schema(self) -> Schema:
        """Return a reference to its definition."""
        return {"$ref": f"#/$defs/{self.name}"}

    def definition(self) -> Schema:
        """Return the object itself."""
        properties = {name: {**key.shape.schema(), "description": key.means} for name, key in self.keys.items()}
        required = [name for name, key in self.keys.items() if key.is_required]
        found: Schema = {"type": "object", "additionalProperties": False, "properties": properties}
        if self.means:
            found["description"] = self.means
        if required:
            found["required"] = required
        return found


@dataclass(frozen=True, slots=True)
class Later(Shape):
    """A table that is described elsewhere, because it holds itself."""

    table: Callable[[], Table]
    words: str = "a table"

    def takes(self, value: Value) -> bool:
        """Return whether it is a table."""
        return isinstance(value, dict)

    def faults(self, value: Value, place: Place) -> Iterator[RecipeProblem]:
        """Return what is wrong with it."""
        yield from self.table().faults(value, place)

    def schema(self) -> Schema:
        """Return a reference to its definition."""
        return self.table().schema()


@dataclass(frozen=True, slots=True)
class Either(Shape):
    """One of several forms; the first that takes a value decides what is wrong with it."""

    shapes: tuple[Shape, ...]

    @property
    def words(self) -> str:
        """Return what it is called."""
        return ", or ".join(shape.words for shape in self.shapes)

    def takes(self, value: Value) -> bool:
        """Return whether one of them takes it."""
        return any(shape.takes(value) for shape in self.shapes)

    def faults(self, value: Value, place: Place) -> Iterator[RecipeProblem]:
        """Return what is wrong with it."""
        shape = next((shape for shape in self.shapes if shape.takes(value)), None)
        if shape is None:
            yield _another(value, place, self.words)
        else:
            yield from shape.faults(value, place)

    def schema(self) -> Schema:
        """Return the choice between them."""
        return {"anyOf": [shape.schema() for shape in self.shapes]}


_TYPES = {str: "a text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "a table"}


def _another(value: Value, place: Place, words: str) -> RecipeProblem:
    found = next((name for kind, name in _TYPES.items() if type(value) is kind), "a date")
    return RecipeProblem(place=place, wrong=f"this is {found}", right=f"write {words}")
