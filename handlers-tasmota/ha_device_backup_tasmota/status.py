"""What a device says about itself in answer to `Status`."""

import re
from dataclasses import dataclass

from ha_device_backup_core import DeviceInfo, UnsupportedDeviceError
from ha_device_backup_core.toolkit import JsonObject, as_object, json_object, mac_address, mac_connection, shown

from .translation import _

_LONGEST_ANSWER = 256 * 1024
_DEEPEST = 32
"""Levels; a device itself writes fewer."""
_VERSION = re.compile(r"(?<![\d.])(\d{1,3}\.\d{1,3}(?:\.\d{1,3}){0,2})(?:\((.*)\))?")
_NO_ADDRESSES = {"", "0.0.0.0", "(IP unset)"}  # noqa: S104 - what it says where it has none
SECTIONS = {"Status": "Status", "StatusPRM": "Status 1", "StatusFWR": "Status 2", "StatusNET": "Status 5"}
"""What is needed, and the command that gives it alone."""
NOT_TASMOTA = _("No Tasmota device answers at this address.")
MINIMAL = _(
    "It runs a minimal or rescue firmware, which holds no settings. Finish the update of the firmware on its own page."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TasmotaStatus:
    """The parts of the status that matter here."""

    mac: str
    """12 lower-case hex digits, without colons."""
    name: str
    version: str
    """As "14.4.1"."""
    image: str
    """As "release-tasmota"; tells a build that can do next to nothing."""
    hardware: str
    uptime: int | None
    """Seconds since the start; None where it does not say."""
    boot_count: int | None
    """How often it started, counted some seconds after each start; None where it does not say."""
    wifi_address: str
    """Its IP address in the Wi-Fi, empty for none."""
    cable_address: str
    """Its IP address on a network cable, empty for none."""
    access_point: int | None
    """Which of the two Wi-Fi networks that it knows it is in, 0 or 1; None where it does not say."""

    @property
    def unique_id(self) -> str:
        """What tells it from all others."""
        return self.mac

    @property
    def series(self) -> tuple[int, int]:
        """The first two parts of the version."""
        major, minor = self.version.split(".")[:2]
        return int(major), int(minor)

    @property
    def is_minimal(self) -> bool:
        """Whether this firmware is only there to install another one."""
        return self.image.endswith(("minimal", "safeboot"))

    def to_device(self, url: str, module: str | None) -> DeviceInfo:
        """Return what the host keeps of it."""
        model = f"{module} ({self.hardware})" if module and self.hardware else module or self.hardware or None
        return DeviceInfo(
            unique_id=self.mac,
            name=self.name,
            manufacturer="Tasmota",
            model=model,
            version=self.version,
            connections=(mac_connection(self.mac),),
            configuration_url=url,
        )


def parse_object(content: bytes) -> JsonObject:
    """Return what a device says; raise JsonError for what is no object of a sensible size."""
    return json_object(content, largest=_LONGEST_ANSWER, deepest=_DEEPEST)


def parse_status(sections: JsonObject) -> TasmotaStatus:
    """Return the status; raise UnsupportedDeviceError for what no Tasmota says."""
    firmware, network = as_object(sections.get("StatusFWR")), as_object(sections.get("StatusNET"))
    version = _VERSION.search(_text(firmware.get("Version")))
    if version is None:
        raise UnsupportedDeviceError(NOT_TASMOTA)
    parameters, cable = as_object(sections.get("StatusPRM")), as_object(network.get("Ethernet"))
    mac = mac_address(network.get("Mac")) or mac_address(cable.get("Mac"))
    if mac is None:
        raise UnsupportedDeviceError(
            _("The device does not tell its MAC address, so it could not be told from others. Restart it.")
        )
    return TasmotaStatus(
        mac=mac,
        name=_name(as_object(sections.get("Status")), network) or f"Tasmota {mac[-6:]}",
        version=version[1],
        image=version[2] or "",
        hardware=_text(firmware.get("Hardware")),
        uptime=_uptime(parameters.get("Uptime")),
        boot_count=_number(parameters.get("BootCount")),
        wifi_address=_address(network.get("IPAddress")),
        cable_address=_address(cable.get("IPAddress")),
        access_point=_access_point(as_object(as_object(sections.get("StatusSTS")).get("Wifi")).get("AP")),
    )


def module_name(answer: JsonObject) -> str | None:
    """Return the name of the module in the answer to `Module`: of a list of one, by its number."""
    names = list(as_object(answer.get("Module")).values())
    return (_text(names[0]) or None) if names else None


def _name(status: JsonObject, network: JsonObject) -> str:
    friendly = status.get("FriendlyName")
    first = friendly[0] if isinstance(friendly, list) and friendly else friendly
    return _text(status.get("DeviceName")) or _text(first) or _text(network.get("Hostname"))


def _address(value: object) -> str:
    address = _text(value)
    return "" if address in _NO_ADDRESSES else address


def _access_point(value: object) -> int | None:
    return value - 1 if value in {1, 2} and isinstance(value, int) else None


def _uptime(value: object) -> int | None:
    found = re.fullmatch(r"(\d{1,5})T(\d{2}):(\d{2}):(\d{2})", _text(value))
    if found is None:
        return None
    days, hours, minutes, seconds = map(int, found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def _text(value: object) -> str:
    return shown(value) if isinstance(value, str) else ""


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
