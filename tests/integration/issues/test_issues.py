"""Repairs."""

from pathlib import Path
from unittest.mock import patch

import pytest
from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.components.repairs import repairs_flow_manager
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ha_device_backups import backup, translation
from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.entries import service_entry
from custom_components.ha_device_backups.issues import issues
from custom_components.ha_device_backups.page_paths import device_path
from ha_device_backup_core.errors import StoreError, StoreFullError
from ha_device_backup_core.manager import DeviceBackupManager
from tests.simulators.wled.server import SimulatedWled

from ..flow_steps import until
from ..household import KEY, change, days_later, later, press, settle, store

PAGE = "[Open the page of backups](/device-backups)"


def issue(hass: HomeAssistant, issue_id: str) -> ir.IssueEntry | None:
    return ir.async_get(hass).async_get_issue(DOMAIN, issue_id)


async def repair(hass: HomeAssistant, issue_id: str) -> tuple[str, str | None, dict[str, str]]:
    """Work a repair off as a person does; return how that ended."""
    assert await async_setup_component(hass, REPAIRS, {})
    flows = repairs_flow_manager(hass)
    assert flows is not None
    form = await flows.async_init(DOMAIN, data={"issue_id": issue_id})
    assert form["type"] is FlowResultType.FORM
    assert form["step_id"] == "confirm"
    known = issue(hass, issue_id)
    assert known is not None
    assert form["description_placeholders"] == known.translation_placeholders
    result = await flows.async_configure(form["flow_id"], {})
    await settle(hass)
    return result["type"], result.get("reason"), dict(result.get("description_placeholders") or {})


async def test_a_missing_handler_is_told_and_taken_back(hass: HomeAssistant) -> None:
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Old *thing*",
        unique_id="acme:1",
        data={"kind": "acme", "unique_id": "1", "config": {"host": "127.0.0.1"}},
    )
    entry.add_to_hass(hass)
    assert await async_setup_component(hass, DOMAIN, {})
    await settle(hass)
    told = issue(hass, f"handler_missing_{entry.entry_id}")
    assert told is not None
    assert told.severity is ir.IssueSeverity.ERROR
    assert told.translation_placeholders is not None
    assert told.translation_placeholders["name"] == r"Old \*thing\*"
    assert told.translation_placeholders["page"] == "[Open the packages](/device-backups/packages)"
    assert told.learn_more_url is not None
    await hass.config_entries.async_remove(entry.entry_id)
    assert issue(hass, f"handler_missing_{entry.entry_id}") is None


async def test_overdue_devices_are_one_repair_that_backs_them_up(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    await wled.stop()
    await manager.back_up(KEY)
    await settle(hass)
    assert issue(hass, "devices_overdue") is None
    with days_later(4):
        await later(hass)
        told = issue(hass, "devices_overdue")
        assert told is not None
        assert told.translation_placeholders == {"devices": "- Shelf", "page": PAGE}

        kind, reason, placeholders = await repair(hass, "devices_overdue")
        assert (kind, reason) == (FlowResultType.ABORT, "still_overdue")
        assert placeholders["devices"].startswith("- Shelf")
        assert issue(hass, "devices_overdue") is not None

        await wled.start()
        assert (await repair(hass, "devices_overdue"))[0] is FlowResultType.CREATE_ENTRY
        assert issue(hass, "devices_overdue") is None


async def test_a_removed_device_is_no_longer_overdue(
    hass: HomeAssistant, set_up: MockConfigEntry, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    await wled.stop()
    await manager.back_up(KEY)
    with days_later(4):
        await later(hass)
        assert issue(hass, "devices_overdue") is not None
        await hass.config_entries.async_remove(set_up.entry_id)
        await settle(hass)
        assert issue(hass, "devices_overdue") is None


async def test_damage_is_repaired_by_looking_again(hass: HomeAssistant, manager: DeviceBackupManager) -> None:
    newest = manager.status(KEY).newest
    assert newest is not None
    path = store(hass) / newest.path
    good = path.read_bytes()
    path.write_bytes(b"nonsense")
    await hass.services.async_call(DOMAIN, "verify", {}, blocking=True, return_response=True)
    told = issue(hass, "store_damaged")
    assert told is not None
    assert told.is_persistent
    assert told.translation_placeholders is not None
    assert told.translation_placeholders["count"] == "1"
    assert told.translation_placeholders["page"] == (
        f"{PAGE} · [Look into Home Assistant backups](/device-backups/snapshots)"
    )
    kind, reason, placeholders = await repair(hass, "store_damaged")
    assert (kind, reason, placeholders["count"]) == (FlowResultType.ABORT, "still_damaged", "1")

    with patch.object(manager.stored, "verify", side_effect=StoreError("gone")):
        kind, reason, placeholders = await repair(hass, "store_damaged")
    assert (kind, reason) == (FlowResultType.ABORT, "failed")
    assert "gone" in placeholders["error"]

    path.write_bytes(good)
    assert (await repair(hass, "store_damaged"))[0] is FlowResultType.CREATE_ENTRY
    assert issue(hass, "store_damaged") is None


async def test_a_full_disk_is_told_until_something_is_stored_again(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    change(wled)
    with patch("ha_device_backup_core.store.BackupStore.commit", side_effect=StoreFullError):
        assert (await manager.back_up(KEY)).error is not None
        await settle(hass)
        told = issue(hass, "store_full")
        assert told is not None
        assert told.translation_placeholders == {"name": "Shelf", "page": PAGE}
    await press(hass, "button.shelf_back_up_now")
    assert issue(hass, "store_full") is None
    assert manager.status(KEY).count == 2


async def test_a_large_store_is_told_until_it_is_smaller(hass: HomeAssistant, manager: DeviceBackupManager) -> None:
    with patch.object(issues, "LARGE_BYTES", 1000):
        await later(hass, issues.SIZE_CHECK_INTERVAL * 1.1)
        told = issue(hass, "store_large")
        assert told is not None
        assert told.translation_placeholders == {
            "size": "0",
            "devices": f"- [Shelf]({device_path(KEY)}): 0 MB",
        }
    await later(hass, issues.SIZE_CHECK_INTERVAL * 2.2)
    assert issue(hass, "store_large") is None


async def test_a_size_that_is_not_known_changes_nothing(hass: HomeAssistant, manager: DeviceBackupManager) -> None:
    with patch.object(manager.stored, "total_size", side_effect=StoreError("closed")):
        await later(hass, issues.SIZE_CHECK_INTERVAL * 1.1)
    assert issue(hass, "store_large") is None


async def test_repairs_wait_while_home_assistant_archives(hass: HomeAssistant, manager: DeviceBackupManager) -> None:
    await backup.async_pre_backup(hass)
    with patch.object(issues, "LARGE_BYTES", 1000):
        await later(hass, issues.SIZE_CHECK_INTERVAL * 1.1)
        assert issue(hass, "store_large") is None
        await backup.async_post_backup(hass)
        assert issue(hass, "store_large") is not None


@pytest.mark.parametrize(("lines", "shown"), [(3, 3), (40, translation.LISTED + 1)])
def test_long_lists_are_cut(lines: int, shown: int) -> None:
    assert len(translation.bullets(str(line) for line in range(lines)).splitlines()) == shown


def test_the_page_behind_learn_more_exists() -> None:
    assert (Path(__file__).parents[3] / "docs" / "troubleshooting.md").is_file()


async def test_a_second_copy_that_is_not_complete_is_told_until_it_is(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, tmp_path: Path
) -> None:
    folder = tmp_path / "mount"
    folder.mkdir()
    service = service_entry(hass)
    assert service is not None
    hass.config_entries.async_update_entry(service, options={"second_copy": str(folder)})
    await settle(hass)
    folder.rmdir()
    change(wled)
    await press(hass, "button.shelf_back_up_now")
    await until(lambda: issue(hass, "second_copy_incomplete") is not None)
    told = issue(hass, "second_copy_incomplete")
    assert told is not None
    assert told.translation_placeholders is not None
    words = f"The folder for the second copy, {folder}, is not there."
    assert told.translation_placeholders == {"error": translation.escape_markdown(words)}

    folder.mkdir()
    await press(hass, "button.shelf_back_up_now")
    await until(lambda: issue(hass, "second_copy_incomplete") is None)
    assert list(folder.rglob("backup_*.zip"))
