"""Restores of every firmware, the wiped device included; refusals before, and proofs after."""

import asyncio
import json

import pytest

from ha_device_backup_core import (
    Artifact,
    AuthenticationError,
    CannotConnectError,
    InvalidArtifactError,
    RestoreNotVerifiedError,
    RestoreRejectedError,
    RestoreReport,
    Text,
)
from ha_device_backup_core.text import _ as of_core
from ha_device_backup_core.text import in_language
from ha_device_backup_core.toolkit import name_list
from ha_device_backup_wled.translation import _
from tests.simulators.wled import PIN, VERSIONS, Chip, Device, Faults, Firmware, SimulatedWled

from .conftest import CHIPS, RESET_TOOK, assert_no_canary, changed, enter_again, fetch, files_of, restore

PASSWORDS = (_("access point"), _("firmware updates (OTA)"), _("MQTT"))
AFTER_RESET = enter_again(*PASSWORDS)
ALL_EQUAL = _("The controller restarted and runs with the configuration of the backup.")


def proven(device: Device) -> tuple[Text, ...]:
    """Return what a complete restore proves."""
    return _("Files that are on the controller as in the backup: {count}.", count=len(device.user_files) - 1), ALL_EQUAL


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize("version", VERSIONS)
async def test_a_wiped_device_gets_everything_back(version: str, chip: Chip) -> None:
    async with SimulatedWled(version, chip) as wled:
        artifact = (await fetch(wled)).artifact
        before = wled.device.user_files
        wled.device.wipe()
        assert wled.device.user_files != before
        steps: list[tuple[float | None, Text]] = []
        report = await restore(wled, artifact, steps=steps)
        assert wled.device.user_files == before
        assert wled.device.name == "Shelf"
        assert wled.max_in_flight == 1
        assert wled.restarts == 1
        assert report == RestoreReport(proven=proven(wled.device), needs=(*AFTER_RESET, RESET_TOOK))
        shares = [share for share, text in steps if share is not None]
        assert shares == sorted(shares)
        assert shares[0] == 0.0
        assert shares[-1] == 1.0
        assert all(in_language(text, "de") for share, text in steps)
        assert_no_canary(report, steps)


@pytest.mark.parametrize("version", VERSIONS)
async def test_changed_settings_are_put_back_and_equal_files_are_left_alone(version: str) -> None:
    async with SimulatedWled(version) as wled:
        artifact = (await fetch(wled)).artifact
        before = wled.device.user_files
        wled.device.save_settings({"id": {"name": "Changed"}})
        wled.device.save_preset(9, {"n": "Later"})
        report = await restore(wled, artifact)
        after = {name: data for name, data in wled.device.user_files.items() if name != "bkp.cfg.json"}
        assert after == before
        assert report == RestoreReport(
            proven=(_("Files that are on the controller as in the backup: {count}.", count=len(before) - 1), ALL_EQUAL)
        )
        assert [target for method, target in wled.requests if method == "POST"] == ["/upload", "/upload"]


@pytest.mark.parametrize("version", ["0.14.4", "0.15.5", "16.0.0"])
async def test_a_locked_device_is_opened_by_the_pin(version: str) -> None:
    async with SimulatedWled(version, pin=PIN, pin_cooldown=0.2) as wled:
        artifact = (await fetch(wled, PIN)).artifact
        wled.device.save_preset(9, {"n": "Later"})
        report = await restore(wled, artifact, PIN)
        assert report.proven == proven(wled.device)
        assert not wled.device.unlocked


async def test_a_locked_device_without_pin_is_refused_untouched() -> None:
    async with SimulatedWled(pin=PIN, pin_cooldown=0.2) as wled:
        artifact = (await fetch(wled, PIN)).artifact
        wled.device.save_preset(9, {"n": "Later"})
        before = wled.device.user_files
        with pytest.raises(RestoreRejectedError) as caught:
            await restore(wled, artifact)
        assert caught.value.detail == _(
            "The settings are locked by a PIN. Enter the PIN in the settings of this device, then restore again."
        )
        with pytest.raises(AuthenticationError):
            await restore(wled, artifact, "0001")
        assert wled.device.user_files == before
        assert (await restore(wled, artifact, PIN)).proven == proven(wled.device)


async def test_the_ota_lock_of_0_13_is_refused_untouched() -> None:
    async with SimulatedWled("0.13.3") as wled:
        artifact = (await fetch(wled)).artifact
        secrets = wled.device.files.files["/wsec.json"]
        wled.device.files.write("/wsec.json", json.dumps({**json.loads(secrets), "ota": {"lock": True}}).encode())
        wled.device.boot()
        with pytest.raises(RestoreRejectedError) as caught:
            await restore(wled, artifact)
        assert caught.value.detail == _(
            "The OTA lock of this firmware closes all files. Unlock it at the controller (Config, Security"
            " & Updates) and restart the controller, then restore again."
        )
        wled.device.files.write("/wsec.json", secrets)
        wled.device.boot()
        assert (await restore(wled, artifact)).proven == proven(wled.device)


async def test_an_ota_lock_that_is_newer_than_the_start_is_noticed_at_the_first_upload() -> None:
    async with SimulatedWled("0.13.3") as wled:
        artifact = (await fetch(wled)).artifact
        secrets = json.loads(wled.device.files.files["/wsec.json"])
        wled.device.save_preset(9, {"n": "Later"})
        before = wled.device.user_files
        wled.device.files.write("/wsec.json", json.dumps({**secrets, "ota": {"lock": True}}).encode())
        with pytest.raises(RestoreRejectedError, match=r"refused presets\.json \(status 500\)"):
            await restore(wled, artifact)
        assert wled.device.user_files == before


async def test_no_backup_is_refused_before_any_contact() -> None:
    async with SimulatedWled() as wled:
        artifact = (await fetch(wled)).artifact
        wled.requests.clear()
        with pytest.raises(InvalidArtifactError, match="holds presets"):
            await restore(wled, changed(artifact, cfg_json=files_of(artifact)["presets.json"]))
        assert wled.requests == []


async def test_files_that_do_not_fit_are_refused_untouched() -> None:
    async with SimulatedWled() as wled:
        artifact = (await fetch(wled)).artifact
        wled.device.wipe()
        wled.device.files.total = wled.device.files.used + 5 * 4096
        before = wled.device.user_files
        with pytest.raises(RestoreRejectedError, match="more bytes, but only"):
            await restore(wled, artifact)
        assert wled.device.user_files == before
        wled.device.files.total = 983_040
        assert (await restore(wled, artifact)).proven == proven(wled.device)


async def test_a_device_without_a_file_system_is_refused() -> None:
    async with SimulatedWled() as wled:
        artifact = (await fetch(wled)).artifact
        wled.device.files.total = 0
        with pytest.raises(RestoreRejectedError) as caught:
            await restore(wled, artifact)
        assert caught.value.detail == _("The controller has no working file system. Install its firmware anew.")


async def test_a_second_network_without_a_password_is_left_to_the_person() -> None:
    async with SimulatedWled(networks=["Canary-Wifi-Name-4711", "Garden"]) as wled:
        artifact = (await fetch(wled)).artifact
        wled.device.wipe(networks=["Canary-Wifi-Name-4711"])
        report = await restore(wled, artifact)
        assert report.needs == (*enter_again(*PASSWORDS, _("Wi-Fi network {number}", number=2)), RESET_TOOK)


@pytest.mark.parametrize(("old", "new"), [("0.13.3", "0.15.5"), ("0.14.4", "16.0.0"), ("0.15.0", "0.15.5")])
async def test_a_backup_of_an_older_firmware_works(old: str, new: str) -> None:
    async with SimulatedWled(old) as before:
        artifact = (await fetch(before)).artifact
        originals = before.device.user_files
    async with SimulatedWled(new) as wled:
        wled.device.wipe()
        report = await restore(wled, artifact)
        assert wled.device.user_files == originals
        assert report.proven == proven(wled.device)


async def test_a_backup_of_a_newer_firmware_is_refused_untouched() -> None:
    async with SimulatedWled("16.0.0") as newer:
        artifact = (await fetch(newer)).artifact
    async with SimulatedWled("0.15.5") as wled:
        with pytest.raises(RestoreRejectedError) as caught:
            await restore(wled, artifact)
        assert caught.value.detail == _(
            "The backup is of WLED {backup}, the controller runs {device}, which would lose settings."
            " Update the controller first.",
            backup="16.0.0",
            device="0.15.5",
        )
        assert not any(method == "POST" for method, target in wled.requests)


async def test_another_chip_gets_all_but_the_configuration() -> None:
    async with SimulatedWled(chip=Chip.ESP8266) as old:
        artifact = (await fetch(old)).artifact
        originals = old.device.user_files
    async with SimulatedWled(chip=Chip.ESP32) as wled:
        wled.device.wipe()
        own = wled.device.user_files["cfg.json"]
        report = await restore(wled, artifact)
        assert wled.device.user_files == {**originals, "cfg.json": own}
        assert wled.restarts == 1
        assert report.proven == (
            _("Files that are on the controller as in the backup: {count}.", count=len(originals) - 1),
            _("The controller restarted."),
        )
        assert report.needs == (
            _(
                "The configuration was not put back, because the controller has another chip and the pins of"
                " the backup may not fit. Enter the settings by hand; presets and all other files are back."
            ),
        )


async def test_a_replacement_is_told_what_to_do() -> None:
    async with SimulatedWled() as old:
        artifact = (await fetch(old)).artifact
    async with SimulatedWled(mac="a0b1c2ffffff") as wled:
        wled.device.wipe()
        report = await restore(wled, artifact)
        assert report.needs == (
            _(
                "This is another controller than the one in the backup. It now has the same name in the"
                " network, MQTT topics and, if set, fixed IP address: do not run both. Its access point and"
                " its firmware updates have the passwords of this controller; set your own, and the settings"
                " PIN and the Hue key, again if you use them."
            ),
            *enter_again(_("MQTT")),
        )


async def test_a_bundle_from_elsewhere_is_restored_with_a_warning() -> None:
    async with SimulatedWled() as wled:
        content = wled.device.user_files
        wled.device.save_preset(9, {"n": "Later"})
        two = {name: content[name] for name in ("cfg.json", "presets.json")}
        report = await restore(wled, Artifact.bundle(two))
        assert {name: wled.device.user_files[name] for name in two} == two
        assert report.needs == (_("The backup does not say which chip it is from: check the LED outputs and pins."),)
        assert report.unproven == (
            _(
                "These files were not in the backup and were left as they are: {files}.",
                files=name_list(content.keys() - two.keys()),
            ),
        )


async def test_what_cannot_be_put_back_is_left_out_and_named() -> None:
    extra = {"empty.txt": b"", "my cfg.json.old": b"{}", "ledmap3.json": b"{", "tmp.json": b"{}"}
    async with SimulatedWled(extra_files=extra) as wled:
        artifact = (await fetch(wled)).artifact
        presets = files_of(artifact)["presets.json"]
        damaged = changed(artifact, presets_json=presets[:-30])
        wled.device.wipe()
        report = await restore(wled, damaged)
        assert wled.device.user_files.keys() == files_of(artifact).keys() - extra.keys()
        assert wled.device.user_files["presets.json"] == b'{"0":{}}'
        assert report.needs == (
            _("Empty files cannot be put on a controller: {files}.", files="empty.txt"),
            _(
                "Not put back, because damaged in the backup already: {files}. An older backup may hold good ones.",
                files="ledmap3.json, presets.json",
            ),
            _(
                "Not put back, because the controller would take their names for something else: {files}. Use"
                " its file editor (/edit).",
                files="my cfg.json.old",
            ),
            *AFTER_RESET,
            RESET_TOOK,
        )


async def test_a_byte_order_mark_is_not_put_on_the_device() -> None:
    async with SimulatedWled() as wled:
        artifact = (await fetch(wled)).artifact
        plain = files_of(artifact)
        marked = changed(artifact, cfg_json=b"\xef\xbb\xbf" + plain["cfg.json"])
        await restore(wled, marked)
        assert wled.device.user_files["cfg.json"] == plain["cfg.json"]


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
            "{name} is not on the controller as it was sent. The configuration was not touched, the"
            " controller works as before.",
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


async def test_a_device_that_is_off_is_no_half_restore() -> None:
    async with SimulatedWled() as wled:
        artifact = (await fetch(wled)).artifact
        before = wled.device.user_files
        await wled.stop()
        with pytest.raises(CannotConnectError):
            await restore(wled, artifact)
        await wled.start()
        assert wled.device.user_files == before
        assert (await restore(wled, artifact)).proven == proven(wled.device)


def test_the_simulated_wipe_is_a_wipe() -> None:
    device = Device(Firmware(version="0.15.5"), mac="a0b1c2d3e4f5", name="Shelf")
    device.wipe()
    assert device.user_files.keys() == {"cfg.json", "presets.json"}
