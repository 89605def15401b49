"""System health."""

from homeassistant.components.backup.manager import BackupManager
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import get_system_health_info

from custom_components.ha_device_backups import system_health
from custom_components.ha_device_backups.const import DOMAIN
from ha_device_backup_core.manager import DeviceBackupManager

from .household import make_snapshot, settle


async def test_system_health(
    hass: HomeAssistant, home_assistant_backups: BackupManager, manager: DeviceBackupManager
) -> None:
    assert await async_setup_component(hass, "system_health", {})
    told = await get_system_health_info(hass, DOMAIN)
    assert told == {
        "devices": 1,
        "devices_with_problem": 0,
        "size": "0.0 MB",
        "newest_snapshot": None,
        "snapshot_in_progress": False,
        "handlers": "fritzbox (ha-device-backup-fritzbox 0.1.0), http (ha-device-backup-http 0.1.0), "
        "tasmota (ha-device-backup-tasmota 0.1.0), wled (ha-device-backup-wled 0.1.0)",
        "handler_problems": 0,
    }
    await make_snapshot(home_assistant_backups)
    await settle(hass)
    assert (await get_system_health_info(hass, DOMAIN))["newest_snapshot"] == manager.snapshots[0].at.isoformat()


async def test_system_health_before_anything_is_set_up(hass: HomeAssistant, enable_custom_integrations: None) -> None:
    assert await async_setup_component(hass, "system_health", {})
    assert await async_setup_component(hass, DOMAIN, {})
    assert (await get_system_health_info(hass, DOMAIN))["devices"] == 0
    await settle(hass)


async def test_system_health_without_a_store(hass: HomeAssistant) -> None:
    assert await system_health._info(hass) == {"devices": 0}
