"""Restores from the page: planned, begun, and followed by whoever looks, from wherever they were begun."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import voluptuous as vol
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ha_device_backup_core import in_language
from ha_device_backup_core.host import (
    ANYONE,
    BackupNotFoundError,
    DeviceBackupManager,
    DeviceKey,
    ManagerEvent,
    RestoreProgressed,
    RestoreResult,
    RunningRestore,
    ShownPrompt,
)

from ..actions.responses import plan_answer, restore_answer
from ..actions.restore_guide import async_restore_guide
from ..const import DOMAIN
from ..translation import async_error_renderer
from .commands import BACKUP, DEVICE, DEVICE_KEY, Command, async_register
from .following import async_follow

_ENDS: HassKey[dict[DeviceKey, RestoreResult]] = HassKey(f"{DOMAIN}_ends_of_restores")
"""How the last restore of each device ended, since Home Assistant was started."""
_RESTORE = {**BACKUP, vol.Optional("source_key"): DEVICE_KEY}


@callback
def async_register_restores(hass: HomeAssistant) -> None:
    """Offer the commands."""
    async_register(hass, "restore/plan", _plan, _RESTORE)
    async_register(hass, "restore/guide", _guide, BACKUP)
    async_register(hass, "restore/start", _start, _RESTORE)
    async_register(hass, "restore/subscribe", _subscribe, DEVICE)


@callback
def async_keep_ends(hass: HomeAssistant, manager: DeviceBackupManager) -> None:
    """Keep how restores end, for pages that are opened later."""
    ends = hass.data[_ENDS] = {}

    @callback
    def keep(event: ManagerEvent) -> None:
        if isinstance(event, RestoreResult):
            ends[event.key] = event
        elif isinstance(event, RestoreProgressed):
            ends.pop(event.key, None)

    manager.subscribe(keep)


async def _plan(command: Command) -> Mapping[str, Any]:
    preview = await command.manager.plan_restore(command.key, command.backup_id, source=_source(command), person=ANYONE)
    return plan_answer(preview, command.language)


async def _guide(command: Command) -> Mapping[str, Any]:
    guide = await async_restore_guide(command.hass, command.manager, command.key, command.backup_id, export=False)
    return {"steps": guide.answer(command.language)["guide"]}


async def _start(command: Command) -> None:
    """Begin it; it goes on whoever looks, and a second one of the same joins the first."""
    await command.manager.begin_restore(command.key, command.backup_id, source=_source(command), person=ANYONE)


async def _subscribe(command: Command) -> None:
    """Send how it is, and whenever that changes."""
    render = await async_error_renderer(command.hass, command.language)

    def state() -> dict[str, Any]:
        running, prompt = _running(command), _prompt(command)
        end = command.hass.data[_ENDS].get(command.key)
        return {
            "running": running is not None,
            "backup_id": running and running.backup_id,
            "share": running and running.share,
            "text": running and running.text and in_language(running.text, command.language),
            "prompt": prompt and in_language(prompt.text, command.language),
            "end": end
            and {
                **restore_answer(end, render, command.language),
                "error": end.error and render(end.error),
            },
        }

    def watch(changed: Callable[[], None]) -> CALLBACK_TYPE:
        def take(event: ManagerEvent) -> None:
            if event.key == command.key:
                changed()

        return command.manager.subscribe(take)

    async_follow(command, watch, state)


def _running(command: Command) -> RunningRestore | None:
    """Return what is being put back; onto a device that is not (yet) in care, nothing."""
    with suppress(BackupNotFoundError):
        return command.manager.running_restore(command.key)
    return None


def _prompt(command: Command) -> ShownPrompt | None:
    """Return what the device asks for at this moment; one that was removed asks for nothing."""
    with suppress(BackupNotFoundError):
        return command.manager.status(command.key).prompt
    return None


def _source(command: Command) -> DeviceKey:
    source: DeviceKey = command.values.get("source_key", command.key)
    return source
