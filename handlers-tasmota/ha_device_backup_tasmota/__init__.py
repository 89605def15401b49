"""Device Backups handler for Tasmota devices."""

from collections.abc import Iterable

from ha_device_backup_core import DeviceBackupHandler, hookimpl

from .handler import TasmotaHandler


@hookimpl
def device_backup_handlers() -> Iterable[type[DeviceBackupHandler]]:
    """Return the one handler of this package."""
    return (TasmotaHandler,)


__all__ = ["TasmotaHandler", "device_backup_handlers"]
