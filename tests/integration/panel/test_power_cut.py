"""After a power cut, on the page: who is asked, what differs, and what is put back."""

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from ha_device_backup_core.manager import DeviceBackupManager
from tests.simulators.wled.server import SimulatedWled

from ..household import KEY, change, settle
from .client import open_page

DEVICE = str(KEY)


async def test_a_device_that_was_reset_is_proposed_and_put_back(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, hass_ws_client: WebSocketGenerator
) -> None:
    (backup,) = await manager.stored.list_backups(KEY)
    before = dict(wled.device.user_files)
    wled.device.wipe()
    watching, page = await open_page(hass, hass_ws_client), await open_page(hass, hass_ws_client)
    assert await watching.follow("power_cut/subscribe") == {"asking": False, "restoring": False, "rows": []}
    await page.result("power_cut/ask")
    rows = (await watching.until(lambda event: event.get("rows")))["rows"]
    assert [(row["key"], row["finding"]) for row in rows] == [(DEVICE, None)]
    asked = await watching.until(lambda event: not event["asking"])
    (row,) = asked["rows"]
    assert row == {
        "key": DEVICE,
        "title": "Shelf",
        "step": "was_asked",
        "share": None,
        "text": None,
        "error": None,
        "finding": "differs",
        "backup_id": backup.id,
        "taken_at": backup.taken_at.isoformat(),
        "files": row["files"],
        "more": 0,
        "suspicion": "The device holds its factory settings.",
        "cautions": [],
        "can_restore": True,
        "preselected": True,
        "reason": None,
    }
    assert "cfg.json" in row["files"]
    again = await open_page(hass, hass_ws_client)
    assert (await again.follow("power_cut/subscribe"))["rows"] == [row]

    await page.result("power_cut/restore", device_keys=[DEVICE])
    running = await watching.until(lambda event: event.get("changed") and event["changed"][0]["text"])
    assert running["changed"][0]["step"] == "is_restored"
    ended = await watching.until(lambda event: not event["restoring"])
    assert [(row["step"], row["error"]) for row in ended["rows"]] == [("restored", None)]
    assert wled.device.user_files == before
    await settle(hass)


async def test_a_change_is_not_proposed_and_who_is_away_is_named(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, hass_ws_client: WebSocketGenerator
) -> None:
    watching, page = await open_page(hass, hass_ws_client), await open_page(hass, hass_ws_client)
    await watching.follow("power_cut/subscribe")
    change(wled)

    async def asked() -> tuple[str, bool | None, list[str] | None]:
        await page.result("power_cut/ask")
        await watching.until(lambda event: event["asking"])
        (row,) = (await watching.until(lambda event: not event["asking"]))["rows"]
        return row["finding"], row["preselected"], row["cautions"]

    assert await asked() == ("differs", False, ["may_be_meant"])
    await wled.stop()
    assert await asked() == ("away", False, [])
    await page.result("power_cut/restore", device_keys=[DEVICE])
    await page.result("power_cut/stop")
    await wled.start()
    assert (await asked())[0] == "differs"


async def test_a_failure_is_told_in_words(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    set_up: MockConfigEntry,
    wled: SimulatedWled,
    hass_ws_client: WebSocketGenerator,
) -> None:
    wled.device.wipe()
    watching, page = await open_page(hass, hass_ws_client), await open_page(hass, hass_ws_client)
    await watching.follow("power_cut/subscribe", language="de")
    await page.result("power_cut/ask")
    await watching.until(lambda event: event["asking"])
    await watching.until(lambda event: not event["asking"])
    await wled.stop()
    await page.result("power_cut/restore", device_keys=[DEVICE])
    await watching.until(lambda event: event["restoring"])
    (row,) = (await watching.until(lambda event: not event["restoring"]))["rows"]
    assert row["step"] == "restore_failed"
    assert "erreich" in row["error"]
    await wled.start()
    await page.result("power_cut/restore", device_keys=[DEVICE])
    await watching.until(lambda event: event["restoring"])
    (row,) = (await watching.until(lambda event: not event["restoring"]))["rows"]
    assert (row["step"], row["error"]) == ("restored", None)
    await settle(hass)
