"""What a restore puts on a device, what is refused before anything is touched, and what is told."""

import pytest

from ha_device_backup_core import Artifact, RestoreRejectedError
from ha_device_backup_tasmota.plan import as_spelled
from ha_device_backup_tasmota.translation import _
from tests.simulators.tasmota import Chip, SimulatedTasmota

from .artifacts import DUMP, RECORD, bare, device, files, old_dump
from .conftest import fetch, restore
from .test_backup import on_device
from .test_restore import proven

NEWER = (
    "The backup is of Tasmota {}, the device runs 14.4.1, which does not know those settings and might not start with "
    "them. Update the device first."
)


async def test_another_device_of_another_build_is_told() -> None:
    async with SimulatedTasmota() as tasmota:
        other = await restore(tasmota, Artifact.bundle(files(mac="b0b1c2d3e4f5")))
        assert other.needs == (
            _(
                "This is another device than the one in the backup. With the backup it has the same names and MQTT "
                "topics: do not run both."
            ),
        )
        content = files()
        record = content[RECORD].replace(b"(release-tasmota)", b"(release-sensors)")
        assert (await restore(tasmota, Artifact.bundle({**content, RECORD: record}))).needs == (
            _(
                "The device has another build of the firmware than the backup: settings of drivers that it "
                "lacks do nothing."
            ),
        )


REFUSALS: list[tuple[dict[str, bytes], str]] = [
    (
        files(chip=Chip.ESP8266),
        (
            "The backup is of an ESP8266, the device has an ESP32: the settings have other places there, "
            "and it might not start any more."
        ),
    ),
    *((files(newer), NEWER.format(newer)) for newer in ("16.0.0", "14.5.0")),
]


@pytest.mark.parametrize(("content", "text"), REFUSALS)
async def test_a_backup_that_does_not_fit_is_refused_untouched(content: dict[str, bytes], text: str) -> None:
    async with SimulatedTasmota("14.4.1", Chip.ESP32) as tasmota:
        own = (await fetch(tasmota)).artifact
        before = (on_device(tasmota), tasmota.device.dump())
        with pytest.raises(RestoreRejectedError) as caught:
            await restore(tasmota, Artifact.bundle(content))
        assert caught.value.detail_in() == text
        assert ((on_device(tasmota), tasmota.device.dump()), tasmota.restarts) == (before, 0)
        assert (await restore(tasmota, own)).proven == proven(tasmota)


async def test_settings_that_the_device_would_forget_are_refused() -> None:
    async with SimulatedTasmota("14.4.1", Chip.ESP8266) as tasmota:
        with pytest.raises(RestoreRejectedError) as caught:
            await restore(tasmota, bare(old_dump(0x06060015)))
        assert caught.value.detail_in() == (
            "The backup is of Tasmota 6.6.0.21, the device runs 14.4.1, which would forget all its "
            "settings. Install the older firmware, restore there, and update step by step."
        )


async def test_settings_of_drivers_that_the_device_would_leave_out_are_refused() -> None:
    made = device()
    made.drivers[".drvset010"] = b"????unused"
    async with SimulatedTasmota() as tasmota:
        with pytest.raises(RestoreRejectedError) as caught:
            await restore(tasmota, Artifact.bundle({**files(), DUMP: made.dump()}))
        assert caught.value.detail_in() == (
            "The settings of these drivers are damaged in the backup: .drvset010. Take an older backup."
        )


async def test_files_that_do_not_fit_are_refused_untouched() -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        tasmota.device.wipe()
        tasmota.device.flash_bytes = 8 * 1024
        with pytest.raises(RestoreRejectedError, match="more bytes, but only 8192"):
            await restore(tasmota, artifact, None)
        assert tasmota.device.files == {}
        tasmota.device.flash_bytes = 320 * 1024
        assert (await restore(tasmota, artifact, None)).proven == proven(tasmota)


async def test_a_file_that_would_fit_only_once_another_has_become_smaller_is_refused_untouched() -> None:
    async with SimulatedTasmota(extra_files={"/a.txt": b"a" * 30_000}) as tasmota:
        artifact = (await fetch(tasmota)).artifact
        device = tasmota.device
        device.files["/a.txt"], device.files["/display.ini"] = b"", b"d" * 40_000
        device.flash_bytes = sum(map(len, device.files.values())) + 10_000
        before = on_device(tasmota)
        with pytest.raises(RestoreRejectedError, match="more bytes, but only"):
            await restore(tasmota, artifact)
        assert on_device(tasmota) == before


async def test_files_that_cannot_be_sent_are_named() -> None:
    async with SimulatedTasmota("8.5.1") as tasmota:
        more = {"files/.drvset027": b"1234shutters", "files/a;b": b"1", "files/.settings": b"copy"}
        report = await restore(tasmota, Artifact.bundle({**files("8.5.1"), **more}))
        left = _(
            "Not put back, because the running drivers would overwrite them: {files}. Enter these settings by hand.",
            files="/.drvset027",
        )
        assert report.needs == (
            left,
            _(
                "Not put back, because the device would take their names for something else: {files}. Use its "
                "own page.",
                files="/a;b",
            ),
        )


def test_a_file_goes_where_the_device_has_it_in_whichever_spelling() -> None:
    composed, decomposed = "/k\u00fcche", "/ku\u0308che"
    assert as_spelled({decomposed: b"1"}, {composed: 0}) == {composed: b"1"}
    assert as_spelled({composed: b"1"}, {decomposed: 0}) == {decomposed: b"1"}
    both = {composed: b"1", decomposed: b"2"}
    for there in both:
        assert as_spelled(both, {there: 0}) == both
