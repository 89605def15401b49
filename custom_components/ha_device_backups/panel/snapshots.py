"""Backups that Home Assistant made of itself, and the devices in the one that is open."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import voluptuous as vol
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback

from ha_device_backup_core import in_language
from ha_device_backup_core.host import (
    BackupNotFoundError,
    DeviceInSnapshot,
    DeviceKey,
    SnapshotPasswordError,
    StoreError,
    recommended_of,
    shown_name,
)

from ..actions.responses import backup_answer
from ..coordinator import async_coordinator
from ..entries import device_entry
from ..snapshots.desk import SnapshotDesk, async_desk, async_present
from ..snapshots.sources import SnapshotSource, async_source, best_agent, home_assistant_backups, own_key
from ..translation import async_error_renderer
from .commands import BACKUP_ID, DEVICE, Command, async_register
from .following import async_follow

_SNAPSHOT_ID = vol.All(str, vol.Length(min=1, max=255))
_PASSWORD = vol.All(str, vol.Length(min=1, max=1000))
_MOST_PROBLEMS = 100


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
    render = await async_error_renderer(command.hass, command.language)
    desk = async_desk(command.hass)
    present: dict[DeviceKey, dict[str, str]] = {}

    def state() -> dict[str, Any]:
        now = desk.state
        return {
            "source": now.source and _source(now.source),
            "reading": now.is_reading,
            "share": None if now.source is None or not now.source.size else min(now.read / now.source.size, 1.0),
            "error": now.error
            and {"wants_password": isinstance(now.error, SnapshotPasswordError), "message": render(now.error)},
            **_content(command, desk, present),
        }

    def watch(changed: Callable[[], None]) -> CALLBACK_TYPE:
        async def look() -> None:
            for device in desk.state.devices:
                if device.record is not None:
                    with suppress(StoreError):
                        present[device.record.key] = await async_present(command.manager, device)
            changed()

        def begin() -> None:
            changed()
            command.hass.async_create_task(look())

        begin()
        return desk.watch(begin)

    async_follow(command, watch, state)


def _source(source: SnapshotSource) -> dict[str, Any]:
    return {"snapshot_id": source.backup_id, "name": source.name, "size": source.size}


def _content(command: Command, desk: SnapshotDesk, present: dict[DeviceKey, dict[str, str]]) -> dict[str, Any]:
    snapshot, devices = desk.state.snapshot, desk.state.devices
    if snapshot is None:
        return {"snapshot": None, "devices": [], "problems": []}
    problems = [*snapshot.problems, *(problem for device in devices for problem in device.problems)]
    info = snapshot.info
    return {
        "snapshot": {
            "name": info.name,
            "date": info.date,
            "version": info.version,
            "place": snapshot.place,
            "others": list(snapshot.others),
        },
        "devices": [_device(command, device, present) for device in devices if device.record is not None],
        "problems": [
            f"{problem.path}: {in_language(problem.message, command.language)}".removeprefix(": ")
            for problem in problems[:_MOST_PROBLEMS]
        ],
    }


def _device(command: Command, device: DeviceInSnapshot, present: dict[DeviceKey, dict[str, str]]) -> dict[str, Any]:
    if device.record is None:
        raise AssertionError("only devices that tell who they are are shown")
    key, newest_first = device.record.key, device.backups[::-1]
    registered = command.manager.handlers.find(key)
    offered = recommended_of(newest_first)
    here = present.get(key, {})
    return {
        "key": str(key),
        "title": shown_name(device.record.title, key.unique_id),
        "kind_name": key.kind if registered is None else in_language(registered.spec.name, command.language),
        "is_known": registered is not None,
        "is_set_up": device_entry(command.hass, key) is not None,
        "backups": [
            {
                **backup_answer(backup, command.language),
                "recommended": backup.is_recommended(offered),
                "newest": backup == newest_first[0],
                "stored_id": here.get(backup.id),
            }
            for backup in newest_first
        ],
    }
