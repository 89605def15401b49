"""A realistic cfg.json and its secrets."""

from collections.abc import Sequence
from typing import Any

from .canaries import AP_PASSWORD, HUE_KEY, MQTT_PASSWORD, MQTT_USER, OTA_PASSWORD, WIFI_NAME, WIFI_PASSWORD
from .firmware import Firmware

type Json = dict[str, Any]


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
        "ol": {
            "clock": 0,
            "cntdwn": False,
            "min": 0,
            "max": 119,
            "o12pix": 0,
            "o5m": False,
            "osec": False,
            "osb": False,
        },
        "timers": {
            "cntdwn": {"goal": [20, 1, 1, 0, 0, 0], "macro": 0},
            "ins": [
                {
                    "en": 1,
                    "hour": 18,
                    "min": 30,
                    "macro": 2,
                    "dow": 127,
                    "start": {"mon": 1, "day": 1},
                    "end": {"mon": 12, "day": 31},
                }
            ],
        },
        "ota": {"lock": False, "lock-wifi": False, "pskl": len(OTA_PASSWORD), "aota": True},
        "um": {},
    }


def factory_configuration(firmware: Firmware, *, mac: str, networks: Sequence[str]) -> Json:
    """Return a cfg.json as the firmware writes it after a reset and the first setup of the Wi-Fi."""
    fresh = configuration(firmware, name="WLED", mac=mac, networks=networks)
    fresh["ap"] |= {"ssid": "", "pskl": len("wled1234")}
    fresh["ota"] |= {"pskl": len("wledota")}
    fresh["if"]["mqtt"] |= {"en": False, "broker": "", "user": "", "pskl": 0}
    fresh["if"]["ntp"] |= {"en": False, "tz": 0, "ln": 0, "lt": 0}
    fresh["hw"]["led"] |= {"total": 30}
    fresh["hw"]["led"]["ins"][0]["len"] = 30
    fresh["def"]["ps"] = 0
    fresh["ol"]["max"] = 29
    sunrise = {"en": 0, "hour": 255, "min": 0, "macro": 0, "dow": 127}
    fresh["timers"]["ins"] = [sunrise, dict(sunrise)]
    if firmware.has_own_editor:
        fresh["light"]["gc"] = {"bri": 1, "col": 2.2, "val": 2.2}
    return fresh


def _hardware(firmware: Firmware) -> Json:
    strip = {
        "start": 0,
        "len": 144,
        "pin": [16 if firmware.is_esp32 else 2],
        "order": 0,
        "rev": False,
        "skip": 0,
        "type": 22,
        "ref": False,
        "rgbwm": 255,
        "freq": 0,
        "maxpwr": 850,
        "ledma": 55,
    }
    return {
        "led": {
            "total": 144,
            "maxpwr": 850,
            "ledma": 0,
            "cct": False,
            "cr": False,
            "cb": 0,
            "fps": 42,
            "rgbwm": 255,
            "ld": True,
            "ins": [strip],
        },
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
        "live": {
            "en": True,
            "mso": False,
            "port": 5568,
            "mc": False,
            "dmx": {"uni": 1, "seqskip": False, "addr": 1, "mode": 4},
            "timeout": 25,
            "maxbri": False,
            "no-gc": True,
            "offset": 0,
        },
        "va": {"alexa": False, "macros": [0, 0], "p": 0},
        "mqtt": {
            "en": True,
            "broker": "mqtt.example",
            "port": 1883,
            "user": MQTT_USER,
            "pskl": len(MQTT_PASSWORD),
            "cid": f"WLED-{mac[-6:]}",
            "rtn": False,
            "topics": {"device": f"wled/{mac[-6:]}", "group": "wled/all"},
        },
        "hue": {"en": False, "id": 1, "iv": 25, "recv": {"on": True, "bri": True, "col": True}, "ip": [0, 0, 0, 0]},
        "ntp": {
            "en": True,
            "host": "0.wled.pool.ntp.org",
            "tz": 4,
            "offset": 0,
            "ampm": False,
            "ln": 13.37,
            "lt": 52.52,
        },
    }


def secrets(firmware: Firmware, *, pin: str, networks: int = 1) -> Json:
    """Return a wsec.json: the passwords, never served."""
    return {
        "nw": {"ins": [{"psk": WIFI_PASSWORD}] * (networks if firmware.has_many_networks else 1)},
        "ap": {"psk": AP_PASSWORD},
        "if": {"mqtt": {"psk": MQTT_PASSWORD}, "hue": {"key": HUE_KEY}},
        **({"pin": pin} if firmware.has_pin else {}),
        "ota": {"pwd": OTA_PASSWORD, "lock": False, "lock-wifi": False, "aota": True},
    }
