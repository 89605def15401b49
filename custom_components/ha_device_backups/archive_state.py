"""Whether Home Assistant is reading its configuration folder for a backup, also while there is no manager yet."""

import asyncio
from dataclasses import dataclass, field

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ha_device_backup_core.host import LONGEST_SNAPSHOT

from .const import DOMAIN


@dataclass(slots=True)
class _Archiving:
    until: float
    """In the time of the event loop: after this its end was lost."""
    ended: asyncio.Event = field(default_factory=asyncio.Event)


_ARCHIVING: HassKey[_Archiving] = HassKey(f"{DOMAIN}_archiving")


@callback
def async_archiving_begun(hass: HomeAssistant) -> None:
    """Hold back what waits for the end."""
    until = hass.loop.time() + LONGEST_SNAPSHOT.total_seconds()
    hass.data.setdefault(_ARCHIVING, _Archiving(until)).until = until


@callback
def async_is_archiving(hass: HomeAssistant) -> bool:
    """Return whether the end is still to come."""
    archiving = hass.data.get(_ARCHIVING)
    if archiving is not None and hass.loop.time() >= archiving.until:
        async_archiving_ended(hass)
    return _ARCHIVING in hass.data


@callback
def async_archiving_ended(hass: HomeAssistant) -> None:
    """Let go on what waits for the end."""
    if (archiving := hass.data.pop(_ARCHIVING, None)) is not None:
        archiving.ended.set()


async def async_wait_for_end_of_archiving(hass: HomeAssistant) -> None:
    """Return when nothing is being archived: opening the store tidies up, and files may not vanish then."""
    while async_is_archiving(hass):
        archiving = hass.data[_ARCHIVING]
        try:
            async with asyncio.timeout_at(archiving.until):
                await archiving.ended.wait()
        except TimeoutError:
            continue
