"""Which handler wants a device that announces itself on the network, and what the announcement tells about it; pure."""

import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Self

from yarl import URL

from .contract import ConfigField, FieldKind
from .identity import can_be_own
from .matchers import Matcher, Ssdp, Zeroconf
from .plugins.registry import HandlerRegistry, RegisteredHandler

LONGEST_TEXT = 255
_MAC_AT_THE_END = re.compile(r"-([0-9A-Fa-f]{12})$")

type WantedDevices = Mapping[str, list[tuple[RegisteredHandler, Matcher]]]
"""What handlers look for, by what can be listened for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDevice:
    """A device that could be backed up, as far as it is known without asking it."""

    kind: str
    unique_id: str | None
    title: str
    fields: Mapping[str, object]
    secrets: Mapping[str, object] = field(default_factory=dict, repr=False)
    """What somebody else in the home knows of it; copied only after the person agreed."""
    device_id: str | None = None
    """What the host calls it, where it has the device already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What a device says of itself on the network."""

    way: type[Zeroconf | Ssdp]
    targets: frozenset[str | None]
    """By which of these it can be listened for: its service type, or its search targets."""
    title: str
    name: str = ""
    """The full name of a service."""
    values: Mapping[str, object]
    """What the paths of a matcher find, by path."""
    properties: Mapping[str, object]
    """What it tells beside them: the TXT record of a service, the description behind a location."""

    @classmethod
    def of_service(
        cls,
        *,
        service: str,
        name: str,
        host: str,
        port: int | None,
        hostname: str,
        properties: Mapping[str, object],
    ) -> Self:
        """Return what a service tells that was found by mDNS."""
        return cls(
            way=Zeroconf,
            targets=frozenset((service,)),
            title=name.removesuffix(f".{service}"),
            name=name,
            values={"host": host, "port": port, "hostname": hostname.removesuffix("."), "name": name},
            properties=properties,
        )

    @classmethod
    def of_description(
        cls, *, usn: str, targets: Iterable[str | None], location: str | None, description: Mapping[str, object]
    ) -> Self:
        """Return what a device tells that was found by SSDP."""
        host = _host(location)
        return cls(
            way=Ssdp,
            targets=frozenset(targets),
            title=str(description.get("friendlyName") or host or usn),
            values={"host": host, "location": location, "udn.mac": _mac(usn.partition("::")[0])},
            properties=description,
        )

    def value_at(self, path: str) -> object:
        """Return what is announced under a path of a matcher."""
        beginning = "properties." if self.way is Zeroconf else "upnp."
        if path.startswith(beginning):
            value = self.properties.get(path.removeprefix(beginning))
            return value if isinstance(value, str) else None  # Lists of services and icons are no values.
        return self.values.get(path)


def match(registry: HandlerRegistry, announcement: Announcement) -> tuple[RegisteredHandler, FoundDevice] | None:
    """Return the handler for an announced device, and the device; None when no handler wants it."""
    for registered in registry.handlers.values():
        for matcher in registered.spec.discovery:
            if isinstance(matcher, announcement.way) and _fits(matcher, announcement):
                return registered, _found(registered, matcher, announcement)
    return None


def wanted_devices(registry: HandlerRegistry, way: type[Zeroconf | Ssdp]) -> WantedDevices:
    """Return what the handlers look for in that way, by service type or search target."""
    wanted: dict[str, list[tuple[RegisteredHandler, Matcher]]] = {}
    for registered in registry.handlers.values():
        for matcher in registered.spec.discovery:
            if isinstance(matcher, way):
                wanted.setdefault(_target(matcher), []).append((registered, matcher))
    return wanted


def _target(matcher: Zeroconf | Ssdp) -> str:
    return matcher.type if isinstance(matcher, Zeroconf) else matcher.st


def _fits(matcher: Zeroconf | Ssdp, announcement: Announcement) -> bool:
    if _target(matcher) not in announcement.targets:
        return False
    announced = announcement.properties
    if isinstance(matcher, Ssdp):
        if _is_link_local(announcement.values["host"]):
            return False  # It needs the name of an interface beside it; the device has other addresses.
        return all(str(announced.get(key, "")) == value for key, value in matcher.properties.items())
    if matcher.name is not None and not fnmatchcase(announcement.name.lower(), matcher.name):
        return False
    return all(
        fnmatchcase(str(announced.get(key) or "").lower(), pattern) for key, pattern in matcher.properties.items()
    )


def _found(registered: RegisteredHandler, matcher: Zeroconf | Ssdp, announcement: Announcement) -> FoundDevice:
    values = {
        key: _as_declared(registered.spec.field(key), announcement.value_at(path))
        for key, path in matcher.fields.items()
    }
    unique_id = announcement.value_at(matcher.unique_id) if matcher.unique_id else None
    return FoundDevice(
        kind=registered.kind,
        unique_id=str(unique_id) if can_be_own(registered.spec, unique_id) else None,
        title=announcement.title[:LONGEST_TEXT],
        fields={key: value for key, value in values.items() if value is not None},
    )


def _as_declared(declared: ConfigField | None, value: object) -> object:
    """Return a number as one: announcements hold nothing but text."""
    is_number = declared is not None and declared.kind in (FieldKind.PORT, FieldKind.INTEGER)
    return int(value) if is_number and isinstance(value, str) and value.isdecimal() else value


def _mac(udn: str) -> str | None:
    """Return the MAC address that a UDN was made of; one of zeros is none."""
    found = _MAC_AT_THE_END.search(udn)
    return found[1].lower() if found and found[1].strip("0") else None


def _is_link_local(host: object) -> bool:
    try:
        return ipaddress.ip_address(str(host)).is_link_local
    except ValueError:
        return False


def _host(location: str | None) -> str | None:
    """Return where the description is; an address that is none tells nothing."""
    try:
        return URL(location or "").host
    except ValueError:
        return None
