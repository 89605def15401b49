"""Copies backups to where a person can reach them, and nobody else."""

from functools import partial
from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from ha_device_backup_core.host import DeviceBackupManager, DeviceKey

from ..const import DOMAIN, STORE_FOLDER
from ..folders import async_look

EXPORT_FOLDER = f"{DOMAIN}_export"


async def async_export(
    hass: HomeAssistant, manager: DeviceBackupManager, key: DeviceKey, backup_id: str, folder: str | None
) -> Path:
    """Copy a backup into the folder, or into the usual one; return the path of the copy."""
    target = Path(folder or hass.config.path(EXPORT_FOLDER))
    if folder is not None and not await async_look(hass, folder, partial(_may_be_used, hass, target)):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="folder_not_allowed",
            translation_placeholders={"folder": folder},
        )
    return await manager.stored.export_backup(key, backup_id, target)


def _may_be_used(hass: HomeAssistant, folder: Path) -> bool:
    """Return whether Home Assistant may write there and only administrators read there."""
    if not folder.is_absolute():
        return False
    resolved = folder.resolve()
    if resolved == Path(hass.config.path(EXPORT_FOLDER)).resolve():
        return True
    seen_by_others = [hass.config.path("www"), *hass.config.media_dirs.values(), hass.config.path(*STORE_FOLDER)]
    if any(resolved.is_relative_to(Path(path).resolve()) for path in seen_by_others):
        return False
    return hass.config.is_allowed_path(str(resolved / "backup"))
