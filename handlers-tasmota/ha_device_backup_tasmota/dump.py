"""The `.dmp` file of a device: its settings and those of its drivers, made unreadable by a key that all know."""

import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from ha_device_backup_core import InvalidArtifactError, Message
from ha_device_backup_core.toolkit import is_web_page

from .translation import _

ENVELOPE = 16
"""Bytes at the beginning that the firmware never puts back, the version aside: counters, size, checksum."""
CHIPS = (
    "ESP8266",
    "ESP32",
    "ESP32-S3",
    "ESP32-S2",
    "ESP32-C3",
    "ESP32-C2",
    "ESP32-C6",
    "ESP32-P4",
    "ESP32-C5",
    "ESP32-S31",
    "ESP32-C61",
)

_KEY = 0x5A
_NO_KEY = 0
"""Of builds that were made without it."""
_SETTINGS_NAME = b"/.settings\0"
_DRIVER_NAME = b"/.drvset"
_HEADER = 16
"""Of each file in the newer form: 14 bytes of name, 2 of size."""
_CLEAR = 2
"""Bytes of the settings that are not made unreadable: what marks them as those of this build."""
_SIZES = (3584, 4096)
_OLDEST = 0x06000000
_NEWEST_WITH_CRC16 = 0x0606000A
_FIRST_WITH_CHIP = 0x08020004
_FIRST_WITH_TIME = 0x0606000A
_CLOCK_IS_SET = 1451602800
"""2016 begins: the firmware itself takes an earlier time for none."""
_LARGEST = 1024 * 1024
"""Bytes; a device itself holds it in its memory, of which it has less."""
_BYTES = bytes(range(256))


@dataclass(frozen=True, slots=True, repr=False)
class Dump:
    """The readable content; it holds passwords."""

    settings: bytes
    drivers: Mapping[str, bytes]
    """The settings of drivers, by the name of the file on the device."""

    @property
    def version(self) -> int:
        """The version of the firmware that wrote it, a byte for each part."""
        return _number(self.settings, 8, 4)

    @property
    def series(self) -> tuple[int, int]:
        """The first two parts of the version."""
        return self.version >> 24, self.version >> 16 & 0xFF

    @property
    def version_text(self) -> str:
        """The version as people write it, without a last part of 0."""
        parts = [self.version >> shift & 0xFF for shift in (24, 16, 8, 0)]
        return ".".join(str(part) for part in (parts if parts[3] else parts[:3]))

    @property
    def chip(self) -> str:
        """The chip, by whose kind the places of the settings differ."""
        number = self.settings[0xF36] if self.version >= _FIRST_WITH_CHIP else 0
        return CHIPS[number] if number < len(CHIPS) else f"#{number}"

    @property
    def saved_at(self) -> datetime | None:
        """When the device saved it, None where its clock was not set."""
        seconds = _number(self.settings, 0xFF8, 4) if self.version >= _FIRST_WITH_TIME else 0
        return datetime.fromtimestamp(seconds, UTC) if seconds > _CLOCK_IS_SET else None


def begins_as_dump(content: bytes) -> bool:
    """Return whether this begins as a dump does, whatever became of the rest."""
    begin = _HEADER if content.startswith(_SETTINGS_NAME) else 0
    return _key_of(content[: begin + ENVELOPE], begin) is not None


def parse_dump(name: str, content: bytes) -> Dump:
    """Return the readable content; raise InvalidArtifactError, naming the file and what is wrong with it."""
    if not content:
        raise InvalidArtifactError(_("{name} is empty.", name=name))
    if len(content) > _LARGEST:
        raise InvalidArtifactError(_("{name} is larger than the settings of any device.", name=name))
    if content.startswith(_SETTINGS_NAME):
        return _with_drivers(name, content)
    return Dump(_settings(name, content, 0)[0], {})


def with_settings(content: bytes, settings: bytes) -> bytes:
    """Return a valid dump with other settings of the same size, and the checksum of these."""
    begin = _HEADER if content.startswith(_SETTINGS_NAME) else 0
    key = _key_of(content, begin) or _NO_KEY
    sealed = _sealed(settings)
    unreadable = _xor(content[:begin] + sealed, key, begin + _CLEAR)
    return unreadable + content[len(unreadable) :]


def damaged_drivers(dump: Dump) -> list[str]:
    """Return the drivers whose settings have another checksum than they say: a device leaves them out at a restore."""
    return [name for name, content in dump.drivers.items() if _has_checksum(name) and not _is_whole(content)]


def _with_drivers(name: str, content: bytes) -> Dump:
    total = _number(content, 14, 2)
    if len(content) & 0xFFFF != total:
        raise _cut_off(name, len(content), total)
    end = _HEADER + _SIZES[-1]
    settings, key = _settings(name, content[:end], _HEADER)
    readable = _xor(content, key, end)
    return Dump(settings, dict(_drivers(name, readable, end)))


def _drivers(name: str, readable: bytes, place: int) -> Iterator[tuple[str, bytes]]:
    while place < len(readable):
        header = readable[place : place + _HEADER]
        size = _number(header, 14, 2)
        begin = place + _HEADER
        # The device fills up to the next 16 bytes, and adds 16 where nothing is to be filled up.
        place = begin + size // 16 * 16 + 16
        if not header.startswith(_DRIVER_NAME) or place > len(readable):
            raise InvalidArtifactError(
                _("{name} is damaged: the settings of drivers in it are not readable.", name=name)
            )
        driver = header[1:14].partition(b"\0")[0].decode("ascii", "replace")
        yield driver, readable[begin : begin + size]


def _settings(name: str, content: bytes, begin: int) -> tuple[bytes, int]:
    """Return the readable settings and the key that made them so."""
    key = _key_of(content, begin)
    if key is None:
        raise InvalidArtifactError(_reason(name, content, begin))
    settings = _xor(content[: begin + _SIZES[-1]], key, begin + _CLEAR)[begin:]
    _check(name, settings, len(content) - begin)
    return settings, key


def _key_of(content: bytes, begin: int) -> int | None:
    """Return the key that makes settings of it, None where none does."""
    head = content[: begin + ENVELOPE]
    for key in (_KEY, _NO_KEY):
        settings = _xor(head, key, begin + _CLEAR)[begin:]
        if len(settings) == ENVELOPE and _number(settings, 2, 2) in _SIZES and _number(settings, 8, 4) >= _OLDEST:
            return key
    return None


def _reason(name: str, content: bytes, begin: int) -> Message:
    if is_web_page(content):
        return _("{name} is a web page, not the settings: a login page, perhaps.", name=name)
    if content[:256].lstrip()[:1] in {b"{", b"["}:
        return _(
            "{name} is JSON, not a .dmp file. Where it comes from decode-config, make a .dmp file of it there.",
            name=name,
        )
    is_old = _looks_old(_xor(content[: begin + ENVELOPE], _KEY, begin + _CLEAR)[begin:])
    return (
        _("{name} is of a Tasmota before 6.0, whose settings have no checksum and fit no later version.", name=name)
        if is_old
        else _("{name} is no .dmp file of Tasmota: it does not begin as one.", name=name)
    )


def _check(name: str, settings: bytes, length: int) -> None:
    size = _number(settings, 2, 2)
    if length != size:
        raise _cut_off(name, length, size)
    if _sealed(settings) != settings:
        raise InvalidArtifactError(_("{name} is damaged: its checksum is wrong. A device would refuse it.", name=name))


def _cut_off(name: str, size: int, expected: int) -> InvalidArtifactError:
    return InvalidArtifactError(
        _(
            "{name} has {size} bytes of settings instead of {expected}; it was cut off or changed.",
            name=name,
            size=size,
            expected=expected,
        )
    )


def _sealed(settings: bytes) -> bytes:
    """Return the settings with the checksum that the device looks at."""
    if _number(settings, 8, 4) > _NEWEST_WITH_CRC16:
        # The device begins at 0 where everybody else begins at all ones; what is shorter has no place for it.
        return settings[: _SIZES[-1] - 4].ljust(_SIZES[-1] - 4, b"\0") + _crc32(settings[:-4]).to_bytes(4, "little")
    return settings[:14] + _crc16(settings).to_bytes(2, "little") + settings[16:]


def _looks_old(settings: bytes) -> bool:
    version = _number(settings, 8, 4)
    return len(settings) >= ENVELOPE and 0x03000000 <= version < _OLDEST and version & 0xFFFF < 0x2000


def _xor(content: bytes, key: int, begin: int) -> bytes:
    if not key:
        return content
    scrambled = content[begin:]
    first = key + begin & 0xFF
    stream = (_BYTES[first:] + _BYTES * (len(scrambled) // 256 + 1))[: len(scrambled)]
    # As one number each, because byte by byte takes a hundred times as long.
    readable = int.from_bytes(scrambled) ^ int.from_bytes(stream)
    return content[:begin] + readable.to_bytes(len(scrambled))


def _crc32(content: bytes) -> int:
    return binascii.crc32(content, 0xFFFFFFFF)


def _crc16(content: bytes) -> int:
    return sum(byte * (place + 1) for place, byte in enumerate(content) if place not in {14, 15}) & 0xFFFF


def _has_checksum(driver: str) -> bool:
    return driver != ".drvset000"


def _is_whole(content: bytes) -> bool:
    return _crc32(content[4:]) == _number(content, 0, 4)


def _number(content: bytes, place: int, size: int) -> int:
    return int.from_bytes(content[place : place + size], "little")
