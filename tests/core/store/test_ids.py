"""Ids of backups are of their time, and never given twice."""

from datetime import UTC, datetime, timedelta

from ha_device_backup_core.records import (
    Attempt,
    Outcome,
)
from ha_device_backup_core.store import BackupStore

from .helpers import (
    KEY,
    START,
    Clock,
    commit,
    edit_json,
    meta_path,
    read_json,
)


async def test_two_backups_in_one_second(store: BackupStore) -> None:
    ids = [(await commit(store, b"%d" % number)).id for number in range(11)]
    assert ids == ["2025-01-15_10-30-00", *[f"2025-01-15_10-30-00_{number}" for number in range(2, 12)]]
    assert [backup.id for backup in await store.backups(KEY)] == ids[::-1]


async def test_a_clock_that_goes_backwards(store: BackupStore, clock: Clock) -> None:
    clock.now = datetime(2031, 1, 1, tzinfo=UTC)
    wrong = await commit(store, b"from the future")
    clock.now = START
    right = await commit(store, b"right")
    later = await commit(store, b"later", taken_at=clock.advance(minutes=1))
    assert [wrong.id, right.id, later.id] == ["2031-01-01_00-00-00", "2031-01-01_00-00-00_2", "2031-01-01_00-00-00_3"]
    assert [backup.taken_at for backup in await store.backups(KEY)] == [clock(), START, START]
    assert read_json(meta_path(store, right))["taken_at"] == "2025-01-15T10:30:00+00:00"


async def test_a_time_in_the_future_counts_as_now(store: BackupStore, clock: Clock) -> None:
    backup = await commit(store, taken_at=START + timedelta(days=9))
    assert backup.taken_at == START
    await store.confirm(KEY, backup.id, START + timedelta(days=9))
    edit_json(
        store.root / KEY.folder / "device.json",
        confirmed={backup.id: "2040-01-01T00:00:00+00:00"},
        last_attempt={"at": "2040-01-01T00:00:00+00:00", "outcome": "stored", "error": None},
    )
    assert (await store.backup(KEY, backup.id)).confirmed == START
    record = await store.device(KEY)
    assert record is not None
    assert record.confirmed == {backup.id: START}
    assert record.last_attempt == Attempt(at=START, outcome=Outcome.STORED)
    await store.confirm(KEY, backup.id, clock.advance(hours=1))
    assert (await store.backup(KEY, backup.id)).confirmed == START + timedelta(hours=1)


async def test_confirmed_never_goes_back(store: BackupStore, clock: Clock) -> None:
    backup = await commit(store)
    await store.confirm(KEY, backup.id, clock.advance(hours=2))
    await store.confirm(KEY, backup.id, START + timedelta(hours=1))
    assert (await store.backup(KEY, backup.id)).confirmed == START + timedelta(hours=2)


async def test_the_id_of_a_deleted_backup_is_not_given_again(store: BackupStore) -> None:
    first = await commit(store, b"one")
    await store.delete(KEY, first.id)
    second = await commit(store, b"two")
    await store.delete(KEY, second.id)
    assert [first.id, second.id, (await commit(store)).id] == [
        "2025-01-15_10-30-00",
        "2025-01-15_10-30-00_2",
        "2025-01-15_10-30-00_3",
    ]


async def test_a_remembered_id_that_is_none_is_not_used(store: BackupStore) -> None:
    await commit(store)
    edit_json(store.root / KEY.folder / "device.json", newest_id="nonsense")
    assert (await commit(store)).id == "2025-01-15_10-30-00_2"
