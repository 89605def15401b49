"""Backups that need a person: what is shown where, and what is asked of nobody."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.diagnostics import async_get_config_entry_diagnostics
from custom_components.ha_device_backups.manager import async_get_manager
from ha_device_backup_core.records import Outcome
from ha_device_backup_core.text import in_language
from ha_device_backup_fritzbox import FritzBoxHandler
from ha_device_backup_fritzbox.timing import FritzboxTiming
from tests.simulators.fritzbox import CANARIES, SimulatedFritzBox

from ..flow_steps import until
from ..household import press, settle, store
from ..router import BUTTON, EVENT, ROUTER, add, router_entry, shown


def state(hass: HomeAssistant, entity_id: str) -> Any:  # noqa: ANN401 - a state's attributes
    found = hass.states.get(entity_id)
    assert found is not None
    return found


async def test_the_first_backup_asks_nobody_and_tells_what_it_misses(
    hass: HomeAssistant, fritz: SimulatedFritzBox
) -> None:
    await add(hass, router_entry(fritz))
    assert fritz.box.confirmation.started == 0
    told = shown(hass)
    assert told is not None
    title, text = told
    assert title == "The backup of Router is incomplete"
    assert "The settings" in text
    assert "press “Back up now”" in text
    assert state(hass, EVENT).attributes["event_type"] == "stored"


async def test_the_button_shows_the_instruction_then_the_result(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    fritz.box.confirmation.polls_until_pressed = None
    await add(hass, router_entry(fritz))
    before = dt_util.utcnow()
    pressing = hass.async_create_task(press(hass, BUTTON))
    manager = await async_get_manager(hass)
    await until(lambda: manager.status(ROUTER).prompt is not None)
    prompt = manager.status(ROUTER).prompt
    assert prompt is not None
    assert before < prompt.until <= dt_util.utcnow() + timedelta(seconds=60)
    told = shown(hass)
    assert told is not None
    title, text = told
    assert title == "Router needs you"
    assert "button" in text
    assert f"Router waits until {dt_util.as_local(prompt.until):%H:%M:%S}." in text
    await until(lambda: state(hass, EVENT).attributes["event_type"] == "person_needed")
    event = state(hass, EVENT)
    assert "button" in event.attributes["message"]
    assert event.attributes["until"] == prompt.until.isoformat()
    assert not [canary for canary in CANARIES if canary in str(told) + str(event.attributes)]

    fritz.box.confirmation.press_button()
    await pressing
    assert shown(hass) == ("Router is backed up", "A complete backup of Router was stored.")
    assert state(hass, EVENT).attributes["event_type"] == "stored"
    status = manager.status(ROUTER)
    assert status.recommended is not None
    assert status.recommended == status.newest


async def test_in_the_language_of_the_home(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    fritz.box.confirmation.polls_until_pressed = None
    hass.config.language = "de"
    await add(hass, router_entry(fritz))
    pressing = hass.async_create_task(press(hass, "button.router_jetzt_sichern"))
    await until(lambda: (shown(hass) or ("", ""))[0] == "Router wartet auf dich")
    fritz.box.confirmation.press_button()
    await pressing
    assert shown(hass) == ("Router ist gesichert", "Ein vollständiges Backup von Router wurde gespeichert.")


async def test_nobody_comes(hass: HomeAssistant, fritz: SimulatedFritzBox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FritzBoxHandler, "timing", FritzboxTiming(confirm=0.3, poll=0.02))
    fritz.box.confirmation.polls_until_pressed = None
    await add(hass, router_entry(fritz))
    manager = await async_get_manager(hass)
    with pytest.raises(HomeAssistantError) as raised:
        await press(hass, BUTTON)
    assert raised.value.translation_key == "person_required"
    await settle(hass)
    told = shown(hass)
    assert told is not None
    assert told[0] == "The backup of Router failed"
    assert "Somebody has to confirm this at the device." in told[1]
    assert manager.status(ROUTER).count == 1

    monkeypatch.setattr(FritzBoxHandler, "timing", FritzboxTiming(poll=0.02))
    fritz.box.confirmation.polls_until_pressed = 2
    await press(hass, BUTTON)
    assert shown(hass) == ("Router is backed up", "A complete backup of Router was stored.")
    await press(hass, BUTTON)
    assert shown(hass) == (
        "Router is backed up",
        "The backup of Router is complete; nothing changed since the last one.",
    )
    await manager.back_up(ROUTER)
    await settle(hass)
    assert shown(hass) is None


async def test_two_people_are_one_job(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    await add(hass, router_entry(fritz))
    await asyncio.gather(press(hass, BUTTON), press(hass, BUTTON))
    assert fritz.box.confirmation.started == 1


async def test_removing_the_device_takes_the_instruction_back(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    fritz.box.confirmation.polls_until_pressed = None
    entry = await add(hass, router_entry(fritz))
    manager = await async_get_manager(hass)
    pressing = hass.async_create_task(hass.services.async_call("button", "press", {"entity_id": BUTTON}, blocking=True))
    await until(lambda: manager.status(ROUTER).prompt is not None)
    assert await hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(HomeAssistantError):
        await pressing
    await settle(hass)
    assert shown(hass) is None
    assert fritz.box.confirmation.state == "stopped"

    fritz.box.confirmation.polls_until_pressed = 2
    assert await hass.config_entries.async_setup(entry.entry_id)
    await press(hass, BUTTON)
    assert shown(hass) == ("Router is backed up", "A complete backup of Router was stored.")


@pytest.mark.parametrize(
    ("by_user", "data", "asked"),
    [
        (True, {}, True),
        (False, {}, False),
        (False, {"attended": True}, True),
        (True, {"attended": False}, False),
    ],
)
async def test_the_action_asks_where_somebody_is(
    hass: HomeAssistant,
    fritz: SimulatedFritzBox,
    hass_admin_user: MockUser,
    by_user: bool,
    data: dict[str, bool],
    asked: bool,
) -> None:
    entry = await add(hass, router_entry(fritz))
    context = Context(user_id=hass_admin_user.id if by_user else None)
    answer = await call(hass, "back_up", {"device_id": [device_id(hass, entry.entry_id)], **data}, context)
    assert answer["devices"][0]["whole"] is asked
    assert (fritz.box.confirmation.started == 1) is asked


async def test_backing_up_all_asks_nobody(
    hass: HomeAssistant, fritz: SimulatedFritzBox, hass_admin_user: MockUser
) -> None:
    await add(hass, router_entry(fritz))
    answer = await call(hass, "back_up", {"all": True}, Context(user_id=hass_admin_user.id))
    assert answer["devices"][0]["whole"] is False
    await press(hass, "button.device_backups_back_up_all")
    assert fritz.box.confirmation.started == 0


async def test_incomplete_backups_hide_no_age(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    await add(hass, router_entry(fritz))
    problem = state(hass, "binary_sensor.router_backup_problem")
    assert (problem.state, problem.attributes["health"]) == ("on", "person_needed")
    await press(hass, BUTTON)
    manager = await async_get_manager(hass)
    whole = manager.status(ROUTER).recommended
    assert whole is not None
    sensor = state(hass, "sensor.router_last_backup")
    assert (sensor.attributes["backup_id"], sensor.attributes["newer_incomplete"]) == (whole.id, None)

    fritz.box.deflections.clear()
    result = await manager.back_up(ROUTER)
    await settle(hass)
    assert result.outcome is Outcome.STORED
    assert result.backup is not None
    sensor = state(hass, "sensor.router_last_backup")
    assert dt_util.parse_datetime(sensor.state) == whole.taken_at.replace(microsecond=0)
    attributes = sensor.attributes
    assert (attributes["backup_id"], attributes["whole"], attributes["missing"]) == (whole.id, True, [])
    assert (attributes["newer_incomplete"], attributes["newer_incomplete_at"]) == (
        result.backup.id,
        result.backup.confirmed,
    )
    assert len(attributes["newer_incomplete_missing"]) == 1
    problem = state(hass, "binary_sensor.router_backup_problem")
    assert (problem.state, problem.attributes["health"]) == ("off", "ok")
    assert problem.attributes["reminder_due"] == whole.taken_at + timedelta(days=30)


async def call(hass: HomeAssistant, action: str, data: dict[str, Any], context: Context) -> Any:  # noqa: ANN401
    answer = await hass.services.async_call(DOMAIN, action, data, blocking=True, return_response=True, context=context)
    await settle(hass)
    return answer


def device_id(hass: HomeAssistant, entry_id: str) -> str:
    return next(device.id for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry_id))


async def test_a_restore_by_hand_comes_with_its_steps(hass: HomeAssistant, fritz: SimulatedFritzBox) -> None:
    entry = await add(hass, router_entry(fritz))
    await press(hass, BUTTON)
    manager = await async_get_manager(hass)
    whole = manager.status(ROUTER).recommended
    assert whole is not None
    target = {"device_id": device_id(hass, entry.entry_id)}
    requests = len(fritz.requests)
    rehearsed = await call(hass, "plan_restore", target, Context())
    assert (rehearsed["backup_id"], rehearsed["path"]) == (whole.id, None)
    guide = await call(hass, "restore", target, Context())
    assert guide["backup_id"] == whole.id
    assert guide["guide"] == [in_language(step) for step in FritzBoxHandler.spec.restore_guide]
    assert Path(guide["path"]).read_bytes() == (store(hass) / whole.path).read_bytes()
    assert len(fritz.requests) == requests

    with pytest.raises(ServiceValidationError) as raised:
        await hass.services.async_call(DOMAIN, "restore", target, blocking=True)
    assert raised.value.translation_key == "restore_by_hand"
    placeholders = raised.value.translation_placeholders
    assert placeholders is not None
    assert placeholders["steps"].startswith("1. ")
    assert Path(placeholders["path"]).is_file()
    lines = str(raised.value).splitlines()
    assert lines[0].endswith(f"The file for it: {placeholders['path']}")
    assert lines[2:] == [f"{number}. {step}" for number, step in enumerate(guide["guide"], start=1)]

    diagnostics = await async_get_config_entry_diagnostics(hass, entry)
    assert (diagnostics["restore"], diagnostics["status"]["needs_person"]) == ("guided", False)
