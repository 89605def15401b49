"""What differs between two fetches without a change, as `[[compare]]` says it; pure."""

import itertools
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ha_device_backup_core.toolkit import canonical

from ...decoding import text_of
from ...gzip_files import Budget, TooMuchError, gunzip
from ...json_files import read_json
from ..members import members_in
from ..templates import Value
from ..xml_places import local_name, parse_xml
from .places import MOST_PLACES, expression_of, is_step, line_start, member_pattern, pointer_text, step_of

_DEEPEST = 4
_SHORTEST_START = 3
"""Characters by which a line is known again."""
_MOST_STARTS, _LONGEST_START = 50, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Changing:
    """What changes by itself in one file."""

    file: str
    skip: bool = False
    json: tuple[str, ...] = ()
    unordered: tuple[str, ...] = ()
    xml: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


def changing(file: str, first: bytes, second: bytes) -> tuple[Changing, ...] | None:
    """Return what changes by itself; None where the two have too little in common to tell."""
    try:
        found = _in_file(file, first, second, Budget(), 0)
    except TooMuchError:
        return None
    is_alike = len(found) <= MOST_PLACES and not any(change.skip and change.file == file for change in found)
    return found if is_alike else None


def _in_file(file: str, first: bytes, second: bytes, budget: Budget, depth: int) -> tuple[Changing, ...]:
    if first == second:
        return ()
    if depth < _DEEPEST:
        packed = gunzip(first, budget), gunzip(second, budget)
        if packed[0] is not None and packed[1] is not None:
            return _in_file(file, packed[0], packed[1], budget, depth + 1)
        members = members_in(first, budget), members_in(second, budget)
        if members[0] is not None and members[1] is not None:
            return tuple(_in_archive(file, dict(members[0]), dict(members[1]), budget, depth))
    return (_in_plain(file, first, second),)


def _in_archive(
    file: str, first: Mapping[str, bytes], second: Mapping[str, bytes], budget: Budget, depth: int
) -> Iterator[Changing]:
    for name in sorted(first.keys() & second.keys()):
        yield from _in_file(f"{file}!{member_pattern(name)}", first[name], second[name], budget, depth + 1)
    for name in sorted({re.sub(r"\d+", "*", member_pattern(name)) for name in first.keys() ^ second.keys()}):
        yield Changing(file=f"{file}!{name}", skip=True)


def _in_plain(file: str, first: bytes, second: bytes) -> Changing:
    values = read_json(first), read_json(second)
    if all(isinstance(value, dict | list) for value in values):
        found = list(_in_json(*values, ()))
        places = sorted({pointer_text(place) for place, is_order in found if not is_order})
        orders = sorted({pointer_text(place) for place, is_order in found if is_order})
        if "" not in places and len(found) <= MOST_PLACES:
            return Changing(file=file, json=tuple(places), unordered=tuple(orders))
        return Changing(file=file, skip=True)
    roots = parse_xml(first), parse_xml(second)
    if roots[0] is not None and roots[1] is not None:
        elements = sorted(set(_in_xml(roots[0], roots[1], "")))
        return (
            Changing(file=file, skip=True)
            if "" in elements or len(elements) > MOST_PLACES
            else Changing(file=file, xml=tuple(elements))
        )
    texts = text_of(first), text_of(second)
    if texts[0] is not None and texts[1] is not None:
        lines = sorted(set(_in_lines(texts[0], texts[1])))
        if "" not in lines:
            return Changing(file=file, lines=tuple(lines))
    return Changing(file=file, skip=True)


def _in_json(first: Value, second: Value, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Return each place that differs, and whether only by the order of its list."""
    if first == second:
        return
    if isinstance(first, dict) and isinstance(second, dict):
        for key in first.keys() | second.keys():
            below = (*place, step_of(key))
            if key in first and key in second:
                yield from _in_json(first[key], second[key], below)
            else:
                yield below, False
    elif isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        if sorted(map(canonical, first)) == sorted(map(canonical, second)):
            yield place, True
            return
        for one, other in zip(first, second, strict=True):
            yield from _in_json(one, other, (*place, "*"))
    else:
        yield place, False


def _in_xml(first: ET.Element, second: ET.Element, path: str) -> Iterator[str]:
    """Return each place that differs; an empty one for the root itself."""
    for name in first.attrib.keys() | second.attrib.keys():
        if first.get(name) != second.get(name):
            yield f"{path}@{name}" if is_step(name) else path
    if (first.text or "").strip() != (second.text or "").strip() or [child.tag for child in first] != [
        child.tag for child in second
    ]:
        yield path
    else:
        for one, other in zip(first, second, strict=True):
            name = local_name(one)
            below = f"{path}/{name}".lstrip("/")
            yield from _in_xml(one, other, below) if is_step(name) else ()


def _in_lines(first: str, second: str) -> Iterator[str]:
    """Return expressions for the lines that differ; an empty one where a line cannot be known again."""
    lines = Counter(first.splitlines()), Counter(second.splitlines())
    only = list((lines[0] - lines[1]).elements()), list((lines[1] - lines[0]).elements())
    kept, starts = list(lines[0] & lines[1]), set[str]()
    for number in range(max(map(len, only))):
        pair = [side[number] for side in only if number < len(side)]
        keys = {line_start(line) for line in pair}
        start = keys.pop() if len(keys) == 1 else ""
        start = (start or _words_before(_common_start(pair)))[:_LONGEST_START]
        if start not in starts:
            starts.add(start)
            yield f"^{expression_of(start)}" if len(starts) <= _MOST_STARTS and _is_of_these(start, kept) else ""


def _is_of_these(start: str, kept: Sequence[str]) -> bool:
    """Return whether a start is only that of lines that differ: one that hides others hides changes by people."""
    return len(start.strip()) >= _SHORTEST_START and not any(line.startswith(start) for line in kept)


def _common_start(lines: Sequence[str]) -> str:
    alike = itertools.takewhile(lambda signs: len(set(signs)) == 1, zip(*lines, strict=False))
    return "".join(signs[0] for signs in alike)


def _words_before(text: str) -> str:
    """Return a text up to the first digit: what follows is likely what changes."""
    return re.split(r"\d", text, maxsplit=1)[0]
