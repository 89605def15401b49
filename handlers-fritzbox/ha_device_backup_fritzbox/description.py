"""What a box says about itself: its description and its identity; pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ha_device_backup_core import DeviceInfo, Note, UnsupportedDeviceError

from . import texts
from .xml_parts import XmlError, child_text, descendants, parse_xml

DEVICE_INFO = "urn:dslforum-org:service:DeviceInfo:1"
DEVICE_CONFIG = "urn:dslforum-org:service:DeviceConfig:1"
SECURITY = "urn:dslforum-org:service:LANConfigSecurity:1"
PHONE = "urn:dslforum-org:service:X_AVM-DE_OnTel:1"
SECOND_FACTOR = "urn:dslforum-org:service:X_AVM-DE_Auth:1"

_PATH = re.compile(r"/[A-Za-z0-9_./-]{1,200}")
_MAC = re.compile(r"[0-9a-f]{12}")
_LONGEST_TEXT = 100
_SETTINGS_RIGHT = "BoxAdmin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """The services of a box: type to the path that takes its actions."""

    control_paths: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxInfo:
    """Who a box is, without its log."""

    serial: str
    """Lower case, of most boxes the MAC without colons."""
    manufacturer: str
    model: str
    software: str
    """As the box says it: the number of the hardware, then FRITZ!OS."""

    @property
    def version(self) -> str:
        """FRITZ!OS as people know it."""
        found = re.fullmatch(r"\d+\.0?(.+)", self.software)
        return found[1] if found else self.software

    def to_device(self, url: str, notices: tuple[Note, ...]) -> DeviceInfo:
        """Return what the host keeps of it."""
        mac = ":".join(re.findall("..", self.serial)) if _MAC.fullmatch(self.serial) else None
        return DeviceInfo(
            unique_id=self.serial,
            name=self.model,
            manufacturer=self.manufacturer,
            model=self.model,
            version=self.version,
            connections=(("mac", mac),) if mac else (),
            configuration_url=url,
            notices=notices,
        )


def parse_description(body: bytes) -> Description:
    """Return the description; raise UnsupportedDeviceError for what no FRITZ!Box says."""
    try:
        root = parse_xml(body)
    except XmlError as error:
        raise UnsupportedDeviceError(texts.NOT_FRITZBOX) from error
    if not _is_fritz(body):
        raise UnsupportedDeviceError(texts.NOT_FRITZBOX)
    paths = {
        child_text(service, "serviceType"): child_text(service, "controlURL")
        for service in descendants(root, "service")
    }
    description = Description(control_paths={kind: path for kind, path in paths.items() if _PATH.fullmatch(path)})
    if DEVICE_INFO not in description.control_paths:
        raise UnsupportedDeviceError(texts.NOT_FRITZBOX)
    if DEVICE_CONFIG not in description.control_paths:
        raise UnsupportedDeviceError(texts.NO_EXPORT)
    return description


def is_fritz_description(body: bytes) -> bool:
    """Return whether this is the description of any service of a FRITZ!Box."""
    try:
        parse_xml(body)
    except XmlError:
        return False
    return _is_fritz(body)


def parse_info(answer: Mapping[str, str]) -> BoxInfo:
    """Return who the box is; raise UnsupportedDeviceError where it does not say."""
    serial = re.sub(r"[:\s-]", "", _plain(answer.get("NewSerialNumber", ""))).lower()
    if not serial or not serial.strip("0"):
        raise UnsupportedDeviceError(texts.NO_SERIAL)
    return BoxInfo(
        serial=serial,
        manufacturer=_plain(answer.get("NewManufacturerName", "")) or "FRITZ!",
        model=_plain(answer.get("NewModelName", "")) or "FRITZ!Box",
        software=_plain(answer.get("NewSoftwareVersion", "")),
    )


def lacks_settings_right(rights: str) -> bool:
    """Return whether the rights of a user, as the box tells them, exclude its settings for certain."""
    try:
        root = parse_xml(rights)
    except XmlError:
        return False
    return ("path", _SETTINGS_RIGHT, "none") in set(_granted(list(root.itertext())))


def _granted(words: list[str]) -> Iterator[tuple[str, str, str]]:
    """Paths and what may be done with each come in turns."""
    spoken = [word.strip() for word in words if word.strip()]
    return (("path", path, access) for path, access in zip(spoken[::2], spoken[1::2], strict=False))


def _is_fritz(body: bytes) -> bool:
    root = parse_xml(body)
    names = ("manufacturer", "modelName", "friendlyName", "modelDescription")
    told = " ".join(child_text(device, name) for device in descendants(root, "device") for name in names)
    return bool(re.search(r"\bAVM\b|FRITZ!", told, re.IGNORECASE))


def _plain(text: str) -> str:
    return "".join(filter(str.isprintable, text[:_LONGEST_TEXT])).strip()
