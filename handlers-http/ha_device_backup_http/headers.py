"""Header lines; pure."""

import re
from collections.abc import Sequence

from ha_device_backup_core import ConfigError

from .placeholders import Placeholders, placeholders_in, secret_in_clear
from .translation import _

CONTENT_TYPE = "content-type"
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_OF_THE_CONNECTION = frozenset({"connection", "content-length", "expect", "host", "te", "transfer-encoding", "upgrade"})
_SECRET_NAMES = re.compile(r"auth|cookie|credential|token|secret|session|passw|api-?key", re.IGNORECASE)


def parse_headers(lines: Sequence[str], placeholders: Placeholders) -> dict[str, str]:
    """Return the headers; raise ConfigError for what no request can have, and for secrets that would be shown."""
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        name, value = name.strip(), value.strip()
        if not colon or not is_header_name(name):
            raise ConfigError(
                "headers",
                _(
                    "“{name}”: write Name: value, one a line. Host, Content-Length and the like are set by themselves.",
                    name=name,
                ),
            )
        if _SECRET_NAMES.search(name) and not placeholders_in(value):
            raise ConfigError("headers", secret_in_clear(name))
        if name.lower() in {known.lower() for known in headers}:
            raise ConfigError("headers", _("{name} is there twice.", name=name))
        headers[name] = placeholders.in_header(value)
    return headers


def is_header_name(name: str) -> bool:
    """Return whether a header may have that name."""
    return _NAME.fullmatch(name) is not None and name.lower() not in _OF_THE_CONNECTION
