"""The devices that the page shows, and what it is told of changes."""

from pathlib import Path

import pytest
from homeassistant.components.backup.config import ScheduleRecurrence
from homeassistant.components.backup.manager import BackupManager as HomeAssistantBackups
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.ha_device_backups.const import OPTION_SECOND_COPY
from custom_components.ha_device_backups.entries import service_entry
from ha_device_backup_core.manager import DeviceBackupManager
from ha_device_backup_core.manager.stored_backups import StoredBackups
from ha_device_backup_core.records import DeviceKey, DeviceRecord
from tests.simulators.wled.server import SimulatedWled

from ..conftest import make_wled_entry
from ..household import KEY, change, settle
from .client import open_page


async def test_a_page_is_sent_all_devices_and_then_what_changes(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    set_up: MockConfigEntry,
    wled: SimulatedWled,
    hass_ws_client: WebSocketGenerator,
) -> None:
    page = await open_page(hass, hass_ws_client)
    (shelf,) = (await page.follow("devices/subscribe"))["devices"]
    first = manager.status(KEY)
    assert first.newest is not None
    assert first.confirmed is not None
    assert first.next_run is not None
    assert shelf == {
        "key": str(KEY),
        "title": "Shelf",
        "kind_name": "WLED",
        "entry_id": set_up.entry_id,
        "device_id": shelf["device_id"],
        "state": "ok",
        "is_problem": False,
        "reason": None,
        "newest": first.newest.id,
        "recommended": first.newest.id,
        "taken_at": first.newest.taken_at.isoformat(),
        "confirmed": first.confirmed.isoformat(),
        "version": first.newest.device.version,
        "next_run": first.next_run.isoformat(),
        "count": 1,
        "size": first.size,
        "busy": None,
        "prompt": None,
        "progress": None,
        "restore": "device",
        "in_snapshot": None,
        "unfinished_restore": None,
    }
    assert shelf["device_id"] is not None

    change(wled)
    await manager.back_up(KEY)
    await settle(hass)
    seen = [await page.event()]
    while seen[-1]["changed"][0]["count"] == 1 or seen[-1]["changed"][0]["busy"]:
        seen.append(await page.event())
    assert all(list(event) == ["changed"] and len(event["changed"]) == 1 for event in seen)
    assert {event["changed"][0]["busy"] for event in seen} >= {None}
    assert seen[-1]["changed"][0]["newest"] != first.newest.id


async def test_a_device_that_is_removed_while_a_page_opens_is_not_lost(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    set_up: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without_device = StoredBackups.without_device

    async def removed_meanwhile(stored: StoredBackups) -> list[DeviceRecord]:
        monkeypatch.undo()
        found = await without_device(stored)
        await hass.config_entries.async_remove(set_up.entry_id)
        await settle(hass)
        return found

    monkeypatch.setattr(StoredBackups, "without_device", removed_meanwhile)
    page = await open_page(hass, hass_ws_client)
    assert (await page.follow("devices/subscribe"))["devices"] == []
    (shelf,) = (await page.event())["changed"]
    assert (shelf["key"], shelf["state"], shelf["count"]) == (str(KEY), "removed", 1)


async def test_a_page_is_told_whether_home_assistant_makes_backups_of_itself(
    hass: HomeAssistant,
    home_assistant_backups: HomeAssistantBackups,
    set_up: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    tmp_path: Path,
) -> None:
    async def only_here() -> bool:
        page = await open_page(hass, hass_ws_client)
        return bool((await page.follow("devices/subscribe"))["only_here"])

    assert await only_here()
    home_assistant_backups.config.update(schedule={"recurrence": ScheduleRecurrence.DAILY})
    assert not await only_here()
    home_assistant_backups.config.update(schedule={"recurrence": ScheduleRecurrence.NEVER})
    assert await only_here()
    service = service_entry(hass)
    assert service is not None
    hass.config_entries.async_update_entry(service, options={OPTION_SECOND_COPY: str(tmp_path)})
    assert not await only_here()
    hass.config_entries.async_update_entry(service, options={})
    assert await only_here()


async def test_a_page_is_told_why_the_second_copy_is_not_complete(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    set_up: MockConfigEntry,
    wled: SimulatedWled,
    hass_ws_client: WebSocketGenerator,
    tmp_path: Path,
) -> None:
    folder, service = tmp_path / "mount", service_entry(hass)
    folder.mkdir()
    assert service is not None
    hass.config_entries.async_update_entry(service, options={OPTION_SECOND_COPY: str(folder)})
    await settle(hass)
    page = await open_page(hass, hass_ws_client)
    assert (await page.follow("devices/subscribe"))["second_copy_problem"] is None

    folder.rmdir()
    change(wled)
    await manager.back_up(KEY)
    problem = (await page.until(lambda event: "second_copy_problem" in event))["second_copy_problem"]
    assert problem == f"The folder for the second copy, {folder}, is not there."
    again = await open_page(hass, hass_ws_client)
    assert (await again.follow("devices/subscribe"))["second_copy_problem"] == problem
    folder.mkdir()
    await manager.back_up(KEY)
    assert await page.until(lambda event: "second_copy_problem" in event) == {"second_copy_problem": None}


async def test_a_removed_device_is_shown_while_it_has_backups(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    set_up: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
) -> None:
    page = await open_page(hass, hass_ws_client)
    await page.follow("devices/subscribe")
    await hass.config_entries.async_remove(set_up.entry_id)
    await settle(hass)
    removed = await page.event()
    while removed["changed"][0]["state"] == "ok":
        removed = await page.event()
    (shelf,) = removed["changed"]
    (backup,) = await manager.stored.list_backups(KEY)
    assert (shelf["state"], shelf["entry_id"], shelf["count"], shelf["recommended"]) == ("removed", None, 1, backup.id)
    assert shelf["restore"] is None

    again = await open_page(hass, hass_ws_client)
    assert (await again.follow("devices/subscribe"))["devices"] == [shelf]
    await again.result("backups/delete", device_key=str(KEY), backup_id=backup.id, even_if_needed=True)
    assert await again.event() == {"removed": [str(KEY)]}
    assert (await (await open_page(hass, hass_ws_client)).follow("devices/subscribe"))["devices"] == []


async def test_a_device_that_is_disabled_is_shown_as_not_set_up(
    hass: HomeAssistant, manager: DeviceBackupManager, set_up: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    await hass.config_entries.async_unload(set_up.entry_id)
    await settle(hass)
    page = await open_page(hass, hass_ws_client)
    (shelf,) = (await page.follow("devices/subscribe"))["devices"]
    assert (shelf["state"], shelf["count"], shelf["restore"]) == ("not_set_up", 1, None)

    await hass.config_entries.async_setup(set_up.entry_id)
    await settle(hass)
    (again,) = (await page.event())["changed"]
    assert (again["state"], again["restore"]) == ("ok", "device")


async def test_a_page_that_is_closed_is_told_nothing(
    hass: HomeAssistant, manager: DeviceBackupManager, hass_ws_client: WebSocketGenerator
) -> None:
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": "ha_device_backups/devices/subscribe"})
    messages = [await client.receive_json(), await client.receive_json()]
    number = messages[0]["id"]
    await client.send_json_auto_id({"type": "unsubscribe_events", "subscription": number})
    assert (await client.receive_json())["success"]
    await manager.back_up(KEY)
    await settle(hass)
    await client.send_json_auto_id({"type": "ping"})
    assert (await client.receive_json())["type"] == "pong"


async def test_a_device_that_comes_is_sent(
    hass: HomeAssistant, manager: DeviceBackupManager, locked_wled: SimulatedWled, hass_ws_client: WebSocketGenerator
) -> None:
    page = await open_page(hass, hass_ws_client)
    await page.follow("devices/subscribe")
    entry = make_wled_entry(locked_wled)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass)
    assert (await page.event())["changed"][0]["key"] == str(DeviceKey("wled", locked_wled.device.mac))


async def test_why_a_device_is_not_well_is_told_in_the_language_of_the_page(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    set_up: MockConfigEntry,
    wled: SimulatedWled,
    hass_ws_client: WebSocketGenerator,
) -> None:
    page = await open_page(hass, hass_ws_client)
    await page.follow("devices/subscribe", language="de")
    await wled.stop()
    await manager.back_up(KEY)
    await settle(hass)
    told = await page.until(lambda event: event["changed"][0]["reason"])
    assert told["changed"][0]["reason"].startswith("Das Gerät ist nicht erreichbar.")

    await wled.start()
    await manager.back_up(KEY)
    await settle(hass)
    assert (await page.until(lambda event: event["changed"][0]["state"] == "ok"))["changed"][0]["reason"] is None


async def test_any_name_is_shown_so_that_it_fits(
    hass: HomeAssistant, manager: DeviceBackupManager, set_up: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    for title, shown in (
        ("a\u202e" + "b" * 300, "a\ufffd" + "b" * 97 + "…"),
        (" \n", KEY.unique_id),
        ("Shelf", "Shelf"),
    ):
        hass.config_entries.async_update_entry(set_up, title=title)
        await settle(hass)
        (shelf,) = (await (await open_page(hass, hass_ws_client)).follow("devices/subscribe"))["devices"]
        assert shelf["title"] == manager.status(KEY).title == shown
