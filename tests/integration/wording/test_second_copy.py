"""What is wrong with the second copy, in words that alarm nobody about the backups themselves."""

import pytest
from homeassistant.core import HomeAssistant

from custom_components.ha_device_backups.wording.second_copy import second_copy_sentence
from ha_device_backup_core.errors import StoreDamagedError, StoreError, StoreFullError
from ha_device_backup_core.manager import DeviceBackupManager


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (StoreError("/share: It is not there."), "/share: It is not there."),
        (StoreError(), "The backups cannot be read or written."),
        (StoreFullError("/share"), "The disk is full, so nothing was stored. Free some space. /share"),
        (StoreDamagedError("It differs."), "A stored backup is damaged and is not used. It differs."),
    ],
)
async def test_what_is_said_of_it(
    hass: HomeAssistant, manager: DeviceBackupManager, problem: StoreError, sentence: str
) -> None:
    assert second_copy_sentence(hass, problem, "en") == sentence
