"""Tell settings and presets by what is in them, as leniently as the firmware reads them; pure."""

import re

from ha_device_backup_core.toolkit import JsonError, JsonObject, as_list, as_object

from .json_files import BYTE_ORDER_MARK, LARGEST_PARSED, parse, seems_whole

SECTIONS = frozenset(
    "id nw ap wifi eth hw light def if remote ol timers ota dmx um".split()  # noqa: SIM905 - a list of words
)
"""The sections of a configuration; builds of vendors have few of them."""
_QUOTED_SECTIONS = tuple(f'"{section}"'.encode() for section in sorted(SECTIONS))
_FEWEST_SECTIONS = 2
_NEEDED_SECTIONS = frozenset({"id", "nw", "ap", "hw"})
"""Without these the controller has other pins, or no network; anything in place of others means nothing to it."""
_ANSWERS = ({"ver", "vid", "leds"}, {"state", "info"}, {"on", "bri", "seg"})
"""Keys of what a controller tells of itself."""
_PRESET_KEYS = frozenset({"n", "on", "bri", "seg", "playlist", "win", "ql", "ps", "mainseg", "transition"})
_QUOTED_PRESET_KEYS = (b'"seg":', b'"playlist":', b'"mainseg":', b'"win":')
_CONFIGURATION_START = re.compile(rb'\s*\{\s*"rev"\s*:\s*\[[\d,\s]*\]\s*,\s*"vid"')
"""As the firmware writes it, whatever became of the rest."""
_OBJECT_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{")
_PRESETS_START = re.compile(rb'\s*\{\s*"\d+"\s*:\s*\{')


def is_configuration(value: object) -> bool:
    """Return whether a value holds sections of a configuration, and none that is no section at all."""
    return not wrong_sections(value)


def wrong_sections(value: object) -> list[str]:
    """Return what keeps a value from being a configuration: sections that are none, or too few."""
    found = as_object(value)
    sections = SECTIONS & found.keys()
    wrong = sorted(key for key in sections & _NEEDED_SECTIONS if not isinstance(found[key], dict))
    outputs = as_object(as_object(found.get("hw")).get("led")) or as_list(as_object(found.get("nw")).get("ins"))
    held = [key for key in sections if isinstance(found[key], dict)]
    if wrong or outputs or len(held) >= _FEWEST_SECTIONS:
        return wrong
    return [key for key in ("id", "nw", "hw") if key not in found]


def is_answer(content: bytes) -> bool:
    """Return whether a file is what a controller tells at `/json` or below."""
    try:
        answer = as_object(parse(content))
    except JsonError:
        return False
    return any(keys <= answer.keys() for keys in _ANSWERS)


def has_preset_keys(value: JsonObject) -> bool:
    """Return whether every key is the number of a preset."""
    return all(key.isascii() and key.isdecimal() and isinstance(entry, dict) for key, entry in value.items())


def holds_configuration(content: bytes) -> bool:
    """Return whether a file is a configuration, whatever its name."""
    if not _OBJECT_START.match(content) or not any(section in content for section in _QUOTED_SECTIONS):
        return False
    try:
        return is_configuration(parse(content, first=True))
    except JsonError:
        return False


def is_surely_configuration(content: bytes) -> bool:
    """Return whether a file of unknown kind is a configuration: other devices have some sections of these names."""
    if _CONFIGURATION_START.match(content.removeprefix(BYTE_ORDER_MARK)):
        return True
    if not holds_configuration(content):
        return False
    found = as_object(parse(content, first=True))
    outputs = as_object(found.get("hw")).get("led") or as_object(found.get("nw")).get("ins")
    return bool(outputs) or 2 * len(SECTIONS & found.keys()) > len(found)


def holds_presets(content: bytes) -> bool:
    """Return whether a file holds presets, whatever its name."""
    if not _starts_as_presets(content) or len(content) > LARGEST_PARSED:
        return _starts_as_presets(content) and seems_whole(content)
    try:
        value = as_object(parse(content))
    except JsonError:
        return False
    looks_so = all(not entry or _PRESET_KEYS & entry.keys() for entry in value.values() if isinstance(entry, dict))
    return bool(value) and has_preset_keys(value) and looks_so


def begins_as_presets(content: bytes) -> bool:
    """Return whether this begins as presets of the firmware do, whatever became of the rest."""
    return _starts_as_presets(content) and any(key in content for key in _QUOTED_PRESET_KEYS)


def are_presets(content: bytes) -> bool:
    """Return whether the file of presets is one that a controller can read."""
    if len(content) > LARGEST_PARSED:
        return _starts_as_presets(content) and seems_whole(content)
    try:
        value = parse(content)
    except JsonError:
        return False
    return isinstance(value, dict) and has_preset_keys(value)


def _starts_as_presets(content: bytes) -> bool:
    return _PRESETS_START.match(content.removeprefix(BYTE_ORDER_MARK)) is not None
