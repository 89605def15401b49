"""The simulated devices behave as the firmware does."""

import asyncio
import base64
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest

from .tasmota import PASSWORD, VERSIONS, Chip, Device, Firmware, Place, SimulatedTasmota, TextIndex
from .tasmota.settings import WIFI_BIT, Settings, crc32, filled_up, pack, unpack, xor

LOGIN = {"Authorization": f"Basic {base64.b64encode(f'admin:{PASSWORD}'.encode()).decode()}"}
OWN_PAGE = {"Referer": "http://127.0.0.1/"}
ROOT = Path(__file__).parents[2]
type Answer = tuple[int, bytes, dict[str, str]]


async def ask(tasmota: SimulatedTasmota, target: str, method: str = "GET", **more: Any) -> Answer:  # noqa: ANN401
    """Send one request on a connection of its own."""
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, tasmota.url + target, allow_redirects=False, **more) as response,
    ):
        return response.status, await response.read(), dict(response.headers)


async def upload(tasmota: SimulatedTasmota, target: str, name: str, content: bytes) -> str:
    """Post a file as a browser does."""
    body = (
        f'--b\r\nContent-Disposition: form-data; name="u2"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    ).encode() + content
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    _, page, _ = await ask(tasmota, target, "POST", data=body + b"\r\n--b--\r\n", headers=LOGIN | headers)
    return page.decode()


async def until_restarted(tasmota: SimulatedTasmota) -> None:
    """Wait until the device has started again."""
    while tasmota.device.uptime > 1000:
        await asyncio.sleep(0.02)


def test_a_dump_is_scrambled_and_back() -> None:
    settings = bytes(range(256)) * 16
    assert xor(xor(settings, 2), 2) == settings
    assert pack(settings, {})[:2] == settings[:2]
    drivers = {".drvset003": b"0123456789abcdef", ".drvset027": b"short"}
    packed = pack(settings, drivers)
    assert (packed[:11], len(packed) & 0xFFFF) == (b"/.settings\0", int.from_bytes(packed[14:16], "little"))
    assert unpack(packed) == (settings, drivers)
    assert (len(filled_up(b"")), len(filled_up(bytes(15))), len(filled_up(bytes(16)))) == (16, 16, 32)


def test_texts_move_when_one_changes() -> None:
    settings = Settings()
    settings.put_text(TextIndex.DEVICE_NAME, "Lamp")
    settings.put_text(TextIndex.SSID, "a longer name")
    assert (settings.text(TextIndex.DEVICE_NAME), settings.text(TextIndex.SSID)) == ("Lamp", "a longer name")


def test_a_saved_device_has_the_right_checksum() -> None:
    device = Device(Firmware(version="14.4.1", chip=Chip.ESP32), mac="a0b1c2d3e4f5", name="Lamp")
    assert device.settings.number(Place.CRC32) == crc32(bytes(device.settings.content[:-4]))
    before = device.dump()
    assert device.dump() == before
    device.save()
    assert device.dump() != before


@pytest.mark.parametrize("version", VERSIONS)
async def test_commands_want_the_login(version: str) -> None:
    async with SimulatedTasmota(version) as tasmota:
        status, body, headers = await ask(tasmota, "/cm?cmnd=Status")
        assert (status, json.loads(body)) == (401, {"WARNING": "Need user=<username>&password=<password>"})
        assert headers["Server"] == f"Tasmota/{version} (ESP32-D0WD-V3 v3.1)"
        by_header = (await ask(tasmota, "/cm?cmnd=Status", headers=LOGIN))[0]
        assert by_header == (401 if version == "8.5.1" else 200)
        by_query = await ask(tasmota, f"/cm?cmnd=Status%205&user=admin&password={PASSWORD}")
        assert json.loads(by_query[1])["StatusNET"]["Mac"] == "A0:B1:C2:D3:E4:F5"
        form = {"cmnd": "Module", "user": "admin", "password": PASSWORD}
        assert json.loads((await ask(tasmota, "/cm", "POST", data=form))[1]) == {"Module": {"1": "Sonoff Basic"}}


async def test_pages_want_the_login_and_say_so_to_browsers() -> None:
    async with SimulatedTasmota() as tasmota:
        for page in ("/dl", "/rs", "/ufsd"):
            status, body, headers = await ask(tasmota, page)
            assert (status, body, headers["WWW-Authenticate"]) == (401, b"", 'Basic realm="Login Required"')
        assert (await ask(tasmota, "/elsewhere", headers=LOGIN))[0] == 404
        assert b"Tasmota" in (await ask(tasmota, "/"))[1]


async def test_other_pages_get_no_answer_when_the_http_api_is_off() -> None:
    async with SimulatedTasmota(http_api=False) as tasmota:
        for headers in ({}, {"Referer": "http://evil.example/"}):
            with pytest.raises(aiohttp.ServerDisconnectedError):
                await ask(tasmota, "/dl", headers=LOGIN | headers)
        assert (await ask(tasmota, "/dl", headers=LOGIN | OWN_PAGE))[0] == 200


async def test_the_dump_is_a_file_with_a_name() -> None:
    async with SimulatedTasmota() as tasmota:
        status, body, headers = await ask(tasmota, "/dl", headers=LOGIN)
        assert (status, body, headers["Content-Type"]) == (200, tasmota.device.dump(), "application/octet-stream")
        assert headers["Content-Disposition"] == "attachment; filename=Config_tasmota-D3E4F5-1234_14.4.1.dmp"


async def test_an_upload_is_taken_for_what_the_last_page_was_for() -> None:
    async with SimulatedTasmota() as tasmota:
        dump = tasmota.device.dump()
        assert "Magic byte" in await upload(tasmota, "/u2", "config.dmp", dump)
        await ask(tasmota, "/ufsd", headers=LOGIN)
        assert "Successful" in await upload(tasmota, "/ufsu", "config.dmp", dump)
        assert tasmota.device.files["/config.dmp"] == dump
        await ask(tasmota, "/rs", headers=LOGIN)
        assert "restart" in await upload(tasmota, "/u2", "config.dmp", dump)
        await until_restarted(tasmota)
        assert tasmota.restarts == 1


async def test_settings_are_taken_but_for_the_counters() -> None:
    async with SimulatedTasmota() as tasmota:
        dump, starts = tasmota.device.dump(), tasmota.device.starts
        tasmota.device.set_text(TextIndex.TOPIC, "changed")
        tasmota.device.boot()
        await ask(tasmota, "/rs", headers=LOGIN)
        await upload(tasmota, "/u2", "config.dmp", dump)
        assert tasmota.device.settings.text(TextIndex.TOPIC) == "lamp"
        assert tasmota.device.starts == starts + 1


@pytest.mark.parametrize("what", ["damaged", "of another chip", "with drivers on old firmware"])
async def test_settings_that_the_firmware_refuses(what: str) -> None:
    version = "8.5.1" if what.startswith("with") else "14.4.1"
    async with SimulatedTasmota(version, Chip.ESP8266) as tasmota:
        before = bytes(tasmota.device.settings.content)
        chip = Chip.ESP32 if what == "of another chip" else Chip.ESP8266
        dump = Device(Firmware(version="14.4.1", chip=chip), mac="a0b1c2d3e4f5", name="Other").dump()
        if what == "damaged":
            dump = dump[:3000] + b"?" + dump[3001:]
        await ask(tasmota, "/rs", headers=LOGIN)
        assert "File invalid" in await upload(tasmota, "/u2", "config.dmp", dump)
        assert (bytes(tasmota.device.settings.content), tasmota.restarts) == (before, 0)


async def test_files_and_folders() -> None:
    async with SimulatedTasmota() as tasmota:
        page = (await ask(tasmota, "/ufsd", headers=LOGIN))[1].decode()
        assert "<a href='ufsd?download=/autoexec.be' file='autoexec.be'>" in page
        assert ".extensions" in page
        assert "clock.tapp" not in page
        assert "clock.tapp" in (await ask(tasmota, "/ufsd?download=/.extensions", headers=LOGIN))[1].decode()
        status, body, headers = await ask(tasmota, "/ufsd?download=/display.ini", headers=LOGIN)
        assert (status, body) == (200, tasmota.device.files["/display.ini"])
        assert headers["Content-Disposition"] == "attachment; filename=display.ini"
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await ask(tasmota, "/ufsd?download=/nothing", headers=LOGIN)


async def test_the_editor_makes_folders() -> None:
    async with SimulatedTasmota() as tasmota:
        form = aiohttp.FormData(default_to_multipart=True)
        form.add_field("name", "/new/a.be")
        form.add_field("content", "print(1)")
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{tasmota.url}/ufse", data=form, headers=LOGIN, allow_redirects=False) as response,
        ):
            assert (response.status, response.headers["Location"]) == (303, "/ufsu?download=/new")
        assert "/new" in tasmota.device.folders
        assert set(tasmota.device.files) >= {"/new/a.be"}


async def test_a_full_device_takes_no_file() -> None:
    async with SimulatedTasmota() as tasmota:
        await ask(tasmota, "/ufsd", headers=LOGIN)
        assert "Not enough space" in await upload(tasmota, "/ufsu", "big.bin", bytes(400 * 1024))


@pytest.mark.parametrize(
    "change",
    [
        lambda device: device.set_text(TextIndex.SSID, "elsewhere"),
        lambda device: device.set_text(TextIndex.WIFI_PASSWORD, "wrong"),
        lambda device: device.settings.switch(Place.NETWORK_SWITCHES, WIFI_BIT, on=False),
        lambda device: device.settings.put(Place.ADDRESS, 0x3202A8C0),
    ],
)
def test_settings_that_lead_elsewhere_cut_it_off_at_its_start(change: Callable[[Device], None]) -> None:
    device = SimulatedTasmota().device
    change(device)
    assert device.on_network
    device.boot()
    assert not device.on_network


def test_on_a_cable_only_that_counts() -> None:
    device = SimulatedTasmota().device
    device.plug_in()
    device.set_text(TextIndex.SSID, "elsewhere")
    device.boot()
    assert device.on_network
    device.settings.put(Place.CABLE_KIND, 4, 1)
    device.boot()
    assert not device.on_network


async def test_long_links_in_the_list_are_cut_as_the_firmware_cuts_them() -> None:
    async with SimulatedTasmota(extra_files={"/" + "灯" * 15: b"1", "/K\udcfcche": b"2"}) as tasmota:
        page = (await ask(tasmota, "/ufsd", headers=LOGIN))[1].decode("utf-8", "replace")
        assert f"<a href='{('ufsd?download=/' + quote('灯' * 15))[:127]}' file='{quote('灯' * 15)}'>" in page
        assert (await ask(tasmota, "/ufsd?download=/K%FCche", headers=LOGIN))[1] == b"2"


async def test_it_is_served_from_the_command_line() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.simulators.tasmota",
        "--count=2",
        "--version=16.0.0",
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    lines = [(await process.stdout.readline()).decode() for _ in range(2)]
    process.terminate()
    assert await process.wait() == 0
    assert lines[0].startswith("Tasmota 16.0.0 (ESP32) “Lamp 1” a0b1c2d3e4f5 at http://127.0.0.1:")
    assert "“Lamp 2” a0b1c2d3e4f6" in lines[1]
