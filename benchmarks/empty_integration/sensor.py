"""Entities of this platform."""

from homeassistant.components.sensor import SensorEntity

from . import EmptyEntity, platform_of


class Empty(EmptyEntity, SensorEntity):
    """Shows nothing."""


async_setup_entry = platform_of("sensor", Empty)
