"""Keep the way by which a controller is reached now: a restore never cuts it off; pure."""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass

from ha_device_backup_core import Text
from ha_device_backup_core.toolkit import JsonObject, as_list, as_object

from .translation import _

_ACCESS_POINT_SETTINGS = ("ssid", "chan", "hide", "behav")
_NO_ADDRESS = [0, 0, 0, 0]
_USUAL_MASK = [255, 255, 255, 0]
_OF_ACCESS_POINT = "4.3.2.1"
"""The address of every controller in its own Wi-Fi."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How a controller is reached."""

    host: str
    by_cable: bool | None
    """None where it does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A configuration in which the connection is that of the device."""

    configuration: JsonObject
    needs: tuple[Text, ...] = ()
    risks: tuple[Text, ...] = ()


def keep_connection(sent: JsonObject, held: JsonObject, connection: Connection) -> Kept:
    """Return the configuration to send, with what the device needs of its own to stay where it is."""
    changes = {
        key: (section, text)
        for key, section, text in _own_sections(sent, held, connection)
        if section != as_object(sent.get(key))
    }
    return Kept(
        configuration=sent | {key: section for key, (section, text) in changes.items()},
        needs=tuple(text for section, text in changes.values()),
        risks=tuple(_risks(sent, held, connection)),
    )


def _own_sections(sent: JsonObject, held: JsonObject, connection: Connection) -> Iterator[tuple[str, JsonObject, Text]]:
    """Yield each section that has to stay as it is on the device, and what is said about it."""
    if _loses_network(sent, held, connection):
        yield (
            "nw",
            as_object(sent.get("nw")) | _parts(as_object(held.get("nw")), ("ins", "dns")),
            _(
                "The controller keeps its present Wi-Fi networks and address, because it is reached by them"
                " and the backup has others. Change them at the controller if you want those of the backup"
                " (Config, WiFi Setup)."
            ),
        )
    if _cable(held) and _cable(sent) != _cable(held):
        yield (
            "eth",
            as_object(held.get("eth")),
            _("The controller keeps its present type of Ethernet board; the backup has another one."),
        )
    if connection.host == _OF_ACCESS_POINT or (not _cable(held) and not any(_names(held))):
        without_password = {key: value for key, value in as_object(sent.get("ap")).items() if key != "psk"}
        section = without_password | _parts(as_object(held.get("ap")), _ACCESS_POINT_SETTINGS)
        yield "ap", section, _("The controller keeps its present access point, because it is reached by it.")
    if _is_name_of(connection.host, held) and _mdns(sent) != _mdns(held):
        yield (
            "id",
            as_object(sent.get("id")) | {"mdns": _mdns(held)},
            _("The controller keeps its present name in the network (mDNS), because it is reached by it."),
        )


def _loses_network(sent: JsonObject, held: JsonObject, connection: Connection) -> bool:
    """Passwords belong to places in the list of networks, and the address of a cable to the first place."""
    if not any(_names(held)) and not _cable(held):
        return False
    if connection.by_cable is not False and _cable(held):
        moves = bool(_place(sent, 0)["address"] != _place(held, 0)["address"])
        if moves or connection.by_cable:
            return moves
    if any(_place(sent, place) != wanted for place, wanted in enumerate(_access(held)) if wanted["ssid"]):
        return True
    return any(map(_has_other_password, instances(sent), instances(held)))


def _has_other_password(sent: JsonObject, held: JsonObject) -> bool:
    """Return whether a file brings a password of its own, and nobody can tell that it is the present one."""
    return "psk" in sent and bool(held.get("ssid")) and sent["psk"] != held.get("psk")


def _risks(sent: JsonObject, held: JsonObject, connection: Connection) -> Iterator[Text]:
    if _cable(sent) and not _cable(held):
        yield _(
            "With the backup the controller uses its Ethernet cable, if one is plugged in, and may get another address."
        )
    by_other_name = not _is_address(connection.host) and not _is_name_of(connection.host, held)
    if by_other_name and as_object(sent.get("id")) != as_object(held.get("id")):
        yield _(
            "The controller is reached by a name, which may change with the backup. Enter its IP address to be sure."
        )


def _access(configuration: JsonObject) -> list[JsonObject]:
    return [_place(configuration, place) for place in range(len(instances(configuration)))]


def _place(configuration: JsonObject, place: int) -> JsonObject:
    """Return what a connection depends on at a place in the list of networks."""
    found = instances(configuration)[place : place + 1]
    network = found[0] if found else {}
    return {
        "ssid": network.get("ssid") or "",
        "address": _address(network),
        "access point": _radio(network),
        "encryption": network.get("enc_type") or 0,
        "identity": [network.get(key) or "" for key in ("e_ident", "e_anon_ident")],
    }


def _radio(network: JsonObject) -> str:
    """Return the one access point that a network is bound to, empty for any."""
    address = str(network.get("bssid") or "").replace(":", "").lower()
    return address if address.strip("0") else ""


def _address(network: JsonObject) -> object:
    """Return the fixed address; without a gateway the firmware does not use it."""
    address, gateway = network.get("ip"), network.get("gw")
    if address in (None, _NO_ADDRESS) or gateway in (None, _NO_ADDRESS):
        return None
    return [address, gateway, network.get("sn") or _USUAL_MASK]


def instances(configuration: JsonObject) -> list[JsonObject]:
    """Return the Wi-Fi networks of a configuration."""
    return [as_object(instance) for instance in as_list(as_object(configuration.get("nw")).get("ins"))]


def _names(configuration: JsonObject) -> list[str]:
    return [str(instance.get("ssid") or "") for instance in instances(configuration)]


def _cable(configuration: JsonObject) -> int:
    """Return the type of board that the cable is at, 0 without one."""
    kind = as_object(configuration.get("eth")).get("type")
    return kind if isinstance(kind, int) and kind > 0 else 0


def _mdns(configuration: JsonObject) -> str:
    return str(as_object(configuration.get("id")).get("mdns") or "")


def _is_name_of(host: str, held: JsonObject) -> bool:
    return not _is_address(host) and host.partition(".")[0].casefold() == _mdns(held).casefold()


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _parts(section: JsonObject, keys: tuple[str, ...]) -> JsonObject:
    return {key: section[key] for key in keys if key in section}
