"""Restores from the page: planned, begun, followed from anywhere, and told at their end."""

import pytest
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from ha_device_backup_core.manager import ANYONE, DeviceBackupManager
from ha_device_backup_core.records import DeviceKey
from ha_device_backup_core.text import in_language
from tests.simulators.fritzbox import SimulatedFritzBox
from tests.simulators.wled.server import SimulatedWled

from ..conftest import make_wled_entry
from ..household import KEY, change, settle
from ..router import ROUTER, add, router_entry
from .client import OpenPage, open_page

DEVICE = str(KEY)


@pytest.fixture
async def changed(hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled) -> str:
    """Return the backup of a controller that somebody changed since."""
    (backup,) = await manager.stored.list_backups(KEY)
    change(wled)
    return backup.id


async def end_of(page: OpenPage) -> tuple[list[dict[str, object]], dict[str, object]]:
    """Return what a page is told while a restore runs, and its end."""
    seen: list[dict[str, object]] = []
    while (state := await page.event())["running"]:
        seen.append(state)
    return seen, state


async def test_a_restore_is_planned_done_and_undone(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    wled: SimulatedWled,
    changed: str,
    hass_ws_client: WebSocketGenerator,
) -> None:
    edited = wled.device.user_files["presets.json"]
    page, watching = await open_page(hass, hass_ws_client), await open_page(hass, hass_ws_client)
    idle = {"running": False, "backup_id": None, "share": None, "text": None, "prompt": None, "end": None}
    assert await watching.follow("restore/subscribe", device_key=DEVICE) == idle
    plan = await page.result("restore/plan", device_key=DEVICE, backup_id=changed)
    assert [file["name"] for file in plan["files"] if file["change"] != "unchanged"] == ["presets.json"]
    assert wled.device.user_files["presets.json"] == edited

    await page.result("restore/start", device_key=DEVICE, backup_id=changed)
    await page.result("restore/start", device_key=DEVICE, backup_id=changed)
    seen, state = await end_of(watching)
    assert {one["backup_id"] for one in seen} == {changed}
    assert any(one["text"] for one in seen)
    end = state["end"]
    assert isinstance(end, dict)
    assert (end["backup_id"], end["error"]) == (changed, None)
    assert end["proven"]
    assert wled.device.user_files["presets.json"] != edited

    later = await open_page(hass, hass_ws_client)
    assert await later.follow("restore/subscribe", device_key=DEVICE) == state
    await page.result("restore/start", device_key=DEVICE, backup_id=end["safety_backup_id"])
    seen, _ = await end_of(watching)
    assert [one["end"] for one in seen if one["text"]][-1:] == [None]
    assert wled.device.user_files["presets.json"] == edited
    await settle(hass)


async def test_a_restore_that_fails_is_told_and_can_be_tried_again(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    wled: SimulatedWled,
    changed: str,
    hass_ws_client: WebSocketGenerator,
) -> None:
    page, watching = await open_page(hass, hass_ws_client), await open_page(hass, hass_ws_client)
    await watching.follow("restore/subscribe", device_key=DEVICE, language="de")
    await wled.stop()
    assert (await page.ask("restore/plan", device_key=DEVICE, backup_id=changed))["error"]["code"] == "cannot_connect"
    await page.result("restore/start", device_key=DEVICE, backup_id=changed)
    _, state = await end_of(watching)
    end = state["end"]
    assert isinstance(end, dict)
    assert "Gerät" in str(end["error"])

    await wled.start()
    await page.result("restore/start", device_key=DEVICE, backup_id=changed)
    _, state = await end_of(watching)
    assert isinstance(state["end"], dict)
    assert state["end"]["error"] is None
    await settle(hass)


async def test_a_restore_that_was_cut_off_is_told_with_its_ways_on(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    wled: SimulatedWled,
    changed: str,
    hass_ws_client: WebSocketGenerator,
) -> None:
    page, watching = await open_page(hass, hass_ws_client), await open_page(hass, hass_ws_client)
    await watching.follow("restore/subscribe", device_key=DEVICE)
    wled.faults.garble_upload = 100
    await page.result("restore/start", device_key=DEVICE, backup_id=changed)
    _, state = await end_of(watching)
    assert isinstance(state["end"], dict)
    assert state["end"]["error"]
    await settle(hass)
    (shelf,) = (await (await open_page(hass, hass_ws_client)).follow("devices/subscribe"))["devices"]
    safety = next(backup for backup in await manager.stored.list_backups(KEY) if backup.undoes is not None)
    assert shelf["unfinished_restore"] == {
        "source_key": DEVICE,
        "backup_id": changed,
        "safety_backup_id": safety.id,
    }
    wled.faults.garble_upload = 0
    await page.result("restore/start", device_key=DEVICE, backup_id=changed)
    _, state = await end_of(watching)
    assert isinstance(state["end"], dict)
    assert state["end"]["error"] is None
    await settle(hass)
    (shelf,) = (await (await open_page(hass, hass_ws_client)).follow("devices/subscribe"))["devices"]
    assert shelf["unfinished_restore"] is None


async def test_a_backup_that_was_deleted_meanwhile_is_not_begun(
    hass: HomeAssistant, manager: DeviceBackupManager, changed: str, hass_ws_client: WebSocketGenerator
) -> None:
    page = await open_page(hass, hass_ws_client)
    await page.result("backups/delete", device_key=DEVICE, backup_id=changed, even_if_needed=True)
    assert (await page.ask("restore/start", device_key=DEVICE, backup_id=changed))["error"][
        "code"
    ] == "backup_not_found"
    assert (await page.follow("restore/subscribe", device_key=DEVICE))["running"] is False


async def test_a_device_that_is_removed_meanwhile_hurts_nobody(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    set_up: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    page = await open_page(hass, hass_ws_client)
    await page.follow("restore/subscribe", device_key=DEVICE)
    asked = hass.async_create_task(manager.back_up(KEY))
    await hass.config_entries.async_remove(set_up.entry_id)
    await asked
    await settle(hass)
    assert "Traceback" not in caplog.text
    assert (await page.ask("restore/plan", device_key=DEVICE, backup_id="1"))["error"]["code"] == "backup_not_found"
    assert not (await page.follow("restore/subscribe", device_key=DEVICE))["running"]


async def test_a_restore_is_followed_while_its_entry_is_set_up_anew_and_after_it_is_gone(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    wled: SimulatedWled,
    set_up: MockConfigEntry,
    changed: str,
    hass_ws_client: WebSocketGenerator,
) -> None:
    page, watching = await open_page(hass, hass_ws_client), await open_page(hass, hass_ws_client)
    await watching.follow("restore/subscribe", device_key=DEVICE)
    wled.faults.delay = 0.2
    await page.result("restore/start", device_key=DEVICE, backup_id=changed)
    assert (await watching.event())["running"]
    assert await hass.config_entries.async_reload(set_up.entry_id)
    later = await open_page(hass, hass_ws_client)
    assert (await later.follow("restore/subscribe", device_key=DEVICE))["running"]
    await hass.config_entries.async_remove(set_up.entry_id)
    wled.faults.delay = 0.0
    for one in (watching, later):
        _, state = await end_of(one)
        assert isinstance(state["end"], dict)
        assert state["end"]["error"] is None
    await settle(hass)


async def test_another_restore_of_the_same_device_is_refused(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    wled: SimulatedWled,
    changed: str,
    hass_ws_client: WebSocketGenerator,
) -> None:
    await manager.back_up(KEY)
    newest = (await manager.stored.list_backups(KEY))[0].id
    page, watching = await open_page(hass, hass_ws_client), await open_page(hass, hass_ws_client)
    await watching.follow("restore/subscribe", device_key=DEVICE)
    await page.result("restore/start", device_key=DEVICE, backup_id=changed)
    refused = await page.ask("restore/start", device_key=DEVICE, backup_id=newest)
    assert refused["error"]["code"] == "restore_rejected"
    await end_of(watching)
    await settle(hass)


async def test_a_replacement_gets_the_backup_of_the_other(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    wled: SimulatedWled,
    changed: str,
    hass_ws_client: WebSocketGenerator,
) -> None:
    async with SimulatedWled(name="New", mac="c0b1c2d3e4f5") as new:
        entry = make_wled_entry(new)
        entry.add_to_hass(hass)
        await hass.config_entries.async_setup(entry.entry_id)
        await settle(hass)
        key = str(DeviceKey("wled", new.device.mac))
        page, watching = await open_page(hass, hass_ws_client), await open_page(hass, hass_ws_client)
        await watching.follow("restore/subscribe", device_key=key)
        await page.result("restore/start", device_key=key, backup_id=changed, source_key=DEVICE)
        _, state = await end_of(watching)
        assert isinstance(state["end"], dict)
        assert state["end"]["error"] is None
        await settle(hass)


async def test_a_kind_that_a_person_restores_has_steps(
    hass: HomeAssistant, manager: DeviceBackupManager, fritz: SimulatedFritzBox, hass_ws_client: WebSocketGenerator
) -> None:
    await add(hass, router_entry(fritz))
    await manager.back_up(ROUTER, person=ANYONE)
    backup = await manager.stored.recommended(ROUTER)
    guide = await (await open_page(hass, hass_ws_client)).result(
        "restore/guide", device_key=str(ROUTER), backup_id=backup.id, language="de"
    )
    spec = manager.registry.get("fritzbox").spec
    assert guide == {"steps": [in_language(step, "de") for step in spec.restore_guide]}
