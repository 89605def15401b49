"""Holds everything of ours still while Home Assistant makes a backup of itself."""

import asyncio
import logging

from homeassistant.core import HomeAssistant

from .manager import async_running_manager
from .snapshot_record import async_note_end_of_snapshot

_LOGGER = logging.getLogger(__name__)

GATE_SECONDS = 9.0
HOOK_SECONDS = 10.0


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Close the gate; never raises, never takes longer than HOOK_SECONDS: that would spoil Home Assistant's backup."""
    if (manager := async_running_manager(hass)) is None:
        return
    closing = asyncio.create_task(
        manager.prepare_snapshot(timeout=GATE_SECONDS), name="close the gate of the backup store"
    )
    try:
        await asyncio.wait({closing}, timeout=HOOK_SECONDS)
    finally:
        if not closing.done():
            closing.cancel()
    if not closing.done():
        _LOGGER.warning(
            "The store of device backups did not come to rest in %s s; it is held still all the same", HOOK_SECONDS
        )
    elif not closing.cancelled() and (error := closing.exception()) is not None:
        _LOGGER.error("The store of device backups could not be prepared for a Home Assistant backup", exc_info=error)


async def async_post_backup(hass: HomeAssistant) -> None:
    """Open the gate; never raises."""
    if (manager := async_running_manager(hass)) is None:
        return
    try:
        manager.finish_snapshot()
        async_note_end_of_snapshot(hass)
    except Exception:
        _LOGGER.exception("The store of device backups could not be released after a Home Assistant backup")
