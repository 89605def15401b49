"""Backups that Home Assistant made of itself, and the devices in the one that is open."""

from typing import Any

import voluptuous as vol
from homeassistant.core import HomeAssistant, callback

from ha_device_backup_core.host import BackupNotFoundError

from ..coordinator import async_coordinator
from ..snapshots.desk import async_desk
from ..snapshots.sources import async_source, best_agent, home_assistant_backups, own_key
from ..translation import async_error_renderer
from .commands import BACKUP_ID, DEVICE, Command, async_register
from .following import async_follow
from .open_snapshot import OpenSnapshot

_SNAPSHOT_ID = vol.All(str, vol.Length(min=1, max=255))
_PASSWORD = vol.All(str, vol.Length(min=1, max=1000))


@callback
def async_register_snapshots(hass: HomeAssistant) -> None:
    """Offer the commands."""
    async_register(hass, "snapshots/list", _list)
    async_register(
        hass,
        "snapshots/open",
        _open,
        {
            vol.Optional("snapshot_id", default=None): vol.Any(None, _SNAPSHOT_ID),
            vol.Optional("password", default=None): vol.Any(None, _PASSWORD),
            vol.Optional("use_own_key", default=False): bool,
        },
    )
    async_register(hass, "snapshots/close", _close)
    async_register(
        hass,
        "snapshots/take",
        _take,
        {**DEVICE, vol.Optional("backup_id", default=None): vol.Any(None, BACKUP_ID)},
    )
    async_register(hass, "snapshots/subscribe", _subscribe)


async def _list(command: Command) -> dict[str, Any]:
    """Return Home Assistant's backups, newest first, and the places that did not answer."""
    manager = home_assistant_backups(command.hass)
    if manager is None:
        return {"snapshots": [], "problems": [], "has_own_key": False}
    backups, errors = await manager.async_get_backups()
    carried = {record.id: len(record.devices) for record in command.manager.snapshots}
    shown = []
    for backup in backups.values():
        if not backup.agents or not backup.homeassistant_included:
            continue
        agent = best_agent(manager, backup)
        shown.append(
            {
                "snapshot_id": backup.backup_id,
                "name": backup.name,
                "date": backup.date,
                "version": backup.homeassistant_version,
                "size": backup.agents[agent].size,
                "protected": backup.agents[agent].protected,
                "place": manager.backup_agents[agent].name,
                "is_here": agent in manager.local_backup_agents,
                "devices": carried.get(backup.backup_id),
            }
        )
    return {
        "snapshots": sorted(shown, key=lambda one: str(one["date"]), reverse=True),
        "problems": [f"{agent}: {error}" for agent, error in sorted(errors.items())],
        "has_own_key": own_key(command.hass) is not None,
    }


async def _open(command: Command) -> None:
    """Begin to read one of Home Assistant's backups, or again the file that was uploaded."""
    desk, snapshot_id = async_desk(command.hass), command.values["snapshot_id"]
    source = desk.state.source if snapshot_id is None else await async_source(command.hass, snapshot_id)
    if source is None:
        raise BackupNotFoundError
    # Nobody's key is used before somebody said so.
    password = own_key(command.hass) if command.values["use_own_key"] else command.values["password"]
    await desk.async_open(source, password)


async def _close(command: Command) -> None:
    await async_desk(command.hass).async_close()


async def _take(command: Command) -> dict[str, Any]:
    taken = await async_desk(command.hass).async_take(command.manager, command.key, command.values["backup_id"])
    async_coordinator(command.hass).refresh(command.key)
    ids = [*taken.taken, *taken.present]
    return {"taken": len(taken.taken), "present": len(taken.present), "backup_id": ids[-1] if ids else None}


async def _subscribe(command: Command) -> None:
    """Send what is open, how far it is read, and what is in it."""
    view = OpenSnapshot(command, async_desk(command.hass), await async_error_renderer(command.hass, command.language))
    async_follow(command, view.watch, view.state)
