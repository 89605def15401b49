"""The files on a controller: which there can be, what they are for, how to ask for them."""

import re
from collections.abc import Iterable

from ha_device_backup_core.toolkit import encoded

CONFIGURATION = "cfg.json"
PRESETS = "presets.json"
RECORD_FOLDER = ".device-backup"
INFO_RECORD = f"{RECORD_FOLDER}/info.json"
"""`/json/info` as sent; no file of a device has a folder in its name."""
SIZES_RECORD = f"{RECORD_FOLDER}/files.json"
"""The size of each file as the device gave it: tells a file that was cut off from one that is damaged on the device."""
NAMES_RECORD = f"{RECORD_FOLDER}/names.json"
"""The bytes, in hex digits, of names that are no UTF-8, and the names under which those files are kept."""

LIST_UNAVAILABLE = "file_list_unavailable"
"""The code of what is missing where the device gives no list of its files."""

TEMPORARY = frozenset({"tmp.json"})
SECRET = frozenset({"wsec.json"})
SET_ASIDE = "rst.cfg.json"
"""A configuration that the firmware could not read, in place of which it took its own."""
MADE_BY_DEVICE = frozenset({"bkp.cfg.json", SET_ASIDE})
"""Earlier configurations that the firmware sets aside itself: kept, but no change by themselves and never put back."""

REMOTES = frozenset({"ir.json", "remote.json", "remote433.json"})
"""What buttons of remote controls do."""

_ALWAYS_PROBED = (
    "2d-gaps.json",
    "ir.json",
    "remote.json",
    "remote433.json",
    "skin.css",
    "holidays.json",
    "bkp.cfg.json",
    "rst.cfg.json",
    "index.htm",
    "style.css",
    "common.js",
    "favicon.ico",
    "edit.htm",
    "pixart.htm",
    "pxmagic.htm",
    "cpal.htm",
    "pixelforge.htm",
)
_LONGEST_NAME = 255
"""Bytes, of LittleFS."""
_COPY = re.compile(r" ?\(\d{1,4}\)(?=\.\w+$)")
"""What a browser or a file manager adds to the name of a second file."""
_NUMBERED = re.compile(r"(ledmap|palette)\d*\.json")
_LEDMAPS = range(100)
_LEDMAPS_WITHOUT_A_LIST = range(10)
_USUAL_PALETTES = 10
_MOST_PALETTES = 200


def is_kept(name: str) -> bool:
    """Return whether a listed file belongs into a backup."""
    return name not in TEMPORARY and name not in SECRET


def is_plain(name: str) -> bool:
    """Return whether a name from the device is a plain file name, and cannot mean anything else here."""
    usable = re.fullmatch(r"[^/\\\x00-\x1f\x7f\ud800-\udc7f\udd00-\udfff]+", name)
    return usable is not None and len(encoded(name)) <= _LONGEST_NAME and name not in {".", "..", RECORD_FOLDER}


def is_known(name: str) -> bool:
    """Return whether this is the name of a file that the firmware looks for."""
    return (
        name in {CONFIGURATION, PRESETS, *SECRET, *TEMPORARY, *_ALWAYS_PROBED} or _NUMBERED.fullmatch(name) is not None
    )


def usual_spelling(name: str) -> str:
    """Return the name that the firmware looks for, where a person's computer wrote it in capitals or numbered it."""
    lower = name.lower()
    for known in (lower, _COPY.sub("", lower)):
        if is_known(known) and (known == lower or known not in {CONFIGURATION, PRESETS}):
            return known
    return name


def is_searched(name: str) -> bool:
    """Return whether the firmware reads this file by looking for a text in it, whatever the rest of it is."""
    return name in REMOTES or (name.startswith("ledmap") and _NUMBERED.fullmatch(name) is not None)


def is_read_by_firmware(name: str) -> bool:
    """Return whether the firmware itself reads this file, as JSON."""
    return is_searched(name) or is_palette(name) or name == "2d-gaps.json"


def is_palette(name: str) -> bool:
    """Return whether this is a custom palette."""
    return name.startswith("palette") and _NUMBERED.fullmatch(name) is not None


def kept_names(names: Iterable[str]) -> dict[str, str]:
    """Return the name in a backup for each on the device: its own, except where it is no UTF-8."""
    kept: dict[str, str] = {}
    for name in sorted(names, key=lambda name: (not _is_text(name), name)):
        readable = encoded(name).decode("utf-8", "replace")
        while readable in kept.values():
            readable = f"_{readable}"
        kept[name] = readable
    return kept


def device_name(written: str) -> str | None:
    """Return the name on the device that the record of names holds in hex digits: one that is no UTF-8."""
    try:
        name = bytes.fromhex(written).decode("utf-8", "surrogateescape")
    except ValueError:
        return None
    return name if is_plain(name) and not _is_text(name) else None


def _is_text(name: str) -> bool:
    return not any("\udc80" <= character <= "\udcff" for character in name)


def is_served_by_path(name: str) -> bool:
    """Return whether the direct path gives the file: some words, and names without a dot, mean something else there."""
    return "." in name and not any(word in name for word in ("sec", "win", "api"))


def ledmap(number: int) -> str:
    """Return the name of a LED map."""
    return f"ledmap{number or ''}.json"


def known_names(ledmaps: tuple[int, ...] | None, palettes: int | None) -> tuple[str, ...]:
    """Return the names to try where the device gives no list."""
    listed = _LEDMAPS_WITHOUT_A_LIST if ledmaps is None else ledmaps
    maps = sorted({0, *(number for number in listed if number in _LEDMAPS)})
    colours = range(min(max(palettes, _USUAL_PALETTES), _MOST_PALETTES)) if palettes else ()
    return (
        CONFIGURATION,
        PRESETS,
        *(ledmap(number) for number in maps),
        *(f"palette{number}.json" for number in colours),
        *_ALWAYS_PROBED,
    )
