"""The files on a controller: which there can be, what they are for, how to ask for them."""

import re

CONFIGURATION = "cfg.json"
PRESETS = "presets.json"
RECORD_FOLDER = ".device-backup"
INFO_RECORD = f"{RECORD_FOLDER}/info.json"
"""`/json/info` as sent; no file of a device has a folder in its name."""
SIZES_RECORD = f"{RECORD_FOLDER}/files.json"
"""The size of each file as the device gave it: tells a file that was cut off from one that is damaged on the device."""

TEMPORARY = frozenset({"tmp.json"})
SECRET = frozenset({"wsec.json"})
MADE_BY_DEVICE = frozenset({"bkp.cfg.json", "rst.cfg.json"})
"""Earlier configurations that the firmware sets aside itself: kept, but no change by themselves and never put back."""

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
"""Of LittleFS."""
_LEDMAPS = range(100)
_LEDMAPS_WITHOUT_A_LIST = range(10)
_USUAL_PALETTES = 10
_MOST_PALETTES = 200


def is_kept(name: str) -> bool:
    """Return whether a listed file belongs into a backup."""
    return name not in TEMPORARY and name not in SECRET


def is_plain(name: str) -> bool:
    """Return whether a name from the device is a plain file name, and cannot mean anything else here."""
    usable = re.fullmatch(rf"[^/\\\x00-\x1f\x7f\ud800-\udfff]{{1,{_LONGEST_NAME}}}", name)
    return usable is not None and name not in {".", "..", RECORD_FOLDER}


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
