"""Which devices the newest snapshots hold, and which wait for one too long."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ha_device_backup_core.contract import DeviceInfo
from ha_device_backup_core.manager.snapshot_coverage import is_in_snapshot, newest_of, too_long_without_snapshot
from ha_device_backup_core.manager.snapshot_records import UNKNOWN_RESULT, SnapshotRecord
from ha_device_backup_core.records import Backup, HandlerVersion, StoredArtifact, Trigger

from .test_device_state import STATUS

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def backup(days_ago: float) -> Backup:
    return Backup(
        id="1",
        key=STATUS.key,
        path="1",
        taken_at=NOW - timedelta(days=days_ago),
        artifact=StoredArtifact(filename="a", media_type="text/plain", size=1, sha256=""),
        fingerprint="",
        handler=HandlerVersion(kind="lamp", distribution="d", version="1"),
        device=DeviceInfo(unique_id="a1", name="Lamp"),
        trigger=Trigger.SCHEDULE,
    )


def snapshots(*days_ago: float, newest_id: str = "1") -> list[SnapshotRecord]:
    at = [NOW - timedelta(days=days) for days in days_ago]
    return [SnapshotRecord(id=newest_id if not index else str(index), at=one) for index, one in enumerate(at)]


@pytest.mark.parametrize(
    ("records", "stored_days_ago", "is_told"),
    [
        ([], 30, False),
        (snapshots(8, 9), 7, True),
        (snapshots(8, 9), 1.5, False),
        (snapshots(8, 9), 30, False),
        (snapshots(8, 38), 7, False),
        (snapshots(40, 70), 32, True),
        (snapshots(12), 7, False),
        (snapshots(12), 9, True),
        (snapshots(8, 9, newest_id=UNKNOWN_RESULT), 7, False),
        (snapshots(3, 3.01), 2.5, True),
    ],
)
def test_as_long_as_between_two_is_no_news(
    records: list[SnapshotRecord], stored_days_ago: float, *, is_told: bool
) -> None:
    status = replace(STATUS, newest=backup(stored_days_ago))
    assert too_long_without_snapshot(records, [status, STATUS], NOW) == ([status] if is_told else [])


def test_what_a_snapshot_holds() -> None:
    wanted = replace(STATUS, newest=backup(1))
    record = replace(snapshots(1)[0], devices={STATUS.key: wanted.newest.id if wanted.newest else ""})
    assert is_in_snapshot(record, wanted)
    assert not is_in_snapshot(record, STATUS)
    assert not is_in_snapshot(snapshots(1)[0], wanted)
    assert newest_of([record]) == record
    assert newest_of(snapshots(1, newest_id=UNKNOWN_RESULT)) is None
    assert newest_of([]) is None
