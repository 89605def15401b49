"""Recognises a device that told no id when it was added: by its address, or because it tells its id now."""

import asyncio
import ipaddress
from collections.abc import Mapping

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from ha_device_backup_core import DeviceBackupError, HandlerSpec
from ha_device_backup_core.host import BackupManager, address_of, is_assigned

from ..const import CONF_DEVICE_CONFIG, DOMAIN
from ..entries import device_entries, device_key
from ..forms.handler_fields import address_field

PROBE_SECONDS = 10.0


@callback
def entry_at_address(hass: HomeAssistant, spec: HandlerSpec, config: Mapping[str, object]) -> ConfigEntry | None:
    """Return the entry of a device without an id of its own that is reached at the same address."""
    address = address_of(spec, config)
    return None if address is None else addresses_without_id(hass, spec).get(address)


@callback
def addresses_without_id(hass: HomeAssistant, spec: HandlerSpec) -> dict[str | None, ConfigEntry]:
    """Return the entries of all devices without an id of their own by where they are reached."""
    return {address_of(spec, entry.data[CONF_DEVICE_CONFIG]): entry for entry in _without_id(hass, spec)}


async def async_recognise(
    hass: HomeAssistant, manager: BackupManager, spec: HandlerSpec, unique_id: str, config: Mapping[str, object]
) -> ConfigEntry | None:
    """Return the entry, until now without an id, of the device that has this one and is reached in that way.

    If it tells its id itself, a backup begins, with which the entry takes it.
    """
    for entry in _without_id(hass, spec):
        if _may_be_at(spec, entry, config) and await _async_tells(manager, entry, unique_id):
            hass.async_create_background_task(
                manager.back_up(device_key(entry)), f"{DOMAIN} backs up a device that tells its id"
            )
            return entry
    return entry_at_address(hass, spec, config)


def is_ip_address(host: object) -> bool:
    """Return whether it is no name."""
    try:
        ipaddress.ip_address(str(host))
    except ValueError:
        return False
    return True


def _without_id(hass: HomeAssistant, spec: HandlerSpec) -> list[ConfigEntry]:
    return [
        entry
        for entry in device_entries(hass)
        if (key := device_key(entry)).kind == spec.kind and is_assigned(key.unique_id)
    ]


def _may_be_at(spec: HandlerSpec, entry: ConfigEntry, config: Mapping[str, object]) -> bool:
    """Return whether it is reached there, or by a name that may lead there."""
    declared, present = address_field(spec), entry.data[CONF_DEVICE_CONFIG]
    host = None if declared is None else present.get(declared.key)
    is_there = address_of(spec, present) == address_of(spec, config) or not is_ip_address(host)
    return is_there and entry.state is ConfigEntryState.LOADED


async def _async_tells(manager: BackupManager, entry: ConfigEntry, unique_id: str) -> bool:
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            device = await manager.probe(device_key(entry).kind, entry.data[CONF_DEVICE_CONFIG])
    except (TimeoutError, DeviceBackupError):
        return False
    return device.unique_id == unique_id
