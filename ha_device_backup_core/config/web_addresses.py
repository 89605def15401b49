"""The host and port in an address that a person copied from a browser; pure."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from ..contract import FieldKind, HandlerSpec

_USUAL_PORTS = {"http": 80, "https": 443}
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f]")
"""What reading an address would leave out."""
_TRUSTED = frozenset({FieldKind.CERTIFICATE, FieldKind.HOST_KEY})


def without_web_addresses(spec: HandlerSpec, raw: Mapping[str, object]) -> Mapping[str, object]:
    """Return what was entered with the host alone, and its port in its own field, where an address says no more.

    What would be lost of an address stays in it: the field then refuses it.
    """
    entered = dict(raw)
    for declared in spec.fields:
        if declared.kind is FieldKind.HOST and isinstance(text := raw.get(declared.key), str):
            entered |= _taken_apart(spec, raw, declared.key, text.strip())
    return entered


def _taken_apart(spec: HandlerSpec, raw: Mapping[str, object], key: str, text: str) -> Mapping[str, object]:
    scheme = re.match(r"https?(?=://)", text, re.IGNORECASE)
    if scheme is None or _UNPRINTABLE.search(text):
        return {key: text.removesuffix("/")}
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return {}
    if not host or parts.username is not None or parts.path not in {"", "/"} or parts.query:
        return {}
    if parts.scheme == "https" and not any(declared.kind in _TRUSTED for declared in spec.fields):
        # Whoever wrote it expects encryption, which such a kind does not have.
        return {}
    if port in {None, _USUAL_PORTS[parts.scheme]}:
        return {key: host}
    port_key = _field_of_port(spec, raw, parts.scheme)
    return {} if port_key is None else {key: host, port_key: port}


def _field_of_port(spec: HandlerSpec, raw: Mapping[str, object], scheme: str) -> str | None:
    """Return the field that asks for the port of the page, unless another port was entered there."""
    for declared in spec.fields:
        if declared.kind is FieldKind.PORT and declared.default == _USUAL_PORTS[scheme]:
            is_untouched = raw.get(declared.key) in (None, "", declared.default)
            return declared.key if is_untouched else None
    return None
