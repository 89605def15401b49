"""Keeps the device registry at what the devices last said about themselves."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from ha_device_backup_core import DeviceInfo
from ha_device_backup_core.host import Backup, DeviceBackupManager, DeviceKey, JobResult, ManagerEvent

from ..const import DOMAIN
from ..entries import DeviceBackupsConfigEntry, device_entry, device_key
from ..page_paths import device_path, page_link
from ..snapshots.deferred import async_publish


def identifier_of(entry: DeviceBackupsConfigEntry) -> tuple[str, str]:
    """Return the identifier of the device of an entry."""
    return (DOMAIN, str(entry.unique_id))


def device_info(entry: DeviceBackupsConfigEntry, newest: Backup | None) -> dr.DeviceInfo:
    """Return how the device is registered: as the newest backup tells, with a link to its own page or else to ours."""
    details = {} if newest is None else _details(newest.device)
    page = page_link(device_path(device_key(entry)))
    return dr.DeviceInfo(**{"configuration_url": page, **details}, identifiers={identifier_of(entry)}, name=entry.title)


@callback
def async_watch_details(hass: HomeAssistant, manager: DeviceBackupManager) -> None:
    """Register what a device says about itself (its firmware, its address) whenever it was asked."""

    @callback
    def register(event: ManagerEvent) -> None:
        if isinstance(event, JobResult) and event.device is not None:
            async_publish(hass, f"details {event.key}", partial(_register, hass, event.key, event.device))

    manager.subscribe(register)


def _register(hass: HomeAssistant, key: DeviceKey, device: DeviceInfo) -> None:
    entry = device_entry(hass, key)
    if entry is None:
        return
    registry = dr.async_get(hass)
    if registry.async_get_device_by_identifier(identifier_of(entry), entry.entry_id) is not None:
        registry.async_get_or_create(
            config_entry_id=entry.entry_id, identifiers={identifier_of(entry)}, **_details(device)
        )


def mac_connections(device: DeviceInfo) -> set[tuple[str, str]]:
    """Return by what other integrations register the same device, too."""
    return {(dr.CONNECTION_NETWORK_MAC, dr.format_mac(value)) for kind, value in device.connections if kind == "mac"}


def _details(device: DeviceInfo) -> Mapping[str, Any]:
    details = {
        "manufacturer": device.manufacturer,
        "model": device.model,
        "sw_version": device.version,
        "configuration_url": device.configuration_url,
        "connections": mac_connections(device),
    }
    return {name: value for name, value in details.items() if value}
