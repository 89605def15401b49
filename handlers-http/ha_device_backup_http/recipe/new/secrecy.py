"""Which places of a configuration sound like secrets; pure."""

import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass

from ha_device_backup_core.toolkit import names_a_password

from ...decoding import text_of
from ...gzip_files import Budget, TooMuchError, gunzip
from ...json_files import read_json
from ..members import members_in
from ..templates import Value
from ..xml_places import local_name, parse_xml
from .places import (
    MOST_PLACES,
    expression_of,
    is_step,
    line_start,
    member_pattern,
    pointer_text,
    step_of,
    words_of,
)

_SECRET = re.compile(
    r"passw|pass_?(?:phrase|code)|(?:^|_)(?:pass|pwd|pw|pin|key|psk|salt|hash)$|passwd|pwd|psk|secret|token|credential"
    r"|(?:api|private|auth|wpa|shared|access|encryption)_?key|pwhash|bearer"
)
_MOST_MEMBERS = 20
_SHORTEST = 4
"""Characters of what was entered and is recognised in a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretPlaces:
    """What nobody is shown of one file."""

    file: str
    json: tuple[str, ...] = ()
    xml: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


def sounds_secret(name: str) -> bool:
    """Return whether what has this name is likely a secret."""
    return _SECRET.search(words_of(name)) is not None or names_a_password(name)


def holds_any(text: str, secrets: Collection[str]) -> bool:
    """Return whether something that was entered as a secret is in a text."""
    return any(secret in text for secret in secrets if len(secret) >= _SHORTEST)


def secret_places(file: str, content: bytes, entered: Collection[str]) -> tuple[SecretPlaces, ...]:
    """Return what sounds like a secret, and what holds one that was entered, in a file and in its members."""
    with suppress(TooMuchError):
        return tuple(_in_file(file, content, entered, Budget()))
    return ()


def _in_file(file: str, content: bytes, entered: Collection[str], budget: Budget) -> Iterator[SecretPlaces]:
    content = inner if (inner := gunzip(content, budget)) is not None else content
    members = members_in(content, budget)
    if members is None:
        found = _in_text(file, content, entered)
        if found.json or found.xml or found.lines:
            yield found
        return
    left = _MOST_MEMBERS
    for name, inside in members:
        found = _in_text(f"{file}!{member_pattern(name)}", inside, entered)
        if left and (found.json or found.xml or found.lines):
            left -= 1
            yield found


def _in_text(file: str, content: bytes, entered: Collection[str]) -> SecretPlaces:
    value = read_json(content)
    if isinstance(value, dict | list):
        return SecretPlaces(file=file, json=_few(dict.fromkeys(filter(None, _in_json(value, (), entered)))))
    if (root := parse_xml(content)) is not None:
        names = dict.fromkeys(
            f"//{name}"
            for element in root.iter()
            if is_step(name := local_name(element))
            and (sounds_secret(name) or (element.text or "").strip() in entered)
            and (element.text or "").strip()
        )
        attributes = dict.fromkeys(
            f"//{local_name(element)}@{name}"
            for element in root.iter()
            for name, text in element.attrib.items()
            if is_step(name) and is_step(local_name(element)) and (sounds_secret(name) or text in entered) and text
        )
        return SecretPlaces(file=file, xml=_few([*names, *attributes]))
    text = text_of(content)
    starts = (line_start(line) for line in (text or "").split("\n"))
    lines = dict.fromkeys(
        f"^{expression_of(start)}" for start in starts if start and sounds_secret(start.rstrip("=: "))
    )
    return SecretPlaces(file=file, lines=_few(lines))


def _few(places: Collection[str]) -> tuple[str, ...]:
    """Return the places, none of too many: a file without any is shown to nobody."""
    return tuple(places) if len(places) <= MOST_PLACES else ()


def _in_json(value: Value, place: tuple[str, ...], entered: Collection[str]) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            below = (*place, step_of(key))
            is_empty = inner is None or isinstance(inner, bool) or inner in ("", [], {})
            if (sounds_secret(key) and not is_empty) or (isinstance(inner, str) and inner in entered):
                yield pointer_text(below)
            else:
                yield from _in_json(inner, below, entered)
    elif isinstance(value, list):
        for inner in value:
            if isinstance(inner, dict | list):
                yield from _in_json(inner, (*place, "*"), entered)
            elif isinstance(inner, str) and inner in entered:
                yield pointer_text((*place, "*"))
