"""Restores of every firmware, the wiped device included; refusals before, and proofs after."""

import pytest

from ha_device_backup_core import Artifact, RestoreReport, Text
from ha_device_backup_core.text import in_language
from ha_device_backup_core.toolkit import name_list
from ha_device_backup_wled.translation import _
from tests.simulators.wled import PIN, VERSIONS, Chip, Device, Firmware, SimulatedWled

from .conftest import (
    ALL_EQUAL,
    CHIPS,
    RESET_TOOK,
    assert_no_canary,
    changed,
    enter_again,
    fetch,
    files_of,
    proven,
    restore,
)

PASSWORDS = (_("access point"), _("firmware updates (OTA)"), _("MQTT"))
AFTER_RESET = enter_again(*PASSWORDS)


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


async def test_another_chip_gets_all_but_the_configuration() -> None:
    async with SimulatedWled(chip=Chip.ESP8266) as old:
        artifact = (await fetch(old)).artifact
        originals = old.device.user_files
    async with SimulatedWled(chip=Chip.ESP32) as wled:
        wled.device.wipe()
        own = wled.device.user_files["cfg.json"]
        report = await restore(wled, artifact)
        assert not report.whole
        assert wled.device.user_files == {**originals, "cfg.json": own}
        assert wled.restarts == 1
        assert report.proven == (
            _("Files that are on the controller as in the backup: {count}.", count=len(originals) - 1),
            _("The controller restarted."),
        )
        assert report.needs == (
            _(
                "The configuration is not put back, because the controller has another chip and the pins of"
                " the backup may not fit. Enter the settings by hand; only presets and other files are put back."
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
                "This is another controller than the one in the backup. With the backup it has the same name in the"
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


def test_the_simulated_wipe_is_a_wipe() -> None:
    device = Device(Firmware(version="0.15.5"), mac="a0b1c2d3e4f5", name="Shelf")
    device.wipe()
    assert device.user_files.keys() == {"cfg.json", "presets.json"}
