"""Lets "Enable debug logging" reach the packages of handlers, too: Home Assistant knows only those of the manifest."""

import logging

from homeassistant.const import EVENT_LOGGING_CHANGED
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.loader import async_get_loaded_integration

import ha_device_backup_core
from ha_device_backup_core.host import DeviceBackupManager, HandlerRegistry

from ..const import DOMAIN


@callback
def async_watch_logging_levels(hass: HomeAssistant, manager: DeviceBackupManager) -> None:
    """Give the loggers of handler packages the level of the core, whenever one of both changes."""
    by_manifest = set(async_get_loaded_integration(hass, DOMAIN).loggers or ())
    core = logging.getLogger(ha_device_backup_core.__name__)
    given: dict[str, int] = {}

    @callback
    def follow(_: Event | HandlerRegistry | None = None) -> None:
        for registered in manager.registry.handlers.values():
            package = registered.handler.__module__.partition(".")[0]
            logger = logging.getLogger(package)
            # A level that a person chose for the package alone stays.
            if package not in by_manifest and logger.level == given.get(package, logging.NOTSET):
                given[package] = core.level
                logger.setLevel(core.level)

    hass.bus.async_listen(EVENT_LOGGING_CHANGED, follow)
    manager.subscribe_registry(follow)
    follow()
