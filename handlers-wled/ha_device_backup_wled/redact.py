"""Show a backup without its secrets; pure."""

import json
import re

from ha_device_backup_core import Artifact

from .device_files import CONFIGURATION, INFO_RECORD, SIZES_RECORD
from .json_files import JsonError, as_object, parse

_HIDDEN = "**REDACTED**"
_PRIVATE = re.compile(
    r"psk|pass|pwd|secret|token|ssid|user|identity|anon|api_?key|^(key|ln|lt|linked_remote|ip|gw)$", re.IGNORECASE
)
_LENGTHS = frozenset({"pskl"})
_SHOWN_FACTS = ("ver", "vid", "arch", "release", "brand", "product", "name", "mac")
_TEXT_FILES = (".css",)


def redact(artifact: Artifact) -> dict[str, str]:
    """Return the readable files, one line a value, with names and passwords of networks and accounts hidden."""
    shown = {}
    for name, content in artifact.files().items():
        text = _shown(name, content)
        if text is not None:
            shown[name] = text
    return shown


def _shown(name: str, content: bytes) -> str | None:
    if name == SIZES_RECORD:
        return None
    if name.endswith(_TEXT_FILES):
        return content.decode("utf-8", "replace")
    if not name.endswith(".json"):
        return None
    try:
        value = parse(content)
    except JsonError:
        return None
    if name == INFO_RECORD:
        facts = as_object(value)
        value = {key: facts[key] for key in _SHOWN_FACTS if key in facts}
    elif name.endswith(CONFIGURATION):
        value = _hidden(value)
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False).encode("utf-8", "replace").decode()


def _hidden(value: object) -> object:
    if isinstance(value, dict):
        return {key: _HIDDEN if _is_private(key, inner) else _hidden(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_hidden(inner) for inner in value]
    return value


def _is_private(key: str, value: object) -> bool:
    if key in _LENGTHS or value in ("", None):
        return False
    return bool(_PRIVATE.search(key)) or (key == "pin" and isinstance(value, str))
