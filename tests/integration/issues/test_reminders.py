"""The repair that asks for a fresh backup where only a person can start one, and the way through it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.ha_device_backups import backup
from custom_components.ha_device_backups.issues import reminders
from custom_components.ha_device_backups.manager import async_get_manager
from custom_components.ha_device_backups.page_paths import device_path, overview_path
from ha_device_backup_core.errors import StoreLockedError
from ha_device_backup_core.records import Trigger
from ha_device_backup_core.text import in_language
from ha_device_backup_fritzbox import FritzBoxHandler
from ha_device_backup_fritzbox.second_factor import CONFIRMATION_ABSENT
from ha_device_backup_fritzbox.timing import FritzboxTiming
from tests.simulators.fritzbox import Box, SimulatedFritzBox

from ..flow_steps import until
from ..household import days_later, later, press, settle, store
from ..router import BUTTON, DUE, ROUTER, add, answer, due, flows, open_repair, router_entry, upload

BACK_UP = {"next_step_id": "back_up"}
IMPORT_FILE = {"next_step_id": "import_file"}


@pytest.fixture
async def street(fritz: SimulatedFritzBox) -> AsyncIterator[list[SimulatedFritzBox]]:
    """Return the routers of four houses."""
    async with AsyncExitStack() as stack:
        others = [SimulatedFritzBox(Box(serial=f"2C3AFD0A1B0{number}")) for number in range(3)]
        for other in others:
            await stack.enter_async_context(other)
            other.box.confirmation.polls_until_pressed = 2
        yield [fritz, *others]


def placeholders(since: str) -> dict[str, str]:
    page = f"[Open the page of backups]({device_path(ROUTER)})"
    return {"name": "Router", "plain_name": "Router", "since": since, "page": page}


async def test_a_device_that_never_gave_everything_is_due(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    await add(hass, router_entry(fritz))
    assert due(hass) == {DUE: placeholders("There is no complete backup yet.")}
    await press(hass, BUTTON)
    assert due(hass) == {}


@pytest.mark.parametrize(("options", "days"), [({}, 31), ({"remind_days": 7}, 8)])
async def test_it_is_due_again_after_the_chosen_time(
    hass: HomeAssistant, fritz: SimulatedFritzBox, options: dict[str, Any], days: int
) -> None:
    await add(hass, router_entry(fritz, options=options))
    await press(hass, BUTTON)
    manager = await async_get_manager(hass)
    whole = manager.status(ROUTER).confirmed
    assert whole is not None
    with days_later(days - 2):
        await manager.back_up(ROUTER, trigger=Trigger.SCHEDULE)
        await settle(hass)
        assert due(hass) == {}
    with days_later(days):
        await later(hass)
        date = dt_util.as_local(whole).date().isoformat()
        assert due(hass) == {DUE: placeholders(f"The newest complete backup is from {date}.")}
        await press(hass, BUTTON)
        assert due(hass) == {}


async def test_nobody_is_reminded_who_does_not_want_it(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    entry = await add(hass, router_entry(fritz, options={"remind_days": 0}))
    assert due(hass) == {}
    hass.config_entries.async_update_entry(entry, options={"remind_days": 3})
    await settle(hass)
    assert list(due(hass)) == [DUE]
    hass.config_entries.async_update_entry(entry, options={"remind_days": 0})
    await settle(hass)
    assert due(hass) == {}


async def test_a_box_that_needs_nobody_is_never_due(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    fritz.box.confirmation.enabled = False
    await add(hass, router_entry(fritz))
    assert due(hass) == {}


async def test_a_removed_device_is_no_longer_due(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    entry = await add(hass, router_entry(fritz))
    start = await open_repair(hass)
    assert await hass.config_entries.async_unload(entry.entry_id)
    await settle(hass)
    assert due(hass) == {}
    gone = await answer(hass, start, BACK_UP)
    assert (gone["type"], gone["reason"]) == (FlowResultType.ABORT, "gone")
    assert await hass.config_entries.async_setup(entry.entry_id)
    await settle(hass)
    assert list(due(hass)) == [DUE]


async def test_it_waits_for_a_snapshot(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    entry = await add(hass, router_entry(fritz, options={"remind_days": 0}))
    await backup.async_pre_backup(hass)
    hass.config_entries.async_update_entry(entry, options={})
    await hass.async_block_till_done()
    assert due(hass) == {}
    await backup.async_post_backup(hass)
    await settle(hass)
    assert list(due(hass)) == [DUE]


async def test_the_form_leads_through_the_backup(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    fritz.box.confirmation.polls_until_pressed = None
    await add(hass, router_entry(fritz))
    manager = await async_get_manager(hass)
    start = await open_repair(hass)
    assert (start["type"], start["step_id"]) == (FlowResultType.MENU, "start")
    progress = await answer(hass, start, BACK_UP)
    assert (progress["type"], progress["progress_action"]) == (FlowResultType.SHOW_PROGRESS, "back_up")

    await until(lambda: manager.status(ROUTER).prompt is not None)
    progress = await answer(hass, progress)
    assert (progress["type"], progress["progress_action"]) == (FlowResultType.SHOW_PROGRESS, "prompt")
    told = progress["description_placeholders"]
    assert told is not None
    assert "button" in told["instruction"]
    assert told["time"].count(":") == 2

    fritz.box.confirmation.press_button()
    await settle(hass)
    assert (await answer(hass, progress))["type"] is FlowResultType.CREATE_ENTRY
    assert due(hass) == {}
    status = manager.status(ROUTER)
    assert status.recommended is not None


async def test_a_failure_is_told_and_can_be_tried_again(
    hass: HomeAssistant, fritz: SimulatedFritzBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FritzBoxHandler, "timing", FritzboxTiming(confirm=0.2, poll=0.02))
    fritz.box.confirmation.polls_until_pressed = None
    await add(hass, router_entry(fritz))
    progress = await answer(hass, await open_repair(hass), BACK_UP)
    await settle(hass)
    failed = await answer(hass, progress)
    assert (failed["type"], failed["step_id"]) == (FlowResultType.MENU, "failed")
    assert failed["description_placeholders"] is not None
    assert failed["description_placeholders"]["error"] == in_language(CONFIRMATION_ABSENT, "en")
    assert list(due(hass)) == [DUE]

    monkeypatch.setattr(FritzBoxHandler, "timing", FritzboxTiming(poll=0.02))
    fritz.box.confirmation.polls_until_pressed = 1
    progress = await answer(hass, failed, BACK_UP)
    await settle(hass)
    assert (await answer(hass, progress))["type"] is FlowResultType.CREATE_ENTRY
    assert due(hass) == {}


async def test_a_closed_form_leaves_the_backup_to_go_on(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    fritz.box.confirmation.polls_until_pressed = None
    await add(hass, router_entry(fritz))
    manager = await async_get_manager(hass)
    progress = await answer(hass, await open_repair(hass), BACK_UP)
    await until(lambda: manager.status(ROUTER).prompt is not None)
    (await flows(hass)).async_abort(progress["flow_id"])
    fritz.box.confirmation.press_button()
    await settle(hass)
    assert manager.status(ROUTER).recommended is not None
    await until(lambda: due(hass) == {})


async def test_many_are_one_repair(hass: HomeAssistant, street: list[SimulatedFritzBox]) -> None:
    for number, router in enumerate(street):
        await add(hass, router_entry(router, title=f"House *{number}*"))
    assert due(hass) == {
        "reminders_due": {
            "devices": "\n".join(rf"- House \*{number}\*" for number in range(4)),
            "page": f"[Open the page of backups]({overview_path()})",
        }
    }

    form = await open_repair(hass, "reminders_due")
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "choose")
    start = await answer(hass, form, {"device": f"fritzbox:{street[1].box.serial.lower()}"}, "reminders_due")
    assert start["description_placeholders"] is not None
    assert start["description_placeholders"]["name"] == r"House \*1\*"
    progress = await answer(hass, start, BACK_UP, "reminders_due")
    await settle(hass)
    done = await answer(hass, progress, None, "reminders_due")
    assert (done["type"], done["reason"]) == (FlowResultType.ABORT, "others_due")
    assert done["description_placeholders"] == {"count": "3"}
    assert set(due(hass)) == {
        f"reminder_due_fritzbox:{router.box.serial.lower()}" for router in street if router is not street[1]
    }


async def test_many_that_were_done_meanwhile(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    with patch.object(reminders, "MANY", 1):
        await add(hass, router_entry(fritz))
        form = await open_repair(hass, "reminders_due")
        await press(hass, BUTTON)
        assert (await answer(hass, form, {"device": str(ROUTER)}, "reminders_due"))[
            "type"
        ] is FlowResultType.CREATE_ENTRY
        assert due(hass) == {}


async def test_a_manager_that_cannot_run_is_told(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    await add(hass, router_entry(fritz))
    with patch(
        "custom_components.ha_device_backups.repairs.reminder_fix_flow.async_get_manager",
        side_effect=StoreLockedError("pid 7"),
    ):
        result = await open_repair(hass)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "failed")
    assert result["description_placeholders"] is not None
    assert "pid 7" in result["description_placeholders"]["error"]
    assert (await open_repair(hass))["type"] is FlowResultType.MENU


async def test_a_file_is_as_good(
    hass: HomeAssistant, fritz: SimulatedFritzBox, hass_client: ClientSessionGenerator, tmp_path: Path
) -> None:
    await add(hass, router_entry(fritz))
    manager = await async_get_manager(hass)
    await press(hass, BUTTON)
    newest = manager.status(ROUTER).recommended
    assert newest is not None
    good = tmp_path / "my router.zip"
    good.write_bytes((store(hass) / newest.path).read_bytes())
    await manager.stored.delete_backup(ROUTER, newest.id, even_if_needed=True)
    await manager.back_up(ROUTER)
    await settle(hass)
    assert list(due(hass)) == [DUE]

    form = await answer(hass, await open_repair(hass), IMPORT_FILE)
    bad = tmp_path / "cut.zip"
    bad.write_bytes(good.read_bytes()[:-100])
    form = await answer(hass, form, {"file": await upload(hass_client, bad)})
    assert form["errors"] == {"file": "unusable"}
    assert form["description_placeholders"] is not None
    assert "is not a readable zip file" in form["description_placeholders"]["error"]

    old = {"file": await upload(hass_client, good), "made_at": "2024-05-01 12:00:00"}
    form = await answer(hass, form, old)
    assert form["errors"] == {"made_at": "still_due"}
    assert list(due(hass)) == [DUE]

    done = await answer(hass, form, {"file": await upload(hass_client, good)})
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert due(hass) == {}
    whole = manager.status(ROUTER).recommended
    assert whole is not None
    assert whole.trigger is Trigger.IMPORTED
