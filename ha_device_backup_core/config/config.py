"""From what was entered to a checked configuration, and to what may be shown of it; pure."""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping

from ..contract import Config, ConfigField, ConfigValue, FieldKind, HandlerSpec
from ..errors import ConfigError
from ..text import _
from .field_values import parse_value
from .web_addresses import without_web_addresses

REDACTED = "**REDACTED**"
_SCRYPT_COST = 2**14
_SCRYPT_BLOCK = 8


def parse_config(spec: HandlerSpec, raw: Mapping[str, object]) -> Config:
    """Return every declared field with a checked value, or raise ConfigError for the first that cannot be used."""
    for key in raw:
        if spec.field(key) is None:
            known = ", ".join(declared.key for declared in spec.fields)
            raise ConfigError(
                key,
                _("There is no such field. The fields are: {known}.", known=known),
            )
    entered = without_web_addresses(spec, raw)
    config = {declared.key: _parse_field(declared, entered.get(declared.key)) for declared in spec.fields}
    for declared in spec.fields:
        if declared.required and config[declared.key] is None and declared.is_asked(config):
            raise ConfigError(declared.key, _("A value is needed."))
    return config


def redacted_config(spec: HandlerSpec, config: Mapping[str, object]) -> dict[str, object]:
    """Return what may be shown: secrets, and whatever the handler does not declare, are hidden."""
    return {key: value if value is None or _is_public(spec, key) else REDACTED for key, value in config.items()}


def secret_values(spec: HandlerSpec, config: Mapping[str, object]) -> frozenset[str]:
    """Return the secrets that are set."""
    hidden = (value for key, value in config.items() if value and not _is_public(spec, key))
    return frozenset(str(value) for value in hidden if isinstance(value, str | int) and not isinstance(value, bool))


def config_digest(config: Mapping[str, object]) -> str:
    """Return a salted digest that recognises this configuration; slow on purpose, so run it in a worker thread."""
    salt = secrets.token_bytes(16)
    return f"scrypt:{_encode(salt)}:{_encode(_scrypt(config, salt))}"


def matches_digest(config: Mapping[str, object], digest: str) -> bool:
    """Return whether the digest was made of this configuration; as slow as making it."""
    try:
        method, salt, expected = digest.split(":")
        if method != "scrypt":
            return False
        return hmac.compare_digest(_scrypt(config, _decode(salt)), _decode(expected))
    except (ValueError, binascii.Error):
        return False


def _parse_field(declared: ConfigField, raw: object) -> ConfigValue:
    value = parse_value(declared, raw)
    if value is None and declared.default is not None:
        value = parse_value(declared, declared.default)
    return value


def _is_public(spec: HandlerSpec, key: str) -> bool:
    declared = spec.field(key)
    return declared is not None and declared.kind is not FieldKind.SECRET


def _scrypt(config: Mapping[str, object], salt: bytes) -> bytes:
    content = json.dumps(dict(config), sort_keys=True, ensure_ascii=False, default=list).encode()
    return hashlib.scrypt(content, salt=salt, n=_SCRYPT_COST, r=_SCRYPT_BLOCK, p=1, dklen=32)


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode()


def _decode(text: str) -> bytes:
    return base64.b64decode(text, altchars=b"-_", validate=True)


def are_equal(spec: HandlerSpec, one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Return whether two inputs are the same configuration; one that cannot be used equals none."""
    try:
        return parse_config(spec, one) == parse_config(spec, other)
    except ConfigError:
        return False
