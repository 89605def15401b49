"""A dead device whose replacement has another address: by Reconfigure, and by adding the new one."""

from collections.abc import AsyncIterator
from unittest.mock import patch

import pytest
from homeassistant.config_entries import (
    SOURCE_IGNORE,
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    SOURCE_ZEROCONF,
    ConfigEntry,
    ConfigEntryDisabler,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ha_device_backups.const import CONF_DEVICE_CONFIG, DOMAIN
from custom_components.ha_device_backups.discovery.cards import flow_of
from custom_components.ha_device_backups.entries import device_entries, device_key
from custom_components.ha_device_backups.manager import async_get_manager
from ha_device_backup_core.errors import StoreFullError
from ha_device_backup_core.manager import DeviceBackupManager, Health
from ha_device_backup_core.manager.decisions import Decision
from ha_device_backup_core.records import DeviceKey, Outcome
from tests.core.example_device import ExampleDevice
from tests.simulators.fritzbox import SimulatedFritzBox
from tests.simulators.wled import Chip
from tests.simulators.wled.server import SimulatedWled

from ..conftest import MAC
from ..discovery.cards import announce, announced
from ..flow_steps import choose, pick, placeholders_of, start, submit, suggested, until_done
from ..household import add as add_wled
from ..household import settle
from ..repairs.test_device_fix_flow import issue_placeholders
from ..router import ROUTER, answer, open_repair, router_entry
from ..router import add as add_router
from .test_reconfigure import PASSWORD, unchanged
from .test_reconfigure import add as add_boiler

KEY = DeviceKey("wled", MAC)
OTHER_MAC = "c0b1c2d3e4f5"
NEW = DeviceKey("wled", OTHER_MAC)


@pytest.fixture
async def new(hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled) -> AsyncIterator[SimulatedWled]:
    """Return the new controller at its own address; the old one is dead."""
    async with SimulatedWled(name="New", mac=OTHER_MAC, few_files=True) as replacement:
        replacement.device.wipe()
        await wled.stop()
        await manager.back_up(KEY)
        await settle(hass)
        yield replacement


async def reconfigure(hass: HomeAssistant, entry: ConfigEntry, to: SimulatedWled) -> ConfigFlowResult:
    form = await start(hass, SOURCE_RECONFIGURE, entry_id=entry.entry_id)
    return await submit(hass, form, host=to.host, port=float(to.port))


async def to_the_end(hass: HomeAssistant, plan: ConfigFlowResult) -> ConfigFlowResult:
    """Confirm the plan and wait for the last page."""
    result = await until_done(hass, await submit(hass, plan))
    await settle(hass)
    return result


def address(entry: ConfigEntry) -> tuple[str, int]:
    config = entry.data[CONF_DEVICE_CONFIG]
    return config["host"], config["port"]


async def test_it_goes_on_with_the_history_in_five_clicks(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    new: SimulatedWled,
    wled: SimulatedWled,
    set_up: MockConfigEntry,
) -> None:
    presets = wled.device.user_files["presets.json"]
    entities = {entity.entity_id for entity in er.async_entries_for_config_entry(er.async_get(hass), set_up.entry_id)}
    (old,) = await manager.stored.list_backups(KEY)
    _, artifact = await manager.stored.read_backup(KEY, old.id)

    other = await reconfigure(hass, set_up, new)
    assert (other["type"], other["step_id"]) == (FlowResultType.MENU, "other_device")
    assert other["menu_options"] == ["address", "replaced", "separate"]
    assert (placeholders_of(other)["name"], placeholders_of(other)["found"].partition(" ")[0]) == ("Shelf", "WLED")
    assert (device_key(set_up), address(set_up)) == (KEY, (wled.host, wled.port))
    confirm = await pick(hass, other, "replaced")
    assert (placeholders_of(confirm)["name"], placeholders_of(confirm)["found"].partition(" ")[0]) == ("Shelf", "WLED")
    assert device_key(set_up) == KEY, "nothing is done before it was confirmed"
    plan = await submit(hass, confirm)
    assert plan["step_id"] == "plan"
    assert "presets.json" in placeholders_of(plan)["plan"]
    assert new.device.user_files.get("presets.json") != presets, "nothing is written before it was confirmed"
    done = await to_the_end(hass, plan)

    assert (done["type"], done["reason"]) == (FlowResultType.ABORT, "restored")
    assert placeholders_of(done)["report"]
    assert (set_up.title, set_up.unique_id, address(set_up)) == ("Shelf", str(NEW), (new.host, new.port))
    assert new.device.user_files["presets.json"] == presets
    assert (await manager.back_up(NEW)).outcome is Outcome.UNCHANGED
    kept, again = await manager.stored.read_backup(NEW, old.id)
    assert (again, kept.taken_at) == (artifact, old.taken_at)
    status = manager.status(NEW)
    assert (status.health, status.unfinished_restore) == (Health.OK, None)
    assert entities == {
        entity.entity_id for entity in er.async_entries_for_config_entry(er.async_get(hass), set_up.entry_id)
    }
    assert (
        issue_placeholders(hass, f"{Decision.REPLACED}_{NEW}"),
        issue_placeholders(hass, f"{Decision.ANOTHER_DEVICE}_{NEW}"),
    ) == (None, None)


async def test_the_address_was_wrong(
    hass: HomeAssistant, manager: DeviceBackupManager, new: SimulatedWled, wled: SimulatedWled, set_up: MockConfigEntry
) -> None:
    other = await reconfigure(hass, set_up, new)
    form = await pick(hass, other, "address")
    assert (form["step_id"], suggested(form)["port"]) == ("reconfigure", new.port)
    await wled.start()
    result = await submit(hass, form, host=wled.host, port=float(wled.port))
    assert result["reason"] == "reconfigure_successful"
    assert (device_key(set_up), (await manager.back_up(KEY)).outcome) == (KEY, Outcome.UNCHANGED)


async def test_it_is_a_different_one_and_gets_an_entry_of_its_own(
    hass: HomeAssistant, manager: DeviceBackupManager, new: SimulatedWled, set_up: MockConfigEntry
) -> None:
    result = await pick(hass, await reconfigure(hass, set_up, new), "separate")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "separate")
    flow_id = flow_of(hass, NEW)
    assert result["next_flow"] == ("config_flow", flow_id)
    assert flow_id is not None
    options = await hass.config_entries.flow.async_configure(flow_id)
    assert options["step_id"] == "device_options"
    created = await submit(hass, options, schedule="default", replaces="nothing")
    assert created["type"] is FlowResultType.CREATE_ENTRY
    await settle(hass)
    assert sorted(map(device_key, device_entries(hass))) == [KEY, NEW]
    assert (manager.status(KEY).count, manager.status(NEW).count) == (1, 1)


async def test_it_has_a_card_already_which_then_goes_away(
    hass: HomeAssistant, manager: DeviceBackupManager, new: SimulatedWled, set_up: MockConfigEntry
) -> None:
    card = await announce(hass, announced(new.port, OTHER_MAC))
    separate = await pick(hass, await reconfigure(hass, set_up, new), "separate")
    assert separate["next_flow"] == ("config_flow", card["flow_id"])
    confirm = await pick(hass, await reconfigure(hass, set_up, new), "replaced")
    assert flow_of(hass, NEW) == card["flow_id"]
    await submit(hass, confirm)
    assert flow_of(hass, NEW) is None


async def test_that_a_person_ignored_it_is_in_nobodys_way(
    hass: HomeAssistant, manager: DeviceBackupManager, new: SimulatedWled, set_up: MockConfigEntry
) -> None:
    await start(hass, SOURCE_IGNORE, {"unique_id": str(NEW), "title": "New"})
    plan = await submit(hass, await pick(hass, await reconfigure(hass, set_up, new), "replaced"))
    assert plan["step_id"] == "plan"
    assert [(entry.unique_id, entry.source) for entry in device_entries(hass)] == [(str(NEW), "user")]
    assert len(hass.config_entries.async_entries(DOMAIN)) == 2


async def test_one_that_is_backed_up_itself_is_left_alone(
    hass: HomeAssistant, manager: DeviceBackupManager, new: SimulatedWled, wled: SimulatedWled, set_up: MockConfigEntry
) -> None:
    own = await add_wled(hass, new)
    other = await reconfigure(hass, set_up, new)
    assert other["menu_options"] == ["address"]
    assert "as “WLED”" in placeholders_of(other)["obstacle"]
    await hass.config_entries.async_set_disabled_by(own.entry_id, ConfigEntryDisabler.USER)
    assert (await reconfigure(hass, set_up, new))["menu_options"] == ["address"]
    await hass.config_entries.async_remove(own.entry_id)
    again = await reconfigure(hass, set_up, new)
    assert again["menu_options"] == ["address", "separate"]
    assert placeholders_of(again)["obstacle"].startswith("There are backups of the new device already")
    assert (manager.status(KEY).count, len(await manager.stored.list_backups(NEW))) == (1, 1)


async def test_the_restore_is_left_for_later_and_a_repair_leads_on(
    hass: HomeAssistant, manager: DeviceBackupManager, new: SimulatedWled, wled: SimulatedWled, set_up: MockConfigEntry
) -> None:
    presets = wled.device.user_files["presets.json"]
    plan = await submit(hass, await pick(hass, await reconfigure(hass, set_up, new), "replaced"))
    hass.config_entries.flow.async_abort(plan["flow_id"])
    await settle(hass)
    repair = f"{Decision.REPLACED}_{NEW}"
    assert (issue_placeholders(hass, repair) or {})["name"] == "Shelf"
    state = hass.states.get("sensor.shelf_backup_state")
    assert state is not None
    assert state.attributes["reason"].startswith("The device was replaced.")
    shown = await open_repair(hass, repair)
    assert shown["menu_options"] == ["proceed", "dismiss"]
    asked = await answer(hass, shown, {"next_step_id": "proceed"}, repair)
    result = await answer(hass, asked, {}, repair)
    while result["type"] is FlowResultType.SHOW_PROGRESS:
        await settle(hass)
        result = await answer(hass, result, None, repair)
    assert result["step_id"] == "restored"
    await settle(hass)
    assert (issue_placeholders(hass, repair), new.device.user_files["presets.json"]) == (None, presets)


async def test_the_new_one_is_right_as_it_is(
    hass: HomeAssistant, manager: DeviceBackupManager, new: SimulatedWled, set_up: MockConfigEntry
) -> None:
    plan = await submit(hass, await pick(hass, await reconfigure(hass, set_up, new), "replaced"))
    hass.config_entries.flow.async_abort(plan["flow_id"])
    await settle(hass)
    repair = f"{Decision.REPLACED}_{NEW}"
    done = await answer(hass, await open_repair(hass, repair), {"next_step_id": "dismiss"}, repair)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    await settle(hass)
    status = manager.status(NEW)
    assert (issue_placeholders(hass, repair), status.unfinished_restore, status.count) == (None, None, 2)
    assert (status.health, status.recommended) == (Health.OK, status.newest)


async def test_a_restore_that_fails_is_tried_again_or_left(
    hass: HomeAssistant, manager: DeviceBackupManager, new: SimulatedWled, set_up: MockConfigEntry
) -> None:
    plan = await submit(hass, await pick(hass, await reconfigure(hass, set_up, new), "replaced"))
    new.faults.path, new.faults.garble_upload = "/presets.json", 100
    failed = await to_the_end(hass, plan)
    assert (failed["step_id"], failed["menu_options"]) == ("failed_restore", ["plan", "later"])
    again = await to_the_end(hass, await pick(hass, failed, "plan"))
    assert again["step_id"] == "failed_restore"
    left = await pick(hass, again, "later")
    assert (left["type"], left["reason"]) == (FlowResultType.ABORT, "replaced")
    new.faults.garble_upload = 0
    assert (await manager.restore(NEW)).error is None


async def test_an_entry_that_is_switched_off_meanwhile_ends_the_form(
    hass: HomeAssistant, manager: DeviceBackupManager, new: SimulatedWled, set_up: MockConfigEntry
) -> None:
    plan = await submit(hass, await pick(hass, await reconfigure(hass, set_up, new), "replaced"))
    assert await hass.config_entries.async_unload(set_up.entry_id)
    result = await submit(hass, plan)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "replaced")


async def test_what_goes_wrong_is_told_and_harms_nothing(
    hass: HomeAssistant, manager: DeviceBackupManager, new: SimulatedWled, set_up: MockConfigEntry
) -> None:
    confirm = await pick(hass, await reconfigure(hass, set_up, new), "replaced")
    with patch.object(DeviceBackupManager, "replace_device", side_effect=StoreFullError()):
        refused = await submit(hass, confirm)
    assert (refused["step_id"], refused["errors"]) == ("replaced", {"base": "failed"})
    assert "disk is full" in placeholders_of(refused)["error"]
    assert (device_key(set_up), manager.status(KEY).count) == (KEY, 1)
    await new.stop()
    result = await submit(hass, refused)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "not_restored")
    await settle(hass)
    assert (device_key(set_up), manager.status(NEW).count) == (NEW, 1)
    assert issue_placeholders(hass, f"{Decision.REPLACED}_{NEW}") is not None


async def test_one_with_another_chip_takes_what_fits_and_needs_no_restart(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, set_up: MockConfigEntry
) -> None:
    async with SimulatedWled(name="New", mac=OTHER_MAC, chip=Chip.ESP8266, few_files=True) as new:
        await wled.stop()
        plan = await submit(hass, await pick(hass, await reconfigure(hass, set_up, new), "replaced"))
        assert "another chip" in placeholders_of(plan)["plan"]
        assert "restarts" not in placeholders_of(plan)["plan"]
        assert (await to_the_end(hass, plan))["reason"] == "restored"


async def test_what_was_never_backed_up_has_nothing_to_put_back(hass: HomeAssistant, wled: SimulatedWled) -> None:
    await wled.stop()
    entry = await add_wled(hass, wled)
    async with SimulatedWled(name="New", mac=OTHER_MAC, few_files=True) as new:
        confirm = await pick(hass, await reconfigure(hass, entry, new), "replaced")
        result = await submit(hass, confirm)
        assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "replaced")
        await settle(hass)
        manager = await async_get_manager(hass)
        assert (manager.status(NEW).health, manager.status(NEW).count) == (Health.OK, 1)


async def test_a_kind_that_only_a_person_restores_comes_with_its_steps(
    hass: HomeAssistant, fritz: SimulatedFritzBox
) -> None:
    fritz.box.confirmation.enabled = False
    entry = await add_router(hass, router_entry(fritz))
    fritz.box.serial = "2C3AFD0A1B2D"
    form = await start(hass, SOURCE_RECONFIGURE, entry_id=entry.entry_id)
    entered = {name: value for name, value in suggested(form).items() if value is not None}
    other = await until_done(hass, await submit(hass, form, **entered))
    guide = await submit(hass, await pick(hass, other, "replaced"))
    assert (guide["type"], guide["reason"]) == (FlowResultType.ABORT, "restore_guide")
    assert placeholders_of(guide)["steps"].startswith("1.")
    await settle(hass)
    new = DeviceKey("fritzbox", "2c3afd0a1b2d")
    manager = await async_get_manager(hass)
    assert (device_key(entry), len(await manager.stored.list_backups(new))) == (new, 1)
    assert await manager.stored.list_backups(ROUTER) == []


async def test_another_device_at_a_new_login_has_the_same_ways(
    hass: HomeAssistant, acme_handler: None, boiler: ExampleDevice
) -> None:
    entry = await add_boiler(hass, boiler, password="old")
    boiler.info["id"] = "another"
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert flow["context"]["source"] == SOURCE_REAUTH
    form = await hass.config_entries.flow.async_configure(flow["flow_id"])
    other = await submit(hass, form, password=PASSWORD)
    assert other["step_id"] == "other_device"
    address_form = await pick(hass, other, "address")
    assert address_form["step_id"] == "reconfigure"
    wrong = await submit(hass, address_form, **unchanged(address_form) | {"host": "no host"})
    assert (wrong["step_id"], wrong["errors"]) == ("reconfigure", {"host": "config"})
    boiler.info["id"] = "boiler-7"
    result = await submit(hass, wrong, **unchanged(address_form), password=PASSWORD)
    assert result["reason"] == "reauth_successful"
    await settle(hass)
    assert entry.data[CONF_DEVICE_CONFIG]["password"] == PASSWORD


# Adding


@pytest.mark.parametrize("source", ["user", SOURCE_ZEROCONF])
async def test_who_adds_a_device_may_say_that_it_replaces_one_that_is_away(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    new: SimulatedWled,
    wled: SimulatedWled,
    set_up: MockConfigEntry,
    source: str,
) -> None:
    presets = wled.device.user_files["presets.json"]
    form = await choose(hass, "wled") if source == "user" else await announce(hass, announced(new.port, OTHER_MAC))
    options = await submit(hass, form, host=new.host, port=float(new.port))
    assert options["data_schema"] is not None
    field = next(iter(options["data_schema"].schema))
    assert field == "replaces", "it stands above all that it makes needless"
    assert field.default() == "nothing", "nothing is taken over by default"
    choices = options["data_schema"].schema[field].config["options"]
    assert [choice["label"] for choice in choices] == [
        "Nothing: it is one more device",
        f"Shelf ({wled.host})",
    ]
    confirm = await submit(hass, options, schedule="default", replaces=set_up.entry_id)
    assert (confirm["step_id"], placeholders_of(confirm)["name"]) == ("replaced", "Shelf")
    done = await to_the_end(hass, await submit(hass, confirm))
    assert done["reason"] == "restored"
    assert [device_key(entry) for entry in device_entries(hass)] == [NEW]
    assert (address(set_up), new.device.user_files["presets.json"]) == ((new.host, new.port), presets)


async def test_nothing_is_replaced_where_nothing_is_away_or_histories_would_mix(
    hass: HomeAssistant, manager: DeviceBackupManager, new: SimulatedWled, wled: SimulatedWled, set_up: MockConfigEntry
) -> None:
    async def asks() -> bool:
        options = await submit(hass, await choose(hass, "wled"), host=new.host, port=float(new.port))
        hass.config_entries.flow.async_abort(options["flow_id"])
        assert options["data_schema"] is not None
        return "replaces" in options["data_schema"].schema

    assert await asks()
    own = await add_wled(hass, new)
    await hass.config_entries.async_remove(own.entry_id)
    assert not await asks()
    for backup in await manager.stored.list_backups(NEW):
        await manager.stored.delete_backup(NEW, backup.id, even_if_needed=True)
    assert await asks()
    await wled.start()
    await manager.back_up(KEY)
    assert not await asks()
