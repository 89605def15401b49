"""The state of a simulated controller: files, locks, time, and what happens at boot."""

import json
import time
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from . import configuration, content
from .canaries import WIFI_NAME, WIFI_PASSWORD
from .configuration import Json
from .content import compact
from .faults import Faults
from .file_system import FileSystem
from .firmware import Firmware

LONGEST_NAME = 32
PIN_TIMEOUT = 900.0
PIN_RETRY_COOLDOWN = 3.0
TIME_TO_SET_UP = 120.0
"""Seconds that a person needs to give a wiped controller its Wi-Fi."""

NO_FILES: Mapping[str, bytes] = MappingProxyType({})
NO_NAMES: Mapping[str, str] = MappingProxyType({})


def parsed(data: bytes | None) -> Json | None:
    """Return a JSON object, or None for anything else."""
    try:
        value = json.loads((data or b"").decode("utf-8", "surrogateescape"))
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


class Device:
    """One controller, without its network."""

    def __init__(
        self,
        firmware: Firmware,
        *,
        mac: str,
        name: str,
        pin: str = "",
        ota_lock: bool = False,
        has_editor: bool = True,
        usermods: Sequence[str] = (),
        renamed_settings: Mapping[str, str] = NO_NAMES,
        networks: Sequence[str] = (WIFI_NAME,),
        extra_files: Mapping[str, bytes] = NO_FILES,
        few_files: bool = False,
        file_system_bytes: int | None = None,
        pin_cooldown: float = PIN_RETRY_COOLDOWN,
        uptime: float = 86_400.0,
        cable: int = 0,
    ) -> None:
        """Fill the file system, with more than `few_files` as after some years of use.

        The network around it knows the Wi-Fi `networks`.

        A `cable` is plugged in at a board of that type.
        """
        self.cable = cable
        self.firmware = firmware
        self.mac = mac
        self.usermods = tuple(usermods)
        self.has_editor = has_editor
        self.renamed_settings = renamed_settings
        self.known_networks = dict.fromkeys(networks, WIFI_PASSWORD)
        self.faults = Faults()
        self.files = FileSystem(firmware.file_system_bytes if file_system_bytes is None else file_system_bytes)
        self.pin_cooldown = pin_cooldown
        self.presets_modified = 1_700_000_000
        self.on_network = True
        self.settings: Json = {}
        self._unlocked = True
        self._booted_at = time.monotonic() - uptime
        self._pin_tried_at = float("-inf")
        self.files.write(
            "/wsec.json",
            compact(configuration.secrets(firmware, pin=pin, networks=len(networks)) | {"ota": {"lock": ota_lock}}),
        )
        self.files.write(
            "/cfg.json", compact(configuration.configuration(firmware, name=name, mac=mac, networks=networks))
        )
        for path, data in (content.few_files() if few_files else content.user_files(firmware)).items():
            self.files.write(path, data)
        for extra, data in extra_files.items():
            self.files.write(f"/{extra}", data)
        self._start()

    @property
    def name(self) -> str:
        """The name the running configuration gives it; there is room for 32 bytes."""
        name = str(self.settings.get("id", {}).get("name", "WLED"))
        return name.encode("utf-8", "surrogateescape")[:LONGEST_NAME].decode("utf-8", "surrogateescape")

    @property
    def by_cable(self) -> bool:
        """Whether it uses its cable."""
        return bool(self.cable) and self.settings.get("eth", {}).get("type") == self.cable

    @property
    def uptime(self) -> int:
        """Whole seconds since the start."""
        return int(time.monotonic() - self._booted_at)

    def run_on(self, seconds: float) -> None:
        """Have been running for so much longer."""
        self._booted_at -= seconds

    @property
    def user_files(self) -> dict[str, bytes]:
        """Every file but the secrets, without the leading slash."""
        return {path.removeprefix("/"): data for path, data in self.files.files.items() if "wsec" not in path}

    @property
    def ota_locked(self) -> bool:
        """Whether firmware updates (0.13: files too) are locked."""
        return bool((self._secrets().get("ota") or {}).get("lock", False))

    @property
    def unlocked(self) -> bool:
        """Whether settings are open: no PIN, or one was entered in the last 15 minutes."""
        if self._unlocked and self._pin and time.monotonic() - self._pin_tried_at > PIN_TIMEOUT:
            self._unlocked = False
        return self._unlocked

    @property
    def editor_locked(self) -> bool:
        """Whether `/edit` is closed."""
        return not self.unlocked or (self.firmware.ota_lock_covers_files and self._ota_locked_at_boot)

    def set_pin(self, pin: str) -> None:
        """Set a PIN as a person does in the settings, or none."""
        self._pin = pin
        self._unlocked = not pin

    def enter_pin(self, pin: str) -> None:
        """Try a PIN; for three seconds after an attempt, and after a start, nothing is even looked at."""
        if not self.firmware.has_pin or (not self.unlocked and self.pin_cooling_down):
            return
        self._unlocked = not self._pin or self._pin[:4] == pin[:4]
        self._pin_tried_at = time.monotonic()

    @property
    def pin_cooling_down(self) -> bool:
        """Whether a PIN would be ignored now."""
        now = time.monotonic()
        return now - max(self._pin_tried_at, self._booted_at) < self.pin_cooldown

    def lock(self) -> None:
        """Lock the settings again, if there is a PIN."""
        self._unlocked = not self._pin

    def boot(self) -> None:
        """Start again from the files."""
        self._booted_at = time.monotonic()
        self._pin_tried_at = float("-inf")
        self._start()

    def _start(self) -> None:
        self._pin = str(self._secrets().get("pin", "")) if self.firmware.has_pin else ""
        self._unlocked = not self._pin
        self._ota_locked_at_boot = self.ota_locked
        if not self.files.exists("/presets.json"):
            self.files.write("/presets.json", b'{"0":{}}')
        if self.faults.ignore_configuration:
            return
        self._rescue_configuration()
        self.settings = self._read_configuration()
        self._migrate()
        self._add_missing_usermods()
        self.on_network = self._finds_network()

    def _secrets(self) -> Json:
        return parsed(self.files.read("/wsec.json")) or {}

    def _rescue_configuration(self) -> None:
        if not self.firmware.falls_back_to_backup or parsed(self.files.read("/cfg.json")) is not None:
            return
        spare = self.files.read("/bkp.cfg.json")
        damaged = self.files.read("/cfg.json")
        if spare is not None and parsed(spare) is not None:
            self.files.write("/cfg.json", spare)
        elif damaged is not None:
            self.files.remove("/cfg.json")
            self.files.write("/rst.cfg.json", damaged)

    def _read_configuration(self) -> Json:
        if not self.firmware.has_pin and not self.files.exists("/wsec.json"):
            return {}
        return parsed(self.files.read("/cfg.json")) or {}

    def _migrate(self) -> None:
        """Keep settings under the names of this firmware, as a new series does with the files of an old one."""
        if self.settings.keys() & self.renamed_settings.keys():
            renamed = {self.renamed_settings.get(key, key): value for key, value in self.settings.items()}
            self.settings = {}
            self.save_settings(renamed)

    def _add_missing_usermods(self) -> None:
        present = self.settings.get("um", {})
        absent = [usermod for usermod in self.usermods if usermod not in present]
        if absent and self.settings:
            self.save_settings({"um": present | {usermod: {"enabled": False, "pin": [-1]} for usermod in absent}})

    def _finds_network(self) -> bool:
        if self.by_cable:
            return True
        configured = self.settings.get("nw", {}).get("ins", [])
        passwords = self._secrets().get("nw", {}).get("ins", [])
        return any(
            self.known_networks.get(network.get("ssid")) == network.get("psk", password.get("psk", ""))
            for network, password in zip(configured, [*passwords, {}, {}, {}], strict=False)
        )

    def save_settings(self, changes: Json) -> None:
        """Write the settings as a person saving a page does: whole, compact, by this build."""
        self.settings = self.settings | changes | {"vid": self.firmware.build_id}
        before = self.files.read("/cfg.json")
        if self.firmware.falls_back_to_backup and before is not None and parsed(before) is not None:
            self.files.write("/bkp.cfg.json", before)
        self.files.write("/cfg.json", compact(self.settings))

    def save_preset(self, number: int, value: Json) -> None:
        """Append a preset to the file, in the place of its closing brace."""
        old = (self.files.read("/presets.json") or b'{"0":{}}').rstrip()
        self.files.write("/presets.json", old[:-1] + f',"{number}":'.encode() + compact(value) + b" " * 64 + b"}")
        self.presets_modified += 1

    def wipe(self, *, networks: Sequence[str] | None = None, password: str = WIFI_PASSWORD) -> None:
        """Reset to factory defaults, and let a person enter the Wi-Fi again, as everybody must."""
        names = list(self.known_networks) if networks is None else list(networks)
        self.files.files.clear()
        fresh = configuration.factory_configuration(self.firmware, mac=self.mac, networks=names)
        self.files.write(
            "/wsec.json", compact({"nw": {"ins": [{"psk": password}] * len(names)}, "ap": {"psk": "wled1234"}})
        )
        self.files.write("/cfg.json", compact(fresh))
        self.boot()
        self._booted_at -= TIME_TO_SET_UP

    def info(self, connections: int = 0) -> Json:
        """Return `/json/info`."""
        firmware = self.firmware
        maps = [
            {"id": number}
            for number in range(firmware.ledmap_limit)
            if self.files.exists(f"/ledmap{number or ''}.json")
        ]
        facts: Json = {
            "ver": firmware.version,
            "vid": firmware.build_id,
            **({"release": firmware.chip.value.upper()} if firmware.has_release else {}),
            **({"repo": "wled/WLED", "deviceId": f"{self.mac}0f6c1e9d"} if firmware.has_device_id else {}),
            "leds": {
                "count": self._led_count(),
                "pwr": 480,
                "fps": 42,
                "maxpwr": 850,
                "maxseg": 32,
                "seglc": [1],
                "lc": 1,
                "rgbw": False,
                "wv": 0,
                "cct": 0,
            },
            "str": False,
            "name": self.name,
            "udpport": 21324,
            "live": False,
            "liveseg": -1,
            "lm": "",
            "lip": "",
            "ws": 1,
            "fxcount": 187,
            "palcount": 71,
        }
        if firmware.lists_maps:
            facts |= {
                "cpalcount": sum(self.files.exists(f"/palette{number}.json") for number in range(10)),
                "maps": maps or [{"id": 0}],
            }
        return facts | {
            "wifi": _wifi(by_cable=self.by_cable),
            "fs": {"u": self.files.used // 1000, "t": self.files.total // 1000, "pmt": self.presets_modified},
            "ndc": 4,
            "arch": firmware.chip.value,
            "core": "v3.3.6-16-gcc5440f6a2",
            "lwip": 0,
            "freeheap": 180_000 - 1000 * connections + self.uptime % 97,
            **({} if self.faults.no_uptime else {"uptime": self.uptime}),
            "time": "2026-11-23, 17:04:10",
            "opt": 79,
            "brand": "WLED",
            "product": "FOSS",
            "mac": self.mac,
            "ip": "127.0.0.1",
        }

    def led_map(self, number: int = 0) -> list[int]:
        """Return the LED map that it uses, none where it finds none: from 0.15 on it looks for a text."""
        data = self.files.read(f"/ledmap{number or ''}.json") or b""
        if not self.firmware.searches_led_maps:
            return list((parsed(data) or {}).get("map", []))
        _, _, found = data.partition(b'"map":[')
        return [int(entry) for entry in found.partition(b"]")[0].split(b",") if entry.strip()]

    def command(self, key: str) -> Json | None:
        """Return what a key of the infrared remote does, whatever the rest of the file is."""
        _, colon, found = (self.files.read("/ir.json") or b"").partition(f'"{key}":'.encode())
        try:
            value = json.JSONDecoder().raw_decode(found.decode().lstrip())[0] if colon else None
        except ValueError:
            return None
        return value if isinstance(value, dict) else None

    def _led_count(self) -> int:
        strips: list[dict[str, Any]] = self.settings.get("hw", {}).get("led", {}).get("ins", [])
        return sum(int(strip.get("len", 0)) for strip in strips) or 30


def _wifi(*, by_cable: bool) -> Json:
    if by_cable:
        return {"bssid": "", "rssi": 0, "signal": 0, "channel": 0}
    return {"bssid": "82:22:1D:9A:7F:66", "rssi": -60, "signal": 80, "channel": 6}
