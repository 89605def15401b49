"""What goes wrong in the middle of a restore, and what is told of it."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from ha_device_backup_core import (
    DeviceBackupError,
    RestoreNotVerifiedError,
    RestoreRejectedError,
)
from ha_device_backup_tasmota import TasmotaHandler
from ha_device_backup_tasmota.translation import _
from tests.simulators.tasmota import Faults, Place, SimulatedTasmota, TextIndex

from .conftest import SHORT, assert_no_canary, fetch, restore
from .test_restore import FOREVER, NOT_WRITTEN, RESTARTED, proven

REFUSED = "The device refused the settings; it works as before."


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
