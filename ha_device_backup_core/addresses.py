"""The address of a device as a URL; pure."""

from .contract import ConfigValue

_USUAL_PORTS = {"http": 80, "https": 443}


def base_url(host: ConfigValue, port: ConfigValue = None, scheme: str = "http") -> str:
    """Return the URL of a device without a path, from the values of its HOST and PORT fields; right for IPv6, too."""
    name = str(host)
    shown = f"[{name}]" if ":" in name and not name.startswith("[") else name
    return f"{scheme}://{shown}" + ("" if port in {None, _USUAL_PORTS.get(scheme)} else f":{port}")
