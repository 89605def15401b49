"""What devices say about themselves stands in the device registry, and only there where they have a place."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr

from custom_components.ha_device_backups.entries import device_entry
from custom_components.ha_device_backups.listeners import device_registry
from ha_device_backup_core.contract import DeviceInfo
from ha_device_backup_core.manager import DeviceBackupManager
from ha_device_backup_core.records import DeviceKey

from ..conftest import MAC

SAID = DeviceInfo(
    unique_id=MAC,
    name="Shelf",
    manufacturer="WLED",
    model="ESP32",
    version="0.15.9",
    configuration_url="http://192.0.2.7",
    connections=(("mac", "a0:b1:c2:d3:e4:f5"), ("other", "x")),
)


def wled_entry(hass: HomeAssistant) -> ConfigEntry:
    entry = device_entry(hass, DeviceKey("wled", MAC))
    assert entry is not None
    return entry


async def test_what_a_device_says_is_registered(hass: HomeAssistant, manager: DeviceBackupManager) -> None:
    entry = wled_entry(hass)
    device_registry._register(hass, DeviceKey("wled", MAC), SAID)
    device = dr.async_get(hass).async_get_device_by_identifier(device_registry.identifier_of(entry), entry.entry_id)
    assert device is not None
    assert (device.sw_version, device.configuration_url) == ("0.15.9", "http://192.0.2.7")
    assert device.connections == {("mac", "a0:b1:c2:d3:e4:f5")}


async def test_a_device_without_a_place_gets_none(hass: HomeAssistant, manager: DeviceBackupManager) -> None:
    registry = dr.async_get(hass)
    entry = wled_entry(hass)
    device = registry.async_get_device_by_identifier(device_registry.identifier_of(entry), entry.entry_id)
    assert device is not None
    registry.async_remove_device(device.id)
    before = len(registry.devices)
    device_registry._register(hass, DeviceKey("wled", MAC), SAID)
    device_registry._register(hass, DeviceKey("wled", "no-such-device"), SAID)
    assert len(registry.devices) == before


async def test_a_device_without_a_backup_has_a_name_and_leads_to_the_page(
    hass: HomeAssistant, manager: DeviceBackupManager
) -> None:
    entry = wled_entry(hass)
    assert device_registry.device_info(entry, None) == {
        "identifiers": {device_registry.identifier_of(entry)},
        "name": entry.title,
        "configuration_url": f"homeassistant://device-backups/device/wled%3A{MAC}",
    }


async def test_a_device_keeps_the_link_to_its_own_page(hass: HomeAssistant, manager: DeviceBackupManager) -> None:
    newest = manager.status(DeviceKey("wled", MAC)).newest
    assert newest is not None
    info = device_registry.device_info(wled_entry(hass), newest)
    assert info.get("configuration_url") == newest.device.configuration_url
