"""Realistic files of a controller: what a household has after some years."""

import base64
import gzip
import json
from collections.abc import Sequence
from typing import Any

from .firmware import Firmware

type Json = dict[str, Any]

PIN = "7391"
WIFI_NAME = "Canary-Wifi-Name-4711"
WIFI_PASSWORD = "canary-wifi-password-0815"
AP_PASSWORD = "canary-ap-password-2342"
MQTT_USER = "canary-mqtt-user"
MQTT_PASSWORD = "canary-mqtt-password-9931"
OTA_PASSWORD = "canary-ota-password-5150"
HUE_KEY = "canary-hue-key-6174"
CANARIES = (WIFI_NAME, WIFI_PASSWORD, AP_PASSWORD, MQTT_USER, MQTT_PASSWORD, OTA_PASSWORD, HUE_KEY)
"""Secrets that must be in no log, text or error; so must the PIN, which as four digits also turns up in port numbers and times."""

GIF = base64.b64decode("R0lGODlhAgACAJEAAP8AAAD/AAAA/////yH5BAAAAAAALAAAAAACAAIAAAICRAoAOw==")


def compact(value: object) -> bytes:
    """Return JSON as ArduinoJson writes it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def configuration(firmware: Firmware, *, name: str, mac: str, networks: Sequence[str] = (WIFI_NAME,)) -> Json:
    """Return a cfg.json with everything a household sets."""
    instances = [
        {"ssid": ssid, "pskl": len(WIFI_PASSWORD), "ip": [0, 0, 0, 0], "gw": [0, 0, 0, 0], "sn": [255, 255, 255, 0]}
        for ssid in (networks if firmware.has_many_networks else networks[:1])
    ]
    return {
        "rev": [1, 0],
        "vid": firmware.build_id,
        "id": {"mdns": f"wled-{mac[-6:]}", "name": name, "inv": "Light", "sui": False},
        "nw": {"espnow": False, "linked_remote": "", "ins": instances, "dns": [8, 8, 8, 8]},
        "ap": {"ssid": "WLED-AP", "pskl": len(AP_PASSWORD), "chan": 1, "hide": 0, "behav": 0, "ip": [4, 3, 2, 1]},
        "wifi": {"sleep": False, "phy": False, **({"txpwr": 78} if firmware.is_esp32 else {})},
        "hw": _hardware(firmware),
        "light": {
            "scale-bri": 100,
            "pal-mode": 0,
            "aseg": False,
            "gc": {"bri": 1.0, "col": 2.8, "val": 2.8},
            "tr": {"mode": True, "fx": True, "dur": 7, "pal": 0, "rpc": 5, "hrp": False},
            "nl": {"mode": 1, "dur": 60, "tbri": 0, "macro": 0},
        },
        "def": {"ps": 1, "on": True, "bri": 128},
        "if": _interfaces(mac),
        "remote": {"remote_enabled": False, "linked_remote": ""},
        "ol": {"clock": 0, "cntdwn": False, "min": 0, "max": 119, "o12pix": 0, "o5m": False, "osec": False, "osb": False},
        "timers": {
            "cntdwn": {"goal": [20, 1, 1, 0, 0, 0], "macro": 0},
            "ins": [{"en": 1, "hour": 18, "min": 30, "macro": 2, "dow": 127, "start": {"mon": 1, "day": 1}, "end": {"mon": 12, "day": 31}}],
        },
        "ota": {"lock": False, "lock-wifi": False, "pskl": len(OTA_PASSWORD), "aota": True},
        "um": {},
    }


def _hardware(firmware: Firmware) -> Json:
    strip = {
        "start": 0, "len": 144, "pin": [16 if firmware.is_esp32 else 2], "order": 0, "rev": False, "skip": 0, "type": 22,
        "ref": False, "rgbwm": 255, "freq": 0, "maxpwr": 850, "ledma": 55,
    }  # fmt: skip
    return {
        "led": {"total": 144, "maxpwr": 850, "ledma": 0, "cct": False, "cr": False, "cb": 0, "fps": 42, "rgbwm": 255, "ld": True, "ins": [strip]},
        "com": [],
        "btn": {
            "max": 4 if firmware.is_esp32 else 2,
            "pull": True,
            "ins": [{"type": 2, "pin": [0], "macros": [0, 0, 0]}, {"type": 0, "pin": [-1], "macros": [0, 0, 0]}],
            "tt": 32,
            "mqtt": False,
        },
        "ir": {"pin": -1, "type": 0, "sel": True},
        "relay": {"pin": -1, "rev": False, "odrain": False},
        "baud": 1152,
        "if": {"i2c-pin": [-1, -1], "spi-pin": [-1, -1, -1]},
    }


def _interfaces(mac: str) -> Json:
    return {
        "sync": {
            "port0": 21324,
            "port1": 65506,
            "recv": {"bri": True, "col": True, "fx": True, "grp": 1, "seg": False, "sb": False},
            "send": {"en": False, "dir": True, "btn": False, "va": False, "hue": True, "grp": 1, "ret": 0},
        },
        "nodes": {"list": True, "bcast": True},
        "live": {"en": True, "mso": False, "port": 5568, "mc": False, "dmx": {"uni": 1, "seqskip": False, "addr": 1, "mode": 4}, "timeout": 25, "maxbri": False, "no-gc": True, "offset": 0},
        "va": {"alexa": False, "macros": [0, 0], "p": 0},
        "mqtt": {
            "en": True, "broker": "mqtt.example", "port": 1883, "user": MQTT_USER, "pskl": len(MQTT_PASSWORD),
            "cid": f"WLED-{mac[-6:]}", "rtn": False, "topics": {"device": f"wled/{mac[-6:]}", "group": "wled/all"},
        },
        "hue": {"en": False, "id": 1, "iv": 25, "recv": {"on": True, "bri": True, "col": True}, "ip": [0, 0, 0, 0]},
        "ntp": {"en": True, "host": "0.wled.pool.ntp.org", "tz": 4, "offset": 0, "ampm": False, "ln": 13.37, "lt": 52.52},
    }  # fmt: skip


def secrets(firmware: Firmware, *, pin: str, networks: int = 1) -> Json:
    """Return a wsec.json: the passwords, never served."""
    return {
        "nw": {"ins": [{"psk": WIFI_PASSWORD}] * (networks if firmware.has_many_networks else 1)},
        "ap": {"psk": AP_PASSWORD},
        "if": {"mqtt": {"psk": MQTT_PASSWORD}, "hue": {"key": HUE_KEY}},
        **({"pin": pin} if firmware.has_pin else {}),
        "ota": {"pwd": OTA_PASSWORD, "lock": False, "lock-wifi": False, "aota": True},
    }


def preset(name: str, colour: Sequence[int], effect: int = 0) -> Json:
    """Return a preset with one segment."""
    return {
        "on": True, "bri": 128, "transition": 7, "mainseg": 0, "n": name,
        "seg": [
            {
                "id": 0, "start": 0, "stop": 144, "grp": 1, "spc": 0, "of": 0, "on": True, "frz": False, "bri": 255, "cct": 127, "set": 0,
                "n": "", "col": [list(colour), [0, 0, 0], [0, 0, 0]], "fx": effect, "sx": 128, "ix": 128, "pal": 0,
                "c1": 128, "c2": 128, "c3": 16, "sel": True, "rev": False, "mi": False, "o1": False, "o2": False, "o3": False, "si": 0, "m12": 0,
            },
            *({"stop": 0} for _ in range(3)),
        ],
    }  # fmt: skip


def presets() -> bytes:
    """Return a presets.json with the runs of blanks that saving and deleting in place leaves."""
    entries = [
        (0, {}),
        (1, preset("Warm white", [255, 160, 0])),
        (2, preset("Wohnzimmer \u00fcber dem Sofa", [255, 0, 64], effect=9)),
        (5, {"playlist": {"ps": [1, 2], "dur": [100, 300], "transition": [7, 7], "repeat": 0, "end": 0, "r": False}, "on": True, "n": "Evening"}),
        (20, {"win": "A=255&FX=0", "ql": "\u2600", "n": "Full"}),
    ]
    padded = [f'"{number}":'.encode() + compact(value) + b" " * (number * 37) for number, value in entries]
    return b"{" + b",".join(padded) + b" " * 1024 + b"}"


def user_files(firmware: Firmware) -> dict[str, bytes]:
    """Return all files beside the configuration and its secrets."""
    files = {
        "/presets.json": presets(),
        "/ledmap.json": compact({"n": "Whole strip", "map": list(range(144))}),
        "/ledmap2.json": compact({"n": "Backwards", "map": list(range(143, -1, -1))}),
        "/2d-gaps.json": compact([1] * 60 + [-1] * 4),
        "/ir.json": compact({"desc": "24 keys", "0xF700FF": {"label": "+", "cmd": "!incBrightness"}, "0xF7C03F": {"cmd": {"on": True}}}),
        "/remote.json": compact({"16": {"cmd": {"ps": 1}}}),
        "/skin.css": b":root{--c-1:#222}\n",
        "/holidays.json": compact([{"start": {"month": 12, "day": 24}, "image": "https://example.org/tree.png"}]),
        "/matrix sprite.gif": GIF,
        "/my-security.txt": b"a name that is refused on its direct path\n",
        "/winter+100%.bmp": b"BM\x00\r\n\xff\x1a--" + bytes(range(256)),
    }
    if firmware.lists_maps:
        files["/palette0.json"] = compact({"palette": [0, "FF0000", 128, "00FF00", 255, "0000FF"]})
        files["/palette1.json"] = compact({"palette": [0, 255, 160, 0, 255, 0, 0, 0]})
    if firmware.serves_gzip_twins:
        files["/index.htm.gz"] = gzip.compress(b"<!DOCTYPE html><title>my own WLED</title>", mtime=0)
    return files
