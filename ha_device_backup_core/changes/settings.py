"""Settings by their path: those of JSON, and of texts with a key and a value a line; pure."""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ha_device_backup_core.hiding import HIDDEN, for_people, hides

from .records import LONGEST_TEXT, Change, Scalar, SettingChange

LARGEST_PARSED = 2 * 1024 * 1024
MOST_VALUES = 200_000
DEEPEST = 32
"""What lies deeper is compared as one value."""
_MOST_LINES = 100_000
_KEY_VALUE = re.compile(r"\s{0,40}([^\s=:#;\[\]{}\"'<>][^=:{}\"'<>]{0,199}?)\s{0,40}[=:](.*)")
_SECTION = re.compile(r"\s{0,40}\[([^\[\]]{1,200})\]\s*")
_COMMENTS = ("#", ";", "//")
_WORD = re.compile(r"[A-Za-z_$@-][A-Za-z_.$@ /-]{0,39}\d{0,3}[A-Za-z_]{0,8}|\d{1,4}")


class _Nothing:
    """A place in which there is nothing."""


class _Unknown:
    """A place of which nothing is known."""


_MISSING = _Nothing()
_UNKNOWN = _Unknown()


@dataclass(frozen=True, slots=True)
class Tree:
    """The same place of a file as it is shown, as it is, and as it counts."""

    shown: Any
    raw: Any = _UNKNOWN
    normal: Any = _UNKNOWN

    def at(self, key: str | int) -> "Tree":
        """Return a place below."""
        return Tree(_at(self.shown, key), _at(self.raw, key), _at(self.normal, key))


def read_settings(content: bytes | str | None) -> object:
    """Return the settings in a file, lists and objects in each other; None where it holds none that can be told."""
    if content is None or len(content) > LARGEST_PARSED:
        return None
    text = _text(content)
    if text is None:
        return None
    found = _read_json(text)
    return _read_lines(text) if found is None else found


def is_json(text: str) -> bool:
    """Return whether the settings in a text are those of JSON."""
    return _read_json(text.removeprefix("\ufeff")) is not None


def tree_of(shown: object, raw: object, normal: object) -> Tree:
    """Return the whole of a file; None stands for what could not be read."""
    return Tree(shown, _UNKNOWN if raw is None else raw, _UNKNOWN if normal is None else normal)


def without_values(value: object, depth: int = 0) -> object:
    """Return the same settings without their values, and without keys that may be more than words."""
    if depth > DEEPEST:
        return HIDDEN
    if isinstance(value, dict):
        return {key: without_values(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [without_values(inner, depth + 1) for inner in value]
    return HIDDEN


def settings_changes(before: Tree, after: Tree, *, only_words: bool = False) -> Iterator[SettingChange]:
    """Return each setting that is another; `only_words` hides keys that may be more than words."""
    for change in _changes(before, after, (), 0):
        yield replace(change, path=tuple(_key(key, only_words=only_words) for key in change.path))


def _changes(before: Tree, after: Tree, path: tuple[str | int, ...], depth: int) -> Iterator[SettingChange]:
    shown = (before.shown, after.shown)
    held = [value for value in shown if value is not _MISSING]
    if depth < DEEPEST and any(held) and all(isinstance(value, dict) for value in held):
        keys = {key: None for value in held for key in value}
        pairs = [(key, key, key) for key in keys]
    elif depth < DEEPEST and any(held) and all(isinstance(value, list) for value in held):
        pairs = list(_places(before, after))
    else:
        yield from _leaf(before, after, path)
        return
    for old, new, key in pairs:
        yield from _changes(before.at(old), after.at(new), (*path, key), depth + 1)


def _places(before: Tree, after: Tree) -> Iterator[tuple[str | int, str | int, str | int]]:
    """Return which place of a list belongs to which, and how it is called; what is equal at both ends is left out."""
    old = before.shown if isinstance(before.shown, list) else []
    new = after.shown if isinstance(after.shown, list) else []
    if len(old) == len(new):
        yield from ((place, place, place) for place in range(len(old)))
        return
    most = min(len(old), len(new))
    start = 0
    while start < most and _equal(before.at(start), after.at(start)):
        start += 1
    end = 0
    while end < most - start and _equal(before.at(len(old) - 1 - end), after.at(len(new) - 1 - end)):
        end += 1
    olds, news = range(start, len(old) - end), range(start, len(new) - end)
    for number in range(max(len(olds), len(news))):
        there = start + number
        yield (
            there if number < len(olds) else -1,
            there if number < len(news) else -1,
            there,
        )


def _equal(before: Tree, after: Tree) -> bool:
    return _same(before.shown, after.shown) and _same_where_known(before.raw, after.raw)


def _leaf(before: Tree, after: Tree, path: tuple[str | int, ...]) -> Iterator[SettingChange]:
    if _equal(before, after):
        return
    masked = _is_masked(before) or _is_masked(after)
    unknown = before.normal is _UNKNOWN or after.normal is _UNKNOWN
    yield SettingChange(
        path=path,
        change=_change(before.shown, after.shown),
        before=_shown(before.shown),
        after=_shown(after.shown),
        masked=masked,
        counts=unknown or not _same(before.normal, after.normal),
    )


def _change(before: object, after: object) -> Change:
    if before is _MISSING:
        return Change.ADDED
    return Change.REMOVED if after is _MISSING else Change.CHANGED


def _is_masked(tree: Tree) -> bool:
    if tree.shown is _MISSING:
        return False
    if isinstance(tree.shown, str) and hides(tree.shown):
        return True
    is_known = tree.raw is not _UNKNOWN and tree.raw is not _MISSING
    return is_known and not _same(tree.shown, tree.raw)


def _same_where_known(before: object, after: object) -> bool:
    return before is _UNKNOWN or after is _UNKNOWN or _same(before, after)


def _same(before: object, after: object) -> bool:
    """Return whether two values are the same; True is not 1."""
    if before is after:
        return True
    if type(before) is not type(after):
        return False
    if isinstance(before, dict | list):
        return _compact(before) == _compact(after)
    return before == after


def _at(value: object, key: str | int) -> object:
    if isinstance(value, _Unknown):
        return _UNKNOWN
    if isinstance(value, dict):
        return value.get(key, _MISSING)
    if isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value):
        return value[key]
    return _MISSING


def _shown(value: object) -> Scalar:
    if value is _MISSING:
        return None
    if isinstance(value, dict | list):
        return _shortened(_compact(value))
    if isinstance(value, str):
        return _shortened(value)
    if isinstance(value, int) and abs(value) >= 10**LONGEST_TEXT:
        return "…"
    return value if isinstance(value, int | float | bool) or value is None else _shortened(str(value))


def _key(key: str | int, *, only_words: bool) -> str | int:
    if isinstance(key, int):
        return key
    return _shortened(key) if not only_words or _WORD.fullmatch(key) else HIDDEN


def _shortened(text: str) -> str:
    text = for_people(text)
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def _text(content: bytes | str) -> str | None:
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError:
        return None


def _read_json(text: str) -> object:
    if text.lstrip()[:1] not in {"{", "["} or sum(map(text.count, ",[{")) > MOST_VALUES:
        return None
    try:
        found = json.loads(text, parse_constant=str, parse_float=_number)
        _compact(found)
    except (RecursionError, ValueError):
        return None
    return found if isinstance(found, dict | list) else None


def _number(text: str) -> float | str:
    number = float(text)
    return number if math.isfinite(number) else text


def _read_lines(text: str) -> object:
    """Return the settings of a text with a key and a value in each line, below the sections that they stand in."""
    if text.count("\n") > _MOST_LINES:
        return None
    found: dict[str, Any] = {}
    section = found
    indents = set()
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith(_COMMENTS):
            continue
        if heading := _SECTION.fullmatch(line):
            inner = found.setdefault(heading[1].strip(), {})
            section = inner if isinstance(inner, dict) else found
        elif setting := _KEY_VALUE.fullmatch(line):
            _add(section, setting[1], setting[2].strip())
            indents |= {setting.start(1)} if line[setting.end(1) :].lstrip()[0] == ":" else set()
        else:
            return None
    if len(indents) > 1:
        # What stands below what is told by the indent, and a key alone is no path.
        return None
    return found or None


def _add(section: dict[str, Any], key: str, value: str) -> None:
    """Add a setting; one that comes again becomes a list."""
    known = section.get(key)
    if known is None:
        section[key] = value
    elif isinstance(known, list):
        known.append(value)
    elif isinstance(known, str):
        section[key] = [known, value]


def are_settings(*values: object) -> bool:
    """Return whether all are of the same form, so that their paths mean the same."""
    return all(isinstance(value, Mapping) for value in values) or all(
        isinstance(value, Sequence) and not isinstance(value, str) for value in values
    )
