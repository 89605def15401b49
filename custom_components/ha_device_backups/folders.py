"""Folders that a person names, also on network shares that hang."""

from collections.abc import Callable

from homeassistant.core import HomeAssistant
from homeassistant.util.hass_dict import HassKey

from ha_device_backup_core.host import FolderChecks

from .const import DOMAIN

_CHECKS: HassKey[FolderChecks] = HassKey(f"{DOMAIN}_folder_checks")


async def async_look[R](hass: HomeAssistant, folder: str, look: Callable[[], R]) -> R:
    """Return what a blocking look at the folder returns; raises StoreError when it does not answer in time."""
    return await hass.data.setdefault(_CHECKS, FolderChecks()).run(folder, look)
