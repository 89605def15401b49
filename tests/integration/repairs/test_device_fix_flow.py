"""The repairs about one device, and the ways on that they offer."""

from collections.abc import Mapping
from pathlib import Path
from unittest.mock import patch

import pytest
from homeassistant.components.repairs import RepairsFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.entries import entry_path
from custom_components.ha_device_backups.manager import async_get_manager
from ha_device_backup_core.contract import Artifact
from ha_device_backup_core.errors import DeviceBackupError, StoreLockedError
from ha_device_backup_core.manager import DeviceBackupManager, Health, StoredBackups
from ha_device_backup_core.manager.decisions import Decision
from ha_device_backup_core.records import Backup, DeviceKey, Trigger
from ha_device_backup_fritzbox import FritzBoxHandler
from tests.simulators.fritzbox import SimulatedFritzBox
from tests.simulators.fritzbox.phone import Phonebook
from tests.simulators.wled.server import SimulatedWled

from ..conftest import MAC
from ..household import days_later, settle
from ..router import ROUTER, add, answer, open_repair, router_entry

KEY = DeviceKey("wled", MAC)
RESET = f"{Decision.LOOKS_RESET}_{KEY}"
UNFINISHED = f"{Decision.RESTORE_UNFINISHED}_{KEY}"
LACKING = f"{Decision.NOT_WHOLE}_{KEY}"


def issue_placeholders(hass: HomeAssistant, issue_id: str) -> Mapping[str, str] | None:
    """Return what a repair fills in, None where there is none."""
    issue = ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    return None if issue is None else dict(issue.translation_placeholders or {})


def filled_in(result: RepairsFlowResult) -> Mapping[str, str]:
    return result["description_placeholders"] or {}


def choose(step: str) -> dict[str, str]:
    return {"next_step_id": step}


async def walk(hass: HomeAssistant, issue_id: str, *steps: dict[str, str]) -> RepairsFlowResult:
    """Open a repair and answer its forms, past what only shows progress."""
    result = await open_repair(hass, issue_id)
    for step in steps:
        result = await answer(hass, result, step, issue_id)
        while result["type"] is FlowResultType.SHOW_PROGRESS:
            await settle(hass)
            result = await answer(hass, result, None, issue_id)
    return result


async def reset(hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled) -> Backup:
    """Reset the controller and back it up; return the backup before."""
    before = manager.status(KEY).recommended
    assert before is not None
    wled.device.wipe()
    await manager.back_up(KEY)
    await settle(hass)
    return before


async def test_a_reset_controller_is_led_back(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    presets = wled.device.user_files["presets.json"]
    good = await reset(hass, manager, wled)
    assert wled.device.user_files.get("presets.json") != presets
    issue = issue_placeholders(hass, RESET)
    assert issue is not None
    assert issue["name"] == "Shelf"
    assert manager.status(KEY).health is Health.SUSPECT

    plan = await walk(hass, RESET, choose("restore"))
    assert plan["step_id"] == "plan"
    assert "presets.json" in filled_in(plan)["plan"]
    assert wled.device.user_files.get("presets.json") != presets, "nothing is done before it was confirmed"
    done = await walk(hass, RESET, choose("restore"), {})
    assert done["step_id"] == "restored"
    assert filled_in(done)["report"]
    assert (await answer(hass, done, {}, RESET))["type"] is FlowResultType.CREATE_ENTRY
    assert wled.device.user_files["presets.json"] == presets
    await settle(hass)
    assert issue_placeholders(hass, RESET) is None
    newest = manager.status(KEY).newest
    assert newest is not None
    assert (newest.trigger, newest.suspect) == (Trigger.AFTER_RESTORE, False)
    assert good.id in {backup.id for backup in await manager.stored.list_backups(KEY)}


async def test_a_person_says_that_it_is_right(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    await reset(hass, manager, wled)
    result = await walk(hass, RESET, choose("accept"))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await settle(hass)
    status = manager.status(KEY)
    assert (issue_placeholders(hass, RESET), status.health, status.recommended) == (None, Health.OK, status.newest)


async def test_without_anything_better_only_a_person_can_say(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    good = await reset(hass, manager, wled)
    await manager.stored.delete_backup(KEY, good.id, even_if_needed=True)
    await settle(hass)
    start = await open_repair(hass, RESET)
    assert start["menu_options"] == ["accept"]


async def test_a_restore_that_does_not_succeed_can_be_tried_again_and_undone(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    await reset(hass, manager, wled)
    wled.faults.path, wled.faults.garble_upload = "/presets.json", 100
    failed = await walk(hass, RESET, choose("restore"), {})
    assert (failed["step_id"], failed["menu_options"]) == ("failed_restore", ["plan", "start"])
    await settle(hass)
    assert issue_placeholders(hass, RESET) is None, "the more urgent one is told"
    assert issue_placeholders(hass, UNFINISHED) is not None

    wled.faults.garble_upload = 0
    undone = await walk(hass, UNFINISHED, choose("undo"), {})
    assert undone["step_id"] == "restored"
    await settle(hass)
    assert issue_placeholders(hass, UNFINISHED) is None


async def unfinished(hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled) -> None:
    wled.faults.path, wled.faults.garble_upload = "/presets.json", 100
    wled.device.wipe()
    with pytest.raises(DeviceBackupError):
        await manager.restore(KEY)
    wled.faults.garble_upload = 0
    await settle(hass)


async def test_an_unfinished_restore_is_continued(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    presets = wled.device.user_files["presets.json"]
    await unfinished(hass, manager, wled)
    done = await walk(hass, UNFINISHED, choose("proceed"), {})
    assert done["step_id"] == "restored"
    assert wled.device.user_files["presets.json"] == presets


async def test_an_unfinished_restore_is_left_as_it_is(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    await unfinished(hass, manager, wled)
    assert (await walk(hass, UNFINISHED, choose("dismiss")))["type"] is FlowResultType.CREATE_ENTRY
    assert manager.status(KEY).unfinished_restore is None


async def test_it_is_told_after_a_restart(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, set_up: MockConfigEntry
) -> None:
    await unfinished(hass, manager, wled)
    assert await hass.config_entries.async_unload(set_up.entry_id)
    await settle(hass)
    assert issue_placeholders(hass, UNFINISHED) is None
    assert await hass.config_entries.async_setup(set_up.entry_id)
    await settle(hass)
    assert issue_placeholders(hass, UNFINISHED) is not None


@pytest.mark.parametrize("way", ["proceed", "undo"])
async def test_what_was_settled_meanwhile_needs_nothing_more(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, way: str
) -> None:
    await unfinished(hass, manager, wled)
    start = await open_repair(hass, UNFINISHED)
    await manager.dismiss_restore(KEY)
    assert (await answer(hass, start, choose(way), UNFINISHED))["type"] is FlowResultType.CREATE_ENTRY


async def test_a_device_that_is_not_set_up_yet_has_nothing_to_decide(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    await reset(hass, manager, wled)
    with patch.object(DeviceBackupManager, "statuses", return_value=[]):
        assert (await open_repair(hass, RESET))["reason"] == "gone"
    assert (await open_repair(hass, RESET))["step_id"] == "start"


async def test_a_device_that_is_gone_needs_no_word(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, set_up: MockConfigEntry
) -> None:
    await reset(hass, manager, wled)
    start = await open_repair(hass, RESET)
    assert await hass.config_entries.async_unload(set_up.entry_id)
    assert (await answer(hass, start, choose("accept"), RESET))["type"] is FlowResultType.CREATE_ENTRY


async def test_a_device_that_is_gone_is_not_restored(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, set_up: MockConfigEntry
) -> None:
    await reset(hass, manager, wled)
    plan = await walk(hass, RESET, choose("restore"))
    assert await hass.config_entries.async_unload(set_up.entry_id)
    assert (await answer(hass, plan, {}, RESET))["reason"] == "gone"


@pytest.mark.parametrize("way", ["start", "plan"])
async def test_a_device_that_is_gone_ends_the_form(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, set_up: MockConfigEntry, way: str
) -> None:
    await reset(hass, manager, wled)
    wled.faults.path, wled.faults.garble_upload = "/presets.json", 100
    failed = await walk(hass, RESET, choose("restore"), {})
    assert await hass.config_entries.async_unload(set_up.entry_id)
    gone = await answer(hass, failed, choose(way), RESET)
    assert (gone["type"], gone["reason"]) == (FlowResultType.ABORT, "gone")


async def test_what_goes_wrong_is_told(hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled) -> None:
    await reset(hass, manager, wled)
    await wled.stop()
    assert (await walk(hass, RESET, choose("restore")))["reason"] == "failed"
    error = StoreLockedError()
    with patch.object(StoredBackups, "accept", side_effect=error):
        assert (await walk(hass, RESET, choose("accept")))["reason"] == "failed"
    with patch("custom_components.ha_device_backups.repairs.device_fix_flow.async_get_manager", side_effect=error):
        assert (await open_repair(hass, RESET))["reason"] == "failed"
    await wled.start()
    assert (await walk(hass, RESET, choose("restore")))["step_id"] == "plan"
    await unfinished(hass, manager, wled)
    with patch.object(DeviceBackupManager, "dismiss_restore", side_effect=error):
        assert (await walk(hass, UNFINISHED, choose("dismiss")))["reason"] == "failed"


async def test_backups_that_are_never_complete_are_told_and_accepted(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    wled.device.set_pin("1234")
    with days_later(20):
        await manager.back_up(KEY)
        await settle(hass)
        assert manager.status(KEY).health is Health.NOT_WHOLE
        issue = issue_placeholders(hass, LACKING)
        assert issue is not None
        assert issue["flaws"].startswith("- ")
        assert issue["entry"] == entry_path(hass, KEY)
        assert entry_path(hass, KEY).startswith("/config/integrations/integration/ha_device_backups#config_entry=")
        again = await walk(hass, LACKING, choose("back_up"))
        assert again["step_id"] == "start"
        await wled.stop()
        assert (await walk(hass, LACKING, choose("back_up")))["reason"] == "failed"
        await wled.start()
        await walk(hass, LACKING, choose("accept"))
        await settle(hass)
        assert issue_placeholders(hass, LACKING) is None
        await manager.back_up(KEY)
        assert manager.status(KEY).health is Health.OK


async def test_they_are_mended_at_the_device(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    wled.device.set_pin("1234")
    with days_later(20):
        await manager.back_up(KEY)
        await settle(hass)
        wled.device.set_pin("")
        assert (await walk(hass, LACKING, choose("back_up")))["type"] is FlowResultType.CREATE_ENTRY


async def test_a_device_that_only_a_person_restores_comes_with_its_steps(
    hass: HomeAssistant, fritz: SimulatedFritzBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    fritz.box.confirmation.enabled = False
    await add(hass, router_entry(fritz))
    manager = await async_get_manager(hass)
    assert manager.status(ROUTER).recommended is not None
    fritz.box.phonebooks = {0: Phonebook(name="New", contacts=[])}
    monkeypatch.setattr(FritzBoxHandler, "configured", classmethod(_is_not_new))
    await manager.back_up(ROUTER)
    await settle(hass)
    issue_id = f"{Decision.LOOKS_RESET}_{ROUTER}"
    guide = await walk(hass, issue_id, choose("restore"))
    assert guide["step_id"] == "guide"
    assert Path(filled_in(guide)["path"].replace("\\", "")).is_file()
    assert (await answer(hass, guide, {}, issue_id))["type"] is FlowResultType.CREATE_ENTRY


def _is_not_new(_: type[FritzBoxHandler], artifact: Artifact) -> bool:
    return not any(b'name="New"' in content for content in artifact.files().values())
