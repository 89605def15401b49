"""A clock that is wrong for one run makes nothing look older or newer for good."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.records import Attempt, Outcome, Previous
from ha_device_backup_core.store import BackupStore

from .helpers import KEY, START, Clock, commit, device_json, edit_json

HOUR = timedelta(hours=1)
YEAR = timedelta(days=365)
ATTEMPT = Attempt(at=START, outcome=Outcome.FAILED)


async def confirmed(store: BackupStore, backup_id: str) -> datetime | None:
    return (await store.backup(KEY, backup_id)).confirmed


async def test_a_run_with_a_clock_that_is_behind_takes_no_time_away(store: BackupStore, clock: Clock) -> None:
    first = await commit(store, b"first")
    await store.confirm(KEY, first.id, clock.advance(hours=1))
    second = await commit(store, b"second", taken_at=clock.advance(hours=1))
    await store.confirm(KEY, second.id, clock.advance(hours=1))
    right = clock.now
    clock.now = START - YEAR
    await store.confirm(KEY, second.id, clock.now)
    await store.record_attempt(KEY, "Lamp", ATTEMPT)
    await store.set_title(KEY, "Desk")
    third = await commit(store, b"third")
    assert await confirmed(store, second.id) == clock.now
    assert third.previous == Previous(id=second.id, confirmed=right)
    assert third.id > second.id
    clock.now = right
    assert await confirmed(store, first.id) == START + HOUR
    assert await confirmed(store, second.id) == right
    assert device_json(store)["confirmed"][second.id] == right.isoformat()
    await store.confirm(KEY, third.id, clock.advance(hours=1))
    assert await confirmed(store, third.id) == clock.now
    assert "ahead" not in device_json(store)


async def test_a_restart_with_a_clock_that_is_behind(store: BackupStore, root: Path, clock: Clock) -> None:
    backup = await commit(store)
    await store.confirm(KEY, backup.id, clock.advance(hours=1))
    await store.close()
    for _ in range(2):
        behind = BackupStore(root, clock=lambda: datetime(1970, 1, 1, 0, 5, tzinfo=UTC))
        await behind.open(write=True)
        await behind.record_attempt(KEY, "Lamp", ATTEMPT)
        await behind.close()
    again = BackupStore(root, clock=clock)
    await again.open(write=True)
    assert await confirmed(again, backup.id) == START + HOUR
    await again.close()


async def test_a_clock_that_was_ahead_once_makes_nothing_fresh_for_years(store: BackupStore, clock: Clock) -> None:
    backup = await commit(store)
    clock.now = datetime(2031, 1, 1, tzinfo=UTC)
    await store.confirm(KEY, backup.id, clock.now)
    clock.now = START + HOUR
    await store.record_attempt(KEY, "Lamp", ATTEMPT)
    clock.advance(days=30)
    assert await confirmed(store, backup.id) == START + HOUR
    await store.confirm(KEY, backup.id, clock.now)
    seen = clock.now
    clock.advance(days=30)
    await store.record_attempt(KEY, "Lamp", ATTEMPT)
    assert await confirmed(store, backup.id) == seen
    clock.now = datetime(2031, 1, 2, tzinfo=UTC)
    await store.confirm(KEY, backup.id, clock.now)
    assert await confirmed(store, backup.id) == clock.now
    assert "ahead" not in device_json(store)


async def test_a_backup_that_was_taken_ahead_is_not_fresh_for_years(store: BackupStore, clock: Clock) -> None:
    clock.now = datetime(2031, 1, 1, tzinfo=UTC)
    backup = await commit(store)
    clock.now = START
    await store.record_attempt(KEY, "Lamp", ATTEMPT)
    clock.advance(days=30)
    known = await store.backup(KEY, backup.id)
    assert (known.taken_at, known.confirmed) == (START, START)


@pytest.mark.parametrize("value", [7, [], {"x": 1}, {"2025-01-15_10-30-00": "soon"}])
async def test_an_odd_note_of_what_lies_ahead_is_no_note(
    store: BackupStore, root: Path, clock: Clock, value: object
) -> None:
    backup = await commit(store)
    stored = root / KEY.folder / "device.json"
    edit_json(stored, ahead=value, confirmed={backup.id: "2031-01-01T00:00:00+00:00"})
    assert clock.advance(hours=1) == await confirmed(store, backup.id)
    await store.record_attempt(KEY, "Lamp", ATTEMPT)
    assert device_json(store)["ahead"] == {backup.id: clock.now.isoformat()}


async def test_a_clock_that_is_behind_prunes_nothing_that_a_right_one_would_keep(
    store: BackupStore, clock: Clock
) -> None:
    for month in range(1, 13):
        clock.now = datetime(2024, month, 15, tzinfo=UTC)
        await commit(store, b"%d" % month)
    policy = RetentionPolicy(newest=1, monthly=12)
    before = [backup.id for backup in await store.backups(KEY)]
    clock.now = datetime(2024, 1, 1, tzinfo=UTC)
    assert await store.prune(KEY, policy, now=clock.now) == []
    assert [backup.id for backup in await store.backups(KEY)] == before
    clock.now = datetime(2025, 8, 1, tzinfo=UTC)
    assert await store.prune(KEY, policy, now=clock.now) == before[:4:-1]
