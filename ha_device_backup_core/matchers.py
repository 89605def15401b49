"""How devices of a kind are found: by what they announce, or where another integration has them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Zeroconf:
    """Devices that announce themselves by mDNS.

    `type` as "_wled._tcp.local."; `name` and the values of `properties` are lower-case patterns with * and ?. Paths for
    `fields` (key of a config field to path) and `unique_id`: `host`, `port`, `hostname`, `name`, `properties.<key>`.
    """

    type: str
    name: str | None = None
    properties: Mapping[str, str] = _NOTHING
    fields: Mapping[str, str] = field(default_factory=lambda: {"host": "host"})
    unique_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ssdp:
    """Devices that announce themselves by SSDP.

    `st` is the search target; `properties` are exact values of the description (manufacturer, modelName, ...).
    Paths: `host` (of the location), `location`, `upnp.<key>`, and `udn.mac`, the MAC address (12 lower-case hex digits)
    with which the UDN of many devices ends.
    """

    st: str
    properties: Mapping[str, str] = _NOTHING
    fields: Mapping[str, str] = field(default_factory=lambda: {"host": "host"})
    unique_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDevices:
    """Devices that another integration of Home Assistant already has, looked at one device of its registry at a time.

    Paths: `entry.data.<key>`, `entry.unique_id`, `device.configuration_url.host`, `device.mac` (12 lower-case hex
    digits), `device.serial_number`, `device.name`. `secrets` are paths too, copied only after the person agreed.
    Where it cannot be known whether a login is needed, leave its fields optional: the device is added, and its first
    backup asks for the login if it raises AuthenticationError.
    """

    integration: str
    fields: Mapping[str, str] = _NOTHING
    unique_id: str | None = None
    secrets: Mapping[str, str] = _NOTHING


type Matcher = Zeroconf | Ssdp | KnownDevices
