"""A backup that is not whole, or may be wrong: whoever hears of it hears that, and what is missing."""

from collections.abc import Mapping
from typing import Any

import pytest
from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.listeners.bus_events import EVENT
from custom_components.ha_device_backups.manager import async_get_manager
from custom_components.ha_device_backups.translation import loaded_phrases, moment
from ha_device_backup_core.manager import DeviceBackupManager
from ha_device_backup_core.records import Backup, DeviceKey
from ha_device_backup_fritzbox import FritzBoxHandler
from tests.simulators.fritzbox import SimulatedFritzBox
from tests.simulators.fritzbox.phone import Phonebook
from tests.simulators.wled.server import SimulatedWled

from .. import router
from ..conftest import make_wled_entry
from ..flow_steps import check, check_texts, choose, placeholders_of, submit
from ..household import add, later, press, settle
from ..repairs.test_device_fix_flow import _is_not_new, filled_in, walk
from ..router import ROUTER, router_entry

PORCH = DeviceKey("wled", "b0b1c2d3e4f5")
PIN = "2468"
LACKING = f"not_whole_{PORCH}"
RESET = f"looks_reset_{PORCH}"
LOCKED = (
    "The list of files is locked by the settings PIN, which was not entered: files with names of their own may be"
    " missing. Enter the PIN in the settings of this device (Reconfigure)."
)
IN_GERMAN = (
    "Die Dateiliste ist durch die Einstellungs-PIN gesperrt, die nicht eingegeben wurde: Dateien mit eigenen Namen"
    " können fehlen. Gib die PIN in den Einstellungen dieses Geräts ein (Neu konfigurieren)."
)
RESET_REASON = "The device holds its factory settings."
NOTE = {"code": "file_list_unavailable", "text": LOCKED}


def state(hass: HomeAssistant, entity_id: str) -> tuple[str, Mapping[str, Any]]:
    found = hass.states.get(entity_id)
    assert found is not None
    return found.state, found.attributes


def unescaped(text: str) -> str:
    return text.replace("\\", "")


def repair(hass: HomeAssistant, issue_id: str) -> Mapping[str, str] | None:
    issue = ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    return None if issue is None else dict(issue.translation_placeholders or {})


async def call(hass: HomeAssistant, action: str, **data: object) -> Any:  # noqa: ANN401 - any answer
    answer = await hass.services.async_call(DOMAIN, action, data, blocking=True, return_response=True)
    await settle(hass)
    return answer


async def back_up_in_gear(hass: HomeAssistant, entry: ConfigEntry) -> ConfigFlowResult:
    """Press "Back up now" behind the gear; return the page after it."""
    menu = await hass.config_entries.options.async_init(entry.entry_id)
    result = await hass.config_entries.options.async_configure(menu["flow_id"], {"next_step_id": "back_up"})
    await settle(hass)
    result = await hass.config_entries.options.async_configure(result["flow_id"])
    check(result, "options")
    return result


@pytest.fixture
async def porch(hass: HomeAssistant, locked_wled: SimulatedWled) -> MockConfigEntry:
    """Return the entry of a controller whose PIN was not entered, set up and backed up."""
    return await add(hass, locked_wled)


async def manager_of(hass: HomeAssistant) -> DeviceBackupManager:
    return await async_get_manager(hass)


async def test_who_adds_a_locked_controller_is_told_before(hass: HomeAssistant, locked_wled: SimulatedWled) -> None:
    form = await choose(hass, "wled")
    options = await submit(hass, form, host=locked_wled.host, port=float(locked_wled.port))
    summary = unescaped(placeholders_of(options)["summary"])
    assert "locked by a settings PIN, and you entered none. Its backups will be incomplete" in summary
    assert "(Reconfigure)" in summary


async def test_a_device_that_is_incomplete_is_nowhere_well(hass: HomeAssistant, porch: MockConfigEntry) -> None:
    value, attributes = state(hass, "sensor.porch_backup_state")
    assert (value, attributes["reason"], attributes["missing"], attributes["doubts"]) == (
        "incomplete",
        LOCKED,
        [LOCKED],
        [],
    )
    value, attributes = state(hass, "binary_sensor.porch_backup_problem")
    assert (value, attributes["health"], attributes["message"]) == ("on", "not_whole", LOCKED)
    await later(hass)
    for name in ("devices_with_a_problem", "devices_with_an_incomplete_backup"):
        value, attributes = state(hass, f"sensor.device_backups_{name}")
        assert (value, attributes["devices"]) == ("1", ["Porch"])
    value, attributes = state(hass, "event.porch_backup")
    assert (attributes["event_type"], attributes["missing"], attributes["suspect"]) == ("stored", [LOCKED], None)
    issue = repair(hass, LACKING)
    assert issue is not None
    assert unescaped(issue["flaws"]) == f"- {LOCKED}"


async def test_in_the_language_of_the_home(hass: HomeAssistant, locked_wled: SimulatedWled) -> None:
    hass.config.language = "de"
    await add(hass, locked_wled)
    value, attributes = state(hass, "sensor.porch_backup_zustand")
    assert (value, attributes["reason"], attributes["missing"]) == ("incomplete", IN_GERMAN, [IN_GERMAN])
    shown = router.shown(hass, PORCH)
    assert shown is not None
    assert (shown[0], IN_GERMAN in unescaped(shown[1])) == ("Das Backup von Porch ist nicht vollständig", True)


async def test_who_starts_a_backup_is_told_what_it_lacks(hass: HomeAssistant, porch: MockConfigEntry) -> None:
    (device,) = (await call(hass, "back_up", all=True))["devices"]
    assert (device["whole"], device["missing"], device["doubts"], device["suspect"]) == (False, [NOTE], [], None)
    ((backup,),) = [device["backups"] for device in (await call(hass, "list_backups"))["devices"]]
    assert (backup["whole"], backup["missing"]) == (False, [NOTE])

    page = await back_up_in_gear(hass, porch)
    assert (page["type"], page["step_id"]) == (FlowResultType.MENU, "incomplete")
    assert unescaped(placeholders_of(page)["list"]) == f"- {LOCKED}"

    for button in ("button.porch_back_up_now", "button.device_backups_back_up_all"):
        await (await manager_of(hass)).back_up(PORCH)
        await settle(hass)
        assert router.shown(hass, PORCH) is None
        await press(hass, button)
        shown = router.shown(hass, PORCH)
        assert shown is not None
        assert (shown[0], LOCKED in unescaped(shown[1])) == ("The backup of Porch is incomplete", True)


async def test_automations_are_told_once(
    hass: HomeAssistant, manager: DeviceBackupManager, locked_wled: SimulatedWled
) -> None:
    events = async_capture_events(hass, EVENT)
    await add(hass, locked_wled)
    for _ in range(2):
        await manager.back_up(PORCH)
        await settle(hass)
    message = f"The backup is incomplete. {LOCKED}"
    assert [(event.data["type"], event.data["title"], event.data["message"]) for event in events] == [
        ("stored", "Porch was backed up, but not as it should be", message),
        ("incomplete", "The backup of Porch is incomplete", message),
    ]


async def test_it_is_well_once_the_pin_is_entered(
    hass: HomeAssistant, porch: MockConfigEntry, locked_wled: SimulatedWled
) -> None:
    entered = make_wled_entry(locked_wled, pin=PIN)
    hass.config_entries.async_update_entry(porch, data=entered.data)
    await settle(hass)
    page = await back_up_in_gear(hass, porch)
    assert (page["type"], page["reason"]) == (FlowResultType.ABORT, "backed_up")
    assert (state(hass, "sensor.porch_backup_state")[0], repair(hass, LACKING)) == ("ok", None)


async def reset(hass: HomeAssistant, controller: SimulatedWled) -> Backup:
    """Reset the controller; return the backup that is recommended before."""
    recommended = (await manager_of(hass)).status(PORCH).recommended
    assert recommended is not None
    controller.device.wipe()
    return recommended


async def test_who_backs_up_a_controller_that_was_reset_is_told_and_led_on(
    hass: HomeAssistant, porch: MockConfigEntry, locked_wled: SimulatedWled
) -> None:
    good = await reset(hass, locked_wled)
    page = await back_up_in_gear(hass, porch)
    assert (page["type"], page["reason"]) == (FlowResultType.ABORT, "looks_reset")
    placeholders = placeholders_of(page)
    assert unescaped(placeholders["reason"]) == RESET_REASON
    assert placeholders["recommended"].startswith(
        f"The backup of {moment(good.taken_at, loaded_phrases(hass))} is recommended"
    )
    assert LOCKED in unescaped(placeholders["gaps"])
    assert placeholders["repairs"] == "/config/repairs"
    assert repair(hass, RESET) is not None

    (device,) = (await call(hass, "back_up", all=True))["devices"]
    assert (device["suspect"], device["missing"]) == (RESET_REASON, [])
    await press(hass, "button.porch_back_up_now")
    shown = router.shown(hass, PORCH)
    assert shown is not None
    assert (shown[0], RESET_REASON in unescaped(shown[1])) == ("The backup of Porch may be wrong", True)


async def test_without_a_better_backup_that_is_said(
    hass: HomeAssistant, porch: MockConfigEntry, locked_wled: SimulatedWled
) -> None:
    manager, good = await manager_of(hass), await reset(hass, locked_wled)
    await manager.back_up(PORCH)
    await manager.stored.delete_backup(PORCH, good.id, even_if_needed=True)
    page = await back_up_in_gear(hass, porch)
    assert page["reason"] == "looks_reset"
    assert placeholders_of(page)["recommended"].startswith("There is no better backup.")


async def test_what_a_restore_does_not_bring_back_is_told_all_the_way(
    hass: HomeAssistant, porch: MockConfigEntry, locked_wled: SimulatedWled
) -> None:
    good = await reset(hass, locked_wled)
    await (await manager_of(hass)).back_up(PORCH)
    await settle(hass)
    gaps = f"What it does not hold you have to set by hand after the restore:\n\n- {LOCKED}"
    issue = repair(hass, RESET)
    assert issue is not None
    assert gaps in unescaped(issue["gaps"])
    plan = await walk(hass, RESET, {"next_step_id": "restore"})
    assert gaps in unescaped(filled_in(plan)["plan"])

    device_id = (await call(hass, "list_backups"))["devices"][0]["device_id"]
    answer = await call(hass, "plan_restore", device_id=device_id)
    assert (answer["backup_id"], answer["missing"], answer["doubts"]) == (good.id, [NOTE], [])

    events = async_capture_events(hass, EVENT)
    done = await walk(hass, RESET, {"next_step_id": "restore"}, {})
    assert done["step_id"] == "restored"
    assert gaps in unescaped(filled_in(done)["report"])
    await settle(hass)
    (message,) = [event.data["message"] for event in events if event.data["type"] == "restored"]
    assert gaps in message
    assert (await call(hass, "restore", device_id=device_id, backup_id=good.id))["missing"] == [NOTE]


async def test_the_steps_of_a_restore_by_hand_name_it_too(
    hass: HomeAssistant, fritz: SimulatedFritzBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A box of which nobody ever confirmed the settings is reset: its best backup holds the phone books alone."""
    await router.add(hass, router_entry(fritz))
    manager = await manager_of(hass)
    value, attributes = state(hass, "sensor.router_backup_state")
    assert (value, len(attributes["missing"])) == ("needs_you", 1)
    fritz.box.phonebooks = {0: Phonebook(name="New", contacts=[])}
    monkeypatch.setattr(FritzBoxHandler, "configured", classmethod(_is_not_new))
    await manager.back_up(ROUTER)
    await settle(hass)
    guide = await walk(hass, f"looks_reset_{ROUTER}", {"next_step_id": "restore"})
    assert guide["step_id"] == "guide"
    assert "The settings: this FRITZ!Box exports them only after" in unescaped(filled_in(guide)["gaps"])
    device_id = (await call(hass, "list_backups"))["devices"][0]["device_id"]
    answer = await call(hass, "restore", device_id=device_id)
    assert [note["code"] for note in answer["missing"]] == ["configuration_export"]
    with pytest.raises(Exception, match=r"is incomplete\. The settings: this FRITZ!Box"):
        await hass.services.async_call(DOMAIN, "restore", {"device_id": device_id}, blocking=True)


async def test_every_way_to_end_a_repair_has_its_texts(hass: HomeAssistant) -> None:
    for kind in ("reminder_due", "reminders_due"):
        for page in (
            {"type": FlowResultType.MENU, "step_id": "incomplete", "menu_options": ["back_up", "import_file"]},
            {"type": FlowResultType.ABORT, "reason": "looks_reset"},
        ):
            given = dict.fromkeys(("name", "list", "entry", "reason", "recommended", "gaps", "repairs"), "")
            check_texts({**page, "description_placeholders": given}, "issues", kind, "fix_flow")
