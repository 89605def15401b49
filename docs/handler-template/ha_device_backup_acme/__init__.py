"""Device Backups handler for Acme devices."""

from ha_device_backup_core import DeviceBackupHandler, hookimpl

from .handler import AcmeHandler

__all__ = ["AcmeHandler", "device_backup_handlers"]


@hookimpl
def device_backup_handlers() -> list[type[DeviceBackupHandler]]:
    """Register the handler."""
    return [AcmeHandler]
