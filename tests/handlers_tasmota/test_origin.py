"""What a file that is handed in tells of itself."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ha_device_backup_core import Artifact, DeviceInfo
from ha_device_backup_core.errors import ForeignFileError
from ha_device_backup_core.testing import Fetched, run_import
from ha_device_backup_tasmota import TasmotaHandler
from ha_device_backup_tasmota.dump import parse_dump, with_settings
from ha_device_backup_tasmota.origin import chip_of_model
from tests.simulators.tasmota import Chip

from .artifacts import artifact, bare, dump, files
from .conftest import MAC

TODAY = DeviceInfo(unique_id=MAC, name="Lamp", model="Generic (ESP32-D0WD-V3)", version="15.0.1")
SAVED_AT = datetime(2025, 1, 15, 10, 30, tzinfo=UTC)


def saved(content: bytes, at: datetime = SAVED_AT) -> bytes:
    """Return a dump of the newer forms as it is after a save at a time."""
    settings = bytearray(parse_dump("lamp.dmp", content).settings)
    settings[0xFF8:0xFFC] = int(at.timestamp()).to_bytes(4, "little")
    return with_settings(content, bytes(settings))


async def import_file(imported: Artifact, device: DeviceInfo = TODAY) -> Fetched:
    return await run_import(TasmotaHandler, imported, device, unique_id=MAC)


@pytest.mark.parametrize(
    "imported",
    [
        bare(saved(dump("13.1.0"))),
        artifact({"Config_lamp.dmp": saved(dump("13.1.0")), "readme.txt": b"Kept for the worst day."}),
        artifact({"Backups/lamp/lamp.dmp": saved(dump("13.1.0")), "Backups/lamp/README.md": b"# Lamp"}),
        artifact({**files("13.1.0"), "config.dmp": saved(dump("13.1.0"))}),
    ],
    ids=["bare", "readme", "folder", "backup"],
)
async def test_the_record_says_what_the_file_tells_and_not_what_the_device_is_today(imported: Artifact) -> None:
    fetched = await import_file(imported)
    assert (fetched.device, fetched.made_at) == (replace(TODAY, version="13.1.0"), SAVED_AT)


async def test_a_device_that_was_never_reached_gets_the_chip_of_the_file() -> None:
    fetched = await import_file(bare(dump(chip=Chip.ESP8266)), replace(TODAY, model=None, version=None))
    assert (fetched.device.model, fetched.device.version) == ("ESP8266", "14.4.1")


async def test_a_clock_that_was_not_set_tells_no_time() -> None:
    assert (await import_file(bare(saved(dump(), datetime(1970, 1, 2, tzinfo=UTC))))).made_at is None


@pytest.mark.parametrize("name", ["Config_lamp.dmp", "backup.zip"])
async def test_a_dump_of_another_chip_is_refused(name: str) -> None:
    content = dump(chip=Chip.ESP8266)
    imported = bare(content, name) if name.endswith("dmp") else artifact({"a.dmp": content, "readme.txt": b"Lamp"})
    with pytest.raises(ForeignFileError) as caught:
        await import_file(imported)
    assert caught.value.detail_in() == ("It is of a device with an ESP8266, this one has an ESP32.")
    assert (await import_file(imported, replace(TODAY, model="Sonoff Basic (ESP8285N08)"))).device.version == "14.4.1"


@pytest.mark.parametrize(
    ("model", "chip"),
    [
        ("Generic (ESP32-D0WD-V3)", "ESP32"),
        ("ESP32-PICO-V3-02", "ESP32"),
        ("Plug (16A) (ESP32-C3)", "ESP32-C3"),
        ("ESP32-S31", "ESP32-S31"),
        ("Sonoff Basic (ESP8266EX)", "ESP8266"),
        ("Bulb (ESP8285N08)", "ESP8266"),
        ("Sonoff Basic", None),
        ("", None),
    ],
)
def test_the_chip_of_a_model(model: str, chip: str | None) -> None:
    assert chip_of_model(model) == chip
