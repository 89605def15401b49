"""What is known of the newest backup that Home Assistant made of itself; pure."""

from ha_device_backup_core.manager import BackupManager
from ha_device_backup_core.manager.snapshot import SnapshotRecord
from ha_device_backup_core.records import DeviceKey

UNTOLD = ""
"""The id of a snapshot of which Home Assistant does not tell how it ended."""


def newest_snapshot(manager: BackupManager) -> SnapshotRecord | None:
    """Return the record of the newest snapshot, None where there is none or it is not known how the newest ended."""
    newest = next(iter(manager.snapshots), None)
    return None if newest is None or newest.id == UNTOLD else newest


def carried_backup(manager: BackupManager, key: DeviceKey) -> str | None:
    """Return the id of the device's backup in the newest snapshot, None where it is not known or there is none."""
    snapshot = newest_snapshot(manager)
    return None if snapshot is None else snapshot.devices.get(key)


def devices_not_in(manager: BackupManager, snapshot: SnapshotRecord | None) -> list[str]:
    """Return the titles of the devices without a backup in the snapshot, none where it is not known."""
    if snapshot is None:
        return []
    return sorted(status.title for status in manager.statuses() if status.key not in snapshot.devices)
