"""The simulated controllers behave as the firmware does."""

import asyncio
import gzip
import json
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from .wled import PIN, VERSIONS, Chip, Faults, SimulatedWled

OLD = [version for version in VERSIONS if not version.startswith("16")]
WITH_PIN = [version for version in VERSIONS if not version.startswith("0.13")]
type Answer = tuple[int, bytes, dict[str, str]]


async def ask(wled: SimulatedWled, target: str, method: str = "GET", **more: Any) -> Answer:  # noqa: ANN401 - aiohttp's own
    """Send one request on a connection of its own."""
    async with (
        aiohttp.ClientSession(auto_decompress=False) as session,
        session.request(method, wled.url + target, allow_redirects=False, **more) as response,
    ):
        return response.status, await response.read(), dict(response.headers)


async def raw(wled: SimulatedWled, request: bytes) -> bytes:
    """Send bytes and return all that comes back."""
    reader, writer = await asyncio.open_connection(wled.host, wled.port)
    writer.write(request)
    try:
        return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def upload(
    wled: SimulatedWled, name: str, content: bytes, field: str = "data", target: str = "/upload"
) -> Answer:
    """Post a file as a browser does."""
    body = (
        f'--b\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    ).encode() + content
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    return await ask(wled, target, "POST", data=body + b"\r\n--b--\r\n", headers=headers)


async def until_restarted(wled: SimulatedWled, times: int = 1) -> None:
    """Wait until the device has started again."""
    while wled.restarts < times or wled.device.uptime > 1000:
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("version", VERSIONS)
async def test_every_answer_has_the_headers_of_the_small_server(version: str) -> None:
    async with SimulatedWled(version) as wled:
        status, body, headers = await ask(wled, "/cfg.json")
        assert (status, body) == (200, wled.device.user_files["cfg.json"])
        assert headers["Connection"] == "close"
        assert headers["Accept-Ranges"] == "none"
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["Content-Length"] == str(len(body))
        assert headers["Content-Disposition"].startswith("inline")
        assert not {"Server", "Date", "Last-Modified"} & headers.keys()


@pytest.mark.parametrize("version", VERSIONS)
async def test_info_has_what_the_version_knows(version: str) -> None:
    async with SimulatedWled(version, Chip.ESP8266) as wled:
        info = json.loads((await ask(wled, "/json/info"))[1])
        assert info["ver"] == version
        assert info["arch"] == "esp8266"
        assert ("maps" in info) is not version.startswith("0.13")
        assert ("release" in info) is version.startswith(("0.15", "16"))
        assert ("deviceId" in info) is version.startswith(("0.15.5", "16"))
        assert json.loads((await ask(wled, "/json"))[1])["info"]["mac"] == info["mac"]
        assert (await ask(wled, "/version"))[1] == str(info["vid"]).encode()
        assert (await ask(wled, "/json/nothing"))[0] == 501


@pytest.mark.parametrize("version", VERSIONS)
async def test_secrets_are_never_served(version: str) -> None:
    async with SimulatedWled(version) as wled:
        for target in (
            "/wsec.json",
            "/edit?download=/wsec.json",
            "/edit?func=download&path=/wsec.json",
            "/my-security.txt",
        ):
            assert b"psk" not in (await ask(wled, target))[1]
        assert b"wsec" not in (await ask(wled, "/edit?list=/"))[1]


@pytest.mark.parametrize("version", VERSIONS)
async def test_words_in_paths_mean_something_else(version: str) -> None:
    async with SimulatedWled(version) as wled:
        assert (await ask(wled, "/winter%2B100%25.bmp"))[2]["Content-Type"] == "text/xml"
        assert (await ask(wled, "/matrix+sprite.gif"))[1] == wled.device.user_files["matrix sprite.gif"]


async def test_missing_pages_are_compressed_whatever_was_accepted() -> None:
    async with SimulatedWled() as wled:
        status, body, headers = await ask(wled, "/nothing", headers={"Accept-Encoding": "identity"})
        assert (status, headers["Content-Encoding"]) == (404, "gzip")
        assert b"404" in gzip.decompress(body)


async def test_compressed_twins_and_pages_of_the_firmware() -> None:
    async with SimulatedWled() as wled:
        assert (await ask(wled, "/index.htm"))[2]["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in (await ask(wled, "/index.htm.gz"))[2]
        assert (await ask(wled, "/style.css"))[2]["Content-Encoding"] == "gzip"
        wled.device.files.remove("/skin.css")
        status, body, headers = await ask(wled, "/skin.css")
        assert (status, body, headers["Content-Length"]) == (200, b"", "0")
        assert (await ask(wled, "/favicon.ico"))[0] == 200
        assert (await ask(wled, "/"))[0] == 200
        assert (await ask(wled, "/freeheap"))[0] == 200
        assert (await ask(wled, "/uptime"))[0] == 200
        assert (await ask(wled, "/x", "OPTIONS"))[2]["Access-Control-Max-Age"] == "7200"
    async with SimulatedWled("0.14.4") as wled:
        wled.device.files.remove("/skin.css")
        assert (await ask(wled, "/skin.css"))[0] == 404


@pytest.mark.parametrize("version", OLD)
async def test_the_editor_of_the_library(version: str) -> None:
    async with SimulatedWled(version) as wled:
        listed = json.loads((await ask(wled, "/edit?list=/"))[1])
        assert {"type": "file", "name": "/cfg.json", "size": len(wled.device.user_files["cfg.json"])} in listed
        assert (await ask(wled, "/edit?download=/ir.json"))[1] == wled.device.user_files["ir.json"]
        assert (await ask(wled, "/edit?edit=ir.json"))[0] == 404
        assert (await ask(wled, "/edit"))[2]["Content-Type"] == "text/html"
        assert (await upload(wled, "/new.txt", b"x", target="/edit"))[:2] == (200, b"UPLOADED: /new.txt")
        assert (await upload(wled, "/new.txt", b"x", "file", target="/edit"))[0] == 500
        assert (await ask(wled, "/edit", "PUT", data={"path": "/nul.txt"}))[1] == b"CREATE: /nul.txt"
        assert wled.device.user_files["nul.txt"] == b"\x00"
        assert (await ask(wled, "/edit", "DELETE", data={"path": "/new.txt"}))[1] == b"DELETE: /new.txt"
        assert "new.txt" not in wled.device.user_files
        assert (await ask(wled, "/edit", "DELETE"))[0] == 404


async def test_the_editor_of_16() -> None:
    async with SimulatedWled("16.0.0") as wled:
        for listing in ("/edit?list=/", "/edit?func=list"):
            assert {"name": "ir.json", "type": "file", "size": len(wled.device.user_files["ir.json"])} in json.loads(
                (await ask(wled, listing))[1]
            )
        assert (await ask(wled, "/edit?download=/ir.json"))[2]["Content-Type"] == "text/html"
        assert (await ask(wled, "/edit?func=download&path=ir.json"))[1] == wled.device.user_files["ir.json"]
        expected = {
            "/edit?func=edit": (400, b"Missing path"),
            "/edit?func=edit&path=/no": (404, b"Not found"),
            "/edit?func=edit&path=/wsec.json": (403, b"Access Denied"),
            "/edit?func=x&path=/ir.json": (400, b"Invalid function"),
            "/edit?func=delete&path=/ir.json": (200, b"File deleted"),
        }
        for target, answer in expected.items():
            assert (await ask(wled, target))[:2] == answer
        assert "ir.json" not in wled.device.user_files
        assert (await upload(wled, "/new.txt", b"x", target="/edit"))[0] == 404


async def test_an_esp8266_with_0_13_lists_names_without_slash_and_finds_both() -> None:
    async with SimulatedWled("0.13.3", Chip.ESP8266) as wled:
        assert json.loads((await ask(wled, "/edit?list=/"))[1])[0]["name"] == "cfg.json"
        assert (await ask(wled, "/edit?edit=ir.json"))[0] == 200


@pytest.mark.parametrize("version", VERSIONS)
async def test_an_upload_of_the_configuration_restarts_from_0_14_on(version: str) -> None:
    async with SimulatedWled(version) as wled:
        changed = {**json.loads(wled.device.user_files["cfg.json"]), "id": {"name": "Changed"}}
        status, body, _ = await upload(wled, "/cfg.json", json.dumps(changed).encode())
        assert status == 200
        if version == "0.13.3":
            assert (body, wled.device.name) == (b"File Uploaded!", "Shelf")
            await ask(wled, "/reset")
        await until_restarted(wled)
        assert wled.device.name == "Changed"


@pytest.mark.parametrize("version", VERSIONS)
async def test_uploads_are_written_raw(version: str) -> None:
    async with SimulatedWled(version) as wled:
        assert (await upload(wled, "/new.txt", b"x"))[1] == b"File Uploaded!"
        assert wled.device.user_files["new.txt"] == b"x"
        await upload(wled, "%2Fencoded.txt", b"x")
        assert ("%2Fencoded.txt" in wled.device.user_files) is (version != "0.13.3")
        assert "encoded.txt" not in wled.device.user_files


async def test_a_full_file_system_cuts_an_upload_and_says_nothing() -> None:
    async with SimulatedWled() as wled:
        wled.device.files.total = wled.device.files.used + 4096
        assert (await upload(wled, "/big.bin", b"x" * 10_000))[:2] == (200, b"File Uploaded!")
        assert wled.device.user_files["big.bin"] == b"x" * 4096


async def test_requests_that_are_never_answered() -> None:
    async with SimulatedWled(idle_timeout=0.05) as wled:
        head = b"POST /upload HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        for more in (
            b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            b"Content-Length: 3\r\n\r\nabc",
            b'Content-Length: 63\r\n\r\n--b\r\nContent-Disposition: form-data; filename="/e"\r\n\r\n\r\n--b--\r\n',
        ):
            assert await raw(wled, head + more) == b""
        assert wled.device.user_files.keys() == SimulatedWled().device.user_files.keys()


@pytest.mark.parametrize("version", WITH_PIN)
async def test_the_pin(version: str) -> None:
    async with SimulatedWled(version, pin=PIN, pin_cooldown=0.3) as wled:
        assert (await ask(wled, "/edit?list=/"))[0] == 401
        assert (await upload(wled, "/new.txt", b"x"))[:2] == (401, b"Please unlock settings using PIN code!")
        assert (await ask(wled, "/json/cfg", "POST", json={}))[0] == 401
        assert (await ask(wled, "/settings/s.js?p=6"))[:2] == (401, b"alert('PIN incorrect.');")
        assert (await ask(wled, "/cfg.json"))[0] == 200
        await asyncio.sleep(0.35)
        assert (await ask(wled, "/json/state", "POST", json={"pin": "0001"}))[1] == b'{"success":true}'
        assert (await ask(wled, "/json/state", "POST", json={"pin": PIN}))[1] == b'{"success":true}'
        assert not wled.device.unlocked, "ignored, so soon after a wrong one"
        await asyncio.sleep(0.35)
        await ask(wled, "/json/state", "POST", json={"pin": PIN})
        assert (await ask(wled, "/edit?list=/"))[0] == 200
        await ask(wled, "/settings/lock")
        assert (await ask(wled, "/edit?list=/"))[0] == 401


async def test_the_pin_by_form() -> None:
    async with SimulatedWled(pin=PIN, pin_cooldown=0.2) as wled:
        await asyncio.sleep(0.25)
        assert (await ask(wled, "/settings"))[0] == 200
        assert (await ask(wled, "/settings/sec"))[0] == 401
        assert (await ask(wled, "/settings/sec", "POST", data={"PIN": "0001"}))[0] == 401
        status, body, _ = await ask(wled, "/settings/sec", "POST", data={"PIN": PIN})
        assert status == 401
        assert b"unlock OTA" in body
        await asyncio.sleep(0.25)
        assert (await ask(wled, "/settings/sec", "POST", data={"PIN": PIN}))[0] == 200
        assert (await ask(wled, "/settings/sec"))[0] == 200
        assert (await ask(wled, "/settings/s.js?p=6"))[0] == 200


async def test_the_pin_times_out(monkeypatch: pytest.MonkeyPatch) -> None:
    async with SimulatedWled(pin=PIN, pin_cooldown=0.0) as wled:
        wled.device.enter_pin(PIN)
        assert wled.device.unlocked
        monkeypatch.setattr("tests.simulators.wled.device.PIN_TIMEOUT", -1.0)
        assert not wled.device.unlocked


async def test_the_ota_lock_of_0_13() -> None:
    async with SimulatedWled("0.13.3", ota_lock=True) as wled:
        assert (await ask(wled, "/edit?list=/"))[0] == 500
        assert (await upload(wled, "/x", b"x"))[:2] == (500, b"Please unlock OTA in security settings!")
    async with SimulatedWled("0.14.4", ota_lock=True) as wled:
        assert (await ask(wled, "/edit?list=/"))[0] == 200


async def test_a_busy_device_in_the_way_of_its_version() -> None:
    expected = {"0.14.4": (503, None), "0.15.5": (503, "1")}
    for version, answer in expected.items():
        async with SimulatedWled(version) as wled:
            wled.faults.busy = 1
            status, body, headers = await ask(wled, "/json/info")
            assert (status, headers.get("Retry-After")) == answer
            assert body == b'{"error":3}'
    request = b"GET /json/info HTTP/1.1\r\nHost: x\r\n\r\n"
    async with SimulatedWled("0.13.3", idle_timeout=0.05) as wled:
        wled.faults.busy = 1
        assert await raw(wled, request) == b""
    async with SimulatedWled("16.0.0") as wled:
        wled.faults.busy = 1
        assert await raw(wled, request) == b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n"


@pytest.mark.parametrize(("version", "restarts"), [("16.0.0", 0), ("0.14.4", 1)])
async def test_too_many_connections(version: str, restarts: int) -> None:
    async with SimulatedWled(version, Chip.ESP8266, reboot_time=0.05) as wled:
        wled.faults.delay = 0.1
        results = await asyncio.gather(*(ask(wled, "/json/info") for _ in range(9)), return_exceptions=True)
        assert any(isinstance(result, aiohttp.ClientError) for result in results)
        assert wled.restarts == restarts
        assert wled.max_in_flight <= 6


async def test_damaged_configurations_at_boot() -> None:
    async with SimulatedWled("0.15.5") as wled:
        wled.device.save_settings({"id": {"name": "Second"}})
        wled.device.files.write("/cfg.json", b"{")
        wled.device.boot()
        assert wled.device.name == "Shelf", "from bkp.cfg.json"
        wled.device.files.remove("/bkp.cfg.json")
        wled.device.files.write("/cfg.json", b"{")
        wled.device.boot()
        assert wled.device.user_files["rst.cfg.json"] == b"{"
        assert not wled.device.on_network
    async with SimulatedWled("0.15.0") as wled:
        wled.device.files.write("/cfg.json", wled.device.user_files["presets.json"])
        wled.device.boot()
        assert not wled.device.on_network, "factory defaults: only its own access point"
    async with SimulatedWled("0.13.3") as wled:
        wled.device.files.remove("/wsec.json")
        wled.device.boot()
        assert (wled.device.settings, wled.device.on_network) == ({}, False)


async def test_a_fresh_file_system_gets_presets() -> None:
    async with SimulatedWled() as wled:
        wled.device.files.remove("/presets.json")
        wled.device.boot()
        assert wled.device.user_files["presets.json"] == b'{"0":{}}'


async def test_json_posts() -> None:
    async with SimulatedWled() as wled:
        json_type = {"Content-Type": "application/json"}
        assert (await ask(wled, "/json/state", "POST", data=b"{", headers=json_type))[:2] == (400, b'{"error":9}')
        assert (await ask(wled, "/json/state", "POST", data={"on": "1"}))[0] == 400
        assert (await ask(wled, "/json/state", "POST", data=b" " * 20_000, headers=json_type))[0] == 413
        assert (await ask(wled, "/json/state", "POST", json={"psave": 11, "n": "Saved"}))[0] == 200
        assert b"Saved" in wled.device.user_files["presets.json"]
        assert (await ask(wled, "/json/cfg", "POST", json={"id": {"name": "Posted"}}))[0] == 200
        assert json.loads((await ask(wled, "/json/cfg"))[1])["id"]["name"] == "Posted"
        await ask(wled, "/json/state", "POST", json={"rb": True})
        await until_restarted(wled)
        await ask(wled, "/win&RB")
        await until_restarted(wled, 2)


async def test_faults_count_down_and_only_where_they_are_meant() -> None:
    faults = Faults(path="/cfg", drop=1)
    assert not faults.take("drop", "/presets.json")
    assert faults.take("drop", "/cfg.json")
    assert not faults.take("drop", "/cfg.json")


async def test_the_command_serves_until_it_is_stopped() -> None:
    command = [sys.executable, "-m", "tests.simulators.wled", "--count", "2", "--name", "Lamp", "--version", "16.0.0"]
    root = Path(__file__).parents[2]
    process = await asyncio.create_subprocess_exec(*command, cwd=root, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    lines = [(await process.stdout.readline()).decode() for _ in range(2)]
    async with aiohttp.ClientSession() as session:
        for number, line in enumerate(lines):
            async with session.get(f"{line.split()[-1]}/json/info") as response:
                info = await response.json()
            assert (info["name"], info["ver"]) == (f"Lamp {number + 1}", "16.0.0")
    process.terminate()
    assert await process.wait() == 0
