"""The history of a device on the page, and what a person says about its backups."""

import json

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator, WebSocketGenerator

from ha_device_backup_core.manager import DeviceBackupManager
from ha_device_backup_core.store.names import META_SUFFIX
from tests.simulators.wled.server import SimulatedWled

from ..household import KEY, change, settle, store
from .client import open_page

DEVICE = str(KEY)


async def test_the_history_is_listed_newest_first(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, hass_ws_client: WebSocketGenerator
) -> None:
    change(wled)
    await manager.back_up(KEY)
    stored = await manager.stored.list_backups(KEY)
    page = await open_page(hass, hass_ws_client)
    backups = (await page.result("backups/list", device_key=DEVICE))["backups"]
    assert [(one["backup_id"], one["offered"], one["recommended"], one["whole"]) for one in backups] == [
        (stored[0].id, True, True, True),
        (stored[1].id, False, False, True),
    ]
    assert (backups[0]["trigger"], backups[0]["suspect"], backups[0]["in_snapshots"]) == ("manual", None, [])


async def test_what_changed_is_named_setting_by_setting(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, hass_ws_client: WebSocketGenerator
) -> None:
    change(wled, 9, "Party")
    await manager.back_up(KEY)
    newer, older = (backup.id for backup in await manager.stored.list_backups(KEY))
    page = await open_page(hass, hass_ws_client)
    found = await page.result("backups/compare", device_key=DEVICE, older=older, newer=newer)
    (presets,) = (file for file in found["files"] if file["counts"])
    assert (presets["path"], presets["change"]) == ("presets.json", "changed")
    assert ["9", "n"] in [setting["path"] for setting in presets["settings"]]

    equal = await page.result("backups/compare", device_key=DEVICE, older=newer)
    assert not equal["counts"]
    change(wled, 9, "Quiet")
    now = await page.result("backups/compare", device_key=DEVICE, older=newer)
    (setting,) = (one for file in now["files"] for one in file["settings"] if one["path"] == ["9", "n"])
    assert (setting["before"], setting["after"]) == ("Party", "Quiet")
    assert manager.status(KEY).count == 2
    await wled.stop()
    refused = await page.ask("backups/compare", device_key=DEVICE, older=newer)
    assert refused["error"]["code"] == "cannot_connect"


async def test_the_same_value_is_shown_as_it_was_written(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, hass_ws_client: WebSocketGenerator
) -> None:
    for preset in ({"n": "Old", "a": 1.0, "b": "1", "c": None}, {"n": "New", "a": 1, "b": 1, "c": True}):
        wled.device.save_preset(9, preset)
        await manager.back_up(KEY)
    newer, older = (backup.id for backup in (await manager.stored.list_backups(KEY))[:2])
    page = await open_page(hass, hass_ws_client)
    found = await page.result("backups/compare", device_key=DEVICE, older=older, newer=newer)
    (presets,) = (file for file in found["files"] if file["path"] == "presets.json")
    assert {setting["path"][-1]: (setting["before"], setting["after"]) for setting in presets["settings"]} == {
        "n": ("Old", "New"),
        "a": ("1.0", "1"),
        "b": ('"1"', "1"),
        "c": (None, "true"),
    }


async def test_what_a_newer_version_made_is_told_apart_and_can_only_be_deleted(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, hass_ws_client: WebSocketGenerator
) -> None:
    change(wled)
    await manager.back_up(KEY)
    old = (await manager.stored.list_backups(KEY))[1]
    meta = store(hass) / (old.path + META_SUFFIX)
    meta.write_text(json.dumps({**json.loads(meta.read_text()), "schema": 99}))
    page = await open_page(hass, hass_ws_client)
    backups = (await page.result("backups/list", device_key=DEVICE))["backups"]
    assert [one["of_newer"] for one in backups] == [False, True]
    named = {"device_key": DEVICE, "backup_id": old.id}
    for command, more in (("protect", {"protected": True}), ("accept", {})):
        refused = await page.ask(f"backups/{command}", **named, **more)
        assert "was written by a newer version" in refused["error"]["message"]
    await page.result("backups/delete", **named)
    assert manager.status(KEY).count == 1


async def test_a_protected_backup_is_not_deleted(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, hass_ws_client: WebSocketGenerator
) -> None:
    change(wled)
    await manager.back_up(KEY)
    old = (await manager.stored.list_backups(KEY))[1].id
    page = await open_page(hass, hass_ws_client)
    named = {"device_key": DEVICE, "backup_id": old}
    await page.result("backups/protect", **named, protected=True)
    assert (await page.ask("backups/delete", **named))["error"]["code"] == "backup_protected"
    await page.result("backups/protect", **named, protected=False)
    await page.result("backups/delete", **named)
    assert [backup.id for backup in await manager.stored.list_backups(KEY)] != [old]
    assert manager.status(KEY).count == 1


async def test_the_only_backup_is_deleted_only_if_that_is_meant(
    hass: HomeAssistant, manager: DeviceBackupManager, hass_ws_client: WebSocketGenerator
) -> None:
    (only,) = await manager.stored.list_backups(KEY)
    page = await open_page(hass, hass_ws_client)
    named = {"device_key": DEVICE, "backup_id": only.id}
    assert (await page.ask("backups/delete", **named))["error"]["code"] == "backup_needed"
    assert manager.status(KEY).count == 1
    await page.result("backups/delete", **named, even_if_needed=True)
    assert manager.status(KEY).count == 0


async def test_which_backup_a_restore_needs_is_told_before_it_is_deleted(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, hass_ws_client: WebSocketGenerator
) -> None:
    page = await open_page(hass, hass_ws_client)

    async def needed() -> list[str | None]:
        return [one["needed"] for one in (await page.result("backups/list", device_key=DEVICE))["backups"]]

    assert await needed() == ["It is the only backup of this device: without it, there is nothing to put back."]
    change(wled)
    await manager.back_up(KEY)
    assert await needed() == ["It is the recommended backup of this device: a restore begins with it.", None]


async def test_a_suspect_backup_is_accepted(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, hass_ws_client: WebSocketGenerator
) -> None:
    wled.device.wipe()
    await manager.back_up(KEY)
    newest, before = await manager.stored.list_backups(KEY)
    page = await open_page(hass, hass_ws_client)

    async def listed() -> list[tuple[str, bool, bool]]:
        backups = (await page.result("backups/list", device_key=DEVICE))["backups"]
        return [(one["backup_id"], one["suspect"] is not None, one["recommended"]) for one in backups]

    assert await listed() == [(newest.id, True, False), (before.id, False, True)]
    await page.result("backups/accept", device_key=DEVICE, backup_id=newest.id)
    assert await listed() == [(newest.id, False, True), (before.id, False, False)]


async def test_a_download_is_the_very_file(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    hass_ws_client: WebSocketGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    (backup,) = await manager.stored.list_backups(KEY)
    page = await open_page(hass, hass_ws_client)
    path = (await page.result("backups/download", device_key=DEVICE, backup_id=backup.id))["path"]
    response = await (await hass_client_no_auth()).get(path)
    assert await response.read() == (store(hass) / backup.path).read_bytes()


async def test_backing_up_says_how_it_ended(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, hass_ws_client: WebSocketGenerator
) -> None:
    page = await open_page(hass, hass_ws_client)
    unchanged = await page.result("back_up", device_key=DEVICE)
    change(wled)
    stored = await page.result("back_up", device_key=DEVICE, language="de")
    assert [unchanged["message"], stored["message"]] == [
        "Shelf is unchanged since its last backup.",
        "Shelf ist gesichert.",
    ]
    await wled.stop()
    assert (await page.ask("back_up", device_key=DEVICE))["error"]["code"] == "cannot_connect"
    failed = await page.result("back_up_all")
    assert failed["message"].startswith("Backed up: 0. Shelf: ")
    await wled.start()
    assert (await page.result("back_up_all"))["message"] == "Backed up: 1."
    wled.device.wipe()
    before = manager.status(KEY).recommended
    assert before is not None
    alone = await page.result("back_up", device_key=DEVICE)
    date = dt_util.as_local(before.taken_at).strftime("%Y-%m-%d %H:%M")
    assert alone["message"] == (
        "Shelf was backed up, but this backup may be wrong."
        f" The backup of {date} is recommended: a restore begins with it."
        " The repair puts it back, or takes your word that all is right as it is."
    )
    reset = await page.result("back_up_all")
    assert reset["message"] == "Backed up: 1. These may be wrong, look at them: Shelf."
    await settle(hass)
