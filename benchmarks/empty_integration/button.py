"""Entities of this platform."""

from homeassistant.components.button import ButtonEntity

from . import EmptyEntity, platform_of


class Empty(EmptyEntity, ButtonEntity):
    """Shows nothing."""


async_setup_entry = platform_of("button", Empty)
