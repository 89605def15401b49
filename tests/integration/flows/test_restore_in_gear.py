"""A restore behind the gear of a device: list, plan, confirm, progress, result."""

from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ha_device_backup_core.manager import DeviceBackupManager
from tests.simulators.fritzbox import SimulatedFritzBox
from tests.simulators.wled.server import SimulatedWled

from ..flow_steps import check, until
from ..household import KEY, change, press, settle
from ..repairs.test_closed_window import go_on  # noqa: F401 - a fixture
from ..router import BUTTON, add, router_entry

OPENED = 2
"""Clicks until the list is shown: the gear, and the line of the menu."""


async def open_list(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigFlowResult:
    menu = await hass.config_entries.options.async_init(entry.entry_id)
    assert "restore" in menu["menu_options"]
    return await step(hass, menu, {"next_step_id": "restore"})


async def step(
    hass: HomeAssistant, result: ConfigFlowResult, user_input: dict[str, Any] | None = None
) -> ConfigFlowResult:
    """Answer a page, past what only shows progress."""
    result = await hass.config_entries.options.async_configure(result["flow_id"], user_input)
    while result["type"] in (FlowResultType.SHOW_PROGRESS, FlowResultType.SHOW_PROGRESS_DONE):
        if result["type"] is FlowResultType.SHOW_PROGRESS:
            check(result, "options")
            await settle(hass)
        result = await hass.config_entries.options.async_configure(result["flow_id"])
    check(result, "options")
    return result


def labels(form: ConfigFlowResult) -> list[str]:
    schema: Any = form["data_schema"]
    (field,) = schema.schema
    return [option["label"] for option in schema.schema[field].config["options"]]


def chosen(form: ConfigFlowResult) -> str:
    schema: Any = form["data_schema"]
    (field,) = schema.schema
    return str(field.default())


def filled_in(result: ConfigFlowResult) -> dict[str, str]:
    return dict(result["description_placeholders"] or {})


async def test_a_reset_controller_gets_its_backup_in_few_clicks_and_it_is_undone(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, set_up: MockConfigEntry
) -> None:
    presets, options = wled.device.user_files["presets.json"], dict(set_up.options)
    good = manager.status(KEY).recommended
    assert good is not None
    wled.device.wipe()
    await manager.back_up(KEY)
    clicks = OPENED
    form = await open_list(hass, set_up)
    assert (form["step_id"], chosen(form)) == ("restore", good.id), "the recommended one is chosen"
    assert [label.split(" · ")[1:] for label in labels(form)] == [["0.15.5", "may be wrong"], ["0.15.5", "recommended"]]
    plan, clicks = await step(hass, form, {"backup": chosen(form)}), clicks + 1
    assert plan["step_id"] == "plan"
    assert "presets.json" in filled_in(plan)["plan"]
    assert wled.device.user_files.get("presets.json") != presets, "nothing is done before it was confirmed"
    done, clicks = await step(hass, plan, {}), clicks + 1
    assert (done["type"], done["reason"], clicks) == (FlowResultType.ABORT, "restored", 4)
    assert wled.device.user_files["presets.json"] == presets
    assert dict(set_up.options) == options
    await settle(hass)
    form = await open_list(hass, set_up)
    newest, safety, oldest = await manager.stored.list_backups(KEY)
    assert safety.undoes is not None
    undo = f"State before the restore of {dt_util.as_local(safety.undoes):%Y-%m-%d %H:%M}"
    assert undo in filled_in(done)["report"]
    assert [label.split(" · ")[2:] for label in labels(form)] == [["recommended"], [undo], []]
    assert (safety.suspect, newest.suspect, oldest.id) == (True, False, good.id)
    plan = await step(hass, form, {"backup": safety.id})
    assert (await step(hass, plan, {}))["reason"] == "restored"
    assert wled.device.user_files.get("presets.json") != presets


async def test_one_that_is_under_way_is_found(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    wled: SimulatedWled,
    set_up: MockConfigEntry,
    go_on: Any,  # noqa: ANN401, F811 - the fixture
) -> None:
    change(wled)
    form = await open_list(hass, set_up)
    plan = await step(hass, form, {"backup": chosen(form)})
    progress = await hass.config_entries.options.async_configure(plan["flow_id"], {})
    assert progress["type"] is FlowResultType.SHOW_PROGRESS
    hass.config_entries.options.async_abort(progress["flow_id"])
    menu = await hass.config_entries.options.async_init(set_up.entry_id)
    again = await hass.config_entries.options.async_configure(menu["flow_id"], {"next_step_id": "restore"})
    assert (again["type"], again["progress_action"]) == (FlowResultType.SHOW_PROGRESS, "restoring")
    go_on.set()
    await settle(hass)
    assert (await step(hass, again))["reason"] == "restored"


async def test_one_that_fails_is_told_and_another_backup_can_be_chosen(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, set_up: MockConfigEntry
) -> None:
    change(wled)
    form = await open_list(hass, set_up)
    wanted = chosen(form)
    plan = await step(hass, form, {"backup": wanted})
    wled.faults.path, wled.faults.garble_upload = "/presets.json", 100
    failed = await step(hass, plan, {})
    assert (failed["step_id"], failed["menu_options"]) == ("failed_restore", ["plan", "restore"])
    wled.faults.garble_upload = 0
    form = await step(hass, failed, {"next_step_id": "restore"})
    assert (form["step_id"], chosen(form)) == ("restore", wanted), "not the state that is left"
    assert [label.split(" · ")[2:] for label in labels(form)][1:] == [["recommended"]]
    plan = await step(hass, form, {"backup": chosen(form)})
    assert (await step(hass, plan, {}))["reason"] == "restored"


async def test_a_device_that_is_off_or_not_set_up_is_told(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, set_up: MockConfigEntry
) -> None:
    form = await open_list(hass, set_up)
    await wled.stop()
    assert (await step(hass, form, {"backup": chosen(form)}))["reason"] == "failed"
    await wled.start()
    form = await open_list(hass, set_up)
    plan = await step(hass, form, {"backup": chosen(form)})
    form = await open_list(hass, set_up)
    assert await hass.config_entries.async_unload(set_up.entry_id)
    assert (await step(hass, plan, {}))["reason"] == "not_set_up"
    assert (await step(hass, form, {"backup": chosen(form)}))["reason"] == "not_set_up"
    assert (await open_list(hass, set_up))["reason"] == "not_set_up"
    assert await hass.config_entries.async_setup(set_up.entry_id)
    assert (await open_list(hass, set_up))["step_id"] == "restore"


async def test_a_plan_says_whether_the_device_restarts(
    hass: HomeAssistant, manager: DeviceBackupManager, set_up: MockConfigEntry
) -> None:
    preview = await manager.plan_restore(KEY)
    for restarts in (True, False):
        planned = replace(preview, plan=replace(preview.plan, restarts=restarts))
        with patch.object(DeviceBackupManager, "plan_restore", return_value=planned):
            form = await open_list(hass, set_up)
            plan = await step(hass, form, {"backup": chosen(form)})
        assert filled_in(plan)["plan"].endswith("The device restarts.") is restarts


async def test_one_without_a_safety_backup_promises_no_undo(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    wled: SimulatedWled,
    set_up: MockConfigEntry,
    go_on: Any,  # noqa: ANN401, F811 - the fixture
) -> None:
    change(wled)
    restoring = hass.async_create_task(manager.restore(KEY, safety_backup=False))
    await until(lambda: manager.running_restore(KEY) is not None)
    menu = await hass.config_entries.options.async_init(set_up.entry_id)
    progress = await hass.config_entries.options.async_configure(menu["flow_id"], {"next_step_id": "restore"})
    go_on.set()
    await restoring
    await settle(hass)
    done = await step(hass, progress)
    assert done["reason"] == "restored"
    assert "To undo this" not in filled_in(done)["report"]


async def test_a_backup_that_only_a_person_puts_back_comes_with_its_steps(
    hass: HomeAssistant, fritz: SimulatedFritzBox
) -> None:
    entry = await add(hass, router_entry(fritz))
    await press(hass, BUTTON)
    form = await open_list(hass, entry)
    guide = await step(hass, form, {"backup": chosen(form)})
    assert (guide["type"], guide["reason"]) == (FlowResultType.ABORT, "restore_guide")
    assert filled_in(guide)["steps"].startswith("1")


@pytest.mark.parametrize(("language", "form"), [("en", "%Y-%m-%d %H:%M"), ("de", "%d.%m.%Y um %H:%M Uhr")])
async def test_dates_are_in_the_form_of_the_language(
    hass: HomeAssistant, manager: DeviceBackupManager, set_up: MockConfigEntry, language: str, form: str
) -> None:
    hass.config.language = language
    newest = manager.status(KEY).newest
    assert newest is not None
    (label,) = labels(await open_list(hass, set_up))
    assert label.startswith(dt_util.as_local(newest.taken_at).strftime(form))
