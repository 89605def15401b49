"""Restores that are refused before anything is changed."""

import json

import pytest

from ha_device_backup_core import (
    AuthenticationError,
    CannotConnectError,
    InvalidArtifactError,
    RestoreNotVerifiedError,
    RestoreRejectedError,
)
from ha_device_backup_wled.translation import _
from tests.simulators.wled import PIN, SimulatedWled
from tests.simulators.wled.file_system import FileSystem

from .conftest import changed, fetch, files_of, proven, restore


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


async def test_a_refusal_after_an_upload_that_was_cut_off_does_not_claim_that_nothing_was_put_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with SimulatedWled(pin=PIN, pin_cooldown=0.2) as wled:
        artifact = (await fetch(wled, PIN)).artifact
        wled.device.save_preset(9, {"n": "Later"})
        write = FileSystem.write

        def write_and_lock(self: FileSystem, path: str, content: bytes) -> None:
            write(self, path, content)
            wled.device.lock()

        with monkeypatch.context() as cut:
            cut.setattr(FileSystem, "write", write_and_lock)
            wled.faults.path, wled.faults.cut_upload = "/presets.json", 1
            with pytest.raises(RestoreNotVerifiedError, match=r"refused presets\.json \(status 401\)"):
                await restore(wled, artifact, PIN)
        whole = files_of(artifact)["presets.json"]
        assert wled.device.user_files["presets.json"] == whole[: len(whole) // 2]
        assert (await restore(wled, artifact, PIN)).proven == proven(wled.device)


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
