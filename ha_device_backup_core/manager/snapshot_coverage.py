"""Which devices the newest snapshots hold as a restore would want them; pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from .events import DeviceStatus
from .snapshot_records import UNKNOWN_RESULT, SnapshotRecord

_SHORTEST_INTERVAL = timedelta(days=1)
_UNKNOWN_INTERVAL = timedelta(days=7)
_TOLERANCE = timedelta(days=1)


def newest_of(snapshots: Sequence[SnapshotRecord]) -> SnapshotRecord | None:
    """Return the newest snapshot, None where there is none or it is not known how the newest ended."""
    newest = next(iter(snapshots), None)
    return None if newest is None or newest.id == UNKNOWN_RESULT else newest


def is_in_snapshot(snapshot: SnapshotRecord, status: DeviceStatus) -> bool:
    """Return whether the snapshot holds what a restore of the device would begin with."""
    wanted = status.recommended or status.newest
    return wanted is not None and snapshot.devices.get(status.key) == wanted.id


def too_long_without_snapshot(
    snapshots: Sequence[SnapshotRecord], statuses: Iterable[DeviceStatus], now: datetime
) -> list[DeviceStatus]:
    """Return the devices whose recommended backup waits for a snapshot longer than they usually do.

    A backup always waits for the next one: it is a problem only when as long as between the last two has passed, and a
    day more. What was stored ahead of the newest is inside, even if the device was not set up then. Of a device
    without any backup, its state tells.
    """
    newest = newest_of(snapshots)
    if newest is None:
        return []
    before = next((snapshot for snapshot in snapshots[1:] if snapshot.id != UNKNOWN_RESULT), None)
    usual = _UNKNOWN_INTERVAL if before is None else max(newest.at - before.at, _SHORTEST_INTERVAL)
    latest = now - usual - _TOLERANCE
    return [
        status
        for status in statuses
        if (wanted := status.recommended or status.newest) is not None and newest.at < wanted.taken_at < latest
    ]
