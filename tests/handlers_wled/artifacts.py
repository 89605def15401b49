"""A backup without a device, and variants of it."""

import json

from ha_device_backup_core import Artifact
from tests.simulators.wled import Chip, Device, Firmware

RECORD = ".device-backup/info.json"
SIZES = ".device-backup/files.json"


def files(version: str = "0.15.5", chip: Chip = Chip.ESP32, mac: str = "a0b1c2d3e4f5") -> dict[str, bytes]:
    """Return the files and records of a backup."""
    device = Device(Firmware(version=version, chip=chip), mac=mac, name="Shelf")
    return device.user_files | {RECORD: json.dumps(device.info()).encode()}


def artifact(content: dict[str, bytes], *, sizes: dict[str, int] | None = None) -> Artifact:
    """Bundle files; their sizes fit unless others are given."""
    own = {name: len(data) for name, data in content.items() if not name.startswith(".device-backup/")}
    return Artifact.bundle({**content, SIZES: json.dumps(own | (sizes or {})).encode()})
