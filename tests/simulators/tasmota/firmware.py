"""Versions of the firmware, and what differs between them."""

from dataclasses import dataclass
from enum import IntEnum

VERSIONS = ("8.5.1", "12.5.0", "14.4.1", "16.0.0")


class Chip(IntEnum):
    """The number by which the settings tell for which chip they are."""

    ESP8266 = 0
    ESP32 = 1
    ESP32_S3 = 2
    ESP32_P4 = 7

    @property
    def hardware(self) -> str:
        """What the device says."""
        return {0: "ESP8266EX", 1: "ESP32-D0WD-V3 v3.1", 2: "ESP32-S3 v0.2", 7: "ESP32-P4 v1.3"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Firmware:
    """One build."""

    version: str
    chip: Chip
    image: str = "release-tasmota"
    has_file_system: bool = True

    @property
    def number(self) -> int:
        """The version, a byte for each part."""
        parts = [*map(int, self.version.split(".")), 0][:4]
        return parts[0] << 24 | parts[1] << 16 | parts[2] << 8 | parts[3]

    @property
    def reads_login_header(self) -> bool:
        """Whether `/cm` takes the login from the header, not only from its arguments."""
        return self.number >= 0x0B010000

    @property
    def dumps_drivers(self) -> bool:
        """Whether a dump holds the settings of drivers, too."""
        return self.has_file_system and self.number >= 0x0C000000

    @property
    def checks_referer(self) -> bool:
        """Whether it can refuse requests that come from another page."""
        return self.number >= 0x09050005

    @property
    def has_relative_links(self) -> bool:
        """Whether its list of files names no address."""
        return self.number >= 0x09030000

    @property
    def redirects_after_uploads(self) -> bool:
        """Whether it shows the list again after the upload of a file, whatever came of it."""
        return self.number < 0x0D000000
