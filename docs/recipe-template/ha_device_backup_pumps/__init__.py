"""Device Backups recipes for pumps."""

from ha_device_backup_http import recipes

device_backup_handlers = recipes(__package__)
