"""What the command says, in the languages of the core."""

from ha_device_backup_core import translator

_ = translator("ha_device_backup_core")
