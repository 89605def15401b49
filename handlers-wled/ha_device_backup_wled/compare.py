"""Compare the configuration that was sent with the one that the device holds; pure."""

import math
from collections.abc import Iterator

from ha_device_backup_core import Text

from . import restore_texts as texts
from .json_files import JsonObject, as_object

_WRITTEN_BY_DEVICE = frozenset({"vid", "ota", "um"})
_PASSWORDS = frozenset({"psk", "pskl"})


def differences(sent: JsonObject, held: JsonObject) -> list[str]:
    """Return the settings that were sent and are not held; what the device added counts for nothing."""
    wanted = {key: value for key, value in sent.items() if key not in _WRITTEN_BY_DEVICE}
    return sorted(_differences(wanted, held, ""))


def _differences(sent: object, held: object, path: str) -> Iterator[str]:
    if isinstance(sent, dict) and isinstance(held, dict):
        for key, value in sent.items():
            if key in _PASSWORDS:
                continue
            where = f"{path}.{key}" if path else key
            if key in held:
                yield from _differences(value, held[key], where)
            elif value not in ({}, [], "", None):
                yield where
    elif isinstance(sent, list) and isinstance(held, list) and len(sent) == len(held):
        for number, (one, other) in enumerate(zip(sent, held, strict=True)):
            yield from _differences(one, other, f"{path}[{number}]")
    elif not _same(sent, held):
        yield path


def _same(sent: object, held: object) -> bool:
    if isinstance(sent, int | float) and isinstance(held, int | float):
        return math.isclose(sent, held, rel_tol=1e-5)
    return sent == held


def keeps_network(sent: JsonObject, held: JsonObject) -> bool:
    """Return whether the device stays on its network: passwords belong to positions in the list of networks."""
    if _ethernet(sent) and _ethernet(held):
        return True
    names_sent, names_held = _networks(sent), _networks(held)
    return all(names_sent[place : place + 1] == [name] for place, name in enumerate(names_held) if name)


def lost_passwords(sent: JsonObject, held: JsonObject) -> list[Text]:
    """Return the places whose password the backup's device had and this one has not."""
    places: list[tuple[Text, object, object]] = [
        (texts.ACCESS_POINT, sent.get("ap"), held.get("ap")),
        (texts.MQTT, as_object(sent.get("if")).get("mqtt"), as_object(held.get("if")).get("mqtt")),
        (texts.FIRMWARE_UPDATE, sent.get("ota"), held.get("ota")),
    ]
    here = _instances(held)
    for number, network in enumerate(_instances(sent)):
        places.append((texts.network(number + 1), network, here[number] if number < len(here) else None))
    return [place for place, wanted, found in places if _has_password(wanted) and not _has_password(found)]


def _has_password(section: object) -> bool:
    return bool(as_object(section).get("pskl"))


def _ethernet(configuration: JsonObject) -> bool:
    kind = as_object(configuration.get("eth")).get("type")
    return isinstance(kind, int) and kind > 0


def _instances(configuration: JsonObject) -> list[JsonObject]:
    instances = as_object(configuration.get("nw")).get("ins")
    return [as_object(instance) for instance in instances] if isinstance(instances, list) else []


def _networks(configuration: JsonObject) -> list[str]:
    return [str(instance.get("ssid", "")) for instance in _instances(configuration)]
