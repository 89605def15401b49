"""Device Backups handler for FRITZ!Box routers."""

from collections.abc import Iterable

from ha_device_backup_core import DeviceBackupHandler, hookimpl

from .handler import FritzBoxHandler


@hookimpl
def device_backup_handlers() -> Iterable[type[DeviceBackupHandler]]:
    """Return the one handler of this package."""
    return (FritzBoxHandler,)


__all__ = ["FritzBoxHandler", "device_backup_handlers"]
