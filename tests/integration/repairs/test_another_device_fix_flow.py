"""Another device at the address: the three ways on."""

from collections.abc import AsyncIterator
from unittest.mock import patch

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ha_device_backups.const import CONF_DEVICE_CONFIG, DOMAIN
from custom_components.ha_device_backups.entries import device_key
from ha_device_backup_core.errors import StoreFullError, StoreLockedError
from ha_device_backup_core.manager import DeviceBackupManager, Health, JobResult
from ha_device_backup_core.manager.decisions import Decision
from ha_device_backup_core.plugins.registry import HandlerRegistry
from ha_device_backup_core.records import DeviceKey, Outcome, Trigger
from tests.simulators.wled.server import SimulatedWled

from ..conftest import MAC
from ..household import add, settle
from ..router import answer, open_repair
from .test_device_fix_flow import choose, filled_in, issue_placeholders, walk

KEY = DeviceKey("wled", MAC)
OTHER_MAC = "c0b1c2d3e4f5"
NEW = DeviceKey("wled", OTHER_MAC)
ISSUE = f"{Decision.ANOTHER_DEVICE}_{KEY}"


@pytest.fixture
async def stranger(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, set_up: MockConfigEntry
) -> AsyncIterator[SimulatedWled]:
    """Return another controller, which has the address now."""
    async with SimulatedWled(name="Other", mac=OTHER_MAC, few_files=True) as other:
        move(hass, set_up, other)
        await settle(hass)
        await manager.back_up(KEY)
        await settle(hass)
        yield other


def move(hass: HomeAssistant, entry: MockConfigEntry, to: SimulatedWled) -> None:
    config = {**entry.data[CONF_DEVICE_CONFIG], "host": to.host, "port": to.port}
    hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_DEVICE_CONFIG: config})


async def test_it_is_told_and_nothing_is_stored(
    hass: HomeAssistant, manager: DeviceBackupManager, stranger: SimulatedWled
) -> None:
    assert (issue_placeholders(hass, ISSUE) or {})["name"] == "Shelf"
    status = manager.status(KEY)
    assert (status.health, status.count) == (Health.FAILING, 1)
    start = await open_repair(hass, ISSUE)
    assert start["menu_options"] == ["moved", "replaced", "another"]


async def test_it_moved(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    stranger: SimulatedWled,
    wled: SimulatedWled,
    set_up: MockConfigEntry,
) -> None:
    form = await walk(hass, ISSUE, choose("moved"))
    still = await answer(hass, form, {"host": stranger.host, "port": stranger.port}, ISSUE)
    assert (still["step_id"], still["menu_options"]) == ("still_another", ["moved", "replaced"])
    assert filled_in(still)["found"].startswith("Other")
    await stranger.stop()
    again = await answer(hass, still, choose("moved"), ISSUE)
    off = await answer(hass, again, {"host": stranger.host, "port": stranger.port}, ISSUE)
    assert off["errors"] == {"base": "failed"}
    assert filled_in(off)["error"]
    done = await answer(hass, off, {"host": wled.host, "port": wled.port}, ISSUE)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    await settle(hass)
    assert set_up.data[CONF_DEVICE_CONFIG]["port"] == wled.port
    assert (issue_placeholders(hass, ISSUE), manager.status(KEY).health) == (None, Health.OK)


async def test_the_hardware_was_replaced(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    stranger: SimulatedWled,
    wled: SimulatedWled,
    set_up: MockConfigEntry,
) -> None:
    presets = wled.device.user_files["presets.json"]
    stranger.device.wipe()
    assert stranger.device.user_files.get("presets.json") != presets
    old = manager.status(KEY).recommended
    assert old is not None
    confirm = await walk(hass, ISSUE, choose("replaced"))
    assert "WLED" in filled_in(confirm)["found"]
    plan = await answer(hass, confirm, {}, ISSUE)
    assert plan["step_id"] == "plan"
    assert stranger.device.user_files.get("presets.json") != presets, "nothing is written before it was confirmed"
    await settle(hass)
    assert device_key(set_up) == NEW
    recommended = manager.status(NEW).recommended
    assert recommended is not None
    assert recommended.taken_at == old.taken_at, "what the new one holds now is nobody's choice"
    result = await answer(hass, plan, {}, ISSUE)
    while result["type"] is FlowResultType.SHOW_PROGRESS:
        await settle(hass)
        result = await answer(hass, result, None, ISSUE)
    assert result["step_id"] == "restored"
    assert stranger.device.user_files["presets.json"] == presets
    await settle(hass)
    assert (issue_placeholders(hass, ISSUE), issue_placeholders(hass, f"{Decision.LOOKS_RESET}_{NEW}")) == (None, None)
    assert (await manager.back_up(NEW)).outcome is Outcome.UNCHANGED


async def test_a_replacement_that_has_backups_of_its_own_is_not_mixed_up(
    hass: HomeAssistant, manager: DeviceBackupManager, stranger: SimulatedWled, set_up: MockConfigEntry
) -> None:
    confirm = await walk(hass, ISSUE, choose("replaced"))
    own = await add(hass, stranger)
    refused = await answer(hass, confirm, {}, ISSUE)
    assert (refused["reason"], "“Other”" in filled_in(refused)["error"]) == ("failed", True)
    await hass.config_entries.async_remove(own.entry_id)
    early = await walk(hass, ISSUE, choose("replaced"))
    assert (early["reason"], "already" in filled_in(early)["error"]) == ("failed", True)
    assert device_key(set_up) == KEY
    assert (manager.status(KEY).count, len(await manager.stored.list_backups(NEW))) == (1, 1)


async def test_the_replacement_is_at_the_new_address(
    hass: HomeAssistant, manager: DeviceBackupManager, stranger: SimulatedWled, set_up: MockConfigEntry
) -> None:
    async with SimulatedWled(name="Third", mac="d0b1c2d3e4f5", few_files=True) as third:
        form = await walk(hass, ISSUE, choose("moved"))
        still = await answer(hass, form, {"host": third.host, "port": third.port}, ISSUE)
        confirm = await answer(hass, still, choose("replaced"), ISSUE)
        plan = await answer(hass, confirm, {}, ISSUE)
        assert plan["step_id"] == "plan"
        assert (set_up.unique_id, set_up.data[CONF_DEVICE_CONFIG]["port"]) == ("wled:d0b1c2d3e4f5", third.port)


async def test_it_is_back_meanwhile(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    stranger: SimulatedWled,
    wled: SimulatedWled,
    set_up: MockConfigEntry,
) -> None:
    start = await open_repair(hass, ISSUE)
    move(hass, set_up, wled)
    await settle(hass)
    assert (await answer(hass, start, choose("replaced"), ISSUE))["type"] is FlowResultType.CREATE_ENTRY


async def test_it_is_a_different_one(
    hass: HomeAssistant, manager: DeviceBackupManager, stranger: SimulatedWled, set_up: MockConfigEntry
) -> None:
    result = await walk(hass, ISSUE, choose("another"))
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "another")
    assert filled_in(result)["found"].startswith("Other")
    (card,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert card["context"]["unique_id"] == f"wled:{OTHER_MAC}"
    assert result["next_flow"] == ("config_flow", card["flow_id"])
    again = await walk(hass, ISSUE, choose("another"))
    assert again["next_flow"] == result["next_flow"]

    shown = await hass.config_entries.flow.async_configure(card["flow_id"])
    steps: list[str | None] = []
    while shown["type"] is FlowResultType.FORM and len(steps) < 3:
        steps.append(shown["step_id"])
        shown = await hass.config_entries.flow.async_configure(card["flow_id"], {})
    assert (steps, shown["type"]) == (["fields", "device_options"], FlowResultType.CREATE_ENTRY)
    await settle(hass)
    assert manager.status(DeviceKey("wled", OTHER_MAC)).count == 1
    assert manager.status(KEY).count == 1
    known = await walk(hass, ISSUE, choose("another"))
    assert (known["type"], known["reason"]) == (FlowResultType.ABORT, "another_known")
    assert filled_in(known)["other"] == shown["title"]


async def test_it_is_no_different_one_any_more(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    stranger: SimulatedWled,
    wled: SimulatedWled,
    set_up: MockConfigEntry,
) -> None:
    await stranger.stop()
    failed = await walk(hass, ISSUE, choose("another"))
    assert (failed["type"], failed["reason"]) == (FlowResultType.ABORT, "failed")
    await stranger.start()
    start = await open_repair(hass, ISSUE)
    move(hass, set_up, wled)
    await settle(hass)
    assert (await answer(hass, start, choose("another"), ISSUE))["type"] is FlowResultType.CREATE_ENTRY
    assert hass.config_entries.flow.async_progress_by_handler(DOMAIN) == []


async def test_what_goes_wrong_is_told(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    stranger: SimulatedWled,
    wled: SimulatedWled,
    set_up: MockConfigEntry,
) -> None:
    await stranger.stop()
    assert (await walk(hass, ISSUE, choose("replaced")))["reason"] == "failed"
    start = await open_repair(hass, ISSUE)
    with patch.object(HandlerRegistry, "get", side_effect=StoreLockedError()):
        assert (await answer(hass, start, choose("moved"), ISSUE))["reason"] == "failed"
    form = await walk(hass, ISSUE, choose("moved"))
    full = JobResult(key=KEY, title="Shelf", outcome=Outcome.FAILED, trigger=Trigger.MANUAL, error=StoreFullError())
    with patch.object(DeviceBackupManager, "back_up", return_value=full):
        failed = await answer(hass, form, {"host": wled.host, "port": wled.port}, ISSUE)
    assert failed["reason"] == "failed"
    await stranger.start()


@pytest.mark.parametrize("way", ["moved", "replaced", "another"])
async def test_a_device_that_was_removed_ends_the_form(
    hass: HomeAssistant, stranger: SimulatedWled, set_up: MockConfigEntry, way: str
) -> None:
    start = await open_repair(hass, ISSUE)
    await hass.config_entries.async_remove(set_up.entry_id)
    await settle(hass)
    assert (await answer(hass, start, choose(way), ISSUE))["reason"] == "gone"
