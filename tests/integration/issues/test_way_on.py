"""Who was told that something did not work is told what solves it."""

from dataclasses import replace

import pytest
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ha_device_backups.issues.way_on import way_on
from custom_components.ha_device_backups.translation import loaded_phrases
from ha_device_backup_core.errors import (
    AuthenticationError,
    CannotConnectError,
    DeviceBusyError,
    StoreFullError,
    WrongDeviceError,
)
from ha_device_backup_core.manager import DeviceBackupManager
from ha_device_backup_core.records import Attempt, Outcome

from ..household import KEY

RECONFIGURE = (
    "To change the address or the login, choose “Reconfigure” in the menu of the device under "
    "[Device Backups](/config/integrations/integration/ha_device_backups#config_entry={entry})."
)


@pytest.mark.parametrize(
    ("error", "way"),
    [
        (None, None),
        (DeviceBusyError.code, None),
        (CannotConnectError.code, RECONFIGURE),
        (AuthenticationError.code, RECONFIGURE),
        (StoreFullError.code, "The repair “No room left for backups” leads on: Settings, Repairs."),
        (WrongDeviceError.code, "The repair “Other device in place of Shelf” leads on: Settings, Repairs."),
    ],
)
async def test_the_repair_or_the_step(
    hass: HomeAssistant, set_up: MockConfigEntry, manager: DeviceBackupManager, error: str | None, way: str | None
) -> None:
    status = manager.status(KEY)
    assert status.newest is not None
    attempt = Attempt(at=status.newest.taken_at, outcome=Outcome.FAILED, error=error)
    failed = replace(status, last_attempt=attempt)
    assert way_on(hass, failed, error, loaded_phrases(hass)) == (way and way.format(entry=set_up.entry_id))
