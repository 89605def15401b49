"""Tables of the language of recipes, with the keys that each has; pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from ha_device_backup_core import Message, Text

from ..translation import _
from .positions import Place
from .problems import RecipeProblem, either, known_names, meant_key, shown
from .shapes import TABLE_WORDS, Schema, Shape, of_another_kind
from .templates import Value

_MOST_GUESSES = 50


def missing_key(name: str) -> Message:
    """Return that a key is missing."""
    return _("the key “{name}” is missing", name=name)


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table."""

    shape: Shape
    means: Text
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
    words: Text = field(default=TABLE_WORDS, kw_only=True)

    def takes(self, value: Value) -> bool:
        """Return whether it is a table."""
        return isinstance(value, dict)

    def faults(self, value: Value, place: Place) -> Iterator[RecipeProblem]:
        """Return what is wrong with its keys."""
        if not isinstance(value, dict):
            yield of_another_kind(value, place, self.words)
            return
        meant = self._meant(value)
        for name in value.keys() - self.keys.keys():
            wrong = _("there is no key “{name}” here", name=shown(name))
            right = known_names(name, self.keys)
            yield RecipeProblem(
                place=(*place, name), wrong=wrong, right=right, meant=meant.get(name, ""), is_unknown_key=True
            )
        written = {meant.get(name) or name: name for name in value}
        for name, key in self.keys.items():
            if name in written:
                yield from key.shape.faults(value[written[name]], (*place, written[name]))
            elif key.is_required:
                right = _("add it: {means}", means=key.means)
                yield RecipeProblem(place=(*place, name), wrong=missing_key(name), right=right)
        if self.also is not None:
            yield from self.also({name: value[known] for name, known in written.items()}, place)

    def _meant(self, value: dict[str, Value]) -> dict[str, str]:
        """Return keys that are wrongly written, and which ones they are: what is wrong with them is told once."""
        found: dict[str, str] = {}
        for name in sorted(value.keys() - self.keys.keys())[:_MOST_GUESSES]:
            likely = meant_key(name, self.keys.keys() - value.keys() - {*found.values()})
            if likely and self.keys[likely].shape.takes(value[name]):
                found[name] = likely
        return found

    def schema(self) -> Schema:
        """Return a reference to its definition."""
        return {"$ref": f"#/$defs/{self.name}"}

    def definition(self) -> Schema:
        """Return the object itself."""
        properties = {name: {**key.shape.schema(), "description": str(key.means)} for name, key in self.keys.items()}
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
    words: Text = TABLE_WORDS

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
    def words(self) -> Text:
        """Return what it is called."""
        return either([shape.words for shape in self.shapes])

    def takes(self, value: Value) -> bool:
        """Return whether one of them takes it."""
        return any(shape.takes(value) for shape in self.shapes)

    def faults(self, value: Value, place: Place) -> Iterator[RecipeProblem]:
        """Return what is wrong with it."""
        shape = next((shape for shape in self.shapes if shape.takes(value)), None)
        if shape is None:
            yield of_another_kind(value, place, self.words)
        else:
            yield from shape.faults(value, place)

    def schema(self) -> Schema:
        """Return the choice between them."""
        return {"anyOf": [shape.schema() for shape in self.shapes]}
