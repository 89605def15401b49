"""The problem sensor of a device."""

from homeassistant.core import HomeAssistant, State

from ha_device_backup_core.manager import DeviceBackupManager
from tests.simulators.wled.server import SimulatedWled

from .household import KEY, add, days_later, later, press, settle


def problem(hass: HomeAssistant, name: str = "shelf") -> tuple[str, str, str | None]:
    state: State | None = hass.states.get(f"binary_sensor.{name}_backup_problem")
    assert state is not None
    return state.state, state.attributes["health"], state.attributes["reason"]


async def test_a_device_that_is_switched_off_is_late_then_overdue_then_well(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    assert problem(hass) == ("off", "ok", None)

    await wled.stop()
    await manager.back_up(KEY)
    await settle(hass)
    assert problem(hass) == ("off", "late", "cannot_connect")

    with days_later(4):
        await later(hass)
        assert problem(hass) == ("on", "overdue", "cannot_connect")
        await later(hass)
        total = hass.states.get("sensor.device_backups_devices_with_a_problem")
        assert total is not None
        assert (total.state, total.attributes["devices"]) == ("1", ["Shelf"])

        await wled.start()
        await press(hass, "button.shelf_back_up_now")
        assert problem(hass) == ("off", "ok", None)


async def test_a_device_that_answers_nonsense_is_failing(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    wled.faults.web_page = 1000
    result = await manager.back_up(KEY)
    assert result.error is not None
    await settle(hass)
    assert problem(hass) == ("on", "failing", result.error.code)
    state = hass.states.get("binary_sensor.shelf_backup_problem")
    assert state is not None
    assert state.attributes["message"] == str(result.error)

    wled.faults.web_page = 0
    await press(hass, "button.shelf_back_up_now")
    assert problem(hass) == ("off", "ok", None)


async def test_a_device_that_refuses_the_login_is_blocked(hass: HomeAssistant, locked_wled: SimulatedWled) -> None:
    entry = await add(hass, locked_wled)
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, "config": {**entry.data["config"], "pin": "1111"}}
    )
    await settle(hass)
    assert problem(hass, "porch") == ("on", "blocked", "authentication")

    hass.config_entries.async_update_entry(
        entry, data={**entry.data, "config": {**entry.data["config"], "pin": "2468"}}
    )
    await settle(hass)
    assert problem(hass, "porch") == ("off", "ok", None)
