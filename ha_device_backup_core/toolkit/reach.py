"""What of a backup says how a device is reached: its address, network, door and login, told by names; pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from .json_data import JsonError, read_json
from .text_data import decoded

_LARGEST = 4 * 1024 * 1024
_WORDS = re.compile(r"[A-Z]?[a-z]+\d*|[A-Z]+(?![a-z])\d*|\d+")
_NAMES = frozenset(
    {
        *("ip", "ipaddr", "ipaddress", "ip4", "ip6", "ipv4", "ipv6", "address", "gateway", "gw", "netmask", "subnet"),
        *("dhcp", "ssid", "bssid", "psk", "wifi", "wlan", "ethernet", "vlan", "hostname", "mdns", "proto"),
        *("listen", "bind", "interface", "port", "tls", "https", "ssl", "auth", "apikey", "password", "username"),
    }
)
_JOINED = {("api", "key"), ("http", "port"), ("host", "name"), ("user", "name"), ("net", "mask")}
_SETTING = re.compile(
    r"""(?<![\w-])([A-Za-z][\w-]{0,60})["']?[ \t]*(?:[:=]|(?<=[a-z]) (?=['"]))[ \t]*["']?([^\s,;"']*)"""
)
_FILES = re.compile(
    r"(?:^|/)(?:network|netplan|networkmanager|wireless|connman|wpa_supplicant[^/]*|dhcpcd\.conf|dhclient[^/]*|interfaces"
    r"(?:\.d)?|hostname|hosts(?:\.allow|\.deny)?|firewall|firewalld|nftables[^/]*|iptables|ufw|\.?ssh|dropbear|wireguard"
    r"|openvpn|tailscale)(?:/|$)",
    re.IGNORECASE,
)


def files_of_reach(names: Iterable[str]) -> list[str]:
    """Return which of these files, by their paths, usually say how a device is in its network and who gets in."""
    return [name for name in names if _FILES.search(name)]


def settings_of_reach(now: bytes, then: bytes) -> list[str]:
    """Return the names of settings by which a device may be reached that differ between two versions of a text."""
    if now == then or max(len(now), len(then)) > _LARGEST:
        return []
    before, after = Counter(_settings(now)), Counter(_settings(then))
    return sorted({name for name, _value in (before - after) | (after - before)})


def _settings(content: bytes) -> Iterator[tuple[str, str]]:
    try:
        document = read_json(content)
    except JsonError:
        document = None
    if isinstance(document, dict | list):
        yield from _leaves(document)
        return
    for match in _SETTING.finditer(decoded(content)):
        if _is_of_reach(match[1]):
            yield match[1], match[2]


def _leaves(document: Mapping[str, object] | list[object]) -> Iterator[tuple[str, str]]:
    """Yield the settings with where they are, without numbers of lists: their order says nothing."""
    waiting: list[tuple[str, object]] = [("", document)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            waiting += ((f"{path}/{key}" if path else str(key), inner) for key, inner in value.items())
        elif isinstance(value, list):
            waiting += ((path, inner) for inner in value)
        elif _is_of_reach(path.rpartition("/")[2]):
            yield path, repr(value)


def _is_of_reach(name: str) -> bool:
    words = [word.lower() for word in _WORDS.findall(name)]
    return not _NAMES.isdisjoint(words) or not _JOINED.isdisjoint(pairwise(words))
