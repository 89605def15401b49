"""Where a device is, derived from its configuration here and nowhere else; pure."""

import ipaddress
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from yarl import URL

from .contract import ConfigValue, FieldKind, HandlerSpec

_USUAL_PORTS = {"http": 80, "https": 443}


def base_url(host: ConfigValue, port: ConfigValue = None, scheme: str = "http") -> str:
    """Return the URL of a device without a path, from the values of its HOST and PORT fields; right for IPv6, too."""
    name = str(host)
    shown = f"[{name}]" if ":" in name and not name.startswith("[") else name
    return f"{scheme}://{shown}" + ("" if port in {None, _USUAL_PORTS.get(scheme)} else f":{port}")


def host_header(url: URL) -> dict[str, str]:
    """Return the header for a host with a zone, without it: only this side knows the zone, and servers refuse it."""
    host, mark, _zone = (url.raw_host or "").partition("%")
    return {"Host": f"[{host}]" + ("" if url.is_default_port() else f":{url.port}")} if mark else {}


def address_of(spec: HandlerSpec, config: Mapping[str, object]) -> str | None:
    """Return where a configuration leads to, the same for each spelling; for what it lacks the default counts."""
    return entered_address(spec, {declared.key: config.get(declared.key, declared.default) for declared in spec.fields})


def entered_address(spec: HandlerSpec, config: Mapping[str, object]) -> str | None:
    """Return where a device is reached: its host and port, else its URL; None where neither is entered."""

    def entered(kind: FieldKind) -> list[str]:
        values = [config.get(declared.key) for declared in spec.fields if declared.kind is kind]
        return [str(value).strip() for value in values if value is not None]

    if hosts := entered(FieldKind.HOST):
        return "\n".join([hosts[0].lower(), *entered(FieldKind.PORT)])
    urls = entered(FieldKind.URL)
    return _normal_url(urls[0]) if urls else None


def endpoint_of(config: Mapping[str, object]) -> str | None:
    """Return the host and port that only one job at a time may talk to; None where a device has no address.

    It has to be known of a device whose handler is missing, too, so it goes by the well-known names of fields.
    """
    host, port = config.get("host"), config.get("port")
    if not host and isinstance(url := config.get("url"), str):
        try:
            parts = urlsplit(url)
        except ValueError:
            return None
        host, port = parts.hostname, _port_of(parts)
    return f"{str(host).strip().lower()}:{port or ''}" if host else None


def _normal_url(url: str) -> str:
    parts = urlsplit(url)
    port = _port_of(parts) or _USUAL_PORTS.get(parts.scheme)
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{_normal_host(parts.hostname or '')}:{port}{parts.path or '/'}{query}"


def _normal_host(host: str) -> str:
    try:
        return str(ipaddress.ip_address(host.replace("%25", "%", 1)))
    except ValueError:
        return host.lower().removesuffix(".")


def _port_of(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        return None
