"""What "Enable debug logging" reaches."""

import logging

import pytest
from homeassistant.components.logger.helpers import DATA_LOGGER
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from custom_components.ha_device_backups.const import DOMAIN

from ..household import settle

LOGGERS = ("ha_device_backup_core", "ha_device_backup_wled", "ha_device_backup_tasmota", "acme_device_backup")


@pytest.mark.usefixtures("acme_handler")
async def test_debug_logging_reaches_every_handler_but_one_that_has_a_level_of_its_own(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, "logger", {"logger": {"default": "warning"}})
    assert DATA_LOGGER in hass.data
    assert await async_setup_component(hass, DOMAIN, {})
    await settle(hass)
    try:
        for level in ("debug", "error"):
            await hass.services.async_call("logger", "set_level", {"ha_device_backup_core": level}, blocking=True)
            await settle(hass)
            reached = {name: logging.getLogger(name).level for name in LOGGERS if name != "ha_device_backup_wled"}
            assert reached == dict.fromkeys(reached, getattr(logging, level.upper()))
        await hass.services.async_call("logger", "set_level", {"acme_device_backup": "info"}, blocking=True)
        await hass.services.async_call("logger", "set_level", {"ha_device_backup_core": "debug"}, blocking=True)
        await settle(hass)
        chosen = {name: logging.getLogger(name).level for name in ("ha_device_backup_tasmota", "acme_device_backup")}
        assert chosen == {"ha_device_backup_tasmota": logging.DEBUG, "acme_device_backup": logging.INFO}
    finally:
        for name in LOGGERS:
            logging.getLogger(name).setLevel(logging.NOTSET)
