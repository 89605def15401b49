"""The state of a simulated device: settings, files, time, and what happens at its start."""

import time
from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from . import settings as layout
from .canaries import MQTT_PASSWORD, MQTT_USER, SCRIPT_TOKEN, WIFI_NAME, WIFI_PASSWORD
from .faults import Faults
from .firmware import Firmware
from .settings import Place, Settings, TextIndex

NO_FILES: Mapping[str, bytes] = MappingProxyType({})
FLASH_BYTES = 320 * 1024
SHUTTERS = ".drvset027"
UNUSED = ".drvset010"
USER_MODE, ADMIN_MODE = 1, 2


class Upload(Enum):
    """What the next upload is taken for: whichever page was opened last decides."""

    FIRMWARE = "firmware"
    SETTINGS = "settings"
    FILE = "file"


class Device:
    """One device, without its network."""

    def __init__(
        self,
        firmware: Firmware,
        *,
        mac: str,
        name: str,
        password: str = "",
        user: str = "admin",
        http_api: bool = True,
        card: Mapping[str, bytes] | None = None,
        extra_files: Mapping[str, bytes] = NO_FILES,
        uptime: float = 86_400.0,
    ) -> None:
        """Fill settings and files as after some years of use."""
        self.firmware = firmware
        self.mac = mac
        self.user = user
        self.http_api = http_api or not firmware.checks_referer
        self.faults = Faults()
        self.flash_bytes = FLASH_BYTES
        self.files = dict(_user_files() | dict(extra_files)) if firmware.has_file_system else {}
        self.folders = {path.rpartition("/")[0] for path in self.files} - {""}
        self.card = dict(card) if card is not None else None
        self.shows_card = card is not None
        self.upload = Upload.FIRMWARE
        self.upload_folder = ""
        self.module = "Sonoff Basic"
        self.hostname = f"tasmota-{mac[-6:].upper()}-1234"
        self.on_network = True
        self.is_wired = False
        self.settings = _settings(firmware, name, password)
        self.drivers = {SHUTTERS: _driver(b"\x05\x01" + bytes(374)), UNUSED: _driver(b"unused")}
        self._booted_at = time.monotonic() - uptime
        self.save()

    @property
    def name(self) -> str:
        """The name that its settings give it."""
        return self.settings.text(TextIndex.DEVICE_NAME)

    @property
    def password(self) -> str:
        """The password of its web page, empty for none."""
        return self.settings.text(TextIndex.WEB_PASSWORD)

    @property
    def is_in_user_mode(self) -> bool:
        """Whether its web server shows only the main page."""
        return self.settings.number(Place.WEB_SERVER, 1) == USER_MODE

    @property
    def uptime(self) -> int:
        """Whole seconds since the start."""
        return int(time.monotonic() - self._booted_at)

    @property
    def starts(self) -> int:
        """How often it started."""
        return self.settings.number(Place.STARTS, 2)

    @property
    def free_kilobytes(self) -> int:
        """The room in the flash memory."""
        return (self.flash_bytes - sum(map(len, self.files.values()))) // 1024

    def save(self) -> None:
        """Write the settings into the flash memory: counts, and makes the checksum anew."""
        self.settings.put(Place.SAVED, self.settings.number(Place.SAVED) + 1)
        self.settings.put(Place.SAVED_AT, int(time.time()))
        self.settings.seal()

    def set_text(self, index: TextIndex, value: str) -> None:
        """Change a text as a person does."""
        self.settings.put_text(index, value)
        self.save()

    def live(self, number: int = 1) -> None:
        """Let some time pass: a relay switches, energy is counted, a shutter moves, the router gives other servers."""
        energy = Place.ENERGY_TODAY if self.firmware.number >= 0x09050009 else Place.OLD_ENERGY_TODAY
        for place in (Place.POWER, energy, Place.LIGHT_COLOUR, Place.COUNTERS, Place.ROUTER):
            self.settings.put(place, (self.settings.number(place) + number) & 0xFFFFFFFF)
        self.settings.put(Place.SHUTTERS, (self.settings.number(Place.SHUTTERS, 1) + number) % 101, 1)
        self.settings.put(Place.WIFI_CHANNEL, 1 + (self.settings.number(Place.WIFI_CHANNEL, 1) + number) % 13, 1)
        self.save()

    def dump(self) -> bytes:
        """Return what `/dl` sends."""
        self.settings.seal()
        return layout.pack(bytes(self.settings.content), self.drivers if self.firmware.dumps_drivers else {})

    def take_settings(self, content: bytes) -> bool:
        """Take uploaded settings; what the drivers get is not asked for validity of the whole."""
        if len(content) > layout.SIZE and not self.firmware.dumps_drivers:
            return False
        sent, drivers = layout.unpack(content)
        taken = Settings(sent.ljust(layout.SIZE, b"\0"))
        is_whole = taken.number(Place.CRC32) == layout.crc32(bytes(taken.content[:-4]))
        is_valid = is_whole and taken.number(Place.CHIP, 1) == self.firmware.chip
        if is_valid and not self.faults.ignore_settings:
            self.settings.content[layout.ENVELOPE :] = taken.content[layout.ENVELOPE :]
            self.settings.put(Place.VERSION, taken.number(Place.VERSION))
        for name, data in drivers.items():
            if layout.crc32(data[4:]) == int.from_bytes(data[:4], "little"):
                self.drivers[name] = data
        return is_valid

    def boot(self) -> None:
        """Start again."""
        self._booted_at = time.monotonic()
        self.upload = Upload.FIRMWARE
        self.shows_card = self.card is not None
        self.settings.put(Place.STARTS, self.starts + 1, 2)
        if self.settings.number(Place.VERSION) != self.firmware.number:
            self.settings.put(Place.VERSION, self.firmware.number)
            self.settings.put(0x73A, 101, 1)
        for place in range(self.faults.set_at_start):
            self.settings.content[0x3B0 + place] ^= 0xFF
        self.mac = self.faults.other_mac or self.mac
        self.faults.ignore_settings = False
        self.save()

    def wipe(self) -> None:
        """Reset to factory defaults, after which a person enters the Wi-Fi again, as everybody must."""
        starts = self.starts
        self.settings = Settings()
        _put_basics(self.settings, self.firmware)
        self.settings.put(Place.STARTS, starts, 2)
        self.settings.put_text(TextIndex.SSID, WIFI_NAME)
        self.settings.put_text(TextIndex.WIFI_PASSWORD, WIFI_PASSWORD)
        self.files.clear()
        self.folders.clear()
        self.drivers = {SHUTTERS: _driver(b"\x05\x01" + bytes(374))}
        self.save()


def _settings(firmware: Firmware, name: str, password: str) -> Settings:
    made = Settings()
    _put_basics(made, firmware)
    made.put(Place.STARTS, 17, 2)
    made.put(Place.POWER, 1)
    made.put(Place.ROUTER, 0x0102A8C0)
    rule = b"on Power1#state do publish home/lamp %value% endon"
    made.content[Place.RULES : Place.RULES + len(rule)] = rule
    for index, text in (
        (TextIndex.SSID, WIFI_NAME),
        (TextIndex.WIFI_PASSWORD, WIFI_PASSWORD),
        (TextIndex.WEB_PASSWORD, password),
        (TextIndex.MQTT_HOST, "192.168.2.9"),
        (TextIndex.MQTT_USER, MQTT_USER),
        (TextIndex.MQTT_PASSWORD, MQTT_PASSWORD),
        (TextIndex.TOPIC, "lamp"),
        (TextIndex.FRIENDLY_NAME, name),
        (TextIndex.DEVICE_NAME, name),
    ):
        made.put_text(index, text)
    return made


def _put_basics(made: Settings, firmware: Firmware) -> None:
    made.put(0x000, layout.HOLDER, 2)
    made.put(0x002, layout.SIZE, 2)
    made.put(Place.VERSION, firmware.number)
    made.put(Place.CHIP, firmware.chip, 1)
    made.put(Place.WEB_SERVER, ADMIN_MODE, 1)


def _user_files() -> dict[str, bytes]:
    return {
        "/autoexec.be": f"var token = '{SCRIPT_TOKEN}'\nprint('ready')\n".encode(),
        "/.settings": b"a copy of the settings",
        "/.extensions/clock.tapp": b"PK not really",
        "/display.ini": b":H,ST7789,240,240\n",
    }


def _driver(content: bytes) -> bytes:
    return layout.crc32(content).to_bytes(4, "little") + content
