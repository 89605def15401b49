"""Which handler wants an announced device, and what the announcement tells about it; pure."""

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase

from homeassistant.helpers.service_info.ssdp import ATTR_UPNP_FRIENDLY_NAME, SsdpServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
from yarl import URL

from ha_device_backup_core import ConfigField, FieldKind, Ssdp, Zeroconf
from ha_device_backup_core.host import HandlerRegistry, Matcher, RegisteredHandler, can_tell

from .found_devices import FoundDevice

type Match = tuple[RegisteredHandler, FoundDevice]
type Wanted = Mapping[str, list[tuple[RegisteredHandler, Matcher]]]
"""What handlers look for, by what can be listened for."""

LONGEST_TEXT = 255


def match_zeroconf(registry: HandlerRegistry, info: ZeroconfServiceInfo) -> Match | None:
    """Return the handler for a device announced by mDNS, and the device; None when no handler wants it."""
    for registered in registry.handlers.values():
        for matcher in registered.spec.discovery:
            if isinstance(matcher, Zeroconf) and _is_announced(matcher, info):
                title = info.name.removesuffix(f".{info.type}")
                return registered, _found(registered, matcher, title, lambda path: _zeroconf_value(info, path))
    return None


def match_ssdp(registry: HandlerRegistry, info: SsdpServiceInfo) -> Match | None:
    """Return the handler for a device announced by SSDP, and the device; None when no handler wants it."""
    for registered in registry.handlers.values():
        for matcher in registered.spec.discovery:
            if isinstance(matcher, Ssdp) and _is_described(matcher, info):
                title = str(info.upnp.get(ATTR_UPNP_FRIENDLY_NAME) or _host(info) or info.ssdp_usn)
                return registered, _found(registered, matcher, title, lambda path: _ssdp_value(info, path))
    return None


def zeroconf_matchers(registry: HandlerRegistry) -> Wanted:
    """Return what the handlers look for by mDNS, by type."""
    return _by_target(registry, lambda matcher: matcher.type if isinstance(matcher, Zeroconf) else None)


def ssdp_matchers(registry: HandlerRegistry) -> Wanted:
    """Return what the handlers look for by SSDP, by search target."""
    return _by_target(registry, lambda matcher: matcher.st if isinstance(matcher, Ssdp) else None)


def _by_target(registry: HandlerRegistry, target_of: Callable[[Matcher], str | None]) -> Wanted:
    wanted: dict[str, list[tuple[RegisteredHandler, Matcher]]] = {}
    for registered in registry.handlers.values():
        for matcher in registered.spec.discovery:
            if (target := target_of(matcher)) is not None:
                wanted.setdefault(target, []).append((registered, matcher))
    return wanted


def _found(
    registered: RegisteredHandler, matcher: Zeroconf | Ssdp, title: str, value_at: Callable[[str], object]
) -> FoundDevice:
    values = {key: _as_declared(registered.spec.field(key), value_at(path)) for key, path in matcher.fields.items()}
    unique_id = value_at(matcher.unique_id) if matcher.unique_id else None
    return FoundDevice(
        kind=registered.kind,
        unique_id=str(unique_id) if can_tell(registered.spec, unique_id) else None,
        title=title[:LONGEST_TEXT],
        fields={key: value for key, value in values.items() if value is not None},
    )


def _as_declared(declared: ConfigField | None, value: object) -> object:
    """Return a number as one: announcements hold nothing but text."""
    is_number = declared is not None and declared.kind in (FieldKind.PORT, FieldKind.INTEGER)
    return int(value) if is_number and isinstance(value, str) and value.isdecimal() else value


def _is_announced(matcher: Zeroconf, info: ZeroconfServiceInfo) -> bool:
    if matcher.type != info.type:
        return False
    if matcher.name is not None and not fnmatchcase(info.name.lower(), matcher.name):
        return False
    return all(
        fnmatchcase(str(info.properties.get(key) or "").lower(), pattern) for key, pattern in matcher.properties.items()
    )


def _is_described(matcher: Ssdp, info: SsdpServiceInfo) -> bool:
    if matcher.st not in (info.ssdp_st, info.ssdp_nt):
        return False
    return all(str(info.upnp.get(key, "")) == value for key, value in matcher.properties.items())


def _zeroconf_value(info: ZeroconfServiceInfo, path: str) -> object:
    if path.startswith("properties."):
        return info.properties.get(path.removeprefix("properties."))
    values = {"host": info.host, "port": info.port, "hostname": info.hostname.removesuffix("."), "name": info.name}
    return values.get(path)


def _ssdp_value(info: SsdpServiceInfo, path: str) -> object:
    if path.startswith("upnp."):
        value = info.upnp.get(path.removeprefix("upnp."))
        return value if isinstance(value, str) else None  # Lists of services and icons are no values.
    return {"host": _host(info), "location": info.ssdp_location}.get(path)


def _host(info: SsdpServiceInfo) -> str | None:
    """Return where the description is; an address that is none tells nothing."""
    try:
        return URL(info.ssdp_location or "").host
    except ValueError:
        return None
