"""What differs between the firmware versions and chips of WLED."""

from dataclasses import dataclass
from enum import Enum, StrEnum

BUILD_IDS = {
    "0.13.3": 2208222,
    "0.14.0": 2310130,
    "0.14.4": 2405180,
    "0.15.0": 2412100,
    "0.15.1": 2507300,
    "0.15.2": 2508020,
    "0.15.5": 2508020,
    "16.0.0": 2605030,
    "16.0.1": 2605030,
}
VERSIONS = ("0.13.3", "0.14.4", "0.15.0", "0.15.5", "16.0.0")
"""One of each behaviour."""


class Chip(StrEnum):
    """The chips that `arch` of `/json/info` names."""

    ESP8266 = "esp8266"
    ESP32 = "esp32"
    ESP32_S3 = "ESP32-S3"


class Overload(Enum):
    """What too many connections do."""

    RESTART = "restart"
    BARE_503 = "bare 503"


@dataclass(frozen=True, slots=True, kw_only=True)
class Firmware:
    """The behaviour of one version on one chip."""

    version: str
    chip: Chip = Chip.ESP32

    @property
    def order(self) -> tuple[int, int, int]:
        """The version as numbers; 16 follows 0.15."""
        parts = [int(part) for part in self.version.split("-")[0].split(".")]
        major, minor, patch = (*parts, 0, 0)[:3]
        return (0, major, minor) if major >= 16 else (major, minor, patch)

    @property
    def build_id(self) -> int:
        """The `vid` of the build."""
        return BUILD_IDS.get(self.version, 2607201)

    @property
    def is_esp32(self) -> bool:
        """Whether it is any ESP32."""
        return self.chip is not Chip.ESP8266

    @property
    def has_pin(self) -> bool:
        """Whether settings can be locked by a PIN."""
        return self.order >= (0, 14, 0)

    @property
    def ota_lock_covers_files(self) -> bool:
        """Whether the OTA lock closes the file editor and uploads."""
        return self.order < (0, 14, 0)

    @property
    def has_own_editor(self) -> bool:
        """Whether `/edit` knows `func=`; before, it is the editor of the web server library."""
        return self.order >= (0, 16, 0)

    @property
    def restarts_after_configuration(self) -> bool:
        """Whether an upload of cfg.json restarts the device."""
        return self.order >= (0, 14, 0)

    @property
    def prepends_slash(self) -> bool:
        """Whether an upload without a leading slash is corrected."""
        return self.order >= (0, 14, 0)

    @property
    def serves_gzip_twins(self) -> bool:
        """Whether `x.gz` is served for `x`."""
        return self.order >= (0, 15, 0)

    @property
    def download_is_attachment(self) -> bool:
        """Whether `?download` on a path changes the disposition."""
        return self.order >= (0, 15, 0)

    @property
    def falls_back_to_backup(self) -> bool:
        """Whether an unreadable cfg.json is replaced from bkp.cfg.json at boot."""
        return self.order >= (0, 15, 2)

    @property
    def has_device_id(self) -> bool:
        """Whether `/json/info` has deviceId and repo."""
        return self.order >= (0, 15, 2)

    @property
    def lists_maps(self) -> bool:
        """Whether `/json/info` has maps and cpalcount."""
        return self.order >= (0, 14, 0)

    @property
    def searches_led_maps(self) -> bool:
        """Whether it looks for `"map":[` in a LED map rather than reading it as JSON."""
        return self.order >= (0, 15, 0)

    @property
    def has_release(self) -> bool:
        """Whether `/json/info` names the build."""
        return self.order >= (0, 15, 0)

    @property
    def has_many_networks(self) -> bool:
        """Whether more than one Wi-Fi can be configured."""
        return self.order >= (0, 15, 0)

    @property
    def not_implemented_body(self) -> bytes:
        """What an unknown path below `/json` answers."""
        return b'{"error":4}' if self.order >= (0, 15, 0) else b'{"error":"Not implemented"}'

    @property
    def overload(self) -> Overload:
        """What happens beyond the limit of connections."""
        return Overload.BARE_503 if self.has_own_editor else Overload.RESTART

    @property
    def connection_limit(self) -> int:
        """How many connections it bears."""
        if self.has_own_editor:
            return 6
        return 16 if self.is_esp32 else 5

    @property
    def ledmap_limit(self) -> int:
        """How many LED maps it looks for."""
        return 16 if self.is_esp32 else 10

    @property
    def file_system_bytes(self) -> int:
        """The size of the file system of the usual board."""
        return 983_040 if self.is_esp32 else 1_024_000
