"""What makes a configuration valid, judged by two that came; pure."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from ...decoding import text_of
from ...gzip_files import Budget, TooMuchError, gunzip
from ...json_files import read_json
from ...recognise import Form, found_form, is_tar, is_text
from ..members import members_in
from ..xml_places import local_name, parse_xml
from .changes import Changing
from .places import expression_of, is_step, line_start, member_pattern, pointer_text, step_of
from .secrecy import holds_any

_MOST_PLACES = 3
_SQLITE_START = b"SQLite format 3\0"
_ENDINGS = {"json": ".json", "xml": ".xml", "zip": ".zip", "tgz": ".tgz", "gzip": ".gz", "tar": ".tar", "text": ".txt"}
_SQLITE_ENDING, _OTHER_ENDING = ".db", ".bin"
_TEXT_ENDINGS = frozenset({".txt", ".cfg", ".conf", ".yaml", ".yml", ".ini", ".rsc", ".toml", ".js", ".csv"})
_HEADING = re.compile(r"\[[\w. -]+\]|</?[\w.:-]+>?|end\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The form of a file, and what every such file has."""

    form: str
    root: str = ""
    required: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()


def form_seen(content: bytes) -> str:
    """Return the form of a file, as recipes call it."""
    match found_form(content):
        case Form.GZIP:
            return "tgz" if _is_packed_tar(content) else "gzip"
        case Form() as form:
            return str(form)
    if content.startswith(_SQLITE_START):
        return "sqlite"
    return "text" if is_text(content) else "any"


def name_for(path: str, form: str) -> str:
    """Return a name for a file: the last word of its path, with the ending of its form."""
    last = PurePosixPath(path.partition("?")[0])
    stem = re.sub(r"[^A-Za-z0-9_-]+", "_", last.name.removesuffix(last.suffix).removesuffix(".tar")).strip("_")
    ending = last.suffix if form == "text" and last.suffix in _TEXT_ENDINGS else _ENDINGS.get(form)
    ending = ending or (_SQLITE_ENDING if form == "sqlite" else _OTHER_ENDING)
    return f"{stem or 'configuration'}{ending}"


def seen(first: bytes, second: bytes, changes: Sequence[Changing], secrets: Collection[str]) -> Seen:
    """Return the form, and a few places of it that were there both times and did not change by themselves."""
    form = form_seen(first)
    if form != form_seen(second):
        return Seen(form="any")
    if form == "json":
        return Seen(form=form, required=_places_in_json(read_json(first), read_json(second), changes))
    if form == "xml":
        return _seen_in_xml(first, second)
    if form in {"zip", "tgz", "tar"}:
        return Seen(form=form, members=_members(first, second, changes))
    if form == "text":
        return Seen(form=form, contains=_last_lines(first, second, secrets))
    return Seen(form=form)


def _is_packed_tar(content: bytes) -> bool:
    try:
        inner = gunzip(content, Budget())
    except TooMuchError:
        return False
    return inner is not None and is_tar(inner)


def _places_in_json(first: object, second: object, changes: Sequence[Changing]) -> tuple[str, ...]:
    if not isinstance(first, dict) or not isinstance(second, dict):
        return ()
    changed = {place for change in changes for place in change.json}
    steady = [
        key
        for key, value in first.items()
        if key and key in second and value is not None and step_of(key) != "*" and pointer_text((key,)) not in changed
    ]
    # Parts of the configuration say more than single values.
    parts = [key for key in steady if isinstance(first[key], dict | list) and first[key]]
    return tuple(pointer_text((key,)) for key in (parts or steady)[:_MOST_PLACES])


def _seen_in_xml(first: bytes, second: bytes) -> Seen:
    one, other = parse_xml(first), parse_xml(second)
    if one is None or other is None:
        return Seen(form="xml")
    again = {local_name(child) for child in other}
    children = sorted(one, key=lambda child: -len(child))
    names = dict.fromkeys(name for child in children if (name := local_name(child)) in again and is_step(name))
    return Seen(form="xml", root=local_name(one), required=tuple(f"xml:{name}" for name in names)[:_MOST_PLACES])


def _members(first: bytes, second: bytes, changes: Sequence[Changing]) -> tuple[str, ...]:
    try:
        one, other = members_in(first, Budget()), members_in(second, Budget())
    except TooMuchError:
        return ()
    if one is None or other is None:
        return ()
    skipped = {change.file.partition("!")[2] for change in changes if change.skip}
    again = {name for name, _content in other}
    kept = [
        (len(content), pattern)
        for name, content in one
        if name in again and (pattern := member_pattern(name)) not in skipped and not re.search(r"\d{4}", name)
    ]
    return tuple(pattern for _size, pattern in sorted(kept, reverse=True)[:_MOST_PLACES])


def _last_lines(first: bytes, second: bytes, secrets: Collection[str]) -> tuple[str, ...]:
    """Return an expression for the last line that both have and that is no value of this one device."""
    again = set((text_of(second) or "").splitlines())
    lines = [line for line in (text_of(first) or "").splitlines() if line in again]
    starts = (start for line in reversed(lines) if (start := _kept_of(line)) and not holds_any(start, secrets))
    return tuple(f"^{expression_of(start)}" for start in _first(starts))


def _kept_of(line: str) -> str:
    heading = _HEADING.match(line)
    return heading[0] if heading else line_start(line)


def _first(found: Iterator[str]) -> list[str]:
    start = next(found, None)
    return [] if start is None else [start]
