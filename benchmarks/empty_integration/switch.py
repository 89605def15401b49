"""Entities of this platform."""

from homeassistant.components.switch import SwitchEntity

from . import EmptyEntity, platform_of


class Empty(EmptyEntity, SwitchEntity):
    """Shows nothing."""


async_setup_entry = platform_of("switch", Empty)
