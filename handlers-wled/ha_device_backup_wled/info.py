"""What a controller says about itself at `/json/info`."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeGuard

from ha_device_backup_core import DeviceInfo, Note, UnsupportedDeviceError
from ha_device_backup_core.toolkit import JsonError, JsonObject, as_object, mac_address, mac_connection, shown

from .json_files import parse_answer
from .translation import _

NOT_WLED = _("No WLED controller answers at this address.")
OTHER_DEVICE_NOW = _("Another controller answered in the middle of the work.")
"""What is said when a MAC address is no longer the one from the beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WledInfo:
    """The parts of `/json/info` that matter here."""

    mac: str
    """12 lower-case hex digits, without colons."""
    name: str
    """To be shown; see `raw_name`."""
    raw_name: str
    """As sent, to be compared: with unusual blanks, joiners, and surrogates for bytes that are no UTF-8."""
    version: str
    chip: str
    brand: str
    release: str
    uptime: int | None
    """Seconds since the start; None where it does not say."""
    presets_modified: int
    space_used: int
    """Bytes, from whole kilobytes."""
    space_total: int
    """Bytes, from whole kilobytes; 0 when the device has no file system."""
    ledmaps: tuple[int, ...] | None
    palettes: int | None
    by_cable: bool | None
    """Whether it is reached by its cable and not by Wi-Fi; None where it does not say."""

    @property
    def unique_id(self) -> str:
        """What tells it from all others."""
        return self.mac

    @property
    def series(self) -> tuple[int, int] | None:
        """The version without its last part; numbering went from 0.15 to 16. None when it is no version."""
        found = re.search(r"(?<![\d.])(\d{1,4})\.(\d{1,4})", self.version)
        if found is None:
            return None
        major, minor = int(found[1]), int(found[2])
        return (minor, 0) if major == 0 else (major, minor)

    @property
    def has_pin(self) -> bool:
        """Whether this firmware can be locked by a PIN."""
        return self.series is None or self.series >= (14, 0)

    @property
    def has_own_editor(self) -> bool:
        """Whether `/edit` is the firmware's own, with `func=`."""
        return self.series is not None and self.series >= (16, 0)

    @property
    def restarts_by_itself(self) -> bool:
        """Whether an uploaded cfg.json makes it restart."""
        return self.series is None or self.series >= (14, 0)

    def restarted_since(self, before: "WledInfo") -> bool:
        """Return whether it says that it started after it said the other."""
        return None not in {self.uptime, before.uptime} and (self.uptime or 0) < (before.uptime or 0)

    @property
    def is_esp8266(self) -> bool:
        """Whether it is the smallest of the chips."""
        return self.chip.lower() == "esp8266"

    def to_device(self, url: str, notices: tuple[Note, ...] = ()) -> DeviceInfo:
        """Return what the host keeps of it."""
        return DeviceInfo(
            unique_id=self.mac,
            name=self.name,
            manufacturer=self.brand,
            model=self.release or self.chip.upper() or None,
            version=self.version,
            connections=(mac_connection(self.mac),),
            configuration_url=url,
            notices=notices,
        )


def parse_info(body: bytes) -> WledInfo:
    """Return the info; raise UnsupportedDeviceError for what no WLED controller says."""
    try:
        raw = parse_answer(body)
    except JsonError as error:
        raise UnsupportedDeviceError(NOT_WLED) from error
    if not isinstance(raw, dict) or "vid" not in raw or not isinstance(raw.get("leds"), dict):
        raise UnsupportedDeviceError(NOT_WLED)
    mac = mac_address(raw.get("mac"))
    if mac is None:
        raise UnsupportedDeviceError(
            _("The controller does not tell its MAC address, so it could not be told from others. Restart it.")
        )
    version = _text(raw, "ver")
    if not version:
        raise UnsupportedDeviceError(NOT_WLED)
    return _info(raw, mac, version)


def _info(raw: JsonObject, mac: str, version: str) -> WledInfo:
    files = as_object(raw.get("fs"))
    maps = raw.get("maps")
    return WledInfo(
        mac=mac,
        name=_text(raw, "name") or f"WLED {mac[-6:]}",
        raw_name=name if isinstance(name := raw.get("name"), str) else "",
        version=version,
        chip=_text(raw, "arch"),
        brand=_text(raw, "brand") or "WLED",
        release=_text(raw, "release"),
        uptime=_number(raw, "uptime") if _is_number(raw.get("uptime")) else None,
        presets_modified=_number(files, "pmt"),
        space_used=_number(files, "u") * 1000,
        space_total=_number(files, "t") * 1000,
        ledmaps=tuple(_number(as_object(entry), "id") for entry in maps) if isinstance(maps, list) else None,
        palettes=_number(raw, "cpalcount") if "cpalcount" in raw else None,
        by_cable=_by_cable(raw.get("wifi")),
    )


def _by_cable(wifi: object) -> bool | None:
    """Without Wi-Fi there is no access point that it is connected to."""
    match wifi:
        case {"bssid": str(access_point), "rssi": int(strength)}:
            return strength == 0 and not access_point.strip("0:")
    return None


def _text(raw: Mapping[str, object], key: str) -> str:
    value = raw.get(key)
    return shown(value) if isinstance(value, str) else ""


def _number(raw: Mapping[str, object], key: str) -> int:
    value = raw.get(key)
    return int(value) if _is_number(value) else 0


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
