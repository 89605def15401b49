"""Whether Home Assistant is reading its configuration folder for a backup, also while there is no manager yet."""

import asyncio

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN

LONGEST_WAIT = 1800.0
"""Seconds after which the end of a backup was lost."""

_ENDED: HassKey[asyncio.Event] = HassKey(f"{DOMAIN}_archiving_ended")


@callback
def async_archiving_begun(hass: HomeAssistant) -> None:
    """Hold back what waits for the end."""
    hass.data.setdefault(_ENDED, asyncio.Event())


@callback
def async_is_archiving(hass: HomeAssistant) -> bool:
    """Return whether the end is still to come."""
    return _ENDED in hass.data


@callback
def async_archiving_ended(hass: HomeAssistant) -> None:
    """Let go on what waits for the end."""
    if (ended := hass.data.pop(_ENDED, None)) is not None:
        ended.set()


async def async_wait_for_end_of_archiving(hass: HomeAssistant) -> None:
    """Return when nothing is being archived: opening the store tidies up, and files may not vanish then."""
    while (ended := hass.data.get(_ENDED)) is not None:
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                await ended.wait()
        except TimeoutError:
            if hass.data.get(_ENDED) is ended:
                async_archiving_ended(hass)
