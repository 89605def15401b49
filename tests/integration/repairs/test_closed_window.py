"""A restore whose window is closed goes on, is found again, and its end is told."""

import asyncio
import re

import pytest
from homeassistant.components.repairs import RepairsFlowResult
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_capture_events, async_get_persistent_notifications

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.listeners.bus_events import EVENT
from custom_components.ha_device_backups.page_paths import device_path, restore_path
from ha_device_backup_core.contract import Artifact, Progress
from ha_device_backup_core.manager import DeviceBackupManager
from ha_device_backup_core.restore_records import RestoreReport
from ha_device_backup_wled import WledHandler
from tests.simulators.wled.server import SimulatedWled

from ..flow_steps import until
from ..household import KEY, settle
from ..router import answer, flows, open_repair
from .test_device_fix_flow import RESET, UNFINISHED, choose, filled_in, issue_placeholders, reset, walk

TO_DO = "Enter the password of the garden again."


@pytest.fixture
def go_on(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Return what restores wait for."""
    go, restore = asyncio.Event(), WledHandler.restore_backup

    async def restore_later(handler: WledHandler, artifact: Artifact, progress: Progress) -> RestoreReport:
        await go.wait()
        return await restore(handler, artifact, progress)

    monkeypatch.setattr(WledHandler, "restore_backup", restore_later)
    return go


def notification(hass: HomeAssistant) -> tuple[str, str] | None:
    """Return title and text of what is told of the restore."""
    shown = async_get_persistent_notifications(hass).get(f"{DOMAIN}_restore_{KEY}")
    return None if shown is None else (str(shown["title"]), shown["message"])


async def begin(hass: HomeAssistant) -> RepairsFlowResult:
    plan = await walk(hass, RESET, choose("restore"))
    progress = await answer(hass, plan, {}, RESET)
    assert (progress["type"], progress["progress_action"]) == (FlowResultType.SHOW_PROGRESS, "restoring")
    return progress


async def close(hass: HomeAssistant, result: RepairsFlowResult) -> None:
    (await flows(hass)).async_abort(result["flow_id"])
    await asyncio.sleep(0)


def told_by_entity(states: list[Event[EventStateChangedData]], kind: str) -> str:
    """Return the message of that kind of event."""
    (message,) = {
        str(state.attributes["message"])
        for event in states
        if event.data["entity_id"] == "event.shelf_backup"
        and (state := event.data["new_state"]) is not None
        and state.attributes.get("event_type") == kind
    }
    return message


async def test_its_end_is_told_where_nobody_watches(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, go_on: asyncio.Event
) -> None:
    good = await reset(hass, manager, wled)
    states = async_capture_events(hass, EVENT_STATE_CHANGED)
    fired = async_capture_events(hass, EVENT)
    await close(hass, await begin(hass))
    await until(lambda: manager.status(KEY).restoring)
    assert issue_placeholders(hass, RESET) is not None, "until it has ended, the repair leads to it"
    go_on.set()
    await settle(hass)

    date = dt_util.as_local(good.taken_at).strftime("%Y-%m-%d %H:%M")
    message = told_by_entity(states, "restored")
    assert message.startswith(f"The backup of {date} is back on the device.\n\nRead back and equal:\n\n- ")
    assert "Left for you to do:\n\n- Enter these passwords again: access point" in message
    (event,) = [one.data for one in fired if one.data["type"] == "restored"]
    assert (event["title"], event["message"]) == ("Shelf has its backup back", message)
    shown = notification(hass)
    assert shown is not None
    assert shown[0] == "Shelf has its backup back"
    (safety,) = [backup for backup in await manager.stored.list_backups(KEY) if backup.undoes]
    assert safety.undoes is not None
    undone = dt_util.as_local(safety.undoes).strftime("%Y-%m-%d %H:%M")
    assert shown[1].startswith(message)
    assert f"choose “Put back a backup” and take “State before the restore of {undone}”." in shown[1]
    links = re.findall(r"\]\((\S+)\)", shown[1])
    assert links == [device_path(KEY), restore_path(KEY, safety.id)]
    assert issue_placeholders(hass, RESET) is None


async def test_it_is_found_again_and_followed_to_its_end(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, go_on: asyncio.Event
) -> None:
    await reset(hass, manager, wled)
    await close(hass, await begin(hass))
    await until(lambda: manager.status(KEY).restoring)
    again = await open_repair(hass, RESET)
    assert (again["type"], again["progress_action"]) == (FlowResultType.SHOW_PROGRESS, "restoring")
    go_on.set()
    await settle(hass)
    done = await answer(hass, again, None, RESET)
    done = await answer(hass, done, None, RESET) if done["type"] is FlowResultType.SHOW_PROGRESS_DONE else done
    assert done["step_id"] == "restored"
    assert "Put back a backup" in filled_in(done)["report"]
    assert (await answer(hass, done, {}, RESET))["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize("needs", [(), (TO_DO,)])
async def test_what_was_read_is_told_no_more_but_what_is_left_to_do_stays(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    wled: SimulatedWled,
    monkeypatch: pytest.MonkeyPatch,
    needs: tuple[str, ...],
) -> None:
    async def restore(handler: WledHandler, artifact: Artifact, progress: Progress) -> RestoreReport:
        return RestoreReport(unproven=("presets.json",), needs=needs)

    monkeypatch.setattr(WledHandler, "restore_backup", restore)
    await reset(hass, manager, wled)
    done = await walk(hass, RESET, choose("restore"), {})
    assert done["step_id"] == "restored"
    assert "Not proven:\n\n- presets.json" in filled_in(done)["report"]
    shown = notification(hass)
    assert (shown is not None) == bool(needs)
    assert shown is None or f"Left for you to do:\n\n- {TO_DO}" in shown[1]


async def test_a_failure_names_the_repair_that_leads_on(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, go_on: asyncio.Event
) -> None:
    await reset(hass, manager, wled)
    wled.faults.path, wled.faults.garble_upload = "/presets.json", 100
    await close(hass, await begin(hass))
    go_on.set()
    await settle(hass)
    shown = notification(hass)
    assert shown is not None
    assert shown[0] == "Shelf could not be restored"
    assert "The repair “Restore of Shelf was cut off” leads on" in shown[1]
    await until(lambda: issue_placeholders(hass, UNFINISHED) is not None)

    wled.faults.garble_upload = 0
    done = await walk(hass, UNFINISHED, choose("proceed"), {})
    assert done["step_id"] == "restored"
    shown = notification(hass)
    assert shown is not None
    assert shown[0] == "Shelf has its backup back"


async def test_a_failure_that_was_read_is_told_no_more(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    await reset(hass, manager, wled)
    wled.faults.path, wled.faults.garble_upload = "/presets.json", 100
    failed = await walk(hass, RESET, choose("restore"), {})
    assert failed["step_id"] == "failed_restore"
    assert notification(hass) is None


async def test_in_the_language_of_the_home(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, go_on: asyncio.Event
) -> None:
    good = await reset(hass, manager, wled)
    hass.config.language = "de"
    await close(hass, await begin(hass))
    go_on.set()
    await settle(hass)
    shown = notification(hass)
    assert shown is not None
    date = dt_util.as_local(good.taken_at).strftime("%d.%m.%Y um %H:%M Uhr")
    assert shown[0] == "Shelf hat sein Backup zurück"
    assert shown[1].startswith(f"Das Backup vom {date} ist zurück auf dem Gerät.\n\nZurückgelesen und gleich:\n\n- ")


async def test_a_device_that_was_removed_meanwhile(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, go_on: asyncio.Event
) -> None:
    await reset(hass, manager, wled)
    await close(hass, await begin(hass))
    await until(lambda: manager.status(KEY).restoring)
    (entry,) = [one for one in hass.config_entries.async_entries(DOMAIN) if one.title == "Shelf"]
    await hass.config_entries.async_remove(entry.entry_id)
    go_on.set()
    await until(lambda: notification(hass) is not None)
