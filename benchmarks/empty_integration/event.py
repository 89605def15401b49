"""Entities of this platform."""

from homeassistant.components.event import EventEntity

from . import EmptyEntity, platform_of


class Empty(EmptyEntity, EventEntity):
    """Shows nothing."""

    _attr_event_types = ["nothing"]  # noqa: RUF012 - as Home Assistant declares it


async_setup_entry = platform_of("event", Empty)
