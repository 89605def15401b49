"""`python -m ha_device_backup_agent` is the command `ha-device-backup-agent`."""

from .cli import main

main()
