"""How the value of each kind of field is read from a form, a file or the command line; pure."""

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Never
from urllib.parse import urlsplit

from ..contract import ConfigField, ConfigValue, FieldKind
from ..errors import ConfigError
from ..fingerprints import sha256_of_ssh
from ..text import Message, Text, _

_YES = frozenset({"true", "yes", "on", "1"})
_NO = frozenset({"false", "no", "off", "0"})
_HIGHEST_PORT = 65535
_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}\w)?")
_LONGEST_HOST = 253

_NO_TEXT: Text = _("Enter text on one line.")
_NO_HOST: Text = _("Enter only a host name or an IP address, without http://, port or path.")
_NO_INTEGER: Text = _("Enter a whole number.")
_NO_BOOLEAN: Text = _("Enter true or false.")
_NO_URL: Text = _("Enter an address that starts with http:// or https://, without user name and password.")
_NO_LINES: Text = _("Enter one text a line.")
_NO_CERTIFICATE: Text = _(
    "Enter the SHA-256 fingerprint of the certificate: 64 hexadecimal digits, with or without colons."
)

_NO_HOST_KEY: Text = _("Enter the fingerprint of the host key: SHA256: and 43 characters.")


def parse_value(declared: ConfigField, raw: object) -> ConfigValue:
    """Return the checked value, None where nothing was entered; the messages of ConfigError never repeat what was."""
    if raw is None:
        return None
    value = _PARSERS[declared.kind](declared, raw)
    return None if value in ("", ()) else value


def _refuse(declared: ConfigField, detail: Text) -> Never:
    raise ConfigError(declared.key, detail)


def _string(declared: ConfigField, raw: object, detail: Text) -> str:
    if isinstance(raw, int) and not isinstance(raw, bool):
        raw = str(raw)
    if not isinstance(raw, str) or re.search(r"[\x00-\x1f\x7f]", raw.strip()):
        _refuse(declared, detail)
    return raw


def _text(declared: ConfigField, raw: object) -> str:
    value = _string(declared, raw, _NO_TEXT).strip()
    if value:
        _check_range(declared, len(value), _("characters"))
    return value


def _secret(declared: ConfigField, raw: object) -> str:
    """Return a secret; of a key in a file of lines each line is a word, as where it went through a form."""
    if isinstance(raw, str) and raw.lstrip().startswith("-----BEGIN "):
        raw = " ".join(raw.split())
    value = _string(declared, raw, _NO_TEXT)
    if re.search(r"[\x00-\x1f\x7f]", value):
        _refuse(declared, _NO_TEXT)
    if value:
        _check_range(declared, len(value), _("characters"))
    return value


def _host(declared: ConfigField, raw: object) -> str:
    value = _string(declared, raw, _NO_HOST).strip()
    if value.startswith("[") and value.endswith("]"):
        value = value[1:-1]
        if ":" not in value:
            _refuse(declared, _NO_HOST)
    if not value:
        return value
    if ":" in value or re.fullmatch(r"[\d.]+", value):
        try:
            return str(ipaddress.ip_address(_with_bare_zone(value)))
        except ValueError:
            _refuse(declared, _NO_HOST)
    value = value.removesuffix(".").lower()
    if len(value) > _LONGEST_HOST or not all(map(_LABEL.fullmatch, value.split("."))):
        _refuse(declared, _NO_HOST)
    return value


def _integer(declared: ConfigField, raw: object) -> int | str:
    value = _whole_number(declared, raw)
    if value != "":
        _check_range(declared, int(value))
    return value


def _port(declared: ConfigField, raw: object) -> int | str:
    value = _integer(declared, raw)
    if value != "" and not 1 <= int(value) <= _HIGHEST_PORT:
        _refuse(
            declared,
            _("Enter a port, 1 to {highest_port}.", highest_port=_HIGHEST_PORT),
        )
    return value


def _whole_number(declared: ConfigField, raw: object) -> int | str:
    if isinstance(raw, str):
        stripped = raw.strip()
        if stripped == "":
            return stripped
        if re.fullmatch(r"[+-]?[0-9]{1,18}", stripped):
            return int(stripped)
    elif isinstance(raw, float) and raw.is_integer():
        return int(raw)
    elif isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    _refuse(declared, _NO_INTEGER)


def _boolean(declared: ConfigField, raw: object) -> bool | str:
    if isinstance(raw, bool):
        return raw
    word = raw.strip().lower() if isinstance(raw, str) else raw
    if word == "":
        return ""
    if isinstance(word, str) and word in _YES | _NO:
        return word in _YES
    _refuse(declared, _NO_BOOLEAN)


def _choice(declared: ConfigField, raw: object) -> str:
    value = raw.strip() if isinstance(raw, str) else str(raw)
    if value and value not in declared.choices:
        known = ", ".join(declared.choices)
        _refuse(declared, _("Choose one of: {known}.", known=known))
    return value


def _url(declared: ConfigField, raw: object) -> str:
    # What follows is for a browser alone: no device is ever sent it.
    value = _string(declared, raw, _NO_URL).strip().partition("#")[0]
    if not value:
        return value
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or "@" in parts.netloc or re.search(r"\s", value):
        _refuse(declared, _NO_URL)
    return value.replace(parts.netloc, _with_bare_zone(parts.netloc), 1)


def _with_bare_zone(host: str) -> str:
    """Return a host with the zone of an IPv6 address as systems take it; in URLs its mark is written in code."""
    return host.replace("%25", "%", 1) if ":" in host else host


def _lines(declared: ConfigField, raw: object) -> tuple[str, ...]:
    if isinstance(raw, str):
        raw = raw.splitlines()
    if not isinstance(raw, Iterable) or isinstance(raw, Mapping | bytes):
        _refuse(declared, _NO_LINES)
    lines = tuple(stripped for line in raw if (stripped := _string(declared, line, _NO_LINES).strip()))
    if lines:
        _check_range(declared, len(lines), _("lines"))
    return lines


def _certificate(declared: ConfigField, raw: object) -> str:
    value = re.sub(r"[:\s]", "", _string(declared, raw, _NO_CERTIFICATE)).lower()
    if value and not re.fullmatch(r"[0-9a-f]{64}", value):
        _refuse(declared, _NO_CERTIFICATE)
    return value


def _host_key(declared: ConfigField, raw: object) -> str:
    value = _string(declared, raw, _NO_HOST_KEY).strip()
    digits = sha256_of_ssh(value) or value.lower()
    if digits and not re.fullmatch(r"[0-9a-f]{64}", digits):
        _refuse(declared, _NO_HOST_KEY)
    return digits


def _check_range(declared: ConfigField, number: int, unit: Message | None = None) -> None:
    least, most = declared.minimum, declared.maximum
    if least is not None and number < least:
        _refuse(
            declared,
            _("Enter at least {minimum}.", minimum=least)
            if unit is None
            else _("Enter at least {minimum} {unit}.", minimum=least, unit=unit),
        )
    if most is not None and number > most:
        _refuse(
            declared,
            _("Enter at most {maximum}.", maximum=most)
            if unit is None
            else _("Enter at most {maximum} {unit}.", maximum=most, unit=unit),
        )


_PARSERS: Mapping[FieldKind, Callable[[ConfigField, object], ConfigValue]] = {
    FieldKind.TEXT: _text,
    FieldKind.SECRET: _secret,
    FieldKind.HOST: _host,
    FieldKind.PORT: _port,
    FieldKind.INTEGER: _integer,
    FieldKind.BOOLEAN: _boolean,
    FieldKind.CHOICE: _choice,
    FieldKind.URL: _url,
    FieldKind.LINES: _lines,
    FieldKind.CERTIFICATE: _certificate,
    FieldKind.HOST_KEY: _host_key,
}
