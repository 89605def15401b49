"""Which passwords of a backup a controller does not hold, as far as their lengths and places tell; pure."""

from collections.abc import Iterator

from ha_device_backup_core import Message, Text
from ha_device_backup_core.toolkit import JsonObject, as_object

from .network import instances
from .translation import _

_ACCOUNT = ("broker", "user")


def passwords_to_enter(sent: JsonObject, held: JsonObject, *, same_device: bool) -> tuple[Text, ...]:
    """Return what a person has to enter again: nobody gives a password out, only its length."""
    lost = (_("Enter the password again: {place}.", place=place) for place in _lost(sent, held))
    return (*lost, *_locks(sent, held, same_device=same_device))


def _lost(sent: JsonObject, held: JsonObject) -> Iterator[Message]:
    """Yield what the passwords are for that the controller does not hold."""
    if _length(sent.get("ap")) not in {0, _length(held.get("ap"))}:
        yield _("access point")
    mqtt, own = (as_object(as_object(configuration.get("if")).get("mqtt")) for configuration in (sent, held))
    if _length(mqtt) and (_length(mqtt) != _length(own) or _account(mqtt) != _account(own)):
        yield _("MQTT")
    if _length(sent.get("ota")) not in {0, _length(held.get("ota"))}:
        yield _("firmware updates (OTA)")
    here = instances(held)
    for place, network in enumerate(instances(sent)):
        own = here[place] if place < len(here) else {}
        if _length(network) and not (_length(own) and own.get("ssid") == network.get("ssid")):
            yield _("Wi-Fi network {number}", number=place + 1)


def _locks(sent: JsonObject, held: JsonObject, *, same_device: bool) -> Iterator[Text]:
    """The lock of a backup counts on a controller that is not locked, but with the password that is there."""
    wanted, own = as_object(sent.get("ota")), as_object(held.get("ota"))
    is_known = same_device and _length(wanted) == _length(own)
    if wanted.get("lock") and not own.get("lock") and not is_known:
        yield _(
            "The backup locks firmware updates (OTA), with the password that is on the controller now:"
            " “wledota”, if nobody changed it. Set your own again (Config, Security & Updates)."
        )


def _account(mqtt: JsonObject) -> list[object]:
    return [mqtt.get(key) or "" for key in _ACCOUNT]


def _length(section: object) -> int:
    length = as_object(section).get("pskl")
    return length if isinstance(length, int) and length > 0 else 0
