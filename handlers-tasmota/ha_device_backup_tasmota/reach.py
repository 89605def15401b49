"""By which way a device is reached now, and whether the settings of a backup leave that way open; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from ha_device_backup_core import Message, RestoreRejectedError

from .decoded import Addresses, Decoded, TasmotaNetwork, TextPlace
from .status import TasmotaStatus
from .translation import _

_OTHER_CABLE = _(
    "The device is reached by network cable, and the backup has other settings for the cable (Ethernet, EthType, "
    "EthAddress, EthClockMode or its pins): nobody could reach it any more. Connect it by Wi-Fi first."
)
_OTHER_NETWORKS = _(
    "The backup does not know the Wi-Fi that the device is in, or not with its present password: the device would lose "
    "its network. If it is to change its network, restore the file config.dmp on the device's own page (Configuration, "
    "Restore Configuration)."
)


class Way(Enum):
    """A way into the network."""

    WIFI = "wifi"
    CABLE = "cable"

    @property
    def addresses(self) -> Addresses:
        """Where its fixed addresses are."""
        return Addresses.CABLE if self is Way.CABLE else Addresses.WIFI


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How somebody reaches a device."""

    host: str
    """As a person entered it."""
    address: str
    """Its IP address; the host itself where that is no name, or where nobody knows it."""
    device: TasmotaStatus

    @property
    def is_by_name(self) -> bool:
        """Whether a name leads to it, which may change."""
        return self.host != self.address

    @property
    def is_direct(self) -> bool:
        """Whether the device itself has this address, or does not tell its own."""
        own = {self.device.wifi_address, self.device.cable_address} - {""}
        return not own or self.address in own

    @property
    def ways(self) -> tuple[Way, ...]:
        """The ways that may be in use: one where that is sure, else all by which the device is in the network."""
        up = {Way.WIFI: self.device.wifi_address, Way.CABLE: self.device.cable_address}
        used = tuple(way for way, address in up.items() if address == self.address)
        if len(used) == 1:
            return used
        return tuple(way for way, address in up.items() if address) or (Way.WIFI,)


def check_reach(reach: Reach, backup: Decoded, held: Decoded) -> None:
    """Raise RestoreRejectedError where the device would not be found any more with the settings of the backup."""
    if not backup.opens_web_pages:
        raise RestoreRejectedError(
            _(
                "The backup switches the web pages of the device off (WebServer 0 or 1): nobody could read it "
                "back. Restore the file config.dmp on the device's own page if you want that."
            )
        )
    if held.answers_strangers and not backup.answers_strangers and not reach.is_direct:
        raise RestoreRejectedError(
            _(
                "The backup switches the HTTP API off (SetOption128 0); then the device only answers at its "
                "own IP address, and you entered another host here. Enter the IP address of the device as "
                "host."
            )
        )
    refusals = [_refusal(way, reach, backup, held) for way in reach.ways]
    if None not in refusals:
        raise RestoreRejectedError(refusals[0])


def with_present_addresses(reach: Reach, backup: Decoded, held: Decoded) -> tuple[bytes, list[Message]]:
    """Return the settings of the backup with the addresses by which the device is reached, and what that leaves."""
    settings, kept = bytearray(backup.dump.settings), []
    for way in reach.ways:
        place = way.addresses
        present, wanted = held.addresses(place), backup.addresses(place)
        if present is None or wanted is None or not _would_move(reach, way, present, wanted):
            continue
        settings[place.begin : place.begin + len(present)] = present
        kept.append(_address_kept(backup.fixed_address(place)))
    return bytes(settings), kept


def risks(reach: Reach, backup: Decoded, held: Decoded) -> Iterator[Message]:
    """Return what could end the connection all the same."""
    open_ways = [way for way in reach.ways if _refusal(way, reach, backup, held) is None]
    if len(open_ways) < len(reach.ways):
        yield _(
            "Only one of the ways by which the device is in the network, Wi-Fi and cable, would be left: "
            "it may have another address then."
        )
    if backup.sleeps_deeply and not held.sleeps_deeply:
        yield _(
            "With the backup the device sleeps most of the time (DeepSleepTime): it answers only while it is awake, so "
            "what was put back may not be proven."
        )
    if Way.WIFI in reach.ways and backup.looks_for_visible_networks and not held.looks_for_visible_networks:
        yield _(
            "With the backup the device looks for its Wi-Fi among those that it sees (SetOption56 or 57). If yours "
            "hides its name, the device would lose its network."
        )
    if reach.is_by_name and has_other_name(reach, backup, held):
        yield _(
            "The device gets the host name of the backup. If {host} is its own name, it will not be found "
            "by it any more.",
            host=reach.host,
        )


def has_other_name(reach: Reach, backup: Decoded, held: Decoded) -> bool:
    """Return whether the network would know the device by another name."""
    return reach.is_by_name and _host_name(backup) != _host_name(held)


def _refusal(way: Way, reach: Reach, backup: Decoded, held: Decoded) -> Message | None:
    if way is Way.CABLE:
        return None if backup.cable == held.cable else _OTHER_CABLE
    if not backup.uses_wifi:
        return _(
            "The backup switches Wi-Fi off (Wifi 0), and the device is reached by Wi-Fi: nobody could "
            "reach it any more. Connect it by cable first."
        )
    known = {network for network in backup.networks if network}
    needed = _networks_in_use(reach.device, held)
    return None if not needed or needed & known else _OTHER_NETWORKS


def _address_kept(fixed: str | None) -> Message:
    """Say that the device stays at its address, and what the backup has."""
    if fixed is None:
        return _(
            "The fixed IP address of the device is kept, so that it stays reachable; with the backup the "
            "router would give it one (IPAddress1 0.0.0.0)."
        )
    return _(
        "The present IP address of the device is kept, so that it stays reachable. The backup has the "
        "fixed address {address}: set it on the page of the device if you want it.",
        address=fixed,
    )


def _networks_in_use(device: TasmotaStatus, held: Decoded) -> set[TasmotaNetwork]:
    """Return the network that the device is in; all that it knows where that is not to be told."""
    number = held.network_in_use if device.access_point is None else device.access_point
    in_use = held.networks[number]
    return {in_use} if in_use else {network for network in held.networks if network}


def _would_move(reach: Reach, way: Way, present: bytes, wanted: bytes) -> bool:
    """Return whether the device would get another address, or another way out of its network."""
    if present[:12] == wanted[:12] or (not any(present[:4]) and not any(wanted[:4])):
        return False
    now = reach.device.cable_address if way is Way.CABLE else reach.device.wifi_address
    is_the_same = bool(now) and Decoded.address_in(wanted) == now and not any(present[:4])
    return not is_the_same


def _host_name(decoded: Decoded) -> tuple[bytes, bytes]:
    """Return what the name is made of: with a % in it, of the topic."""
    name = decoded.text(TextPlace.HOSTNAME)
    return name, decoded.text(TextPlace.TOPIC) if b"%" in name or not name else b""
