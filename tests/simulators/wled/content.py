"""Realistic files of a controller: what a household has after some years."""

import base64
import gzip
import json
from collections.abc import Sequence

from .configuration import Json
from .firmware import Firmware

GIF = base64.b64decode("R0lGODlhAgACAJEAAP8AAAD/AAAA/////yH5BAAAAAAALAAAAAACAAIAAAICRAoAOw==")


def compact(value: object) -> bytes:
    """Return JSON as ArduinoJson writes it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogateescape")


def preset(name: str, colour: Sequence[int], effect: int = 0) -> Json:
    """Return a preset with one segment."""
    return {
        "on": True,
        "bri": 128,
        "transition": 7,
        "mainseg": 0,
        "n": name,
        "seg": [
            {
                "id": 0,
                "start": 0,
                "stop": 144,
                "grp": 1,
                "spc": 0,
                "of": 0,
                "on": True,
                "frz": False,
                "bri": 255,
                "cct": 127,
                "set": 0,
                "n": "",
                "col": [list(colour), [0, 0, 0], [0, 0, 0]],
                "fx": effect,
                "sx": 128,
                "ix": 128,
                "pal": 0,
                "c1": 128,
                "c2": 128,
                "c3": 16,
                "sel": True,
                "rev": False,
                "mi": False,
                "o1": False,
                "o2": False,
                "o3": False,
                "si": 0,
                "m12": 0,
            },
            *({"stop": 0} for _ in range(3)),
        ],
    }


def presets() -> bytes:
    """Return a presets.json with the runs of blanks that saving and deleting in place leaves."""
    entries = [
        (0, {}),
        (1, preset("Warm white", [255, 160, 0])),
        (2, preset("Wohnzimmer \u00fcber dem Sofa", [255, 0, 64], effect=9)),
        (
            5,
            {
                "playlist": {"ps": [1, 2], "dur": [100, 300], "transition": [7, 7], "repeat": 0, "end": 0, "r": False},
                "on": True,
                "n": "Evening",
            },
        ),
        (20, {"win": "A=255&FX=0", "ql": "\u2600", "n": "Full"}),
    ]
    padded = [f'"{number}":'.encode() + compact(value) + b" " * (number * 37) for number, value in entries]
    return b"{" + b",".join(padded) + b" " * 1024 + b"}"


def few_files() -> dict[str, bytes]:
    """Return the presets, and a file of each way to read one."""
    return {
        "/presets.json": presets(),
        "/ledmap.json": compact({"n": "Whole strip", "map": list(range(144))}),
        "/my-security.txt": b"a name that is refused on its direct path\n",
    }


def user_files(firmware: Firmware) -> dict[str, bytes]:
    """Return all files beside the configuration and its secrets."""
    files = few_files() | {
        "/ledmap2.json": compact({"n": "Backwards", "map": list(range(143, -1, -1))}),
        "/2d-gaps.json": compact([1] * 60 + [-1] * 4),
        "/ir.json": compact(
            {"desc": "24 keys", "0xF700FF": {"label": "+", "cmd": "!incBrightness"}, "0xF7C03F": {"cmd": {"on": True}}}
        ),
        "/remote.json": compact({"16": {"cmd": {"ps": 1}}}),
        "/skin.css": b":root{--c-1:#222}\n",
        "/holidays.json": compact([{"start": {"month": 12, "day": 24}, "image": "https://example.org/tree.png"}]),
        "/matrix sprite.gif": GIF,
        "/winter+100%.bmp": b"BM\x00\r\n\xff\x1a--" + bytes(range(256)),
    }
    if firmware.lists_maps:
        files["/palette0.json"] = compact({"palette": [0, "FF0000", 128, "00FF00", 255, "0000FF"]})
        files["/palette1.json"] = compact({"palette": [0, 255, 160, 0, 255, 0, 0, 0]})
    if firmware.serves_gzip_twins:
        files["/index.htm.gz"] = gzip.compress(b"<!DOCTYPE html><title>my own WLED</title>", mtime=0)
    return files
