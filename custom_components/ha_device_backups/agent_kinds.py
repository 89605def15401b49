"""The kinds of each agent as it said at last, so that its devices are known while it is away."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from ha_device_backup_core.host import RemoteKind, kept_kinds, kinds_document

from .archive_state import async_wait_for_end_of_archiving
from .const import CONF_AGENT_ID, DOMAIN
from .entries import DeviceBackupsConfigEntry

_VERSION = 1


async def async_load_kinds(hass: HomeAssistant, entry: DeviceBackupsConfigEntry) -> tuple[RemoteKind, ...]:
    """Return the kinds that an agent had, none where that is not known."""
    return kept_kinds(await _store(hass, entry).async_load())


async def async_keep_kinds(hass: HomeAssistant, entry: DeviceBackupsConfigEntry, kinds: tuple[RemoteKind, ...]) -> None:
    """Keep the kinds that an agent has, once no snapshot is being made."""
    await async_wait_for_end_of_archiving(hass)
    await _store(hass, entry).async_save(kinds_document(kinds))


async def async_forget_kinds(hass: HomeAssistant, entry: DeviceBackupsConfigEntry) -> None:
    """Remove what was kept of an agent that is removed."""
    await async_wait_for_end_of_archiving(hass)
    await _store(hass, entry).async_remove()


def _store(hass: HomeAssistant, entry: DeviceBackupsConfigEntry) -> Store[Mapping[str, Any]]:
    return Store(hass, _VERSION, f"{DOMAIN}.agent_{entry.data[CONF_AGENT_ID]}", private=True)
