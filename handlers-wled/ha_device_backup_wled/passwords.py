"""Which passwords of a backup a controller does not hold, as far as their lengths and places tell; pure."""

from collections.abc import Collection, Iterator

from ha_device_backup_core import Message, Text, joined
from ha_device_backup_core.toolkit import JsonObject, as_object

from .factory import is_set_up
from .network import instances
from .translation import _

_ACCOUNT = ("broker", "user")
_OF_DEVICE = {"ap": _("access point"), "ota": _("firmware updates (OTA)")}


def passwords_to_enter(
    sent: JsonObject, held: JsonObject, *, same_device: bool, is_replacement: bool = False
) -> tuple[Text, ...]:
    """Return what a person has to enter again: nobody gives a password out, only its length.

    Of a replacement it is told in any case that its access point and its updates have passwords of its own.
    """
    own = () if is_replacement else tuple(_lost_of_device(sent, held))
    lost = (*own, *_lost(sent, held))
    to_enter = (_("Enter these passwords again: {places}.", places=joined(lost, ", ")),) if lost else ()
    return (*to_enter, *_locks(sent, held, same_device=same_device), *(_gone(sent, held, own) if same_device else ()))


def _lost_of_device(sent: JsonObject, held: JsonObject) -> Iterator[Message]:
    """Yield which passwords by which others reach the controller are no longer those of the backup."""
    return (
        place
        for key, place in _OF_DEVICE.items()
        if _length(sent.get(key)) not in {0, _length(held.get(key))} and not (key == "ap" and _holds_it(sent.get(key)))
    )


def _lost(sent: JsonObject, held: JsonObject) -> Iterator[Message]:
    """Yield for what the controller lacks the passwords by which it reaches others."""
    mqtt, own = (as_object(as_object(configuration.get("if")).get("mqtt")) for configuration in (sent, held))
    if _length(mqtt) and not _holds_it(mqtt) and (_length(mqtt) != _length(own) or _account(mqtt) != _account(own)):
        yield _("MQTT")
    here = instances(held)
    for place, network in enumerate(instances(sent)):
        own = here[place] if place < len(here) else {}
        if _length(network) and not _holds_it(network) and not (_length(own) and _login(own) == _login(network)):
            yield _("Wi-Fi network {number}", number=place + 1)


def _locks(sent: JsonObject, held: JsonObject, *, same_device: bool) -> Iterator[Text]:
    """The lock of a backup counts on a controller that is not locked, but with the password that is there."""
    wanted, own = as_object(sent.get("ota")), as_object(held.get("ota"))
    is_known = same_device and _length(wanted) == _length(own)
    if wanted.get("lock") and not own.get("lock") and not is_known:
        yield _(
            "The backup locks firmware updates (OTA), with the password that is on the controller now:"
            " “wledota”, if nobody changed it. Change it under Config, Security & Updates."
        )


def _gone(sent: JsonObject, held: JsonObject, named: Collection[Message]) -> Iterator[Text]:
    """Yield what a reset took and no length tells: a password of its own may be as long as the delivered one."""
    if is_set_up(held) is False and is_set_up(sent):
        passwords = (_("password of “{place}”", place=place) for place in _OF_DEVICE.values() if place not in named)
        taken = (_("settings PIN"), _("Philips Hue key"), *passwords)
        yield _(
            "The controller was reset, and these are gone: {things}. Set again what you had.",
            things=joined(taken, ", "),
        )


def _holds_it(section: object) -> bool:
    """Return whether a person wrote the password itself into the file: a controller takes it from there."""
    return bool(as_object(section).get("psk"))


def _login(network: JsonObject) -> list[object]:
    return [network.get(key) or "" for key in ("ssid", "e_ident")]


def _account(mqtt: JsonObject) -> list[object]:
    return [mqtt.get(key) or "" for key in _ACCOUNT]


def _length(section: object) -> int:
    length = as_object(section).get("pskl")
    return length if isinstance(length, int) and length > 0 else 0
