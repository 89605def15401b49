"""What a device holds after a reset, and what only a person can have put there."""

from collections.abc import Callable

import pytest

from ha_device_backup_core.suspicion import Extent, Suspicion, suspicion_of
from ha_device_backup_tasmota import TasmotaHandler
from tests.simulators.tasmota import VERSIONS, Chip, Device, Place, SimulatedTasmota, TextIndex

from .artifacts import DUMP, artifact, bare, device, dump, files, old_dump
from .conftest import fetch


def reset(version: str = "14.4.1", chip: Chip = Chip.ESP32) -> Device:
    """Return a device that was reset and brought into the Wi-Fi again."""
    made = device(version, chip)
    made.wipe()
    return made


@pytest.mark.parametrize("chip", Chip)
@pytest.mark.parametrize("version", VERSIONS)
async def test_a_device_that_was_reset_is_not_configured(version: str, chip: Chip) -> None:
    async with SimulatedTasmota(version, chip) as tasmota:
        assert TasmotaHandler.configured((await fetch(tasmota)).artifact) is True
        tasmota.device.wipe()
        artifact_after = (await fetch(tasmota, None)).artifact
        assert TasmotaHandler.configured(artifact_after) is False
        assert TasmotaHandler.configured(bare(tasmota.device.dump())) is False
        tasmota.device.live()
        tasmota.device.boot()
        assert TasmotaHandler.configured(bare(tasmota.device.dump())) is False, "use is not work"


@pytest.mark.parametrize("number", [0x06000000, 0x06060015, 0x07020000, 0x08000001])
def test_settings_of_many_years_after_a_reset(number: int) -> None:
    assert TasmotaHandler.configured(bare(old_dump(number, 3584 if number == 0x06000000 else 4096))) is False


@pytest.mark.parametrize(
    ("place", "text"), [(0x558, b"home/"), (0x3AC, b"Shelf"), (0x3CD, b"Second"), (0x4A9, b"geheim"), (0x800, b"on x")]
)
def test_the_work_of_a_person_in_settings_of_many_years(place: int, text: bytes) -> None:
    content = bytearray(4096)
    content[place : place + len(text)] = text
    assert TasmotaHandler.configured(bare(old_dump(0x06060015, content=bytes(content)))) is True


WORK: list[Callable[[Device], None]] = [
    lambda made: made.set_text(TextIndex.DEVICE_NAME, "Shelf"),
    lambda made: made.set_text(TextIndex.FRIENDLY_NAME + 1, "Fan"),
    lambda made: made.set_text(TextIndex.FULL_TOPIC, "home/%topic%/%prefix%/"),
    lambda made: made.set_text(TextIndex.GROUP_TOPIC, "lamps"),
    lambda made: made.set_text(TextIndex.HOSTNAME, "shelf"),
    lambda made: made.set_text(TextIndex.WEB_PASSWORD, "geheim"),
    lambda made: made.set_text(TextIndex.MEM + 15, "21"),
    lambda made: made.set_text(52, "On"),
    lambda made: made.set_text(19, "1"),
    lambda made: made.settings.put(Place.RULES + 1024, 0x6E6F),
    lambda made: made.settings.put(0x670, 1),
    lambda made: made.settings.put(Place.ADDRESS, 0x0502A8C0),
    lambda made: made.settings.put(Place.CABLE_ADDRESS, 0x0502A8C0),
]


@pytest.mark.parametrize("change", WORK)
def test_one_thing_that_a_person_did_is_enough(change: Callable[[Device], None]) -> None:
    made = reset()
    change(made)
    assert TasmotaHandler.configured(bare(made.dump())) is True


DOUBTFUL: list[Callable[[Device], None]] = [
    lambda made: made.set_text(TextIndex.MQTT_HOST, "192.168.2.9"),
    lambda made: made.set_text(TextIndex.TOPIC, "shelf"),
    lambda made: made.set_text(TextIndex.TELEGRAM_TOKEN, "1:2"),
    lambda made: made.settings.put(Place.MODULE, 3, 1),
    lambda made: made.settings.put(Place.PINS + 4, 32, 2),
    lambda made: made.settings.put(Place.CALIBRATION, 12000),
    lambda made: made.settings.put(0x2F8, 60, 2),
    lambda made: made.settings.put(0x398, 1, 1),
]


@pytest.mark.parametrize("change", DOUBTFUL)
def test_what_a_build_may_bring_or_a_reset_keep_tells_nothing(change: Callable[[Device], None]) -> None:
    made = reset()
    change(made)
    assert TasmotaHandler.configured(bare(made.dump())) is None


@pytest.mark.parametrize("version", VERSIONS)
def test_a_reset_that_keeps_the_mqtt_account_and_the_files_is_suspect(version: str) -> None:
    """`Reset 6`, after which the files and topic of the person are there still."""
    before = files(version)
    made = reset(version)
    for place, text in ((TextIndex.MQTT_HOST, "192.168.2.9"), (TextIndex.MQTT_USER, "me"), (TextIndex.TOPIC, "lamp")):
        made.set_text(place, text)
    extents = [
        Extent.of(artifact(content), configured=TasmotaHandler.configured(artifact(content)))
        for content in (before, {**before, DUMP: made.dump()})
    ]
    assert [extent.configured for extent in extents] == [True, None]
    assert suspicion_of(extents[1], extents[0], comparable=True) is Suspicion.WORK_GONE


def test_files_beside_settings_after_a_reset_tell_nothing() -> None:
    after = {**files(), DUMP: reset().dump()}
    assert TasmotaHandler.configured(artifact(after)) is None
    del after["files/autoexec.be"]
    assert TasmotaHandler.configured(artifact({**after, "files/.drvset003": b"1234meter"})) is False


def test_a_device_in_use_is_configured() -> None:
    assert TasmotaHandler.configured(bare(dump("8.5.1", Chip.ESP8266))) is True
