"""Device Backups handlers for devices that are reached by SSH, one a platform."""

from collections.abc import Iterable

from ha_device_backup_core import DeviceBackupHandler, hookimpl

from .handler import SshHandler, ssh_handlers


@hookimpl
def device_backup_handlers() -> Iterable[type[DeviceBackupHandler]]:
    """Return a handler for each platform."""
    return ssh_handlers()


__all__ = ["SshHandler", "device_backup_handlers", "ssh_handlers"]
