"""What automations are told: by the triggers of a device, and by the blueprint about all of them."""

import re
import shutil
import sys
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from homeassistant.components import automation
from homeassistant.components.device_automation import DeviceAutomationType, async_get_device_automations
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from homeassistant.util import slugify, yaml
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events, async_mock_service

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.entries import service_entry
from custom_components.ha_device_backups.listeners.bus_events import EVENT, TYPES
from custom_components.ha_device_backups.page_paths import restore_path
from custom_components.ha_device_backups.translation import loaded_phrases, moment
from ha_device_backup_core.errors import DeviceBackupError
from ha_device_backup_core.manager import DeviceBackupManager
from ha_device_backup_core.records import Trigger
from tests.simulators.fritzbox import SimulatedFritzBox
from tests.simulators.wled.server import SimulatedWled

from .household import KEY, change, days_later, later, press, settle
from .router import BUTTON, router_entry
from .router import add as add_router

BLUEPRINTS = Path(__file__).parents[2] / "blueprints/automation/ha_device_backups"
PHONE = "Anna's phone"
OFFLINE = (
    "The device cannot be reached. Is it switched on, and is its address right?"
    " The port may be wrong, too: nothing answers there."
)


def device_id(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    device = dr.async_get(hass).async_get_device_by_identifier((DOMAIN, str(entry.unique_id)), entry.entry_id)
    assert device is not None
    return device.id


async def triggers(hass: HomeAssistant, device: str) -> list[dict[str, Any]]:
    found = await async_get_device_automations(hass, DeviceAutomationType.TRIGGER, [device])
    return [trigger for trigger in found[device] if trigger["domain"] == DOMAIN]


async def test_a_device_has_triggers_and_the_service_none(
    hass: HomeAssistant, manager: DeviceBackupManager, set_up: MockConfigEntry
) -> None:
    assert await async_setup_component(hass, "device_automation", {})
    shelf = device_id(hass, set_up)
    assert {trigger["type"] for trigger in await triggers(hass, shelf)} == set(TYPES)
    service = service_entry(hass)
    assert service is not None
    (of_service,) = dr.async_entries_for_config_entry(dr.async_get(hass), service.entry_id)
    assert await triggers(hass, of_service.id) == []


def unreadable(wled: SimulatedWled) -> None:
    """Let the settings of the controller be a web page, however they are asked for."""
    wled.faults.path, wled.faults.anywhere, wled.faults.web_page = "cfg.json", True, 1000


async def test_a_trigger_fires_for_its_device_and_its_reason(
    hass: HomeAssistant, manager: DeviceBackupManager, set_up: MockConfigEntry, wled: SimulatedWled
) -> None:
    calls = async_mock_service(hass, "test", "told")
    shelf = device_id(hass, set_up)
    message = "{{ trigger.event.data.type }}: {{ trigger.event.data.message }}"
    told = {"action": "test.told", "data": {"message": message}}
    wanted = [{"trigger": "device", "domain": DOMAIN, "device_id": shelf, "type": kind} for kind in ("failed", "away")]
    assert await async_setup_component(
        hass, automation.DOMAIN, {automation.DOMAIN: {"alias": "A", "triggers": wanted, "actions": told}}
    )
    change(wled)
    await press(hass, "button.shelf_back_up_now")
    assert calls == []
    await wled.stop()
    await manager.back_up(KEY)
    await wled.start()
    unreadable(wled)
    await manager.back_up(KEY)
    await settle(hass)
    away, failed = (call.data["message"] for call in calls)
    assert away == f"away: {OFFLINE}"
    assert failed == "failed: The device answered in an unexpected way. cfg.json could not be read completely."


async def test_what_is_tried_again_by_itself_is_told_when_that_was_in_vain(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    events = async_capture_events(hass, EVENT)
    unreadable(wled)
    first = await manager.back_up(KEY, trigger=Trigger.SCHEDULE)
    await settle(hass)
    assert first.will_retry_at is not None
    assert events == []
    again = await manager.back_up(KEY)
    await settle(hass)
    assert again.will_retry_at is None
    assert [event.data["type"] for event in events] == ["failed"]


async def test_what_lasts_is_told_once(hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled) -> None:
    await wled.stop()
    await manager.back_up(KEY)
    await settle(hass)
    events = async_capture_events(hass, EVENT)
    with days_later(4):
        await later(hass)
        await later(hass)
        await manager.back_up(KEY)
        await settle(hass)
    assert [event.data["type"] for event in events if event.data["type"] == "overdue"] == ["overdue"]


async def test_who_has_to_confirm_is_told_what_to_do_and_that_it_is_due(
    hass: HomeAssistant, fritz: SimulatedFritzBox, manager: DeviceBackupManager
) -> None:
    events = async_capture_events(hass, EVENT)
    await add_router(hass, router_entry(fritz))
    await press(hass, BUTTON)
    needed = [event.data for event in events if event.data["type"] == "person_needed"]
    assert [data["title"] for data in needed] == ["Router needs you", "Router needs you"]
    due, instruction = (data["message"] for data in needed)
    assert due == "You have to confirm a complete backup at the device. There is no complete backup yet."
    assert re.fullmatch(r"Press .*button.* It waits until \d\d:\d\d:\d\d\.", instruction)
    assert [(event.data["type"], event.data["message"]) for event in events][-1] == ("stored", "It is complete.")


async def test_a_restore_is_told_with_what_was_put_back(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    backup = manager.status(KEY).recommended
    assert backup is not None
    events = async_capture_events(hass, EVENT)
    wled.faults.path, wled.faults.garble_upload = "/presets.json", 100
    change(wled)
    with pytest.raises(DeviceBackupError):
        await manager.restore(KEY, backup.id)
    wled.faults.garble_upload = 0
    await manager.restore(KEY, backup.id)
    await settle(hass)
    told = {event.data["type"]: event.data["message"] for event in events}
    assert told["restored"].startswith(
        f"The backup of {moment(backup.taken_at, loaded_phrases(hass))} is back on the device."
    )
    assert "presets.json" in told["restore_failed"]


async def use_blueprint(hass: HomeAssistant, name: str = "notify.yaml", **inputs: object) -> list[ServiceCall]:
    """Make an automation of it; return what it sends."""
    folder = Path(hass.config.path("blueprints/automation/ha_device_backups"))
    folder.mkdir(parents=True)
    shutil.copy(BLUEPRINTS / name, folder)
    messages = async_mock_service(hass, "notify", "send_message")
    use = {"path": f"ha_device_backups/{name}", "input": {"phone": "notify.phone", **inputs}}
    assert await async_setup_component(hass, automation.DOMAIN, {automation.DOMAIN: {"use_blueprint": use}})
    await settle(hass)
    return messages


def sent(messages: list[ServiceCall]) -> list[tuple[str, str]]:
    return [(message.data["title"], message.data["message"]) for message in messages]


async def test_the_blueprint_sends_a_message_about_any_device(
    hass: HomeAssistant, manager: DeviceBackupManager, set_up: MockConfigEntry, wled: SimulatedWled
) -> None:
    messages = await use_blueprint(hass)
    change(wled)
    await press(hass, "button.shelf_back_up_now")
    await wled.stop()
    await manager.back_up(KEY)
    await settle(hass)
    assert messages == [], "a lamp that is off is no failure"
    with days_later(4):
        await later(hass)
    await wled.start()
    wled.device.wipe()
    await manager.back_up(KEY)
    await settle(hass)
    assert {message.data["entity_id"][0] for message in messages} == {"notify.phone"}
    assert sent(messages) == [
        ("Shelf has had no backup for too long", OFFLINE),
        ("The backup of Shelf may be wrong", "The device holds its factory settings."),
    ]


async def add_phone(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> str:
    """Register a phone as the app does; return its device."""
    for speech in ("pymicro_vad", "pyspeex_noise"):  # the voice assistant, on which the app depends, has to be compiled
        monkeypatch.setitem(sys.modules, speech, MagicMock())
    registration = {
        "app_data": {"push_token": "token", "push_url": "https://push.example"},
        "app_id": "app",
        "app_name": "App",
        "app_version": "1",
        "device_id": "anna",
        "device_name": PHONE,
        "manufacturer": "Maker",
        "model": "Phone",
        "os_name": "OS",
        "os_version": "1",
        "supports_encryption": False,
        "user_id": "anna",
        "webhook_id": "webhook",
    }
    entry = MockConfigEntry(domain="mobile_app", title=PHONE, data=registration)
    entry.add_to_hass(hass)
    assert await async_setup_component(hass, "mobile_app", {})
    await settle(hass)
    (device,) = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return device.id


async def test_a_tap_on_the_phone_opens_the_page_with_the_right_backup(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = await add_phone(hass, monkeypatch)
    messages = async_mock_service(hass, "notify", f"mobile_app_{slugify(PHONE)}")
    await use_blueprint(hass, "phone.yaml", phone=phone)
    wled.device.wipe()
    await manager.back_up(KEY)
    await settle(hass)
    recommended = manager.status(KEY).recommended
    assert recommended is not None
    page = restore_path(KEY, recommended.id)
    assert [message.data["data"] for message in messages] == [{"url": page, "clickAction": page}]
    assert sent(messages) == [("The backup of Shelf may be wrong", "The device holds its factory settings.")]


@pytest.mark.parametrize("blueprint", ["notify.yaml", "phone.yaml"])
async def test_the_blueprint_offers_every_type_and_ticks_what_needs_attention(
    hass: HomeAssistant, blueprint: str
) -> None:
    document: Any = yaml.parse_yaml((BLUEPRINTS / blueprint).read_text())
    reasons = document["blueprint"]["input"]["reasons"]
    assert {option["value"] for option in reasons["selector"]["select"]["options"]} == set(TYPES)
    assert reasons["default"] == ["failed", "overdue", "suspect", "incomplete", "restore_failed"]


async def test_the_blueprint_tells_what_is_chosen(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    messages = await use_blueprint(hass, reasons=["away", "stored"])
    change(wled)
    await press(hass, "button.shelf_back_up_now")
    await wled.stop()
    await manager.back_up(KEY)
    await settle(hass)
    assert sent(messages) == [
        ("Shelf was backed up", "It is complete."),
        ("Shelf was not backed up this time", OFFLINE),
    ]
