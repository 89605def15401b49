"""The schedule switch of a device."""

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ha_device_backup_core.manager import DeviceBackupManager

from .household import KEY, settle

SCHEDULE = "switch.shelf_backup_schedule"


async def switch(hass: HomeAssistant, action: str) -> str:
    await hass.services.async_call("switch", action, {"entity_id": SCHEDULE}, blocking=True)
    await settle(hass)
    state = hass.states.get(SCHEDULE)
    assert state is not None
    return state.state


async def test_the_schedule_is_switched_off_and_on(
    hass: HomeAssistant, set_up: MockConfigEntry, manager: DeviceBackupManager
) -> None:
    assert manager.status(KEY).next_run is not None

    assert await switch(hass, "turn_off") == "off"
    assert set_up.options == {"schedule_enabled": False}
    assert manager.status(KEY).next_run is None

    assert await switch(hass, "turn_on") == "on"
    assert set_up.options == {"schedule_enabled": True}
    assert manager.status(KEY).next_run is not None


async def test_it_stays_off_over_a_reload(
    hass: HomeAssistant, set_up: MockConfigEntry, manager: DeviceBackupManager
) -> None:
    await switch(hass, "turn_off")
    assert await hass.config_entries.async_reload(set_up.entry_id)
    await settle(hass)
    state = hass.states.get(SCHEDULE)
    assert state is not None
    assert state.state == "off"
    assert manager.status(KEY).next_run is None
