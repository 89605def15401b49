"""Every fault of a controller: the right error or patience, and success once it is gone."""

import asyncio

import pytest

from ha_device_backup_core import (
    ArtifactTooLargeError,
    CannotConnectError,
    DeviceBackupError,
    DeviceBusyError,
    InvalidArtifactError,
    Note,
    UnexpectedResponseError,
    UnsupportedDeviceError,
    WrongDeviceError,
)
from ha_device_backup_core.testing import run_job, run_probe
from ha_device_backup_wled import WledHandler
from ha_device_backup_wled.translation import _
from tests.simulators.wled import VERSIONS, Faults, SimulatedWled

from .conftest import assert_no_canary, config, fetch, files_of

FOREVER = 10_000


async def assert_recovers(wled: SimulatedWled) -> None:
    """Clear the faults and succeed."""
    wled.device.faults = Faults()
    assert files_of((await fetch(wled)).artifact) == wled.device.user_files


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("fault", ["busy", "drop", "truncate"])
async def test_a_fault_that_passes_is_waited_for(version: str, fault: str) -> None:
    async with SimulatedWled(version) as wled:
        setattr(wled.faults, fault, 2)
        fetched = await fetch(wled)
        assert files_of(fetched.artifact) == wled.device.user_files
        assert getattr(wled.faults, fault) == 0


@pytest.mark.parametrize(
    ("fault", "path", "error"),
    [
        ("drop", "", CannotConnectError),
        ("hang", "", CannotConnectError),
        ("busy", "", DeviceBusyError),
        ("truncate", "", UnexpectedResponseError),
        ("web_page", "", UnsupportedDeviceError),
        ("torn", "", DeviceBusyError),
    ],
)
async def test_a_fault_that_stays_is_the_right_error(fault: str, path: str, error: type[DeviceBackupError]) -> None:
    async with SimulatedWled() as wled:
        wled.faults.path = path
        setattr(wled.faults, fault, FOREVER)
        with pytest.raises(error) as caught:
            await fetch(wled)
        assert caught.value.retryable or error is UnsupportedDeviceError
        assert_no_canary(caught.value, caught.value.detail)
        await assert_recovers(wled)


async def test_too_many_requests_on_16_look_like_a_dropped_connection() -> None:
    async with SimulatedWled("16.0.0") as wled:
        wled.faults.busy = FOREVER
        with pytest.raises((CannotConnectError, UnexpectedResponseError)):
            await fetch(wled)
        await assert_recovers(wled)


@pytest.mark.parametrize("name", ["cfg.json", "presets.json"])
async def test_a_web_page_in_place_of_a_main_file_is_refused(name: str) -> None:
    async with SimulatedWled() as wled:
        wled.faults.path, wled.faults.web_page = f"/{name}", FOREVER
        fetched = await fetch(wled)
        assert files_of(fetched.artifact) == wled.device.user_files, "the editor still gives the file"
        wled.faults.path = "/"
        with pytest.raises(UnsupportedDeviceError):
            await fetch(wled)
        await assert_recovers(wled)


async def test_a_web_page_in_place_of_a_main_file_without_a_list_is_refused() -> None:
    async with SimulatedWled(pin="1234") as wled:
        wled.faults.path, wled.faults.web_page = "/presets.json", FOREVER
        with pytest.raises(InvalidArtifactError, match=r"presets\.json is a web page"):
            await fetch(wled)
        wled.device.faults = Faults()
        assert (await fetch(wled)).doubts == ()


async def test_the_old_editor_parameters_give_a_page_on_16_which_is_not_stored() -> None:
    async with SimulatedWled("16.0.0") as wled:
        fetched = await fetch(wled)
        assert not any("download=/" in target for method, target in wled.requests)
        assert b"<html" not in b"".join(files_of(fetched.artifact).values())


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_preset_saved_meanwhile_repeats_the_fetch(version: str) -> None:
    async with SimulatedWled(version) as wled:
        wled.faults.torn = 1
        fetched = await fetch(wled)
        assert files_of(fetched.artifact) == wled.device.user_files
        assert b"Saved in between" in files_of(fetched.artifact)["presets.json"]


@pytest.mark.parametrize("name", ["ir.json", "cfg.json"])
async def test_a_file_that_cannot_be_read_at_all(name: str) -> None:
    async with SimulatedWled() as wled:
        wled.faults.unreadable = f"/{name}"
        if name == "cfg.json":
            with pytest.raises(UnexpectedResponseError):
                await fetch(wled)
        else:
            fetched = await fetch(wled)
            assert fetched.artifact.missing == (
                Note(code="files_unreadable", text=_("These files could not be read: {files}.", files=name)),
            )
            assert wled.device.user_files.keys() - files_of(fetched.artifact).keys() == {name}
        await assert_recovers(wled)


async def test_a_usermod_that_writes_all_the_time_does_not_prevent_a_backup() -> None:
    async with SimulatedWled(extra_files={"usermod.log": b"start"}) as wled:
        wled.faults.restless = FOREVER
        fetched = await fetch(wled)
        held = files_of(fetched.artifact)
        others = {name: data for name, data in wled.device.user_files.items() if name != "usermod.log"}
        assert {name: data for name, data in held.items() if name != "usermod.log"} == others
        await assert_recovers(wled)


async def test_a_restart_meanwhile_repeats_the_fetch() -> None:
    async with SimulatedWled() as wled:
        wled.faults.path, wled.faults.hang = "/presets.json", 1
        running = asyncio.create_task(fetch(wled))
        while wled.faults.hang:
            await asyncio.sleep(0.01)
        wled.device.boot()
        assert files_of((await running).artifact) == wled.device.user_files
        asked = [target for method, target in wled.requests]
        assert asked.count("/cfg.json") == 2
        await assert_recovers(wled)


async def test_another_device_that_takes_over_the_address_meanwhile_is_noticed() -> None:
    async with SimulatedWled() as wled:
        wled.faults.path, wled.faults.drop = "/presets.json", 1
        running = asyncio.create_task(fetch(wled))
        while wled.faults.drop:
            await asyncio.sleep(0.001)
        wled.device.mac = "0011223344ff"
        with pytest.raises(WrongDeviceError):
            await running
        wled.device.mac = "a0b1c2d3e4f5"
        await assert_recovers(wled)


async def test_a_device_that_is_off_cannot_be_reached_until_it_is_on() -> None:
    async with SimulatedWled() as wled:
        await wled.stop()
        with pytest.raises(CannotConnectError):
            await fetch(wled)
        await wled.start()
        await assert_recovers(wled)


async def test_another_device_at_the_address_is_told_apart() -> None:
    async with SimulatedWled() as wled:
        wled.device.mac = "0011223344ff"
        with pytest.raises(WrongDeviceError):
            await run_job(WledHandler, config(wled), unique_id="a0b1c2d3e4f5")
        wled.device.mac = "a0b1c2d3e4f5"
        await assert_recovers(wled)


async def test_a_device_without_a_mac_is_refused() -> None:
    async with SimulatedWled() as wled:
        wled.device.mac = "000000000000"
        with pytest.raises(UnsupportedDeviceError, match="MAC"):
            await run_probe(WledHandler, config(wled))


async def test_more_files_than_a_backup_can_hold_are_refused_before_they_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with SimulatedWled() as wled:
        small = WledHandler.spec.__replace__(max_artifact_bytes=4096)
        monkeypatch.setattr(WledHandler, "spec", small)
        with pytest.raises(ArtifactTooLargeError):
            await fetch(wled)
        assert not any(target == "/cfg.json" for method, target in wled.requests)
        monkeypatch.undo()
        await assert_recovers(wled)


async def test_damaged_presets_are_kept_with_a_doubt_and_never_put_back() -> None:
    async with SimulatedWled() as wled:
        good = wled.device.user_files["presets.json"]
        wled.device.files.write("/presets.json", good[:-40] + b'"n":"no key"},{}')
        fetched = await fetch(wled)
        assert [doubt.code for doubt in fetched.doubts] == ["presets_damaged"]
        assert files_of(fetched.artifact)["presets.json"] == wled.device.user_files["presets.json"]
        wled.device.files.write("/presets.json", good)
        assert (await fetch(wled)).doubts == ()


async def test_a_configuration_that_is_damaged_on_the_device_is_refused() -> None:
    async with SimulatedWled() as wled:
        good = wled.device.user_files["cfg.json"]
        for bad in (b"", good[:700], b'{"0":{}}', b"{}", b"[]"):
            wled.device.files.write("/cfg.json", bad)
            with pytest.raises(InvalidArtifactError, match=r"cfg\.json"):
                await fetch(wled)
        wled.device.files.write("/cfg.json", good)
        await assert_recovers(wled)


async def test_without_a_list_there_is_no_backup_without_the_settings() -> None:
    async with SimulatedWled(has_editor=False) as wled:
        settings = wled.device.files.files["/cfg.json"]
        wled.device.files.remove("/cfg.json")
        with pytest.raises(UnexpectedResponseError, match=r"cfg\.json could not be read"):
            await fetch(wled)

        wled.device.files.write("/cfg.json", settings)
        wled.faults.path, wled.faults.web_page = "/cfg.json", 1
        with pytest.raises(InvalidArtifactError, match=r"cfg\.json is a web page"):
            await fetch(wled)
        assert files_of((await fetch(wled)).artifact)["cfg.json"] == settings


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b'[{"type":"file","name":"/cfg.json","size":12},{"type":"fi'),
        (200, b"[]"),
        (200, b""),
        (200, b'[{"type":"file","name":"/presets.json","size":12}]'),
        (200, b"<!DOCTYPE html><html>Editor</html>"),
        (500, b"Oops"),
    ],
)
@pytest.mark.parametrize("version", ["0.13.3", "0.15.5", "16.0.0"])
async def test_a_list_that_comes_spoiled_is_asked_for_again(version: str, status: int, body: bytes) -> None:
    async with SimulatedWled(version) as wled:
        wled.faults.path, wled.faults.spoil = "/edit?list", 2
        wled.faults.spoiled, wled.faults.spoiled_status = body, status
        fetched = await fetch(wled)
        assert fetched.artifact.missing == ()
        assert files_of(fetched.artifact) == wled.device.user_files
        assert wled.faults.spoil == 0


async def test_a_list_without_the_settings_is_none_however_often_it_comes() -> None:
    async with SimulatedWled() as wled:
        wled.faults.path, wled.faults.spoil, wled.faults.spoiled = "/edit?list", FOREVER, b"[]"
        fetched = await fetch(wled)
        assert fetched.artifact.missing == (
            Note(
                code="file_list_unavailable",
                text=_("This firmware gives no list of files: files with names of their own may be missing."),
            ),
        )
        assert files_of(fetched.artifact).keys() >= {"cfg.json", "presets.json", "ledmap.json"}
        await assert_recovers(wled)
