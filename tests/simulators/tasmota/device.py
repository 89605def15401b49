"""The state of a simulated device: settings, files, time, and what happens at its start."""

import time
from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from . import settings as layout
from .canaries import MQTT_PASSWORD, MQTT_USER, SCRIPT_TOKEN, WIFI_NAME, WIFI_PASSWORD
from .faults import Faults
from .firmware import Chip, Firmware
from .settings import (
    CABLE_BIT,
    CABLE_CLOCK,
    CABLE_DATA,
    CABLE_POWER,
    HTTP_API_BIT,
    WIFI_BIT,
    Place,
    Settings,
    TextIndex,
)

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
        self.plugged: tuple[bytes, bytes] | None = None
        self.air = (WIFI_NAME, WIFI_PASSWORD)
        """The Wi-Fi that can be received, and its password."""
        self.address = "127.0.0.1"
        self.also_wired = False
        """Whether a cable leads to another address of it."""
        self.settings = _settings(firmware, name, password)
        self.settings.switch(Place.HTTP_API, HTTP_API_BIT, on=http_api)
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
    def http_api(self) -> bool:
        """Whether it answers requests that do not come from its own page."""
        return not self.firmware.checks_referer or self.settings.has(Place.HTTP_API, HTTP_API_BIT)

    @property
    def is_in_user_mode(self) -> bool:
        """Whether its web server shows only the main page."""
        return self.settings.number(Place.WEB_SERVER, 1) == USER_MODE

    @property
    def uptime(self) -> int:
        """Whole seconds since the start."""
        return int(time.monotonic() - self._booted_at)

    def run_on(self, seconds: float) -> None:
        """Have been running for so much longer."""
        self._booted_at -= seconds

    @property
    def starts(self) -> int:
        """How often it started."""
        return self.settings.number(Place.STARTS, 2)

    @property
    def free_kilobytes(self) -> int:
        """The room in the flash memory."""
        return (self.flash_bytes - sum(map(len, self.files.values()))) // 1024

    @property
    def finds_network(self) -> bool:
        """Whether its settings lead it into the network that there is."""
        if self.is_wired:
            return self.settings.has(Place.NETWORK_SWITCHES, CABLE_BIT) and self.cable == self.plugged
        known = [
            (self.settings.text(TextIndex.SSID + number), self.settings.text(TextIndex.WIFI_PASSWORD + number))
            for number in range(2)
        ]
        return self.settings.has(Place.NETWORK_SWITCHES, WIFI_BIT) and self.air in known

    @property
    def second_address(self) -> dict[str, object]:
        """What it says of the cable while it is reached by Wi-Fi."""
        return {"Ethernet": {"IPAddress": "127.0.0.1"}} if self.also_wired else {}

    @property
    def keeps_address(self) -> bool:
        """Whether it is at the address where it was: an own one in the settings is another, unless it is the same."""
        place = Place.CABLE_ADDRESS if self.is_wired else Place.ADDRESS
        own = bytes(self.settings.content[place : place + 4])
        return not any(own) or ".".join(map(str, own)) == self.address

    @property
    def cable(self) -> tuple[bytes, bytes]:
        """What its settings say of the network cable: its kind, and its pins."""
        kind = bytes(self.settings.content[Place.CABLE_KIND : Place.CABLE_KIND + 2])
        return kind, bytes(self.settings.content[Place.PINS : Place.PINS + 80])

    def plug_in(self) -> None:
        """Connect it by cable, for which it is set up right; there is no Wi-Fi."""
        for pin, use in ((5, CABLE_POWER), (16, CABLE_CLOCK), (18, CABLE_DATA)):
            self.settings.put(Place.PINS + 2 * pin, use, 2)
        self.settings.put(Place.CABLE_KIND, 1, 1)
        self.save()
        self.is_wired, self.plugged = True, self.cable

    def save(self) -> None:
        """Write the settings into the flash memory: counts, and makes the checksum anew."""
        self.settings.put(Place.SAVED, self.settings.number(Place.SAVED) + 1)
        self.settings.put(Place.SAVED_AT, int(time.time()))
        self.settings.seal()

    def set_text(self, index: int, value: str) -> None:
        """Change a text as a person does."""
        self.settings.put_text(index, value)
        self.save()

    def started(self, *, seconds_ago: float) -> None:
        """Say that it has been running only for so long."""
        self._booted_at = time.monotonic() - seconds_ago

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
        self.on_network = self.finds_network and self.keeps_address
        self.faults.ignore_settings = False
        self.save()

    def wipe(self) -> None:
        """Reset to factory defaults, after which a person enters the Wi-Fi again, as everybody must."""
        starts = self.starts
        self.settings = Settings()
        _put_basics(self.settings, self.firmware)
        put_defaults(self.settings, self.firmware)
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
    made.switch(Place.NETWORK_SWITCHES, WIFI_BIT, on=True)
    made.switch(Place.NETWORK_SWITCHES, CABLE_BIT, on=True)
    made.switch(Place.HTTP_API, HTTP_API_BIT, on=True)


def put_defaults(made: Settings, firmware: Firmware) -> None:
    """Fill in what the firmware has after a reset."""
    for index, text in (
        (TextIndex.HOSTNAME, "%s-%04d"),
        (TextIndex.MQTT_CLIENT, "DVES_%06X"),
        (TextIndex.MQTT_USER, "DVES_USER"),
        (TextIndex.MQTT_PASSWORD, "DVES_PASS"),
        (TextIndex.FULL_TOPIC, "%prefix%/%topic%/"),
        (TextIndex.TOPIC, "tasmota_%06X"),
        (TextIndex.GROUP_TOPIC, "tasmotas"),
        *((TextIndex.FRIENDLY_NAME + number, f"Tasmota{number + 1 if number else ''}") for number in range(4)),
        (TextIndex.TEMPLATE_NAME, "Generic"),
        (TextIndex.DEVICE_NAME, "Tasmota"),
    ):
        made.put_text(index, text)
    made.put(0x2F8, 300, 2)
    if firmware.chip is Chip.ESP32_P4:
        return  # its many pins have the places of what follows
    for place, number, size in ((0x398, 3, 1), (0x364, 12530, 4), (0x368, 1950, 4), (0x36C, 3500, 4)):
        made.put(place, number, size)


def _user_files() -> dict[str, bytes]:
    return {
        "/autoexec.be": f"var token = '{SCRIPT_TOKEN}'\nprint('ready')\n".encode(),
        "/.settings": b"a copy of the settings",
        "/.extensions/clock.tapp": b"PK not really",
        "/display.ini": b":H,ST7789,240,240\n",
    }


def _driver(content: bytes) -> bytes:
    return layout.crc32(content).to_bytes(4, "little") + content
