"""Device Backups handler for anything with a URL."""

from collections.abc import Iterable

from ha_device_backup_core import DeviceBackupHandler, hookimpl

from .handler import HttpHandler


@hookimpl
def device_backup_handlers() -> Iterable[type[DeviceBackupHandler]]:
    """Return the one handler of this package."""
    return (HttpHandler,)


__all__ = ["HttpHandler", "device_backup_handlers"]
