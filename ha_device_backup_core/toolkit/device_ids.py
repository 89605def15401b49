"""What tells a device from others, as it says it itself, and how one logs in there; pure."""

import base64
import re

from .text_data import encoded

_NO_MACS = frozenset({"000000000000", "ffffffffffff"})


def mac_address(text: object) -> str | None:
    """Return a MAC address as 12 lower-case hex digits; None for what is none, or that of a device without any."""
    digits = re.sub(r"[:.-]", "", text.strip()).lower() if isinstance(text, str) else ""
    return digits if re.fullmatch(r"[0-9a-f]{12}", digits) and digits not in _NO_MACS else None


def mac_connection(mac: str) -> tuple[str, str]:
    """Return one of `DeviceInfo.connections` for a MAC address of `mac_address`."""
    return "mac", ":".join(re.findall("..", mac))


def basic_login(username: str, password: str) -> dict[str, str]:
    """Return the header of a basic login."""
    return {"Authorization": f"Basic {base64.b64encode(encoded(f'{username}:{password}')).decode()}"}
