"""Entities of this platform."""

from homeassistant.components.binary_sensor import BinarySensorEntity

from . import EmptyEntity, platform_of


class Empty(EmptyEntity, BinarySensorEntity):
    """Shows nothing."""


async_setup_entry = platform_of("binary_sensor", Empty)
