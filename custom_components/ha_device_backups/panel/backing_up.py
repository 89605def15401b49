"""Backing up now, one device or all; how each ended is in its status and in its event."""

import asyncio
from typing import Any

from homeassistant.core import HomeAssistant, callback

from ha_device_backup_core.host import ANY_PERSON, Trigger

from ..translation import async_phrases, async_told_errors
from .commands import DEVICE, Command, async_register


@callback
def async_register_backing_up(hass: HomeAssistant) -> None:
    """Offer the commands."""
    async_register(hass, "back_up", _back_up, DEVICE)
    async_register(hass, "back_up_all", _back_up_all)


async def _back_up(command: Command) -> dict[str, Any]:
    result = await command.manager.back_up(command.key, trigger=Trigger.MANUAL, person=ANY_PERSON)
    if result.error is not None:
        raise result.error
    phrases = await async_phrases(command.hass, command.language)
    return {"message": phrases(f"page_{result.outcome.value}", name=result.title)}


async def _back_up_all(command: Command) -> dict[str, Any]:
    manager = command.manager
    results = await asyncio.gather(*(manager.back_up(key, trigger=Trigger.MANUAL) for key in sorted(manager.keys())))
    told = await async_told_errors(command.hass, command.language)
    phrases = await async_phrases(command.hass, command.language)
    failures = [f"{result.title}: {told(result.error)}" for result in results if result.error is not None]
    done = phrases("page_all_done", count=str(len(results) - len(failures)))
    return {"message": " ".join([done, *failures])}
