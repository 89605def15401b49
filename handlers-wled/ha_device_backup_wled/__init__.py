"""Device Backups handler for WLED controllers."""

from collections.abc import Iterable

from ha_device_backup_core import DeviceBackupHandler, hookimpl

from .handler import WledHandler


@hookimpl
def device_backup_handlers() -> Iterable[type[DeviceBackupHandler]]:
    """Return the one handler of this package."""
    return (WledHandler,)


__all__ = ["WledHandler", "device_backup_handlers"]
