"""Holds everything of ours still while Home Assistant makes a backup of itself."""

import asyncio
import logging

from homeassistant.core import HomeAssistant

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.host import DeviceBackupManager

from .archive_state import async_archiving_begun, async_archiving_ended
from .manager import async_get_manager, async_manager_is_starting, async_running_manager
from .snapshots.records import async_note_end_of_snapshot

_LOGGER = logging.getLogger(__name__)

GATE_SECONDS = 9.0
HOOK_SECONDS = 10.0


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Close the gate; never raises, never takes longer than HOOK_SECONDS: that would spoil Home Assistant's backup."""
    async_archiving_begun(hass)
    closing = asyncio.create_task(_close(hass), name="close the gate of the backup store")
    try:
        await asyncio.wait({closing}, timeout=HOOK_SECONDS)
    finally:
        if not closing.done():
            closing.cancel()
    if not closing.done():
        _LOGGER.warning("The store did not come to rest in %s s for a Home Assistant backup", HOOK_SECONDS)
    elif not closing.cancelled() and (error := closing.exception()) is not None:
        _LOGGER.error("The store of device backups could not be prepared for a Home Assistant backup", exc_info=error)


async def async_post_backup(hass: HomeAssistant) -> None:
    """Open the gate; never raises."""
    async_archiving_ended(hass)
    if (manager := async_running_manager(hass)) is None:
        return
    try:
        manager.finish_snapshot()
        async_note_end_of_snapshot(hass)
    except Exception:
        _LOGGER.exception("The store of device backups could not be released after a Home Assistant backup")


async def _close(hass: HomeAssistant) -> None:
    manager = await _started_manager(hass)
    if manager is not None:
        await manager.prepare_snapshot(timeout=GATE_SECONDS)


async def _started_manager(hass: HomeAssistant) -> DeviceBackupManager | None:
    """Return the manager, after its start if that is under way; one that outlasts this shuts the gate at its end."""
    if not async_manager_is_starting(hass):
        return async_running_manager(hass)
    try:
        return await async_get_manager(hass)
    except DeviceBackupError:
        return None
