"""Paths of the views of the page, for links that lead there; `frontend/src/route.ts` reads them."""

from typing import Final
from urllib.parse import quote

from ha_device_backup_core.host import DeviceKey, DeviceStatus, Health

from .const import PAGE

RECOMMENDED: Final = "recommended"
"""Stands for the recommended backup, whichever that is when the link is followed."""


def overview_path() -> str:
    """Return where all devices are."""
    return f"/{PAGE}"


def packages_path() -> str:
    """Return where handler packages and recipes are."""
    return _path("packages")


def snapshots_path() -> str:
    """Return where Home Assistant's own backups are looked into."""
    return _path("snapshots")


def device_path(key: DeviceKey) -> str:
    """Return where the backups of a device are."""
    return _path("device", str(key))


def restore_path(key: DeviceKey, backup_id: str | None = None, source: DeviceKey | None = None) -> str:
    """Return where a backup is put on a device: the recommended one, or that one, perhaps of another device."""
    other = [] if source in (None, key) else [str(source)]
    chosen = [] if backup_id is None and not other else [backup_id or RECOMMENDED]
    return _path("device", str(key), "restore", *chosen, *other)


def compare_path(key: DeviceKey, older: str, newer: str) -> str:
    """Return where two backups of a device are compared."""
    return _path("device", str(key), "compare", older, newer)


def path_of(status: DeviceStatus) -> str:
    """Return where a person goes on with a device as it is: to what has to be put back, or to its backups."""
    unfinished = status.unfinished_restore
    if unfinished is not None:
        return restore_path(status.key, unfinished.backup_id, unfinished.source)
    if status.health is Health.SUSPECT and status.recommended is not None:
        return restore_path(status.key, status.recommended.id)
    return device_path(status.key)


def page_link(path: str) -> str:
    """Return what the "Visit" of a device opens."""
    return f"homeassistant:/{path}"


def _path(*parts: str) -> str:
    return "/".join((overview_path(), *(quote(part, safe="") for part in parts)))
