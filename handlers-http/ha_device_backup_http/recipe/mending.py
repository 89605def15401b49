"""A recipe without its mistakes, so that what they do not touch is looked at as well; pure."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from .language import RECIPE
from .positions import Place
from .problems import RecipeProblem, meant_key
from .step_language import OF_FILES
from .templates import Value

_MOST_ROUNDS = 6
_PARTS = re.compile(r"[/\\]")
_DISCOVERY, _WHOLE_ENTRY = "discovery", 2
"""What is left out of such a table has another meaning than what is wrong in it."""
_NEEDED: Mapping[str, Value] = {"format": 1, "kind": "mended", "name": "mended", "base": "{url}"}
"""What stands in for keys that every recipe has."""
_NAMING = frozenset({"capture", "set", "each"})
"""Tables whose keys are names of values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """What is left of a recipe, and what its mistakes hide: that it is missing is no mistake of its own."""

    document: dict[str, Value]
    origins: Mapping[Place, str | int] = field(default_factory=dict)
    """Places in it to the last part of where that stands in the file, where it is another."""
    keys: Collection[str] = ()
    """Keys of the recipe that are wrong."""
    values: Collection[str] = ()
    has_all_names: bool = True
    """Whether each table with names of values is one."""
    files: Collection[str] = ()
    has_all_files: bool = True
    """Whether each step that says what a file is like saves one."""

    def in_file(self, place: Place) -> Place:
        """Return where something stands in the file."""
        return tuple(self.origins.get(place[: at + 1], part) for at, part in enumerate(place))

    def knows(self, name: str) -> bool:
        """Return whether a value may be one with a mistake."""
        return (
            not self.has_all_names or _letters(name) in map(_letters, self.values) or bool(meant_key(name, self.values))
        )

    def hides(self, pattern: str) -> bool:
        """Return whether the file that a pattern means may be one with a mistake."""
        last = _PARTS.split(pattern)[-1]
        named = any(fnmatchcase(file, pattern) or fnmatchcase(_PARTS.split(file)[-1], last) for file in self.files)
        return named or not self.has_all_files


def mended(document: dict[str, Value], faults: Sequence[RecipeProblem]) -> Mended | None:
    """Return what is left without all that is wrong; None where that is nothing."""
    left, renamed, found = deepcopy(document), dict[Place, str](), list(faults)
    for _number in range(_MOST_ROUNDS):
        if not found:
            return _whole(document, left, renamed, faults)
        for fault in sorted(found, key=lambda fault: len(fault.place), reverse=True):
            if not _is_taken_out(left, fault.place, fault.meant, renamed):
                return None
        found = list(RECIPE.faults(left, ()))
    return None


def _is_taken_out(left: dict[str, Value], place: Place, meant: str, renamed: dict[Place, str]) -> bool:
    """Take a mistake out of a recipe; an entry of a list leaves its place empty. Return whether anything is left."""
    if not place:
        return False
    *outer, last = place
    if place[0] == _DISCOVERY and len(place) > _WHOLE_ENTRY:
        return _is_taken_out(left, place[:_WHOLE_ENTRY], "", renamed)
    holder = _at(left, outer)
    if isinstance(holder, list) and isinstance(last, int):
        holder[last] = None
    elif isinstance(holder, dict) and last in holder:
        value = holder.pop(last)
        if meant:
            holder[meant], renamed[*outer, meant] = value, str(last)
    elif isinstance(holder, dict) and last == "request":
        holder["request"] = "GET /"
    elif isinstance(holder, dict) and not outer:
        holder[last] = _NEEDED.get(str(last))
        return str(last) in _NEEDED
    elif holder is not None:
        return _is_taken_out(left, tuple(outer), "", renamed)
    return True


def _letters(name: str) -> str:
    return "".join(sign for sign in name.lower() if sign.isalnum())


def _at(value: Value, place: Sequence[str | int]) -> Value:
    for part in place:
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return None
    return value


def _whole(
    document: dict[str, Value], left: dict[str, Value], renamed: Mapping[Place, str], faults: Sequence[RecipeProblem]
) -> Mended | None:
    origins: dict[Place, str | int] = {}
    kept = _without_gaps(left, (), (), renamed, origins)
    if not isinstance(kept, dict) or not kept.get("fetch"):
        return None
    return Mended(
        document=kept,
        origins=origins,
        has_all_names=not any(_is_about_names(fault.place) for fault in faults),
        keys={str(fault.place[0]) for fault in faults if len(fault.place) == 1},
        values=frozenset(_names(document)) - frozenset(_names(kept)),
        has_all_files=not any(
            fault.place[-1] in OF_FILES and _saves_nothing(document, fault.place) for fault in faults
        ),
        files=frozenset(_saved(document)) - frozenset(_saved(kept)),
    )


def _is_about_names(place: Place) -> bool:
    return place[-1] in _NAMING or (place[0], place[-1]) == ("field", "key")


def _saves_nothing(document: dict[str, Value], place: Place) -> bool:
    step = _at(document, place[:-1])
    return isinstance(step, dict) and "save" not in step


def _without_gaps(
    value: Value, new: Place, old: Place, renamed: Mapping[Place, str], origins: dict[Place, str | int]
) -> Value:
    """Return a value without the empty places in its lists, and note where in the file each part stands."""
    if isinstance(value, dict):
        for key in value:
            if (*old, key) in renamed:
                origins[*new, key] = renamed[*old, key]
        kept = {key: _without_gaps(inner, (*new, key), (*old, key), renamed, origins) for key, inner in value.items()}
        return {key: inner for key, inner in kept.items() if inner != [] or value[key] == []}
    if not isinstance(value, list):
        return value
    entries = [(at, inner) for at, inner in enumerate(value) if inner is not None]
    for number, (at, _inner) in enumerate(entries):
        if number != at:
            origins[*new, number] = at
    return [
        _without_gaps(inner, (*new, number), (*old, at), renamed, origins) for number, (at, inner) in enumerate(entries)
    ]


def _names(value: Value) -> Iterator[str]:
    """Return what may be the name of a value anywhere in a recipe."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in _NAMING and isinstance(inner, dict):
                yield from inner
            elif key in {"key", "list"} and isinstance(inner, str):
                yield inner
            yield from _names(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _names(inner)


def _saved(value: Value) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "save" and isinstance(inner, str):
                yield inner
            else:
                yield from _saved(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _saved(inner)
