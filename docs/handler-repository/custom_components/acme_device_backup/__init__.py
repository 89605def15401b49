"""Brings the handler of Acme devices: Home Assistant installs what the manifest requires, Device Backups finds it."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant


async def async_setup_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Do nothing: to be loaded is all that is needed."""
    return True


async def async_unload_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Do nothing: the handler stays until the package is uninstalled."""
    return True
