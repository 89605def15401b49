"""The settings as the firmware keeps them: 4096 bytes, of which a dump is a copy."""

import zlib
from enum import IntEnum
from operator import mul

SIZE = 4096
OLD_SIZE = 3584
ENVELOPE = 16
KEY = 0x5A
_KEYS = bytes((KEY + place) & 0xFF for place in range(256))
HOLDER = 4617
TEXTS_BEGIN = 0x017
TEXTS_SIZE = 699
FIRST_WITH_CRC32 = 0x0606000B


class Place(IntEnum):
    """Where some of them are."""

    SAVED = 0x004
    VERSION = 0x008
    STARTS = 0x00C
    CRC16 = 0x00E
    FLAGS = 0x010
    POWER = 0x2E8
    ENERGY_TODAY = 0x314
    OLD_ENERGY_TODAY = 0x370
    LIGHT_COLOUR = 0x498
    ADDRESS = 0x544
    ROUTER = 0x548
    COUNTERS = 0x5C0
    RULES = 0x800
    NETWORK_SWITCHES = 0xEF8
    CABLE_KIND = 0x446
    CABLE_ADDRESS = 0xF88
    HTTP_API = 0xFB4
    PINS = 0x3AC
    MODULE = 0x474
    CALIBRATION = 0x364
    SCANS = 0x3A0
    DEEP_SLEEP = 0xE94
    NETWORK_IN_USE = 0xEC8
    WEB_SERVER = 0xECD
    SHUTTERS = 0xE80
    WIFI_CHANNEL = 0xF09
    CHIP = 0xF36
    STARTS_COUNTED_SINCE = 0xFD4
    SAVED_AT = 0xFF8
    CRC32 = 0xFFC


WIFI_BIT, CABLE_BIT, TLS_BIT, HTTP_API_BIT = 13, 14, 21, 14
CABLE_POWER, CABLE_CLOCK, CABLE_DATA = 5536, 5568, 5600
"""What a pin does for the network cable."""


class TextIndex(IntEnum):
    """The place of some texts in the pool of all."""

    SSID = 4
    SSID_2 = 5
    WIFI_PASSWORD = 6
    WIFI_PASSWORD_2 = 7
    HOSTNAME = 8
    WEB_PASSWORD = 10
    MQTT_CLIENT = 13
    FULL_TOPIC = 16
    GROUP_TOPIC = 20
    MEM = 28
    TEMPLATE_NAME = 71
    TELEGRAM_TOKEN = 77
    MQTT_HOST = 12
    MQTT_USER = 14
    MQTT_PASSWORD = 15
    TOPIC = 17
    FRIENDLY_NAME = 44
    DEVICE_NAME = 76


class Settings:
    """One set of them."""

    def __init__(self, content: bytes = bytes(SIZE)) -> None:
        """Take a copy."""
        self.content = bytearray(content)

    def number(self, place: int, size: int = 4) -> int:
        """Return a number."""
        return int.from_bytes(self.content[place : place + size], "little")

    def put(self, place: int, value: int, size: int = 4) -> None:
        """Write a number."""
        self.content[place : place + size] = value.to_bytes(size, "little")

    def text(self, index: int) -> str:
        """Return a text of the pool."""
        pool = self._parts()
        return pool[index].decode("utf-8", "surrogateescape") if index < len(pool) else ""

    def put_text(self, index: int, value: str) -> None:
        """Write a text into the pool, and move those after it."""
        pool = self._pool()
        pool[index] = value.encode("utf-8", "surrogateescape")
        packed = b"\0".join(pool)[:TEXTS_SIZE].ljust(TEXTS_SIZE, b"\0")
        self.content[TEXTS_BEGIN : TEXTS_BEGIN + TEXTS_SIZE] = packed

    def seal(self) -> None:
        """Write the checksums: the old one is kept, over what there was when it was made."""
        is_new = self.number(Place.VERSION) >= FIRST_WITH_CRC32
        self.put(Place.CRC16, crc16(bytes(self.content[: OLD_SIZE if is_new else len(self.content)])), 2)
        if is_new:
            self.put(Place.CRC32, crc32(bytes(self.content[:-4])))

    def has(self, place: int, bit: int) -> bool:
        """Return whether a switch is on."""
        return bool(self.number(place) >> bit & 1)

    def switch(self, place: int, bit: int, *, on: bool) -> None:
        """Turn a switch."""
        self.put(place, self.number(place) & ~(1 << bit) | on << bit)

    def _pool(self) -> list[bytes]:
        return [*self._parts(), *([b""] * 128)][:128]

    def _parts(self) -> list[bytes]:
        return bytes(self.content[TEXTS_BEGIN : TEXTS_BEGIN + TEXTS_SIZE]).split(b"\0")


def crc32(content: bytes) -> int:
    """Return the checksum as the firmware makes it, which begins with zeros."""
    return zlib.crc32(content, 0xFFFFFFFF)


def crc16(content: bytes) -> int:
    """Return the checksum of old firmware."""
    counted = content[:14] + b"\0\0" + content[16:]
    total: int = sum(map(mul, counted, range(1, len(counted) + 1)))
    return total & 0xFFFF


def xor(content: bytes, begin: int) -> bytes:
    """Return a dump made unreadable, or readable again."""
    keys = _KEYS * (len(content) // len(_KEYS) + 1)
    changed = int.from_bytes(content[begin:]) ^ int.from_bytes(keys[begin : len(content)])
    return content[:begin] + changed.to_bytes(max(len(content) - begin, 0))


def pack(settings: bytes, drivers: dict[str, bytes]) -> bytes:
    """Return a dump: with the settings of drivers in the newer form, which has a header for each."""
    if not drivers:
        return xor(settings, 2)
    members = b"".join(header(f"/{name}", len(data)) + filled_up(data) for name, data in sorted(drivers.items()))
    total = ENVELOPE + len(settings) + len(members)
    return xor(header("/.settings", total) + settings + members, 18)


def unpack(content: bytes) -> tuple[bytes, dict[str, bytes]]:
    """Return the settings and those of drivers in a dump."""
    if content[2:4] != b"se":
        return xor(content, 2), {}
    readable = xor(content, 18)[ENVELOPE:]
    drivers, place = {}, SIZE
    while place < len(readable):
        name = readable[place + 1 : place + 14].partition(b"\0")[0].decode()
        size = int.from_bytes(readable[place + 14 : place + 16], "little")
        drivers[name] = readable[place + 16 : place + 16 + size]
        place += 16 + size // 16 * 16 + 16
    return readable[:SIZE], drivers


def header(name: str, size: int) -> bytes:
    """Return what stands before each part."""
    return name.encode().ljust(14, b"\0") + (size & 0xFFFF).to_bytes(2, "little")


def filled_up(content: bytes) -> bytes:
    """Return the part filled up, by 16 bytes where nothing is to be filled up."""
    return content.ljust(len(content) // 16 * 16 + 16, b"\0")
