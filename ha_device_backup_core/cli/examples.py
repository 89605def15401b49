"""What stands below the help of each command: how it is used."""

from typing import Final

EXAMPLES: Final = {
    "handlers": ("ha-device-backup handlers",),
    "test": ("ha-device-backup test wled --set host=192.0.2.7",),
    "back-up": (
        "ha-device-backup back-up wled --set host=192.0.2.7 --set pin --store backups",
        "ha-device-backup back-up fritzbox --set password=@secret.txt --store backups",
    ),
    "run": ("ha-device-backup run FLEET.toml --store backups --concurrency 8",),
    "list": ("ha-device-backup list --store backups",),
    "verify": ("ha-device-backup verify --store backups",),
    "diff": (
        "ha-device-backup diff 2026-11-15_10-30-00 --store backups",
        "ha-device-backup diff old.zip new.zip",
    ),
    "restore": (
        "ha-device-backup restore BACKUP --store backups --set host=192.0.2.7 --plan",
        "ha-device-backup restore BACKUP --store backups --set host=192.0.2.7",
    ),
    "replace": ("ha-device-backup replace wled:a1b2c3d4e5f6 --store backups --set host=192.0.2.8",),
    "protect": ("ha-device-backup protect 2026-11-15_10-30-00 --store backups",),
    "accept": ("ha-device-backup accept 2026-11-15_10-30-00 --store backups",),
    "import": ("ha-device-backup import downloads --store backups",),
    "prune": ("ha-device-backup prune --store backups --keep 20 --dry-run",),
    "extract": (
        "ha-device-backup extract Automatic_backup.tar --list",
        "ha-device-backup extract Automatic_backup.tar --to devices",
    ),
}


def shown_examples(command: str) -> str:
    """Return the examples as they stand below a help; nothing wraps their lines."""
    return "\b\n" + "\n".join(("Examples:", *(f"  {line}" for line in EXAMPLES[command])))
