"""Compare the configuration that was sent with the one that the device holds; pure."""

import math
from collections.abc import Iterator

from ha_device_backup_core.toolkit import JsonObject, as_object, encoded

from .info import WledInfo
from .json_files import below

_BUILD_ID = "vid"
_WRITTEN_BY_DEVICE = frozenset({_BUILD_ID, "ota", "um"})
_PASSWORDS = frozenset({"psk", "pskl"})
_SHORTEST_CUT = 12
"""Bytes: the firmware cuts texts where it has no more room for them, at this length or a longer one."""
_NOTHING: tuple[object, ...] = ({}, [], "", None)


def differences(sent: JsonObject, held: JsonObject) -> list[str]:
    """Return the settings that were sent and are not held; what the device added counts for nothing."""
    wanted = {key: value for key, value in sent.items() if key not in _WRITTEN_BY_DEVICE}
    return sorted(_differences(wanted, held, ""))


def changes(sent: JsonObject, held: JsonObject) -> list[str]:
    """Return the settings that would be other ones: also those that only the device has, which go back to default."""
    ways = ((sent, held), (held, sent))
    return sorted(
        {
            path
            for one, other in ways
            for path in _differences({key: value for key, value in one.items() if key != _BUILD_ID}, other, "")
        }
    )


def is_named(sent: JsonObject, device: WledInfo) -> bool:
    """Return whether a device runs with the name that was sent: it keeps as many bytes of it as it has room for."""
    name = as_object(sent.get("id")).get("name")
    if not isinstance(name, str) or not name.strip():
        return True
    held = encoded(device.raw_name)
    return bool(held) and encoded(name).startswith(held)


def _differences(sent: object, held: object, path: str) -> Iterator[str]:
    if isinstance(sent, dict) and isinstance(held, dict):
        for key, value in sent.items():
            if key in _PASSWORDS:
                continue
            where = below(path, key)
            if key in held:
                yield from _differences(value, held[key], where)
            elif value not in _NOTHING:
                yield where
    elif isinstance(sent, list) and isinstance(held, list) and len(sent) == len(held):
        for number, (one, other) in enumerate(zip(sent, held, strict=True)):
            yield from _differences(one, other, f"{path}[{number}]")
    elif not _same(sent, held):
        yield path


def _same(sent: object, held: object) -> bool:
    if isinstance(sent, int | float) and isinstance(held, int | float):
        return math.isclose(sent, held, rel_tol=1e-5)
    if isinstance(sent, str) and isinstance(held, str):
        wanted, kept = encoded(sent), encoded(held)
        return wanted == kept or (len(kept) >= _SHORTEST_CUT and wanted.startswith(kept))
    return sent == held
