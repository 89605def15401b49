"""Restores of every firmware, the wiped device included; refusals before, and proofs after."""

from typing import Any

import pytest

from ha_device_backup_core import (
    Artifact,
    DeviceBackupError,
    InvalidArtifactError,
    RestoreNotVerifiedError,
    RestoreRejectedError,
    RestoreReport,
    Text,
)
from ha_device_backup_core.text import in_language
from ha_device_backup_tasmota import TasmotaHandler
from ha_device_backup_tasmota import restore_texts as texts
from tests.simulators.tasmota import VERSIONS, Chip, Faults, SimulatedTasmota, TextIndex

from .artifacts import DUMP, RECORD, bare, device, dump, files, old_dump
from .conftest import assert_no_canary, fetch, restore
from .test_backup import on_device

CHIPS = (Chip.ESP8266, Chip.ESP32)
FOREVER = 10_000


def proven(tasmota: SimulatedTasmota) -> tuple[Text, ...]:
    """Return what a complete restore proves."""
    return texts.files_equal(len(on_device(tasmota))), texts.SETTINGS_EQUAL


def lasting(tasmota: SimulatedTasmota) -> dict[str, bytes]:
    """Return what lasts of the settings of the device."""
    return dict(TasmotaHandler.normalize(bare(tasmota.device.dump())))


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize("version", VERSIONS)
async def test_a_wiped_device_gets_everything_back(version: str, chip: Chip) -> None:
    async with SimulatedTasmota(version, chip) as tasmota:
        artifact = (await fetch(tasmota)).artifact
        before, held = on_device(tasmota), lasting(tasmota)
        tasmota.device.wipe()
        assert lasting(tasmota) != held
        steps: list[tuple[float | None, Text]] = []
        report = await restore(tasmota, artifact, None, steps)
        assert (on_device(tasmota), lasting(tasmota)) == (before, held)
        assert report == RestoreReport(proven=proven(tasmota), needs=(texts.NEW_PASSWORD,))
        assert (tasmota.max_in_flight, tasmota.restarts) == (1, 1)
        shares = [share for share, _ in steps if share is not None]
        assert (shares, shares[0], shares[-1]) == (sorted(shares), 0.0, 1.0)
        assert all(in_language(text, "de") for _, text in steps)
        assert_no_canary(report, steps)


@pytest.mark.parametrize("version", VERSIONS)
async def test_changed_settings_are_put_back_and_equal_files_are_left_alone(version: str) -> None:
    async with SimulatedTasmota(version) as tasmota:
        artifact = (await fetch(tasmota)).artifact
        held = lasting(tasmota)
        tasmota.device.set_text(TextIndex.TOPIC, "changed")
        report = await restore(tasmota, artifact)
        assert lasting(tasmota) == held
        assert report == RestoreReport(proven=proven(tasmota))
        posted = [target for method, target in tasmota.requests if method == "POST" and target != "/cm"]
        assert posted == [f"/u2?fsz={len(artifact.files()[DUMP])}"]


@pytest.mark.parametrize("version", ["8.5.1", "14.4.1"])
async def test_a_bare_dump_is_put_back(version: str) -> None:
    async with SimulatedTasmota(version) as tasmota:
        content, held = tasmota.device.dump(), lasting(tasmota)
        tasmota.device.set_text(TextIndex.TOPIC, "changed")
        report = await restore(tasmota, bare(content))
        assert lasting(tasmota) == held
        assert report == RestoreReport(proven=(texts.SETTINGS_EQUAL,), needs=(texts.UNKNOWN_ORIGIN,))


async def test_the_card_is_shown_again_after_a_restore() -> None:
    async with SimulatedTasmota(card={}) as tasmota:
        artifact = (await fetch(tasmota)).artifact
        del tasmota.device.files["/autoexec.be"]
        assert (await restore(tasmota, artifact)).proven == proven(tasmota)
        assert tasmota.device.shows_card


async def test_a_password_that_comes_back_is_used_to_prove_and_told() -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        tasmota.device.set_text(TextIndex.WEB_PASSWORD, "other")
        report = await restore(tasmota, artifact, "other")
        assert report == RestoreReport(proven=proven(tasmota), needs=(texts.NEW_PASSWORD,))


async def test_a_password_that_goes_is_told() -> None:
    async with SimulatedTasmota(password="") as tasmota:
        artifact = (await fetch(tasmota, None)).artifact
        tasmota.device.set_text(TextIndex.WEB_PASSWORD, "other")
        report = await restore(tasmota, artifact, "other")
        assert report == RestoreReport(proven=proven(tasmota), needs=(texts.NO_PASSWORD,))


async def test_older_settings_are_taken_over_and_not_called_proven() -> None:
    async with SimulatedTasmota("14.4.1") as tasmota:
        report = await restore(tasmota, Artifact.bundle(files("12.5.0")))
        assert report.proven == (texts.files_equal(1), texts.RESTARTED)
        assert report.unproven == (texts.migrated("12.5.0", "14.4.1"),)


async def test_another_device_of_another_build_is_told() -> None:
    async with SimulatedTasmota() as tasmota:
        other = await restore(tasmota, Artifact.bundle(files(mac="b0b1c2d3e4f5")))
        assert other.needs == (texts.REPLACEMENT,)
        content = files()
        record = content[RECORD].replace(b"(release-tasmota)", b"(release-sensors)")
        assert (await restore(tasmota, Artifact.bundle({**content, RECORD: record}))).needs == (texts.OTHER_BUILD,)


REFUSALS: list[tuple[dict[str, bytes], Text]] = [
    (files(chip=Chip.ESP8266), texts.other_chip("ESP8266", "ESP32")),
    (files("16.0.0"), texts.newer_backup("16.0.0", "14.4.1")),
    (files("14.5.0"), texts.newer_backup("14.5.0", "14.4.1")),
]


@pytest.mark.parametrize(("content", "text"), REFUSALS)
async def test_a_backup_that_does_not_fit_is_refused_untouched(content: dict[str, bytes], text: Text) -> None:
    async with SimulatedTasmota("14.4.1", Chip.ESP32) as tasmota:
        own = (await fetch(tasmota)).artifact
        before = (on_device(tasmota), tasmota.device.dump())
        with pytest.raises(RestoreRejectedError) as caught:
            await restore(tasmota, Artifact.bundle(content))
        assert caught.value.detail == text
        assert ((on_device(tasmota), tasmota.device.dump()), tasmota.restarts) == (before, 0)
        assert (await restore(tasmota, own)).proven == proven(tasmota)


async def test_settings_that_the_device_would_forget_are_refused() -> None:
    async with SimulatedTasmota("14.4.1", Chip.ESP8266) as tasmota:
        with pytest.raises(RestoreRejectedError) as caught:
            await restore(tasmota, bare(old_dump(0x06060015)))
        assert caught.value.detail == texts.older_backup("6.6.0.21", "14.4.1")


async def test_settings_of_drivers_that_the_device_would_leave_out_are_refused() -> None:
    made = device()
    made.drivers[".drvset010"] = b"????unused"
    async with SimulatedTasmota() as tasmota:
        with pytest.raises(RestoreRejectedError) as caught:
            await restore(tasmota, Artifact.bundle({**files(), DUMP: made.dump()}))
        assert caught.value.detail == texts.damaged_drivers([".drvset010"])


async def test_what_is_no_backup_is_refused_before_any_contact() -> None:
    async with SimulatedTasmota() as tasmota:
        with pytest.raises(InvalidArtifactError):
            await restore(tasmota, bare(b"<html>"))
        with pytest.raises(InvalidArtifactError):
            await restore(tasmota, bare(dump()[:4000]))
        assert tasmota.requests == []


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


async def test_a_build_that_makes_no_folders_gets_no_settings() -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        tasmota.device.wipe()
        tasmota.faults.path, tasmota.faults.not_found = "/ufse", FOREVER
        with pytest.raises(RestoreNotVerifiedError) as caught:
            await restore(tasmota, artifact, None)
        assert caught.value.detail == texts.not_written("/.extensions/clock.tapp")
        assert (tasmota.restarts, tasmota.device.name) == (0, "Tasmota")
        tasmota.device.faults = Faults()
        assert (await restore(tasmota, artifact, None)).proven == proven(tasmota)


async def test_a_build_that_takes_no_files_says_which_are_not_back() -> None:
    async with SimulatedTasmota(has_file_system=False) as tasmota:
        report = await restore(tasmota, Artifact.bundle({**files("14.4.1"), DUMP: tasmota.device.dump()}))
        assert report.proven == (texts.SETTINGS_EQUAL,)
        assert report.needs == (texts.no_file_system(["/autoexec.be"]),)


async def test_files_that_cannot_be_sent_are_named() -> None:
    async with SimulatedTasmota("8.5.1") as tasmota:
        more = {"files/.drvset027": b"1234shutters", "files/a;b": b"1", "files/.settings": b"copy"}
        report = await restore(tasmota, Artifact.bundle({**files("8.5.1"), **more}))
        left = texts.drivers_left_out(["/.drvset027"])
        assert report.needs == (left, texts.names_left_out(["/a;b"]))


@pytest.mark.parametrize(
    ("faults", "error", "text"),
    [
        ({"garble_upload": FOREVER}, RestoreNotVerifiedError, texts.not_written("/.extensions/clock.tapp")),
        ({"fail_upload": FOREVER}, RestoreNotVerifiedError, texts.not_written("/.extensions/clock.tapp")),
        ({"refuse_settings": 1}, RestoreNotVerifiedError, texts.REFUSED_AFTER_FILES),
        ({"stay_away": True}, RestoreNotVerifiedError, texts.NOT_BACK),
        ({"other_mac": "b0b1c2d3e4f5"}, RestoreNotVerifiedError, texts.OTHER_DEVICE),
    ],
)
async def test_a_device_that_fails_meanwhile(
    faults: dict[str, Any], error: type[DeviceBackupError], text: Text
) -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        tasmota.device.wipe()
        tasmota.device.faults = Faults(**faults)
        with pytest.raises(error) as caught:
            await restore(tasmota, artifact, None)
        assert caught.value.detail == text
        assert_no_canary(caught.value, caught.value.detail)


async def test_settings_that_are_refused_leave_the_device_as_it_was() -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        tasmota.device.set_text(TextIndex.TOPIC, "changed")
        tasmota.faults.refuse_settings = 1
        with pytest.raises(RestoreRejectedError) as caught:
            await restore(tasmota, artifact)
        assert caught.value.detail == texts.REFUSED
        assert tasmota.restarts == 0
        assert (await restore(tasmota, artifact)).proven == proven(tasmota)


async def test_a_page_in_place_of_the_upload_is_no_success() -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        tasmota.device.set_text(TextIndex.TOPIC, "changed")
        tasmota.faults.path, tasmota.faults.web_page = "/u2", 1
        with pytest.raises(RestoreNotVerifiedError):
            await restore(tasmota, artifact)
        assert (await restore(tasmota, artifact)).proven == proven(tasmota)


async def test_a_firmware_without_the_page_for_it_refuses() -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        tasmota.faults.path, tasmota.faults.not_found = "/rs", 1
        with pytest.raises(RestoreRejectedError) as caught:
            await restore(tasmota, artifact)
        assert caught.value.detail == texts.REFUSED
        assert (await restore(tasmota, artifact)).proven == proven(tasmota)


async def test_an_answer_that_the_restart_swallows_is_no_failure() -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        tasmota.device.set_text(TextIndex.TOPIC, "changed")
        tasmota.faults.lose_answer_to_upload = 1
        assert (await restore(tasmota, artifact)).proven == proven(tasmota)


async def test_a_restart_that_does_not_come_is_asked_for() -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        tasmota.faults.path, tasmota.faults.forget_restart = "/u2", 1
        assert (await restore(tasmota, artifact)).proven == proven(tasmota)
        assert tasmota.restarts == 1


async def test_old_settings_after_the_restart_are_noticed() -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        tasmota.device.set_text(TextIndex.TOPIC, "lamq")
        tasmota.faults.ignore_settings = True
        with pytest.raises(RestoreNotVerifiedError) as caught:
            await restore(tasmota, artifact)
        assert caught.value.detail == texts.differs(1)
        assert (await restore(tasmota, artifact)).proven == proven(tasmota)


async def test_a_few_bytes_that_the_device_sets_itself_are_told_and_many_are_none_of_it() -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        tasmota.device.set_text(TextIndex.TOPIC, "changed")
        tasmota.faults.set_at_start = 3
        report = await restore(tasmota, artifact)
        assert report.proven == (texts.files_equal(2 + 1), texts.RESTARTED)
        assert report.unproven == (texts.set_at_start(3),)
        tasmota.faults.set_at_start = 30
        with pytest.raises(RestoreNotVerifiedError) as caught:
            await restore(tasmota, artifact)
        assert caught.value.detail == texts.differs(30)


async def test_settings_of_a_driver_that_are_lost_are_told() -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        real = tasmota.device.take_settings

        def forgetful(content: bytes) -> bool:
            taken = real(content)
            del tasmota.device.drivers[".drvset010"]
            return taken

        tasmota.device.take_settings = forgetful  # type: ignore[method-assign]
        report = await restore(tasmota, artifact)
        assert report.unproven == (texts.drivers_differ([".drvset010"]),)


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_present_settings_that_cannot_be_read(moment: str) -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        real = tasmota.device.dump
        dumps = [b"?" * 4096] if moment == "before" else [real(), b"?" * 4096]
        tasmota.device.dump = lambda: dumps.pop(0)  # type: ignore[method-assign]
        with pytest.raises((RestoreRejectedError, RestoreNotVerifiedError)) as caught:
            await restore(tasmota, artifact)
        expected = texts.PRESENT_UNREADABLE if moment == "before" else texts.NOT_READ_BACK
        assert caught.value.detail == expected
        tasmota.device.dump = real  # type: ignore[method-assign]
        assert (await restore(tasmota, artifact)).proven == proven(tasmota)


async def test_a_login_that_neither_password_opens_is_told() -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        real = tasmota.device.boot

        def boot() -> None:
            real()
            tasmota.device.set_text(TextIndex.WEB_PASSWORD, "a third one")

        tasmota.device.boot = boot  # type: ignore[method-assign]
        with pytest.raises(RestoreNotVerifiedError) as caught:
            await restore(tasmota, artifact)
        assert caught.value.detail == texts.LOGIN_REFUSED
