"""Recognises known devices: those that told no id when they were added, and those that announce another address."""

import asyncio
import ipaddress
import socket
from collections.abc import Mapping

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from ha_device_backup_core import AuthenticationError, DeviceBackupError, HandlerSpec
from ha_device_backup_core.host import DeviceBackupManager, Health, address_of, is_assigned

from ..const import CONF_DEVICE_CONFIG
from ..entries import DeviceBackupsConfigEntry, agent_of, device_entries, device_key
from ..forms.handler_fields import address_field
from ..manager import async_begin_backup

PROBE_SECONDS = 10.0


@callback
def entry_at_address(
    hass: HomeAssistant, spec: HandlerSpec, config: Mapping[str, object], agent: str | None = None
) -> DeviceBackupsConfigEntry | None:
    """Return the entry of a device without an id of its own that is reached at the same address, by the same agent."""
    address = address_of(spec, config)
    return None if address is None else addresses_without_id(hass, spec, agent).get(address)


@callback
def entry_of_nameless(
    hass: HomeAssistant, spec: HandlerSpec, config: Mapping[str, object], agent: str | None = None
) -> DeviceBackupsConfigEntry | None:
    """Return the entry that a device which tells no id belongs to: the one with that address, whose id is not asked."""
    address = address_of(spec, config)
    for entry in [] if address is None else _of_kind(hass, spec, agent):
        if address_of(spec, entry.data[CONF_DEVICE_CONFIG]) == address:
            return entry
    return None


@callback
def addresses_without_id(
    hass: HomeAssistant, spec: HandlerSpec, agent: str | None = None
) -> dict[str | None, DeviceBackupsConfigEntry]:
    """Return the entries of all devices without an id of their own by where they are reached."""
    return {address_of(spec, entry.data[CONF_DEVICE_CONFIG]): entry for entry in _without_id(hass, spec, agent)}


async def async_recognise(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    spec: HandlerSpec,
    unique_id: str,
    config: Mapping[str, object],
    *,
    agent: str | None = None,
) -> DeviceBackupsConfigEntry | None:
    """Return the entry, until now without an id, of the device that has this one and is reached in that way.

    If it tells its id itself, a backup begins, with which the entry takes it.
    """
    for entry in _without_id(hass, spec, agent):
        if _may_be_at(spec, entry, config) and await _async_has_identity(manager, entry, unique_id):
            async_begin_backup(hass, manager, device_key(entry))
            return entry
    return entry_at_address(hass, spec, config, agent)


async def async_known_at(
    hass: HomeAssistant, manager: DeviceBackupManager, spec: HandlerSpec, config: Mapping[str, object]
) -> DeviceBackupsConfigEntry | None:
    """Return the entry of the device that answers there, whatever id was announced for it."""
    declared = address_field(spec)
    announced = None if declared is None else config.get(declared.key)
    if declared is None or announced is None:
        return None
    for entry in device_entries(hass):
        present = entry.data[CONF_DEVICE_CONFIG].get(declared.key)
        is_there = device_key(entry).kind == spec.kind and await _async_leads_to(hass, str(present), str(announced))
        if is_there and await async_answers_still(hass, manager, entry):
            return entry
    return None


async def async_answers_still(
    hass: HomeAssistant, manager: DeviceBackupManager, entry: DeviceBackupsConfigEntry
) -> bool:
    """Return whether a device answers where it is known to be.

    A login that it refuses is not tried time and again: the backup that follows tells the person.
    """
    if entry.state is not ConfigEntryState.LOADED:
        return False
    key = device_key(entry)
    status = manager.status(key)
    if status.running or status.health is Health.BLOCKED:
        return True
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            device = await manager.probe(key.kind, entry.data[CONF_DEVICE_CONFIG])
    except AuthenticationError:
        async_begin_backup(hass, manager, key)
        return True
    except (TimeoutError, DeviceBackupError):
        return False
    return device.unique_id == key.unique_id


async def _async_leads_to(hass: HomeAssistant, host: str, address: str) -> bool:
    """Return whether a name, or an address, is that address."""
    if host == address or is_ip_address(host):
        return host == address
    try:
        found = await hass.async_add_executor_job(socket.getaddrinfo, host, None)
    except (OSError, UnicodeError):
        return False
    return address in {str(place[0]) for *_, place in found}


def is_ip_address(host: object) -> bool:
    """Return whether it is no name."""
    try:
        ipaddress.ip_address(str(host))
    except ValueError:
        return False
    return True


def _without_id(hass: HomeAssistant, spec: HandlerSpec, agent: str | None) -> list[DeviceBackupsConfigEntry]:
    return [entry for entry in _of_kind(hass, spec, agent) if is_assigned(device_key(entry).unique_id)]


def _of_kind(hass: HomeAssistant, spec: HandlerSpec, agent: str | None) -> list[DeviceBackupsConfigEntry]:
    return [entry for entry in device_entries(hass) if device_key(entry).kind == spec.kind and agent_of(entry) == agent]


def _may_be_at(spec: HandlerSpec, entry: DeviceBackupsConfigEntry, config: Mapping[str, object]) -> bool:
    """Return whether it is reached there, or by a name that may lead there."""
    declared, present = address_field(spec), entry.data[CONF_DEVICE_CONFIG]
    host = None if declared is None else present.get(declared.key)
    is_there = address_of(spec, present) == address_of(spec, config) or not is_ip_address(host)
    return is_there and entry.state is ConfigEntryState.LOADED


async def _async_has_identity(manager: DeviceBackupManager, entry: DeviceBackupsConfigEntry, unique_id: str) -> bool:
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            device = await manager.probe(device_key(entry).kind, entry.data[CONF_DEVICE_CONFIG], agent=agent_of(entry))
    except (TimeoutError, DeviceBackupError):
        return False
    return device.unique_id == unique_id
