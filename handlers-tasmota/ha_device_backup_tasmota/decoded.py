"""What the settings in a dump mean: texts, networks, addresses, pins; pure. Texts are bytes, as the device has them."""

from dataclasses import dataclass
from enum import Enum, IntEnum
from ipaddress import IPv4Address

from .dump import Dump


class TextPlace(IntEnum):
    """The place of a text among all of them; the same in every version that has them in a row."""

    SSID = 4
    SSID_2 = 5
    WIFI_PASSWORD = 6
    WIFI_PASSWORD_2 = 7
    HOSTNAME = 8
    WEB_PASSWORD = 10
    MQTT_HOST = 12
    MQTT_CLIENT = 13
    MQTT_USER = 14
    MQTT_PASSWORD = 15
    FULL_TOPIC = 16
    TOPIC = 17
    BUTTON_TOPIC = 18
    SWITCH_TOPIC = 19
    GROUP_TOPIC = 20
    MEM = 28
    FRIENDLY_NAME = 44
    BUTTON_TEXT = 52
    TEMPLATE_NAME = 71
    DEVICE_NAME = 76
    TELEGRAM_TOKEN = 77
    TELEGRAM_CHAT = 78
    OF_THE_CHIP = 79
    """From here on the places differ between chips: texts of switches, and accounts with their keys."""


class Addresses(Enum):
    """Where the fixed addresses of a way into the network are: of the device, its router, mask and name server."""

    WIFI = (0x544, 0)
    CABLE = (0xF88, 0x0A010005)

    @property
    def begin(self) -> int:
        """Where they begin."""
        return self.value[0]

    @property
    def first_version(self) -> int:
        """The first version that has them."""
        return self.value[1]


@dataclass(frozen=True, slots=True, repr=False)
class TasmotaNetwork:
    """A Wi-Fi as the device knows it."""

    name: bytes
    password: bytes


@dataclass(frozen=True, slots=True)
class _OfChip:
    """Where a chip has what differs: module, pins, the pins of the template, and the cable."""

    module: int = 0x474
    pins: tuple[int, int] = (0x3AC, 40)
    template: tuple[int, int] = (0x3FC, 36)
    cable: tuple[int, int, int] = (0x446, 0x447, 0x450)
    """Kind, clock and address of the chip for it."""


_TEXTS = slice(0x017, 0x017 + 699)
_FIRST_WITH_TEXTS = 0x08000001
_FIXED_TEXTS = {
    TextPlace.SSID: (0x0A1, 33),
    TextPlace.SSID_2: (0x0C2, 33),
    TextPlace.WIFI_PASSWORD: (0x0E3, 65),
    TextPlace.WIFI_PASSWORD_2: (0x124, 65),
    TextPlace.HOSTNAME: (0x165, 33),
    TextPlace.WEB_PASSWORD: (0x4A9, 33),
    TextPlace.MQTT_HOST: (0x1E9, 33),
    TextPlace.MQTT_CLIENT: (0x20C, 33),
    TextPlace.MQTT_USER: (0x22D, 33),
    TextPlace.MQTT_PASSWORD: (0x24E, 33),
    TextPlace.TOPIC: (0x26F, 33),
    TextPlace.GROUP_TOPIC: (0x2B1, 33),
    TextPlace.FULL_TOPIC: (0x558, 100),
    TextPlace.FRIENDLY_NAME: (0x3AC, 33),
}
"""Of versions 6 and 7: each at its own place."""
_FIRST_WITH_LATE_PLACES = 0x07010205
_FIRST_WITH_NETWORK_SWITCHES = 0x08030104
_FIRST_WITH_LONG_PINS = 0x09000001
_FIRST_WITH_TLS = 0x08040001
_FIRST_WITH_HTTP_API = 0x09050005
_SWITCHES = 0xEF8
_WIFI_BIT, _CABLE_BIT, _TLS_BIT = 13, 14, 21
_HTTP_API = 0xFB4
_HTTP_API_BIT = 14
_SCANS, _SCAN_BITS = 0x3A0, (6, 7)
_FIRST_WITH_SCANS = 0x0603000A
_DEEP_SLEEP = 0xE94
_ALL_PAGES = 2
_ADDRESS_BYTES = 16
_RULES, _RULE_BYTES = 0x800, 512
_ANY_ESP32 = _OfChip()
_MOVED = "ESP32-P4"
"""The chip whose many pins pushed other settings away."""
_OF_CHIPS = {
    "ESP8266": _OfChip(pins=(0x3AC, 18), template=(0x3FC, 14)),
    "ESP32-S3": _OfChip(0x45F, (0x3AC, 49), (0x410, 33), (0x40E, 0x40F, 0x45E)),
    "ESP32-S2": _OfChip(pins=(0x3AC, 47)),
    "ESP32-C3": _OfChip(pins=(0x3AC, 22), template=(0x3FC, 22)),
    "ESP32-C2": _OfChip(pins=(0x3AC, 21), template=(0x3FC, 21)),
    "ESP32-C6": _OfChip(pins=(0x3AC, 31), template=(0x3FC, 31)),
    "ESP32-P4": _OfChip(0x471, (0x38C, 55), (0x3FC, 55), (0x3FA, 0x3FB, 0x470)),
}
_CABLE_PINS = {5536, 5568, 5600}
"""What a pin does for the cable: its power, and the two lines to its chip."""
_OWN_TEMPLATE = 255
"""The module whose pins are those of the template."""


class Decoded:
    """The settings of one dump, by what they mean."""

    def __init__(self, dump: Dump) -> None:
        """Keep the dump."""
        self.dump = dump
        self.is_pooled = dump.version >= _FIRST_WITH_TEXTS
        self._pool = dump.settings[_TEXTS].split(b"\0") if self.is_pooled else []
        self._places = _OF_CHIPS.get(dump.chip, _ANY_ESP32)

    def text(self, place: int, number: int = 0) -> bytes:
        """Return a text, empty where this version has none; `number` counts on from its first."""
        if self.is_pooled:
            return self._pool[place + number] if place + number < len(self._pool) else b""
        begin, size = _FIXED_TEXTS.get(TextPlace(place), (0, 0)) if place in TextPlace else (0, 0)
        begin += number * size
        return self.dump.settings[begin : begin + size].partition(b"\0")[0]

    def later_texts(self) -> list[bytes]:
        """Return the texts whose meaning differs between chips."""
        return [text for text in self._pool[TextPlace.OF_THE_CHIP :] if text]

    @property
    def networks(self) -> tuple[TasmotaNetwork | None, TasmotaNetwork | None]:
        """The two networks that it can know."""
        pairs = ((TextPlace.SSID, TextPlace.WIFI_PASSWORD), (TextPlace.SSID_2, TextPlace.WIFI_PASSWORD_2))
        first, second = (TasmotaNetwork(self.text(name), self.text(password)) for name, password in pairs)
        return first if first.name else None, second if second.name else None

    @property
    def network_in_use(self) -> int:
        """Which of them it was in when it saved, 0 or 1."""
        return self._byte(0xEC8 if self.dump.version >= _FIRST_WITH_LATE_PLACES else 0x0A0) & 1

    @property
    def uses_wifi(self) -> bool:
        """Whether Wi-Fi is switched on."""
        return self._has(_SWITCHES, _WIFI_BIT, since=_FIRST_WITH_NETWORK_SWITCHES, before=True)

    @property
    def opens_web_pages(self) -> bool:
        """Whether it shows the pages by which backups are made and put back."""
        return self._byte(0xECD if self.dump.version >= _FIRST_WITH_LATE_PLACES else 0x1AB) == _ALL_PAGES

    @property
    def answers_strangers(self) -> bool:
        """Whether it answers requests that do not come from its own page."""
        return self._has(_HTTP_API, _HTTP_API_BIT, since=_FIRST_WITH_HTTP_API, before=True)

    @property
    def uses_tls(self) -> bool:
        """Whether MQTT is encrypted."""
        return self._has(_SWITCHES, _TLS_BIT, since=_FIRST_WITH_TLS, before=False)

    @property
    def looks_for_visible_networks(self) -> bool:
        """Whether it scans for its networks, at its start or now and then: hidden ones are not found so."""
        scans = (self._has(_SCANS, bit, since=_FIRST_WITH_SCANS, before=False) for bit in _SCAN_BITS)
        return self.dump.chip != _MOVED and any(scans)

    @property
    def sleeps_deeply(self) -> bool:
        """Whether it is out of reach most of the time, to save its battery."""
        return self.is_pooled and self.dump.chip != _MOVED and bool(*self._numbers(_DEEP_SLEEP, 1, 4))

    def addresses(self, way: Addresses) -> bytes | None:
        """Return the fixed addresses of a way, None where this version has none."""
        if self.dump.version < way.first_version:
            return None
        return self.dump.settings[way.begin : way.begin + _ADDRESS_BYTES]

    def fixed_address(self, way: Addresses) -> str | None:
        """Return the address that the device gives itself, None where the router gives one."""
        return self.address_in(self.addresses(way) or b"")

    @staticmethod
    def address_in(addresses: bytes) -> str | None:
        """Return the first of some addresses as people write it, None for none."""
        return str(IPv4Address(addresses[:4])) if any(addresses[:4]) else None

    @property
    def module(self) -> int:
        """The number of the module."""
        return self._byte(self._places.module)

    @property
    def pins(self) -> tuple[int, ...]:
        """What each pin does, as numbers of the firmware."""
        if self.dump.chip == "ESP8266" and self.dump.version < _FIRST_WITH_LONG_PINS:
            return tuple(self.dump.settings[0x484 : 0x484 + 17])
        return self._words(*self._places.pins)

    @property
    def cable(self) -> tuple[object, ...]:
        """All by which it finds its network cable; equal where it would find it just so."""
        numbers = tuple(self._byte(place) for place in self._places.cable)
        pins = {number: use for number, use in enumerate(self.pins) if use in _CABLE_PINS}
        by_template = {number: use for number, use in enumerate(self._template) if use in _CABLE_PINS}
        is_on = self._has(_SWITCHES, _CABLE_BIT, since=_FIRST_WITH_NETWORK_SWITCHES, before=True)
        return is_on, numbers, pins, (self.module, by_template) if not pins else None

    @property
    def rules(self) -> tuple[bytes, bytes, bytes]:
        """The three rules as they are kept: a compressed one begins with a zero."""
        begins = (_RULES + number * _RULE_BYTES for number in range(3))
        first, second, third = (self.dump.settings[begin : begin + _RULE_BYTES].rstrip(b"\0") for begin in begins)
        return first, second, third

    @property
    def timers(self) -> tuple[int, ...]:
        """The 16 timers."""
        return self._numbers(0x670, 16, 4)

    @property
    def calibration(self) -> tuple[int, ...]:
        """The calibration of the energy meter: power, voltage, current; none where it is at another place."""
        return () if self.dump.chip == _MOVED else self._numbers(0x364, 3, 4)

    @property
    def report_seconds(self) -> int:
        """How often it reports its sensors."""
        return self._numbers(0x2F8, 1, 2)[0]

    @property
    def power_on_state(self) -> int:
        """What its relays do when power comes; 0 where it is at another place."""
        return 0 if self.dump.chip == _MOVED else self._byte(0x398)

    @property
    def position(self) -> tuple[int, ...]:
        """Where the home is, for the times of sunrise and sunset."""
        return self._numbers(0x6B0, 2, 4)

    @property
    def _template(self) -> tuple[int, ...]:
        return self._words(*self._places.template) if self.module == _OWN_TEMPLATE else ()

    def _has(self, place: int, bit: int, *, since: int, before: bool) -> bool:
        if self.dump.version < since:
            return before
        return bool(int.from_bytes(self.dump.settings[place : place + 4], "little") >> bit & 1)

    def _byte(self, place: int) -> int:
        return self.dump.settings[place] if place < len(self.dump.settings) else 0

    def _words(self, begin: int, count: int) -> tuple[int, ...]:
        return self._numbers(begin, count, 2)

    def _numbers(self, begin: int, count: int, size: int) -> tuple[int, ...]:
        places = range(begin, begin + count * size, size)
        return tuple(int.from_bytes(self.dump.settings[place : place + size], "little") for place in places)
