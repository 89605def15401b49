"""Presets: what a restore changes of them, and what they mean on another firmware; pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ha_device_backup_core.toolkit import JsonError, JsonObject, as_list, as_object, canonical

from .json_files import minified, parse

_STRING = re.compile(rb'"(?>[^"\\]++|\\.)*+"', re.DOTALL)
_BLANK = re.compile(rb"([^ \t\r\n]*+)([ \t\r\n]*+)")
_NUMBER = re.compile(r"(?<!\d)\d{1,3}(?!\d)", re.ASCII)
_EMPTY = "0"
"""The firmware's own entry; nobody's preset."""
_OLD_CUSTOM_PALETTES = range(246, 256)
"""Before 16: the first custom palette was 255, the next 254; from 16 on these are palettes of usermods."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetChanges:
    """How many presets would be other ones."""

    added: int
    removed: int
    changed: int


def same_presets(one: bytes, other: bytes) -> bool:
    """Return whether two files hold the same presets, whatever blanks are between them."""
    if one == other or minified(one) == minified(other):
        return True
    try:
        return canonical(parse(one, unique=True)) == canonical(parse(other, unique=True))
    except JsonError:
        return False


def sendable_presets(content: bytes) -> bytes:
    """Return presets as the firmware can go on writing them.

    It searches for `"1":{` when it saves, and destroys a file with blanks there. Between presets it leaves and uses
    runs of them itself; those stay, like every byte.
    """
    return content if _has_only_own_blanks(content) else minified(content)


def _has_only_own_blanks(content: bytes) -> bool:
    depth = 0
    bare = _STRING.sub(b"s", content)
    if not bare.startswith(b"{") or not bare.endswith(b"}"):
        return False
    for part in _BLANK.finditer(bare):
        before, blanks = part.groups()
        depth += before.count(b"{") - before.count(b"}")
        if blanks and (depth != 1 or not before.endswith((b"{", b",", b"}")) or blanks.strip(b" ")):
            return False
    return True


def preset_changes(sent: bytes, held: bytes) -> PresetChanges | None:
    """Return what would change, None where that is not worth to find out or cannot be told."""
    try:
        new, old = _presets(sent), _presets(held)
    except JsonError:
        return None
    return PresetChanges(
        added=len(new.keys() - old.keys()),
        removed=len(old.keys() - new.keys()),
        changed=sum(new[key] != old[key] for key in new.keys() & old.keys()),
    )


def has_presets(content: bytes) -> bool:
    """Return whether a person saved any; also where the file is too large or too damaged to count them."""
    if not content.strip():
        return False
    try:
        return any(_presets(content).values())
    except JsonError:
        return True


def with_old_custom_palettes(content: bytes) -> list[str]:
    """Return the numbers of the presets that use a custom palette by its number before 16."""
    try:
        presets = _presets(content)
    except JsonError:
        return []
    found = (number for number, preset in presets.items() if _uses_custom_palette(preset))
    # As numbers are sorted, however many digits a strange one has.
    return sorted(found, key=lambda number: (len(number), number))


def uses_old_custom_palettes(content: bytes) -> bool:
    """Return whether a command of a remote control uses a custom palette by its number before 16."""
    try:
        buttons = as_object(parse(content))
    except JsonError:
        return False
    said = (as_object(button).get("cmd") for button in buttons.values())
    commands = (command for cmd in said for command in (cmd if isinstance(cmd, list) else [cmd]))
    return any(
        _uses_custom_palette({"win": command} if isinstance(command, str) else as_object(command))
        for command in commands
    )


def _presets(content: bytes) -> Mapping[str, JsonObject]:
    value = as_object(parse(content))
    return {
        key: as_object(preset) for key, preset in value.items() if key != _EMPTY and key.isascii() and key.isdecimal()
    }


def _uses_custom_palette(preset: JsonObject) -> bool:
    return any(number in _OLD_CUSTOM_PALETTES for said in _palettes(preset) for number in _numbers(said))


def _numbers(said: object) -> Iterator[float]:
    """Yield the numbers in what stands for a palette: one, or a text such as `240~250r`."""
    if isinstance(said, int | float):
        yield said
    elif isinstance(said, str):
        yield from (int(number) for number in _NUMBER.findall(said))


def _palettes(preset: JsonObject) -> Iterator[object]:
    segments = preset.get("seg")
    for segment in (segments,) if isinstance(segments, dict) else as_list(segments):
        yield as_object(segment).get("pal")
    for command in str(preset.get("win", "")).split("&"):
        name, _, number = command.rpartition("?")[2].partition("=")
        if name == "FP":
            yield number
