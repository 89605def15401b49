"""Restores of every firmware, the wiped device included; refusals before, and proofs after."""

import asyncio
import contextlib
from dataclasses import replace
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
    WrongDeviceError,
)
from ha_device_backup_core.testing import SimulatedRequest, SimulatedResponse
from ha_device_backup_core.text import in_language
from ha_device_backup_tasmota import TasmotaHandler
from ha_device_backup_tasmota.translation import _
from tests.simulators.tasmota import VERSIONS, Chip, Faults, Place, SimulatedTasmota, TextIndex, routes
from tests.simulators.tasmota.device import Device

from .artifacts import DUMP, bare, dump, files
from .conftest import SHORT, assert_no_canary, fetch, restore
from .test_backup import on_device

SETTINGS_EQUAL = _(
    "The device restarted and runs with the settings of the backup; only counters and states were not compared."
)
NOT_WRITTEN = (
    "/.extensions/clock.tapp is not on the device as it was sent. The settings were not touched, but files may have "
    "changed."
)
REFUSED = "The device refused the settings; it works as before."
RESTARTED = _("The device took the settings and restarted.")
NEW_PASSWORD = _("With the backup comes its web admin password: enter that in the settings of this device here.")

CHIPS = (Chip.ESP8266, Chip.ESP32)
FOREVER = 10_000


def proven(tasmota: SimulatedTasmota) -> tuple[Text, ...]:
    """Return what a complete restore proves."""
    return _("Files that are on the device byte for byte: {count}.", count=len(on_device(tasmota))), SETTINGS_EQUAL


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
        assert report == RestoreReport(proven=proven(tasmota), needs=(NEW_PASSWORD,))
        assert (tasmota.max_in_flight, tasmota.restarts) == (1, 1)
        shares = [share for share, _text in steps if share is not None]
        assert (shares, shares[0], shares[-1]) == (sorted(shares), 0.0, 1.0)
        assert all(in_language(text, "de") != in_language(text) for _share, text in steps)
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
        assert report == RestoreReport(
            proven=(SETTINGS_EQUAL,),
            needs=(
                _("The backup does not say which device it is of: check module, pins and names. Files were not in it."),
            ),
        )


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
        assert report == RestoreReport(proven=proven(tasmota), needs=(NEW_PASSWORD,))


async def test_a_password_that_goes_is_told() -> None:
    async with SimulatedTasmota(password="") as tasmota:
        artifact = (await fetch(tasmota, None)).artifact
        tasmota.device.set_text(TextIndex.WEB_PASSWORD, "other")
        report = await restore(tasmota, artifact, "other")
        assert report == RestoreReport(
            proven=proven(tasmota),
            needs=(_("With the backup the device has no web admin password: set one on its page."),),
        )


async def test_older_settings_are_taken_over_and_not_called_proven() -> None:
    async with SimulatedTasmota("14.4.1") as tasmota:
        report = await restore(tasmota, Artifact.bundle(files("12.5.0")))
        assert report.proven == (_("Files that are on the device byte for byte: {count}.", count=1), RESTARTED)
        assert report.unproven == (
            _(
                "The settings are of Tasmota {backup} and were taken over into {device}; they cannot be compared.",
                backup="12.5.0",
                device="14.4.1",
            ),
        )


async def test_older_settings_that_never_arrived_are_not_called_taken_over() -> None:
    async with SimulatedTasmota("14.4.1") as tasmota:
        artifact = Artifact.bundle(files("12.5.0"))
        tasmota.faults.path, tasmota.faults.lose_upload = "/u2", 1
        with pytest.raises(RestoreNotVerifiedError) as caught:
            await restore(tasmota, artifact)
        assert caught.value.detail_in() == (
            "The device does not say that it took the settings, and runs with those that it had. Restore again."
        )
        assert (await restore(tasmota, artifact)).proven[-1] == RESTARTED


async def test_older_settings_that_it_took_are_taken_over_though_its_answer_was_lost() -> None:
    async with SimulatedTasmota("14.4.1") as tasmota:
        artifact = Artifact.bundle(files("12.5.0"))
        tasmota.faults.path, tasmota.faults.lose_answer_to_upload = "/u2", 1
        assert (await restore(tasmota, artifact)).proven[-1] == RESTARTED


async def test_what_is_no_backup_is_refused_before_any_contact() -> None:
    async with SimulatedTasmota() as tasmota:
        with pytest.raises(InvalidArtifactError):
            await restore(tasmota, bare(b"<html>"))
        with pytest.raises(InvalidArtifactError):
            await restore(tasmota, bare(dump()[:4000]))
        assert tasmota.requests == []


async def test_a_build_that_makes_no_folders_gets_no_settings() -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        tasmota.device.wipe()
        tasmota.faults.path, tasmota.faults.not_found = "/ufse", FOREVER
        with pytest.raises(RestoreNotVerifiedError) as caught:
            await restore(tasmota, artifact, None)
        assert caught.value.detail_in() == NOT_WRITTEN
        assert (tasmota.restarts, tasmota.device.name) == (0, "Tasmota")
        tasmota.device.faults = Faults()
        assert (await restore(tasmota, artifact, None)).proven == proven(tasmota)


async def test_a_build_that_takes_no_files_says_which_are_not_back() -> None:
    async with SimulatedTasmota(has_file_system=False) as tasmota:
        report = await restore(tasmota, Artifact.bundle({**files("14.4.1"), DUMP: tasmota.device.dump()}))
        assert report.proven == (SETTINGS_EQUAL,)
        assert report.needs == (
            _(
                "These files are not put back, because the firmware of the device takes none: {files}.",
                files="/autoexec.be",
            ),
        )


@pytest.mark.parametrize(
    ("faults", "error", "text"),
    [
        (
            {"garble_upload": FOREVER},
            RestoreNotVerifiedError,
            NOT_WRITTEN,
        ),
        (
            {"fail_upload": FOREVER},
            RestoreNotVerifiedError,
            NOT_WRITTEN,
        ),
        (
            {"refuse_settings": 1},
            RestoreNotVerifiedError,
            "The device refused the settings and works with those it had; files of the backup are on it already.",
        ),
        (
            {"stay_away": True},
            RestoreNotVerifiedError,
            (
                "The device did not come back after the restart. It may have another address now, as the "
                "backup has it, or have lost its Wi-Fi: look for it in the router, or for a Wi-Fi whose name "
                "begins with tasmota."
            ),
        ),
        (
            {"other_mac": "b0b1c2d3e4f5"},
            RestoreNotVerifiedError,
            "After the restart another device answers at this address.",
        ),
    ],
)
async def test_a_device_that_fails_meanwhile(faults: dict[str, Any], error: type[DeviceBackupError], text: str) -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        tasmota.device.wipe()
        tasmota.device.faults = Faults(**faults)
        with pytest.raises(error) as caught:
            await restore(tasmota, artifact, None)
        assert caught.value.detail_in() == text
        assert_no_canary(caught.value, caught.value.detail)


async def test_settings_that_are_refused_leave_the_device_as_it_was() -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        tasmota.device.set_text(TextIndex.TOPIC, "changed")
        tasmota.faults.refuse_settings = 1
        with pytest.raises(RestoreRejectedError) as caught:
            await restore(tasmota, artifact)
        assert caught.value.detail_in() == REFUSED
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
        assert caught.value.detail_in() == REFUSED
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


async def test_a_device_that_says_nothing_of_its_start_has_not_restarted() -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        tasmota.device.set_text(TextIndex.TOPIC, "changed")
        tasmota.faults.path, tasmota.faults.forget_restart, tasmota.faults.no_uptime = "/u2", 1, True
        with pytest.raises(RestoreNotVerifiedError) as caught:
            await restore(tasmota, artifact)
        assert caught.value.detail_in() == (
            "The device answers, but does not show that it has restarted. Restore again."
        )
        tasmota.device.faults = Faults()
        assert (await restore(tasmota, artifact)).proven == proven(tasmota)


async def test_a_start_that_is_counted_late_is_no_other_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TasmotaHandler, "timing", replace(SHORT, start_counted_after=15.0))
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        tasmota.device.set_text(TextIndex.TOPIC, "changed")
        tasmota.device.started(seconds_ago=2)
        tasmota.faults.path, tasmota.faults.forget_restart = "/u2", 1
        running = asyncio.create_task(restore(tasmota, artifact))
        while ("POST", "/u2") not in {(method, target.partition("?")[0]) for method, target in tasmota.requests}:
            await asyncio.sleep(0.01)
        tasmota.device.settings.put(Place.STARTS, tasmota.device.starts + 1, 2)
        assert (await running).proven == proven(tasmota)
        assert tasmota.restarts == 1


async def test_old_settings_after_the_restart_are_noticed() -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        tasmota.device.set_text(TextIndex.TOPIC, "lamq")
        tasmota.faults.ignore_settings = True
        with pytest.raises(RestoreNotVerifiedError) as caught:
            await restore(tasmota, artifact)
        assert caught.value.detail_in() == (
            "The device runs with other settings than those it was sent: 1 bytes differ."
        )
        assert (await restore(tasmota, artifact)).proven == proven(tasmota)


async def test_a_few_bytes_that_the_device_sets_itself_are_told_and_many_are_none_of_it() -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        tasmota.device.set_text(TextIndex.TOPIC, "changed")
        tasmota.faults.set_at_start = 3
        report = await restore(tasmota, artifact)
        assert report.proven == (_("Files that are on the device byte for byte: {count}.", count=2 + 1), RESTARTED)
        assert report.unproven == (
            _(
                "{count} bytes of its settings differ from the backup: the device may have set them itself at "
                "its start.",
                count=3,
            ),
        )
        tasmota.faults.set_at_start = 30
        with pytest.raises(RestoreNotVerifiedError) as caught:
            await restore(tasmota, artifact)
        assert caught.value.detail_in() == (
            "The device runs with other settings than those it was sent: 30 bytes differ."
        )


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
        assert report.unproven == (
            _("The settings of these drivers are not as in the backup: {drivers}.", drivers=".drvset010"),
        )


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_present_settings_that_cannot_be_read(moment: str) -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        real = tasmota.device.dump
        dumps = [b"?" * 4096] if moment == "before" else [real(), b"?" * 4096]
        tasmota.device.dump = lambda: dumps.pop(0)  # type: ignore[method-assign]
        with pytest.raises((RestoreRejectedError, RestoreNotVerifiedError)) as caught:
            await restore(tasmota, artifact)
        expected = (
            "The present settings of the device cannot be read, so nobody can tell whether the backup fits it."
            if moment == "before"
            else "The device restarted, but its settings cannot be read back."
        )
        assert caught.value.detail_in() == expected
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
        assert caught.value.detail_in() == (
            "After the restart the device refuses both the password that was entered and that of the backup."
        )


@pytest.mark.parametrize("after", range(1, 6))
async def test_a_stranger_who_takes_over_the_address_gets_nothing(after: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async with SimulatedTasmota() as tasmota:
        artifact = (await fetch(tasmota)).artifact
        tasmota.device.set_text(TextIndex.TOPIC, "changed")
        del tasmota.device.files["/autoexec.be"], tasmota.device.files["/display.ini"]
        real, asked, of_stranger = routes.answer, 0, list[str]()

        def answer(device: Device, request: SimulatedRequest) -> tuple[SimulatedResponse, bool]:
            nonlocal asked
            asked += request.path == "/cm" and b"Status%200" in request.body
            if asked > after:
                device.mac = "b0b1c2d3e4f5"
                of_stranger.append(request.path)
            return real(device, request)

        monkeypatch.setattr(routes, "answer", answer)
        with contextlib.suppress(WrongDeviceError, RestoreNotVerifiedError, RestoreRejectedError):
            await restore(tasmota, artifact)
        assert of_stranger
        assert not {"/u2", "/ufsu", "/ufse"} & set(of_stranger)
