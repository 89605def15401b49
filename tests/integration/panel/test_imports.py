"""Files that are handed in on the page: known by their content, within limits, each with what became of it."""

import asyncio
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import pytest
from aiohttp.test_utils import TestClient
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.panel import import_desk, uploads
from custom_components.ha_device_backups.panel.uploads import PATH
from ha_device_backup_core.manager import DeviceBackupManager
from ha_device_backup_core.records import DeviceKey
from tests.core.cli.test_import_files import RECORDINGS, packed
from tests.simulators.wled.server import SimulatedWled

from ..conftest import MAC
from ..household import KEY, settle, store
from .client import OpenPage, open_page
from .test_snapshots import left

OTHER = "a0b1c2d3e4ff"
SETTINGS, PRESETS = (next(RECORDINGS.rglob(name)).read_bytes() for name in ("cfg.json", "presets.json"))
STAMP = "2024-03-01_04_05_06-v0_15_0.zip"


async def send_files(
    page: OpenPage, client: TestClient[Any, Any], watching: OpenPage, **files: bytes
) -> dict[str, Any]:
    """Send files, and return what became of each by its first name."""
    batch = (await page.result("import/begin"))["batch"]
    for name, content in files.items():
        response = await client.post(f"/api/{DOMAIN}/import/{batch}", headers={PATH: quote(name)}, data=content)
        assert response.status == 200, await response.text()
    await page.result("import/run", batch=batch)
    await watching.until(lambda state: state["running"])
    state = await watching.until(lambda state: not state["running"])
    return {file["names"][0]: file for file in state["files"]}


async def test_files_are_known_by_their_content(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
    temporary_files: Path,
) -> None:
    (stored,) = await manager.stored.list_backups(KEY)
    download = (store(hass) / stored.path).read_bytes()
    both = packed({"cfg.json": SETTINGS, "presets.json": PRESETS})
    watching, page = await open_page(hass, hass_ws_client), await open_page(hass, hass_ws_client)
    client = await hass_client()
    assert await watching.follow("import/subscribe") == {"running": False, "looked_at": 0, "total": 0, "files": []}
    files = {
        f"data/Stairs/{MAC.upper()}-{STAMP}": both,
        f"data/Attic/{OTHER.upper()}-{STAMP}": both,
        "data/db.sqlite3": b"SQLite format 3\0",
        f"{DOMAIN}.zip": download,
        "a/wled_cfg.json": SETTINGS,
        "a/wled_presets.json": PRESETS,
    }
    found = await send_files(page, client, watching, **files)
    stairs, attic = (found[name] for name in list(files)[:2])
    assert (stairs["outcome"], stairs["device_key"], stairs["is_set_up"]) == ("stored", str(KEY), True)
    assert (attic["outcome"], attic["title"], attic["is_set_up"]) == ("stored", "Attic", False)
    assert found["data/db.sqlite3"]["outcome"] == "refused"
    assert found["data/db.sqlite3"]["error"]
    pair = found["a/wled_cfg.json"]
    assert (pair["names"], pair["outcome"], pair["kind"], pair["made_at"]) == (
        ["a/wled_cfg.json", "a/wled_presets.json"],
        "without_owner",
        "wled",
        None,
    )
    assert [one.device.version for one in await manager.stored.list_backups(DeviceKey("wled", OTHER))] == ["0.15.0"]

    assert left(temporary_files) != [], "one waits for a person"
    await page.result("import/assign", names=pair["names"], device_key="acme:7")
    await page.result("import/assign", names=pair["names"], device_key=str(KEY))
    state = await watching.until(lambda state: all(file["outcome"] != "without_owner" for file in state["files"]))
    (assigned,) = (file for file in state["files"] if file["names"] == pair["names"])
    assert (assigned["outcome"], assigned["device_key"]) == ("present", str(KEY)), "the same as in the zip file"
    await page.result("import/assign", names=pair["names"], device_key=str(KEY))
    again = await send_files(page, client, watching, **dict([next(iter(files.items()))]))
    assert [file["outcome"] for file in again.values()] == ["present"]
    await settle(hass)
    assert left(temporary_files) == []


async def test_as_of_when_a_file_that_waits_will_be_kept_is_told(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
) -> None:
    watching, page = await open_page(hass, hass_ws_client), await open_page(hass, hass_ws_client)
    await watching.follow("import/subscribe")
    told, to_come = "cfg_2024-03-01_04-05-06.json", "cfg_2124-03-01_04-05-06.json"
    found = await send_files(page, await hass_client(), watching, **{told: SETTINGS, f"b/{to_come}": SETTINGS})
    times = {name: file["made_at"] and datetime.fromisoformat(file["made_at"]) for name, file in found.items()}
    assert times == {told: datetime(2024, 3, 1, 4, 5, 6, tzinfo=UTC), f"b/{to_come}": None}


@pytest.mark.parametrize(
    "path", ["../x", "a/../../x", "..\\x", "", "/", "a/\0", "x" * 300, "/".join("a" * 30), "a/./b"]
)
async def test_no_name_leads_elsewhere(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
    temporary_files: Path,
    path: str,
) -> None:
    page, client = await open_page(hass, hass_ws_client), await hass_client()
    batch = (await page.result("import/begin"))["batch"]
    response = await client.post(f"/api/{DOMAIN}/import/{batch}", headers={PATH: quote(path)}, data=b"x")
    assert (response.status, left(temporary_files)) == (400, [])
    response = await client.post(f"/api/{DOMAIN}/import/{batch}", headers={PATH: "/etc/x"}, data=b"x")
    assert (response.status, left(temporary_files)) == (200, ["x"])


async def test_there_are_limits(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    wled: SimulatedWled,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
    temporary_files: Path,
) -> None:
    page, client = await open_page(hass, hass_ws_client), await hass_client()
    batch = (await page.result("import/begin"))["batch"]
    url = f"/api/{DOMAIN}/import/{batch}"
    with patch.object(uploads, "MAX_ARTIFACT_BYTES", 1000):
        response = await client.post(url, headers={PATH: "large"}, data=bytes(1001))
        assert (response.status, (await response.json())["code"]) == (400, "unreadable_file")
        assert left(temporary_files) == []
        assert (await client.post(url, headers={PATH: "fits"}, data=bytes(1000))).status == 200
    with patch.object(import_desk, "MOST_BYTES", 1500):
        assert (await client.post(url, headers={PATH: "one"}, data=bytes(501))).status == 400
        assert (await client.post(url, headers={PATH: "other"}, data=bytes(500))).status == 200
    with patch.object(import_desk, "MOST_FILES", 2):
        assert (await client.post(url, headers={PATH: "third"}, data=b"x")).status == 400
    assert (await client.post(f"/api/{DOMAIN}/import/other", headers={PATH: "x"}, data=b"x")).status == 400
    assert (await page.ask("import/run", batch="other"))["error"]["code"] == "unreadable_file"


async def test_who_lost_the_line_goes_on_with_what_is_missing(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
    temporary_files: Path,
) -> None:
    watching, page = await open_page(hass, hass_ws_client), await open_page(hass, hass_ws_client)
    client = await hass_client()
    await watching.follow("import/subscribe")
    batch = (await page.result("import/begin"))["batch"]
    url = f"/api/{DOMAIN}/import/{batch}"
    assert (await client.post(url, headers={PATH: quote("a/one")}, data=b"half")).status == 200
    assert (await client.post(url, headers={PATH: quote("a/one")}, data=b"{}")).status == 200
    again = await page.result("import/begin", batch=batch)
    assert (again, left(temporary_files)) == ({"batch": batch, "arrived": ["a/one"]}, ["one"])
    assert (await client.post(url, headers={PATH: "two"}, data=b"{}")).status == 200
    assert (await client.post(url, headers={PATH: "two/three"}, data=b"{}")).status == 400, "a file is no folder"

    await page.result("import/run", batch=batch)
    state = await watching.until(lambda state: len(state["files"]) == 2 and not state["running"])
    assert [file["names"] for file in state["files"]] == [["a/one"], ["two"]]
    await page.result("import/run", batch=batch)
    assert (await page.result("import/begin", batch=batch))["arrived"] == ["a/one", "two"]
    assert (await client.post(url, headers={PATH: "four"}, data=b"{}")).status == 400
    await settle(hass)
    assert left(temporary_files) == []
    other = await page.result("import/begin", batch="of another start of Home Assistant")
    assert other["batch"] not in (batch, "of another start of Home Assistant")
    assert other["arrived"] == []


async def test_a_file_that_comes_while_another_batch_begins_is_none_of_that(
    hass: HomeAssistant,
    temporary_files: Path,
) -> None:
    desk, may_put = import_desk.ImportDesk(hass), threading.Event()
    put, is_put = import_desk._put, asyncio.Event()

    def slow(file: Path, place: Path) -> None:
        hass.loop.call_soon_threadsafe(is_put.set)
        may_put.wait()
        put(file, place)

    first = await desk.async_begin()
    arrived = temporary_files / "arrived"
    arrived.write_bytes(b"{}")
    with patch.object(import_desk, "_put", slow):
        keeping = asyncio.create_task(desk.async_keep(str(first), "x.json", arrived, 2))
        await is_put.wait()
        beginning = asyncio.create_task(desk.async_begin())
        await asyncio.wait({beginning}, timeout=0.2)
        may_put.set()
        await keeping
        await beginning
    assert (desk.arrived, left(temporary_files)) == ([], [])


async def test_a_second_batch_waits_for_the_first(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
) -> None:
    watching, page = await open_page(hass, hass_ws_client), await open_page(hass, hass_ws_client)
    await watching.follow("import/subscribe")
    with patch.object(import_desk.ImportDesk, "is_running", new=True):
        refused = await page.ask("import/begin", language="de")
    assert "andere Dateien" in refused["error"]["message"]
    assert await send_files(page, await hass_client(), watching, **{"x.json": b"{}"}) != {}
