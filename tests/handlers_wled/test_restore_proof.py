"""What a restore proves after the restart, and what it says where the device is not as sent."""

import asyncio
import json

import pytest

from ha_device_backup_core import RestoreNotVerifiedError
from ha_device_backup_core.text import _ as of_core
from ha_device_backup_wled.translation import _
from tests.simulators.wled import VERSIONS, Faults, SimulatedWled

from .conftest import ALL_EQUAL, changed, fetch, files_of, proven, restore


async def test_an_upload_that_was_garbled_is_sent_again() -> None:
    async with SimulatedWled() as wled:
        artifact = (await fetch(wled)).artifact
        wled.device.wipe()
        wled.faults.path, wled.faults.garble_upload = "/presets.json", 1
        assert (await restore(wled, artifact)).proven == proven(wled.device)


async def test_a_file_that_is_never_as_sent_stops_the_restore_before_the_configuration() -> None:
    async with SimulatedWled() as wled:
        artifact = (await fetch(wled)).artifact
        wled.device.wipe()
        own = wled.device.user_files["cfg.json"]
        wled.faults.path, wled.faults.garble_upload = "/presets.json", 100
        with pytest.raises(RestoreNotVerifiedError) as caught:
            await restore(wled, artifact)
        assert caught.value.detail == _(
            "{name} is not on the controller as it was sent, or only in part. The configuration was not touched."
            " Restore again.",
            name="presets.json",
        )
        assert wled.device.user_files["cfg.json"] == own
        assert wled.restarts == 0
        wled.device.faults = Faults()
        assert (await restore(wled, artifact)).proven == proven(wled.device)


async def test_a_lost_answer_to_the_configuration_is_no_failure() -> None:
    async with SimulatedWled() as wled:
        artifact = (await fetch(wled)).artifact
        wled.device.save_settings({"id": {"name": "Changed"}})
        wled.faults.lose_answer_to_upload = 1
        assert (await restore(wled, artifact)).proven[-1] == ALL_EQUAL
        assert wled.device.name == "Shelf"


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_configuration_that_was_cut_off_is_sent_again_before_the_controller_restarts_with_it(
    version: str,
) -> None:
    async with SimulatedWled(version) as wled:
        artifact = (await fetch(wled)).artifact
        wled.device.save_settings({"id": {"name": "Changed"}})
        wled.faults.path, wled.faults.cut_upload = "/cfg.json", 1
        assert (await restore(wled, artifact)).proven[-1] == ALL_EQUAL
        assert (wled.device.name, wled.restarts) == ("Shelf", 1)


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_controller_never_restarts_with_half_a_configuration(version: str) -> None:
    async with SimulatedWled(version) as wled:
        artifact = (await fetch(wled)).artifact
        wled.device.save_settings({"id": {"name": "Changed"}})
        wled.faults.path, wled.faults.cut_upload = "/cfg.json", 100
        with pytest.raises(RestoreNotVerifiedError) as caught:
            await restore(wled, artifact)
        assert caught.value.detail == _(
            "Only half of the configuration arrived, several times. Do not restart or unplug the controller, which"
            " would then lose its settings: restore again, or save any page of its settings in WLED, so that it"
            " writes down those that it has."
        )
        assert (wled.device.name, wled.restarts) == ("Changed", 0)
        wled.device.faults = Faults()
        assert (await restore(wled, artifact)).proven[-1] == ALL_EQUAL


async def test_a_device_that_does_not_come_back_is_not_verified() -> None:
    async with SimulatedWled() as wled:
        artifact = (await fetch(wled)).artifact
        wled.faults.stay_away = True
        with pytest.raises(RestoreNotVerifiedError) as caught:
            await restore(wled, artifact)
        assert caught.value.detail == _(
            "The controller did not come back after the restart. It may have another address now, or have"
            " lost its Wi-Fi: look for it in the router, or for a Wi-Fi named WLED-AP, and enter the Wi-Fi"
            " password there."
        )
        wled.device.faults = Faults()
        wled.device.boot()
        assert (await restore(wled, artifact)).proven == proven(wled.device)


async def test_another_device_that_comes_back_is_not_verified() -> None:
    async with SimulatedWled() as wled:
        artifact = (await fetch(wled)).artifact
        running = asyncio.create_task(restore(wled, artifact))
        while not wled.restarts:
            await asyncio.sleep(0.01)
        wled.device.mac = "0011223344ff"
        with pytest.raises(RestoreNotVerifiedError) as caught:
            await running
        assert caught.value.detail == of_core("After the restart another device answers at this address.")


async def test_a_restart_that_does_not_come_is_asked_for() -> None:
    async with SimulatedWled() as wled:
        artifact = (await fetch(wled)).artifact
        wled.faults.forget_restart = 1
        report = await restore(wled, artifact)
        assert report.proven == proven(wled.device)
        assert ("GET", "/reset") in wled.requests


async def test_a_controller_that_says_nothing_of_its_start_has_not_restarted() -> None:
    async with SimulatedWled() as wled:
        artifact = (await fetch(wled)).artifact
        wled.device.save_settings({"id": {"name": "Changed"}})
        wled.faults.forget_restart, wled.faults.no_uptime = 1, True
        with pytest.raises(RestoreNotVerifiedError) as caught:
            await restore(wled, artifact)
        assert caught.value.detail == of_core(
            "The device answers, but does not show that it has restarted. Restore again."
        )
        wled.device.faults = Faults()
        assert (await restore(wled, artifact)).proven[-1] == ALL_EQUAL


async def test_settings_that_a_newer_firmware_keeps_in_another_way_are_named_as_unproven() -> None:
    async with SimulatedWled("0.14.4") as old:
        artifact = (await fetch(old)).artifact
    async with SimulatedWled("16.0.0", renamed_settings={"light": "lights"}) as wled:
        wled.device.wipe()
        report = await restore(wled, artifact)
        assert report.proven[-1] == ALL_EQUAL
        assert report.unproven == (
            _(
                "The firmware is newer than the backup and keeps these settings in its own way: {settings}.",
                settings="light",
            ),
        )


async def test_settings_that_the_same_firmware_does_not_keep_are_not_verified() -> None:
    async with SimulatedWled(renamed_settings={"light": "lights"}) as wled:
        artifact = (await fetch(wled)).artifact
        configuration = json.loads(files_of(artifact)["cfg.json"])
        configuration["light"] = configuration.pop("lights")
        with pytest.raises(RestoreNotVerifiedError) as caught:
            await restore(wled, changed(artifact, cfg_json=json.dumps(configuration).encode()))
        assert caught.value.detail == _("These settings are not as in the backup: {settings}.", settings="light")


async def test_a_device_that_runs_with_another_configuration_is_not_verified() -> None:
    async with SimulatedWled() as wled:
        artifact = (await fetch(wled)).artifact
        wled.device.save_settings({"id": {"name": "Changed"}})
        wled.faults.ignore_configuration = True
        with pytest.raises(RestoreNotVerifiedError) as caught:
            await restore(wled, artifact)
        assert caught.value.detail == _("The controller runs with another configuration than the one it was sent.")
        assert (await restore(wled, artifact)).proven[-1] == ALL_EQUAL


async def test_a_garbled_configuration_falls_back_on_the_device_and_is_not_verified() -> None:
    async with SimulatedWled("0.15.5") as wled:
        artifact = (await fetch(wled)).artifact
        wled.device.save_settings({"id": {"name": "Changed"}})
        wled.device.save_settings({"id": {"name": "Again"}})
        wled.faults.path, wled.faults.garble_upload = "/cfg.json", 1
        with pytest.raises(RestoreNotVerifiedError):
            await restore(wled, artifact)
        assert wled.device.name == "Changed", "from its own earlier configuration"
        assert (await restore(wled, artifact)).proven[-1] == ALL_EQUAL


async def test_a_configuration_that_the_firmware_completes_is_proven_by_meaning() -> None:
    async with SimulatedWled(usermods=["AudioReactive"]) as wled:
        artifact = changed((await fetch(wled)).artifact)
        plain = json.loads(files_of(artifact)["cfg.json"])
        plain["um"] = {}
        older = changed(artifact, cfg_json=json.dumps(plain).encode())
        report = await restore(wled, older)
        assert json.loads(wled.device.user_files["cfg.json"])["um"] != {}
        assert report.proven[-1] == ALL_EQUAL


async def test_files_whose_path_is_refused_are_read_back_by_the_editor() -> None:
    async with SimulatedWled() as wled:
        artifact = (await fetch(wled)).artifact
        wled.device.files.write("/my-security.txt", b"changed")
        await restore(wled, artifact)
        assert wled.device.user_files == files_of(artifact)


async def test_a_build_without_the_editor_is_restored_and_unreadable_names_are_unproven() -> None:
    async with SimulatedWled() as editing:
        artifact = (await fetch(editing)).artifact
        before = editing.device.user_files
    async with SimulatedWled(has_editor=False) as wled:
        wled.device.wipe()
        report = await restore(wled, artifact)
        assert wled.device.user_files == before
        assert report.proven == (
            _("Files that are on the controller as in the backup: {count}.", count=len(before) - 3),
            ALL_EQUAL,
        )
        assert report.unproven == (
            _("Sent, but not readable on this firmware: {files}.", files="my-security.txt, winter+100%.bmp"),
        )
