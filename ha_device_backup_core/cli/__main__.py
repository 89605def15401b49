"""`python -m ha_device_backup_core.cli` is the command `ha-device-backup`."""

from . import main

main()
