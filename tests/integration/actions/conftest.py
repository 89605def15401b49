"""The controller that the actions are called for."""

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ha_device_backups.const import DOMAIN
from ha_device_backup_core.manager import DeviceBackupManager

from ..household import KEY


@pytest.fixture
def device_id(hass: HomeAssistant, manager: DeviceBackupManager, set_up: MockConfigEntry) -> str:
    """Return the id of the controller in Home Assistant."""
    device = dr.async_get(hass).async_get_device_by_identifier((DOMAIN, str(KEY)), set_up.entry_id)
    assert device is not None
    return device.id


@pytest.fixture
def backup_id(manager: DeviceBackupManager) -> str:
    """Return the id of its first backup."""
    newest = manager.status(KEY).newest
    assert newest is not None
    return newest.id
