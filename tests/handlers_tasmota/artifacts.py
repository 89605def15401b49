"""A backup without a device, and variants of it."""

import json

from ha_device_backup_core import Artifact
from tests.simulators.tasmota import PASSWORD, Chip, Device, Firmware, Settings, pages
from tests.simulators.tasmota.settings import Place, pack

DUMP = "config.dmp"
RECORD = ".device-backup/status.json"
SCRIPT = "files/autoexec.be"


def device(version: str = "14.4.1", chip: Chip = Chip.ESP32, mac: str = "a0b1c2d3e4f5") -> Device:
    """Return a device without a network."""
    return Device(Firmware(version=version, chip=chip), mac=mac, name="Lamp", password=PASSWORD)


def dump(version: str = "14.4.1", chip: Chip = Chip.ESP32) -> bytes:
    """Return what such a device sends."""
    return device(version, chip).dump()


def old_dump(number: int, size: int = 4096, content: bytes = b"") -> bytes:
    """Return a dump of a firmware that is older than those that are simulated."""
    settings = Settings(content.ljust(size, b"\0"))
    settings.put(0x002, size, 2)
    settings.put(Place.VERSION, number)
    settings.seal()
    return pack(bytes(settings.content), {})


def files(version: str = "14.4.1", chip: Chip = Chip.ESP32, mac: str = "a0b1c2d3e4f5") -> dict[str, bytes]:
    """Return the files and records of a backup."""
    made = device(version, chip, mac)
    return {
        DUMP: made.dump(),
        RECORD: json.dumps(pages.status(made)).encode(),
        SCRIPT: made.files["/autoexec.be"],
    }


def artifact(content: dict[str, bytes]) -> Artifact:
    """Bundle files."""
    return Artifact.bundle(content)


def bare(content: bytes, name: str = "Config_lamp_14.4.1.dmp") -> Artifact:
    """Return a file as the page of the device saves it."""
    return Artifact(filename=name, content=content)
