"""A backup behind the gear of a device: what the device wants is shown in place, and how it ended."""

import re
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import EVENT_DATA_ENTRY_FLOW_PROGRESSED, FlowResultType
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.flows import attended
from custom_components.ha_device_backups.manager import async_get_manager
from ha_device_backup_core.text import in_language
from ha_device_backup_fritzbox import FritzBoxHandler
from ha_device_backup_fritzbox.second_factor import CONFIRMATION_ABSENT
from ha_device_backup_fritzbox.timing import FritzboxTiming
from tests.simulators.fritzbox import SimulatedFritzBox

from ..flow_steps import check, until
from ..household import settle
from ..router import ROUTER, add, router_entry, shown

BACK_UP = {"next_step_id": "back_up"}
STATE = "sensor.router_backup_state"


async def open_gear(hass: HomeAssistant, entry: ConfigEntry) -> ConfigFlowResult:
    menu = await hass.config_entries.options.async_init(entry.entry_id)
    assert "back_up" in menu["menu_options"]
    return await go_on(hass, menu, BACK_UP)


async def go_on(
    hass: HomeAssistant, result: ConfigFlowResult, user_input: dict[str, Any] | None = None
) -> ConfigFlowResult:
    result = await hass.config_entries.options.async_configure(result["flow_id"], user_input)
    if result["type"] is not FlowResultType.SHOW_PROGRESS_DONE:
        check(result, "options")
    return result


def attribute(hass: HomeAssistant, name: str) -> object:
    state = hass.states.get(STATE)
    return None if state is None else state.attributes[name]


async def test_the_instruction_is_shown_in_place(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    fritz.box.confirmation.polls_until_pressed = None
    entry = await add(hass, router_entry(fritz))
    manager = await async_get_manager(hass)
    progress = await open_gear(hass, entry)
    assert (progress["type"], progress["progress_action"]) == (FlowResultType.SHOW_PROGRESS, "back_up")

    await until(lambda: manager.status(ROUTER).prompt is not None)
    progress = await go_on(hass, progress)
    assert progress["progress_action"] == "prompt"
    told = progress["description_placeholders"]
    assert told is not None
    assert "button" in told["instruction"]
    await until(lambda: attribute(hass, "waits_until") is not None)
    state = hass.states.get(STATE)
    assert state is not None
    assert state.state == "needs_you"
    assert "button" in state.attributes["reason"]

    changes = async_capture_events(hass, EVENT_DATA_ENTRY_FLOW_PROGRESSED)
    fritz.box.confirmation.press_button()
    await settle(hass)
    # A browser asks after each change; after the last one there is no page any more.
    at = [change.time_fired_timestamp for change in changes]
    assert [later - sooner for sooner, later in pairwise(at) if later - sooner < attended.FAREWELL] == []
    assert at
    done = await go_on(hass, progress)
    assert (done["type"], done["reason"]) == (FlowResultType.ABORT, "backed_up")
    state = hass.states.get(STATE)
    assert state is not None
    assert (state.state, state.attributes["reason"]) == ("ok", None)


async def test_an_instruction_goes_when_it_was_followed(
    hass: HomeAssistant, fritz: SimulatedFritzBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attended, "FAREWELL", 0.0)
    fritz.box.confirmation.polls_until_pressed = None
    entry = await add(hass, router_entry(fritz))
    manager = await async_get_manager(hass)
    progress = await open_gear(hass, entry)
    await until(lambda: manager.status(ROUTER).prompt is not None)
    changes = async_capture_events(hass, EVENT_DATA_ENTRY_FLOW_PROGRESSED)
    fritz.faults.hang, fritz.faults.on = 1, "X_AVM-DE_GetConfigFile"
    fritz.box.confirmation.press_button()
    await until(lambda: bool(changes))
    progress = await go_on(hass, progress)
    assert progress["progress_action"] == "back_up"
    fritz.let_go.set()
    await settle(hass)
    assert (await go_on(hass, progress))["reason"] == "backed_up"


async def test_the_time_that_is_left_is_counted_down(
    hass: HomeAssistant, fritz: SimulatedFritzBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attended, "COUNTED_SECONDS", 1)
    fritz.box.confirmation.polls_until_pressed = None
    entry = await add(hass, router_entry(fritz))
    manager = await async_get_manager(hass)
    progress = await open_gear(hass, entry)
    await until(lambda: manager.status(ROUTER).prompt is not None)
    told = []
    for _ in range(2):
        progress = await go_on(hass, progress)
        assert progress["description_placeholders"] is not None
        told.append(progress["description_placeholders"]["left"])
        changes = async_capture_events(hass, EVENT_DATA_ENTRY_FLOW_PROGRESSED)
        await until(partial(bool, changes))
    assert [left for left in told if not re.fullmatch(r"\d:[0-5]\d\smin\sleft", left)] == []
    assert told[1] < told[0]
    fritz.box.confirmation.press_button()
    await settle(hass)
    assert (await go_on(hass, progress))["reason"] == "backed_up"


async def test_the_page_stands_still_before_it_ends(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    """A browser asks after each change, and one that asks after the end finds no page."""
    fritz.box.confirmation.polls_until_pressed = 1
    await add(hass, router_entry(fritz))
    changes: list[float] = []
    manager = await async_get_manager(hass)
    backup = attended.AttendedBackup(hass, manager, ROUTER, lambda: changes.append(hass.loop.time()))
    result = await backup.task
    assert result.error is None
    assert changes
    assert hass.loop.time() >= changes[-1] + attended.FAREWELL


@pytest.mark.parametrize(("seconds", "told"), [(0, "0:00"), (9, "0:09"), (60, "1:00"), (179, "2:59"), (3600, "60:00")])
def test_minutes(seconds: int, told: str) -> None:
    assert attended.minutes(seconds) == told


async def test_a_failure_is_told_and_can_be_tried_again(
    hass: HomeAssistant, fritz: SimulatedFritzBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FritzBoxHandler, "timing", FritzboxTiming(confirm=0.2, poll=0.02))
    fritz.box.confirmation.polls_until_pressed = None
    entry = await add(hass, router_entry(fritz))
    progress = await open_gear(hass, entry)
    await settle(hass)
    failed = await go_on(hass, progress)
    assert (failed["type"], failed["step_id"]) == (FlowResultType.MENU, "not_backed_up")
    assert failed["description_placeholders"] is not None
    # Said once: what to do to begin with is no news to somebody who did it.
    assert failed["description_placeholders"]["error"] == in_language(CONFIRMATION_ABSENT, "en")

    monkeypatch.setattr(FritzBoxHandler, "timing", FritzboxTiming(poll=0.02))
    fritz.box.confirmation.polls_until_pressed = 1
    progress = await go_on(hass, failed, BACK_UP)
    await settle(hass)
    assert (await go_on(hass, progress))["reason"] == "backed_up"


async def test_a_closed_form_leaves_the_backup_to_go_on(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    fritz.box.confirmation.polls_until_pressed = None
    entry = await add(hass, router_entry(fritz))
    manager = await async_get_manager(hass)
    progress = await open_gear(hass, entry)
    await until(lambda: manager.status(ROUTER).prompt is not None)
    hass.config_entries.options.async_abort(progress["flow_id"])
    fritz.box.confirmation.press_button()
    await settle(hass)
    recommended = manager.status(ROUTER).recommended
    assert recommended is not None
    assert recommended.whole
    assert shown(hass) == ("Router is backed up", "A complete backup of Router was stored.")


async def test_its_end_is_told_where_nothing_was_asked(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    fritz.box.confirmation.enabled = False
    entry = await add(hass, router_entry(fritz))
    progress = await open_gear(hass, entry)
    hass.config_entries.options.async_abort(progress["flow_id"])
    await settle(hass)
    assert shown(hass) == (
        "Router is backed up",
        "The backup of Router is complete; nothing changed since the last one.",
    )
    progress = await open_gear(hass, entry)
    await settle(hass)
    assert (await go_on(hass, progress))["reason"] == "backed_up"
    assert shown(hass) is None, "whoever read it here needs no notification"


async def test_a_failure_names_what_solves_it(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    entry = await add(hass, router_entry(fritz))
    await fritz.stop()
    progress = await open_gear(hass, entry)
    await settle(hass)
    failed = await go_on(hass, progress)
    assert failed["step_id"] == "not_backed_up"
    error = (failed["description_placeholders"] or {})["error"]
    path = f"/config/integrations/integration/{DOMAIN}#config_entry={entry.entry_id}"
    assert error.endswith(f"choose “Reconfigure” in the menu of the device under [Device Backups]({path}).")
    await fritz.start()


async def test_a_device_that_is_removed_meanwhile_ends_it(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    fritz.box.confirmation.polls_until_pressed = None
    entry = await add(hass, router_entry(fritz))
    manager = await async_get_manager(hass)
    progress = await open_gear(hass, entry)
    await until(lambda: manager.status(ROUTER).prompt is not None)
    assert await hass.config_entries.async_unload(entry.entry_id)
    await settle(hass)
    assert (await go_on(hass, progress))["step_id"] == "not_backed_up"


async def test_a_device_that_is_not_set_up_is_not_backed_up(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    entry = await add(hass, router_entry(fritz))
    assert await hass.config_entries.async_unload(entry.entry_id)
    refused = await open_gear(hass, entry)
    assert (refused["type"], refused["reason"]) == (FlowResultType.ABORT, "not_set_up")
