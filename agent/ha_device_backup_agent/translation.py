"""Makes the messages of this package."""

from ha_device_backup_core import translator

_ = translator(__package__)
