"""What a fetch gets from devices of many years."""

import asyncio
import json

import pytest

from ha_device_backup_core import (
    Artifact,
    AuthenticationError,
    CannotConnectError,
    PermissionDeniedError,
    UnsupportedDeviceError,
)
from ha_device_backup_core.jobs.fingerprint import fingerprint
from ha_device_backup_core.testing import run_probe
from ha_device_backup_tasmota import TasmotaHandler, device_backup_handlers
from tests.simulators.tasmota import PASSWORD, VERSIONS, Chip, Place, SimulatedTasmota

from .conftest import MAC, as_told, assert_no_canary, config, fetch

RECORD = ".device-backup/status.json"


def files_of(artifact: Artifact) -> dict[str, bytes]:
    """Return the files of the device's file system in a backup."""
    return {name.removeprefix("files"): data for name, data in artifact.files().items() if name.startswith("files/")}


def on_device(tasmota: SimulatedTasmota) -> dict[str, bytes]:
    """Return the files on the device that belong into a backup."""
    return {path: data for path, data in tasmota.device.files.items() if path != "/.settings"}


@pytest.mark.parametrize("chip", Chip)
@pytest.mark.parametrize("version", VERSIONS)
async def test_settings_files_and_record_are_fetched(version: str, chip: Chip) -> None:
    async with SimulatedTasmota(version, chip) as tasmota:
        fetched = await fetch(tasmota)
        artifact = fetched.artifact
        assert artifact.files()["config.dmp"] == tasmota.device.dump()
        assert files_of(artifact) == on_device(tasmota)
        assert json.loads(artifact.files()[RECORD])["StatusFWR"]["Version"] == f"{version}(release-tasmota)"
        assert (artifact.missing, fetched.doubts, artifact.filename) == ((), (), f"tasmota-{MAC}.zip")
        assert dict(artifact.attributes) == {"mac": MAC, "version": version, "hardware": chip.hardware}
        assert tasmota.max_in_flight == 1
        assert fetched.device.unique_id == MAC
        assert fetched.device.model == f"Sonoff Basic ({chip.hardware})"


async def test_use_makes_no_other_backup() -> None:
    async with SimulatedTasmota() as tasmota:
        first = (await fetch(tasmota)).artifact
        tasmota.device.live()
        tasmota.device.boot()
        second = (await fetch(tasmota)).artifact
        assert first.content != second.content
        assert fingerprint(TasmotaHandler.normalize(first), ()) == fingerprint(TasmotaHandler.normalize(second), ())


@pytest.mark.parametrize("version", VERSIONS)
async def test_the_password_is_in_no_address(version: str) -> None:
    async with SimulatedTasmota(version) as tasmota:
        await fetch(tasmota)
        assert_no_canary(tasmota.requests)
        assert ("POST", "/cm") in tasmota.requests


async def test_without_a_password_nothing_logs_in() -> None:
    async with SimulatedTasmota(password="") as tasmota:
        await fetch(tasmota, None)
        assert {method for method, _ in tasmota.requests} == {"GET"}
        assert tasmota.requests[0] == ("GET", "/cm?cmnd=Status%200")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("entered", [None, "another-one", PASSWORD + "x"])
async def test_a_wrong_password_is_tried_once(version: str, entered: str | None) -> None:
    async with SimulatedTasmota(version) as tasmota:
        with pytest.raises(AuthenticationError) as caught:
            await fetch(tasmota, entered)
        assert caught.value.detail_in() == (
            "The web admin password is wrong." if entered else "It asks for its web admin password."
        )
        assert len(tasmota.requests) == 1
        assert (await fetch(tasmota)).artifact.missing == ()


async def test_another_user_name() -> None:
    async with SimulatedTasmota(user="owner") as tasmota:
        with pytest.raises(AuthenticationError):
            await fetch(tasmota)
        entered = config(tasmota) | {"username": "owner"}
        assert (await run_probe(TasmotaHandler, entered)).unique_id == MAC


async def test_a_switched_off_http_api_is_asked_as_its_own_page_asks() -> None:
    async with SimulatedTasmota(http_api=False) as tasmota:
        assert (await fetch(tasmota)).artifact.missing == ()
        named = config(tasmota) | {"host": "localhost"}
        assert (await run_probe(TasmotaHandler, named)).unique_id == MAC


@pytest.mark.parametrize(("host", "referer"), [("::1", "http://[::1]/"), ("127.0.0.1", "http://127.0.0.1/")])
async def test_a_host_of_either_kind_is_asked_and_named_right(host: str, referer: str) -> None:
    seen: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.close()

    try:
        listening = await asyncio.start_server(serve, host, 0)
    except OSError:
        pytest.skip("this machine has no such address")
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        with pytest.raises(CannotConnectError):
            await run_probe(TasmotaHandler, {"host": host, "port": port, "password": None, "username": "admin"})
    assert f"Referer: {referer}\r\n" in seen[0]
    assert f"Host: {referer.removeprefix('http://').removesuffix('/')}:{port}\r\n" in seen[0]


async def test_a_web_server_for_users_only_is_said() -> None:
    async with SimulatedTasmota() as tasmota:
        tasmota.device.settings.put(Place.WEB_SERVER, 1, 1)
        with pytest.raises(PermissionDeniedError) as caught:
            await fetch(tasmota)
        assert caught.value.detail_in() == (
            "Its web server only shows the main page. Enter “WebServer 2” in the console of the device, "
            "by MQTT or serial."
        )
        tasmota.device.settings.put(Place.WEB_SERVER, 2, 1)
        assert (await fetch(tasmota)).artifact.missing == ()


async def test_a_firmware_that_only_installs_another_is_refused() -> None:
    async with SimulatedTasmota(image="minimal") as tasmota:
        with pytest.raises(UnsupportedDeviceError) as caught:
            await fetch(tasmota)
        assert caught.value.detail_in() == (
            "It runs a minimal or rescue firmware, which holds no settings. Finish the update of the "
            "firmware on its own page."
        )


async def test_a_build_without_a_file_system_has_a_whole_backup() -> None:
    async with SimulatedTasmota("14.4.1", Chip.ESP8266, has_file_system=False) as tasmota:
        fetched = await fetch(tasmota)
        assert set(fetched.artifact.files()) == {"config.dmp", RECORD}
        assert (fetched.artifact.missing, fetched.doubts) == ((), ())


@pytest.mark.parametrize("version", ["8.5.1", "14.4.1"])
async def test_files_in_folders_of_folders(version: str) -> None:
    extra = {"/sub/deep/a b.txt": b"1", "/sub/deep/b.txt": b"", "/sub/c.txt": b"3"}
    async with SimulatedTasmota(version, extra_files=extra) as tasmota:
        tasmota.device.folders |= {"/sub", "/sub/deep"}
        assert files_of((await fetch(tasmota)).artifact) == on_device(tasmota)


async def test_old_firmware_has_the_settings_of_drivers_as_files() -> None:
    async with SimulatedTasmota("8.5.1", extra_files={"/.drvset027": b"1234shutters"}) as tasmota:
        assert files_of((await fetch(tasmota)).artifact)["/.drvset027"] == b"1234shutters"
    async with SimulatedTasmota("14.4.1", extra_files={"/.drvset027": b"1234shutters"}) as tasmota:
        assert "/.drvset027" not in files_of((await fetch(tasmota)).artifact), "the dump holds them"


async def test_a_memory_card_is_left_alone_and_shown_again() -> None:
    async with SimulatedTasmota(card={"/film.avi": bytes(100)}) as tasmota:
        fetched = await fetch(tasmota)
        assert files_of(fetched.artifact) == on_device(tasmota)
        assert tasmota.device.shows_card
        assert [target for _, target in tasmota.requests if "dir=" in target] == ["/ufsd?dir=2", "/ufsd?dir=1"]


async def test_a_card_that_cannot_be_shown_again_is_no_failure() -> None:
    async with SimulatedTasmota(card={}) as tasmota:
        tasmota.faults.path, tasmota.faults.drop = "/ufsd?dir=1", 100
        assert files_of((await fetch(tasmota)).artifact) == on_device(tasmota)


async def test_what_does_not_fit_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ha_device_backup_tasmota.collect._FOR_THE_REST", 16 * 1024 * 1024 - 100)
    async with SimulatedTasmota(extra_files={"/log.txt": bytes(90)}) as tasmota:
        fetched = await fetch(tasmota)
        assert as_told(fetched.artifact.missing) == [
            ("files_too_large", "These files were left out because all together are too large: /log.txt.")
        ]
        assert "/autoexec.be" in files_of(fetched.artifact)


async def test_names_that_a_backup_cannot_hold_are_named() -> None:
    async with SimulatedTasmota(extra_files={"/a\\b.txt": b"1"}) as tasmota:
        fetched = await fetch(tasmota)
        assert as_told(fetched.artifact.missing) == [("files_unreadable", "These files could not be read: /a\\b.txt.")]


async def test_a_list_without_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ha_device_backup_tasmota.file_system._MOST_FOLDERS", 1)
    extra = {"/one/a.txt": b"1", "/two/b.txt": b"2"}
    async with SimulatedTasmota(extra_files=extra) as tasmota:
        missing = (await fetch(tasmota)).artifact.missing
        assert [note.code for note in missing] == ["file_list_cut"]


def test_the_package_registers_its_handler() -> None:
    assert list(device_backup_handlers()) == [TasmotaHandler]
    spec = TasmotaHandler.spec
    assert (spec.kind, [field.key for field in spec.fields]) == ("tasmota", ["host", "port", "password", "username"])
    assert [field.default for field in spec.fields] == [None, 80, None, "admin"]
    assert [type(matcher).__name__ for matcher in spec.discovery] == ["KnownDevices", "Zeroconf"]
