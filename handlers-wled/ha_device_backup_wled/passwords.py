"""Which passwords of a backup a controller does not hold, as far as their lengths and places tell; pure."""

from collections.abc import Iterator

from ha_device_backup_core import Text

from . import restore_texts as texts
from .json_files import JsonObject, as_object
from .network import instances

_ACCOUNT = ("broker", "user")


def passwords_to_enter(sent: JsonObject, held: JsonObject, *, same_device: bool) -> tuple[Text, ...]:
    """Return what a person has to enter again: nobody gives a password out, only its length."""
    return (*texts.passwords(_lost(sent, held)), *_locks(sent, held, same_device=same_device))


def _lost(sent: JsonObject, held: JsonObject) -> Iterator[Text]:
    if _length(sent.get("ap")) not in {0, _length(held.get("ap"))}:
        yield texts.ACCESS_POINT
    mqtt, own = (as_object(as_object(configuration.get("if")).get("mqtt")) for configuration in (sent, held))
    if _length(mqtt) and (_length(mqtt) != _length(own) or _account(mqtt) != _account(own)):
        yield texts.MQTT
    if _length(sent.get("ota")) not in {0, _length(held.get("ota"))}:
        yield texts.FIRMWARE_UPDATE
    here = instances(held)
    for place, network in enumerate(instances(sent)):
        own = here[place] if place < len(here) else {}
        if _length(network) and not (_length(own) and own.get("ssid") == network.get("ssid")):
            yield texts.network(place + 1)


def _locks(sent: JsonObject, held: JsonObject, *, same_device: bool) -> Iterator[Text]:
    """The lock of a backup counts on a controller that is not locked, but with the password that is there."""
    wanted, own = as_object(sent.get("ota")), as_object(held.get("ota"))
    is_known = same_device and _length(wanted) == _length(own)
    if wanted.get("lock") and not own.get("lock") and not is_known:
        yield texts.LOCKED_WITH_ITS_OWN_PASSWORD


def _account(mqtt: JsonObject) -> list[object]:
    return [mqtt.get(key) or "" for key in _ACCOUNT]


def _length(section: object) -> int:
    length = as_object(section).get("pskl")
    return length if isinstance(length, int) and length > 0 else 0
