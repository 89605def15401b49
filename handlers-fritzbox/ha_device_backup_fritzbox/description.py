"""What a box says about itself: its description and its identity; pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ha_device_backup_core import DeviceInfo, Note, UnexpectedResponseError, UnsupportedDeviceError
from ha_device_backup_core.toolkit import mac_address, mac_connection

from .translation import _
from .xml_parts import End, Start, XmlError, read_xml

DEVICE_INFO = "urn:dslforum-org:service:DeviceInfo:1"
DEVICE_CONFIG = "urn:dslforum-org:service:DeviceConfig:1"
SECURITY = "urn:dslforum-org:service:LANConfigSecurity:1"
PHONE = "urn:dslforum-org:service:X_AVM-DE_OnTel:1"
SECOND_FACTOR = "urn:dslforum-org:service:X_AVM-DE_Auth:1"

IDENTITY = ("NewModelName", "NewSerialNumber", "NewSoftwareVersion")
"""What is needed of the answer about the box."""
NOT_FRITZBOX = _("What answers there is no FRITZ!Box.")
_NO_SERIAL = _("It does not tell its serial number.")
_BEGINNING = re.compile(rb"\s*(?:<\?xml|<root\b|\Z)")
_PATH = re.compile(r"/[A-Za-z0-9_./-]{1,200}")
_LONGEST_TEXT = 100
_SHORTEST_SERIAL, _LONGEST_SERIAL = 3, 64
_MOST_ELEMENTS = 5000
_NAMES = frozenset({"manufacturer", "modelName", "friendlyName", "modelDescription"})
SETTINGS_RIGHT = "BoxAdmin"
PHONE_RIGHT = "Phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """The services of a box: type to the path that takes its actions."""

    control_paths: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found(Description):
    """What could be read of it."""

    is_fritz: bool
    is_whole: bool


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
        return version_of(self.software)

    def to_device(self, url: str, notices: tuple[Note, ...]) -> DeviceInfo:
        """Return what the host keeps of it."""
        mac = mac_address(self.serial)
        return DeviceInfo(
            unique_id=self.serial,
            name=self.model,
            manufacturer=self.manufacturer,
            model=self.model,
            version=self.version,
            connections=(mac_connection(mac),) if mac else (),
            configuration_url=url,
            notices=notices,
        )


def version_of(software: str) -> str:
    """Return FRITZ!OS as people know it: without the number of the hardware before it."""
    found = re.fullmatch(r"\d+\.0?(.+)", software)
    return found[1] if found else software


def parse_description(body: bytes) -> Description:
    """Return the description; raise UnsupportedDeviceError for what no FRITZ!Box says.

    Raises UnexpectedResponseError for one that did not arrive whole.
    """
    found = _read(body)
    if not found.is_whole and (found.is_fritz or _BEGINNING.match(body)):
        raise UnexpectedResponseError(_("Its answer did not arrive whole."))
    if not found.is_fritz or DEVICE_INFO not in found.control_paths:
        raise UnsupportedDeviceError(NOT_FRITZBOX)
    if DEVICE_CONFIG not in found.control_paths:
        raise UnsupportedDeviceError(_("This model cannot export its settings."))
    return Description(control_paths=found.control_paths)


def is_fritz_description(body: bytes) -> bool:
    """Return whether this is the description of any service of a FRITZ!Box."""
    return _read(body).is_fritz


def parse_info(answer: Mapping[str, str]) -> BoxInfo:
    """Return who the box is; raise UnexpectedResponseError where it does not say, UnsupportedDeviceError for zeros."""
    serial = re.sub(r"[^0-9a-z._]", "", answer.get("NewSerialNumber", "").lower())[:_LONGEST_SERIAL]
    if len(serial) < _SHORTEST_SERIAL:
        raise UnexpectedResponseError(_NO_SERIAL)
    if not serial.strip("0"):
        raise UnsupportedDeviceError(_NO_SERIAL)
    return BoxInfo(
        serial=serial,
        manufacturer=_plain(answer.get("NewManufacturerName", "")) or "FRITZ!",
        model=_plain(answer.get("NewModelName", "")) or "FRITZ!Box",
        software=_plain(answer.get("NewSoftwareVersion", "")),
    )


def lacks_right(right: str, rights: str) -> bool:
    """Return whether the rights of a user, as the box tells them, exclude that one for certain."""
    said: list[str] = []
    try:
        said.extend(_words(rights))
    except XmlError:
        return False
    # Paths and what may be done with each come in turns.
    return (right, "none") in zip(said[::2], said[1::2], strict=False)


def _words(content: str) -> Iterator[str]:
    events = read_xml(content, most=_MOST_ELEMENTS)
    return (event.text.strip() for event in events if isinstance(event, End) and event.text.strip())


def _read(body: bytes) -> _Found:
    """Return what the description tells, as far as it can be read."""
    words: list[str] = []
    paths: dict[str, str] = {}
    service: dict[str, str] = {}
    is_whole = True
    try:
        for event in read_xml(body, most=_MOST_ELEMENTS):
            if isinstance(event, Start):
                continue
            if event.name == "service":
                paths[service.get("serviceType", "")] = service.get("controlURL", "")
                service = {}
            elif event.name in {"serviceType", "controlURL"}:
                service[event.name] = event.text.strip()
            elif event.name in _NAMES:
                words.append(event.text)
    except XmlError:
        is_whole = False
    return _Found(
        control_paths={kind: path for kind, path in paths.items() if _PATH.fullmatch(path)},
        is_fritz=bool(re.search(r"\bAVM\b|FRITZ!", " ".join(words), re.IGNORECASE)),
        is_whole=is_whole,
    )


def _plain(text: str) -> str:
    return "".join(filter(str.isprintable, text[:_LONGEST_TEXT])).strip()
