"""The buttons."""

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ha_device_backup_core.manager import DeviceBackupManager
from tests.simulators.wled.server import SimulatedWled

from .household import KEY, add, change, press

ALL = "button.device_backups_back_up_all"


async def test_back_up_now(hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled) -> None:
    change(wled)
    await press(hass, "button.shelf_back_up_now")
    assert manager.status(KEY).count == 2


async def test_back_up_now_tells_what_went_wrong(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    await wled.stop()
    with pytest.raises(HomeAssistantError) as raised:
        await press(hass, "button.shelf_back_up_now")
    assert (raised.value.translation_domain, raised.value.translation_key) == ("ha_device_backups", "cannot_connect")

    await wled.start()
    await press(hass, "button.shelf_back_up_now")
    attempt = manager.status(KEY).last_attempt
    assert attempt is not None
    assert attempt.error is None


async def test_back_up_all_backs_up_the_rest_and_names_who_failed(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    async with SimulatedWled(mac="c0b1c2d3e4f5", name="Desk") as desk:
        await add(hass, desk)
        change(desk)
        await wled.stop()
        with pytest.raises(HomeAssistantError) as raised:
            await press(hass, ALL)
        assert raised.value.translation_key == "backups_failed"
        assert raised.value.translation_placeholders is not None
        assert raised.value.translation_placeholders["failures"].startswith("Shelf: The device cannot be reached.")
        assert [(status.title, status.count) for status in manager.statuses()] == [("Shelf", 1), ("Desk", 2)]

        await wled.start()
        change(wled)
        await press(hass, ALL)
        assert [(status.title, status.count) for status in manager.statuses()] == [("Shelf", 2), ("Desk", 2)]
