"""What is known of the newest backup that Home Assistant made of itself; pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from ha_device_backup_core.host import BackupManager, DeviceKey, DeviceStatus, SnapshotRecord

from ..coordinator import Shown

_SHORTEST_INTERVAL = timedelta(days=1)
_UNKNOWN_INTERVAL = timedelta(days=7)
_TOLERANCE = timedelta(days=1)

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


def devices_in(snapshot: SnapshotRecord | None, devices: Iterable[Shown]) -> int | None:
    """Return how many devices could be put back from the snapshot as they are now; None where it is not known."""
    return None if snapshot is None else sum(is_in(snapshot, device.status) for device in devices)


def devices_not_in(snapshot: SnapshotRecord | None, devices: Iterable[Shown]) -> list[str]:
    """Return the titles of the devices whose recommended backup is not in the snapshot; none where it is not known."""
    if snapshot is None:
        return []
    titles = (device.status.title for device in devices if not is_in(snapshot, device.status))
    return sorted(titles, key=str.casefold)


def too_long_outside(snapshots: Sequence[SnapshotRecord], devices: Iterable[Shown], now: datetime) -> list[str]:
    """Return the titles of the devices whose recommended backup waits for a snapshot longer than they usually do.

    A backup always waits for the next one: that is told only when as long as between the last two has passed, and a
    day more. What was stored ahead of the newest is inside, even if the device was not set up then. Of a device
    without any backup, its state tells.
    """
    told = [snapshot for snapshot in snapshots if snapshot.id != UNTOLD]
    if not told or told[0] != snapshots[0]:
        return []
    usual = max(told[0].at - told[1].at, _SHORTEST_INTERVAL) if len(told) > 1 else _UNKNOWN_INTERVAL
    titles = []
    for device in devices:
        wanted = device.status.recommended or device.status.newest
        if wanted is not None and told[0].at < wanted.taken_at < now - usual - _TOLERANCE:
            titles.append(device.status.title)
    return sorted(titles, key=str.casefold)


def is_in(snapshot: SnapshotRecord, status: DeviceStatus) -> bool:
    """Return whether the snapshot holds what a restore of the device would begin with."""
    wanted = status.recommended or status.newest
    return wanted is not None and snapshot.devices.get(status.key) == wanted.id
