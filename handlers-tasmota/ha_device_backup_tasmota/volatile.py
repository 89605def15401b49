"""Where the settings of a device hold what changes by itself; pure.

Only places of known versions are left out: those of 6.6.0.11 to 16.0.0, on every chip. In others everything counts that
the firmware would put back.
"""

from collections.abc import Iterator

from .dump import Dump

_OLDEST_KNOWN = 0x0606000B
_NEWEST_KNOWN = 0x100000FF
_ALWAYS = ((0x004, 4), (0x00C, 4), (0xFFC, 4))
"""How often it was saved and started, and the checksums: the firmware itself does not put them back."""
_FOR_EVER = _NEWEST_KNOWN + 1
_KNOWN: tuple[tuple[int, int, int, int], ...] = (
    # place, size, first version, first version without it
    (0x2E8, 4, 0, _FOR_EVER),  # which relays are on
    (0x314, 36, 0x09050009, _FOR_EVER),  # energy of today, of yesterday and in all
    (0x370, 8, 0, 0x09050009),  # energy of today and yesterday
    (0x378, 2, 0, 0x0C020002),  # day of the year of the energy
    (0x498, 5, 0, _FOR_EVER),  # colour
    (0x49E, 1, 0, _FOR_EVER),  # brightness
    (0x554, 4, 0, 0x09050004),  # energy in all
    (0x5C0, 16, 0, _FOR_EVER),  # counters
    (0x77C, 24, 0, _FOR_EVER),  # energy by tariff
    (0x7B4, 4, 0, _FOR_EVER),  # since when energy is counted
    (0xE80, 4, 0x0606000E, _FOR_EVER),  # positions of shutters
    (0xEC8, 1, 0x07010205, _FOR_EVER),  # which of the two networks is in use
    (0xF09, 7, 0x08020003, _FOR_EVER),  # channel and access point of the network
    (0xF7C, 12, 0x0B010001, _FOR_EVER),  # energy given away
    (0xF9C, 4, 0x09050004, 0x0C000204),  # energy in all
    (0xFD4, 4, 0x08010006, _FOR_EVER),  # since when starts are counted
    (0xFF8, 4, 0, _FOR_EVER),  # when it was saved
)
_STATIC_ADDRESS = slice(0x544, 0x548)
_NETWORK_OF_ROUTER = (0x548, 16)
"""Router, mask and name servers: with an address from the router these are the router's, too."""
_TILT_MOVED = 0x0E030007
_ENERGY_DRIVER = ".drvset003"
_ENERGY_SIZE = 348
_ENERGY_VERSION = 0x0102
_ENERGY_COUNTERS = ((6, 6), (164, 128), (324, 24))


def lasting_settings(dump: Dump) -> bytes:
    """Return the settings with zeros where something changes by itself."""
    return _zeroed(dump.settings, _places(dump))


def lasting_driver(name: str, content: bytes) -> bytes:
    """Return the settings of a driver with zeros where something changes by itself."""
    if name == ".drvset000":
        return content
    places = [(0, 4)]
    is_known = len(content) == _ENERGY_SIZE and int.from_bytes(content[4:6], "little") == _ENERGY_VERSION
    if name == _ENERGY_DRIVER and is_known:
        places.extend(_ENERGY_COUNTERS)
    return _zeroed(content, places)


def _places(dump: Dump) -> Iterator[tuple[int, int]]:
    yield from _ALWAYS
    if not _OLDEST_KNOWN <= dump.version <= _NEWEST_KNOWN:
        return
    for place, size, first, end in _KNOWN:
        if first <= dump.version < end:
            yield place, size
    if dump.version >= 0x0C020002:
        yield (0x384 if dump.chip == "ESP32-P4" else 0x3A4), 2
    if dump.version >= 0x0A000001 and dump.chip == "ESP8266":
        yield (0x534 if dump.version >= _TILT_MOVED else 0x51C), 4
    if not any(dump.settings[_STATIC_ADDRESS]):
        yield _NETWORK_OF_ROUTER


def _zeroed(content: bytes, places: Iterator[tuple[int, int]] | list[tuple[int, int]]) -> bytes:
    changed = bytearray(content)
    for place, size in places:
        end = min(place + size, len(changed))
        if place < end:
            changed[place:end] = bytes(end - place)
    return bytes(changed)
