"""Backing up now, one device or all; how each ended is in its status and in its event."""

import asyncio
from typing import Any

from homeassistant.core import HomeAssistant, callback

from ha_device_backup_core.host import ANYONE, Trigger

from ..translation import async_error_renderer, async_phrases
from ..wording.gaps import recommended_sentence
from .commands import DEVICE, Command, async_register


@callback
def async_register_backing_up(hass: HomeAssistant) -> None:
    """Offer the commands."""
    async_register(hass, "back_up", _back_up, DEVICE)
    async_register(hass, "back_up_all", _back_up_all)


async def _back_up(command: Command) -> dict[str, Any]:
    result = await command.manager.back_up(command.key, trigger=Trigger.MANUAL, person=ANYONE)
    if result.error is not None:
        raise result.error
    phrases = await async_phrases(command.hass, command.language)
    if result.backup is not None and result.backup.suspect:
        recommended = recommended_sentence(command.manager.status(command.key).recommended, phrases)
        return {"message": phrases("page_suspect", name=result.title, recommended=recommended)}
    return {"message": phrases(f"page_{result.outcome.value}", name=result.title)}


async def _back_up_all(command: Command) -> dict[str, Any]:
    manager = command.manager
    results = await asyncio.gather(*(manager.back_up(key, trigger=Trigger.MANUAL) for key in sorted(manager.keys())))
    render = await async_error_renderer(command.hass, command.language)
    phrases = await async_phrases(command.hass, command.language)
    failures = [f"{result.title}: {render(result.error)}" for result in results if result.error is not None]
    done = [phrases("page_all_done", count=str(len(results) - len(failures)))]
    stored = [(result.title, result.backup) for result in results if result.error is None and result.backup is not None]
    if suspect := [title for title, backup in stored if backup.suspect]:
        done.append(phrases("page_all_suspect", names=", ".join(suspect)))
    if waiting := [title for title, backup in stored if backup.needs_person and not backup.suspect]:
        done.append(phrases("page_all_person", names=", ".join(waiting)))
    return {"message": " ".join([*done, *failures])}
