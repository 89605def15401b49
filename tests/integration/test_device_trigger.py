"""What automations are told: by the triggers of a device, and by the blueprint about all of them."""

import shutil
from pathlib import Path
from typing import Any

from homeassistant.components import automation
from homeassistant.components.device_automation import DeviceAutomationType, async_get_device_automations
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events, async_mock_service

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.entries import service_entry
from custom_components.ha_device_backups.listeners.bus_events import EVENT, TYPES
from ha_device_backup_core.manager import BackupManager
from tests.simulators.wled.server import SimulatedWled

from .household import KEY, change, days_later, later, press, settle

BLUEPRINT = Path(__file__).parents[2] / "blueprints/automation/ha_device_backups/notify.yaml"
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
    hass: HomeAssistant, manager: BackupManager, set_up: MockConfigEntry
) -> None:
    assert await async_setup_component(hass, "device_automation", {})
    shelf = device_id(hass, set_up)
    assert {trigger["type"] for trigger in await triggers(hass, shelf)} == set(TYPES)
    service = service_entry(hass)
    assert service is not None
    (of_service,) = dr.async_entries_for_config_entry(dr.async_get(hass), service.entry_id)
    assert await triggers(hass, of_service.id) == []


async def test_a_trigger_fires_for_its_device_and_its_reason(
    hass: HomeAssistant, manager: BackupManager, set_up: MockConfigEntry, wled: SimulatedWled
) -> None:
    calls = async_mock_service(hass, "test", "told")
    shelf = device_id(hass, set_up)
    told = {"action": "test.told", "data": {"message": "{{ trigger.event.data.message }}"}}
    wanted = {"trigger": "device", "domain": DOMAIN, "device_id": shelf, "type": "failed"}
    assert await async_setup_component(
        hass, automation.DOMAIN, {automation.DOMAIN: {"alias": "A", "triggers": wanted, "actions": told}}
    )
    change(wled)
    await press(hass, "button.shelf_back_up_now")
    assert calls == []
    await wled.stop()
    await manager.back_up(KEY)
    await settle(hass)
    assert [call.data["message"] for call in calls] == [OFFLINE]


async def test_what_lasts_is_told_once(hass: HomeAssistant, manager: BackupManager, wled: SimulatedWled) -> None:
    await wled.stop()
    await manager.back_up(KEY)
    await settle(hass)
    events = async_capture_events(hass, EVENT)
    with days_later(4):
        await later(hass)
        await later(hass)
        await manager.back_up(KEY)
        await settle(hass)
    assert [event.data["type"] for event in events if event.data["type"] == "late"] == ["late"]


async def test_the_blueprint_sends_a_message_about_any_device(
    hass: HomeAssistant, manager: BackupManager, set_up: MockConfigEntry, wled: SimulatedWled
) -> None:
    folder = Path(hass.config.path("blueprints/automation/ha_device_backups"))
    folder.mkdir(parents=True)
    shutil.copy(BLUEPRINT, folder)
    messages = async_mock_service(hass, "notify", "send_message")
    use = {"path": "ha_device_backups/notify.yaml", "input": {"phone": "notify.phone"}}
    assert await async_setup_component(hass, automation.DOMAIN, {automation.DOMAIN: {"use_blueprint": use}})
    await settle(hass)

    change(wled)
    await press(hass, "button.shelf_back_up_now")
    assert messages == []
    await wled.stop()
    await manager.back_up(KEY)
    await settle(hass)
    assert [dict(message.data) for message in messages] == [
        {"entity_id": ["notify.phone"], "title": "The backup of Shelf failed", "message": OFFLINE}
    ]
