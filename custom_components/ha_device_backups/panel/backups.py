"""The backups of a device: what there is, and what a person says about one."""

import json
from dataclasses import replace
from typing import Any

import voluptuous as vol
from homeassistant.core import HomeAssistant, callback

from ha_device_backup_core import in_language
from ha_device_backup_core.host import ANYONE, BackupNotFoundError, SettingChange, comparison_document

from ..actions.responses import backup_answer, snapshots_with
from ..coordinator import async_coordinator
from .commands import BACKUP, BACKUP_ID, DEVICE, Command, async_register
from .download import async_download_link


@callback
def async_register_backups(hass: HomeAssistant) -> None:
    """Offer the commands."""
    async_register(hass, "backups/list", _list, DEVICE)
    async_register(
        hass,
        "backups/compare",
        _compare,
        {**DEVICE, vol.Required("older"): BACKUP_ID, vol.Optional("newer", default=None): vol.Any(None, BACKUP_ID)},
    )
    async_register(hass, "backups/download", _download, BACKUP)
    async_register(hass, "backups/protect", _protect, {**BACKUP, vol.Required("protected"): bool})
    async_register(hass, "backups/accept", _accept, BACKUP)
    async_register(hass, "backups/delete", _delete, {**BACKUP, vol.Optional("even_if_needed", default=False): bool})


async def _list(command: Command) -> dict[str, Any]:
    backups = await command.manager.stored.list_backups(command.key)
    offered = command.manager.stored.offered(command.key, backups)
    needed = command.manager.stored.needed(command.key, backups)
    return {
        "backups": [
            {
                **backup_answer(backup, command.language),
                "of_newer": not backup.is_readable,
                "recommended": backup.is_recommended(offered),
                "offered": backup == offered,
                "needed": None if backup.id not in needed else in_language(needed[backup.id], command.language),
                "in_snapshots": snapshots_with(command.manager, command.key, backup.id),
            }
            for backup in backups
        ]
    }


async def _compare(command: Command) -> dict[str, Any]:
    """Return what differs; without a newer backup, up to what the device holds now."""
    found = await command.manager.compare(command.key, command.values["older"], command.values["newer"], person=ANYONE)
    files = (replace(file, settings=tuple(map(_written, file.settings))) for file in found.files)
    return comparison_document(replace(found, files=tuple(files)))


def _written(setting: SettingChange) -> SettingChange:
    """Return a setting with its values in writing: in a browser, 1.0 is 1."""
    before, after = _text(setting.before), _text(setting.after)
    if before == after and before is not None:
        before, after = (json.dumps(value, ensure_ascii=False) for value in (setting.before, setting.after))
    return replace(setting, before=before, after=after)


def _text(value: str | float | None) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value)


async def _download(command: Command) -> dict[str, Any]:
    path = async_download_link(command.hass, command.key, command.backup_id)
    if path is None:
        raise BackupNotFoundError
    return {"path": path}


async def _protect(command: Command) -> None:
    await command.manager.stored.protect(command.key, command.backup_id, protected=command.values["protected"])


async def _accept(command: Command) -> None:
    await command.manager.stored.accept(command.key, command.backup_id)
    async_coordinator(command.hass).refresh(command.key)


async def _delete(command: Command) -> None:
    stored, even_if_needed = command.manager.stored, command.values["even_if_needed"]
    await stored.delete_backup(command.key, command.backup_id, even_if_needed=even_if_needed)
    async_coordinator(command.hass).refresh(command.key)
