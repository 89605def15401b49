"""A handed-in backup takes its place among those that are there, whatever happens on the way."""

from datetime import datetime, timedelta
from unittest.mock import patch

import pytest

from ha_device_backup_core.contract import Note
from ha_device_backup_core.errors import StoreError
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.records import Attempt, Backup, NewBackup, Outcome, Previous, Trigger
from ha_device_backup_core.store import BackupStore

from .helpers import HANDLER, KEY, MISSING, START, Clock, artifact, commit, fetched, meta_path, read_json

HOUR = timedelta(hours=1)


async def import_file(
    store: BackupStore, taken_at: datetime, content: bytes = b"by hand", missing: tuple[Note, ...] = ()
) -> Backup:
    new = NewBackup(
        key=KEY,
        title="Desk lamp",
        fetched=fetched(artifact(content, missing=missing)),
        handler=HANDLER,
        trigger=Trigger.IMPORTED,
        taken_at=taken_at,
    )
    return await store.commit(new)


async def history(store: BackupStore, clock: Clock) -> list[Backup]:
    """Store a whole backup, then three that are not, an hour apart."""
    backups = []
    for number in range(4):
        backups.append(await commit(store, b"%d" % number, missing=(MISSING,) if number else ()))
        clock.now += HOUR
    return backups


async def test_it_stands_between_the_others(store: BackupStore, clock: Clock) -> None:
    first, second, third, fourth = await history(store, clock)
    backup = await import_file(store, START + 1.5 * HOUR)
    assert [kept.id for kept in await store.backups(KEY)] == [fourth.id, third.id, backup.id, second.id, first.id]
    assert backup.previous == Previous(id=second.id, confirmed=second.taken_at)
    summary = await store.summary(KEY)
    assert summary is not None
    assert (summary.newest, summary.recommended) == (fourth, backup)
    assert [read_json(meta_path(store, kept))["recommended_before"] for kept in (second, third, fourth)] == [
        first.id,
        backup.id,
        backup.id,
    ]
    assert await store.last_confirmed(KEY) == fourth
    record = await store.device(KEY)
    assert record is not None
    assert record.last_attempt == Attempt(at=fourth.taken_at, outcome=Outcome.STORED)
    following = await commit(store, b"next", taken_at=START)
    assert (await store.backups(KEY))[0] == following


async def test_one_that_is_not_whole_is_announced_to_nobody(store: BackupStore, clock: Clock) -> None:
    first, *_, fourth = await history(store, clock)
    await import_file(store, START + 1.5 * HOUR, missing=(MISSING,))
    summary = await store.summary(KEY)
    assert summary is not None
    assert summary.recommended == first
    assert read_json(meta_path(store, fourth))["recommended_before"] == first.id


async def test_a_newer_whole_one_stays_the_newest(store: BackupStore, clock: Clock) -> None:
    first, *_ = await history(store, clock)
    await import_file(store, START - HOUR)
    summary = await store.summary(KEY)
    assert summary is not None
    assert summary.recommended == first


async def test_nothing_is_lost_when_it_cannot_be_stored(store: BackupStore, clock: Clock) -> None:
    first, *_, fourth = await history(store, clock)
    with (
        patch("ha_device_backup_core.store.atomic_files.AtomicFiles.rename", side_effect=StoreError("no")),
        pytest.raises(StoreError),
    ):
        await import_file(store, START + 1.5 * HOUR)
    summary = await store.summary(KEY)
    assert summary is not None
    assert (summary.newest, summary.recommended, summary.count) == (fourth, first, 4)
    backup = await import_file(store, START + 1.5 * HOUR)
    summary = await store.summary(KEY)
    assert summary is not None
    assert (summary.newest, summary.recommended, summary.count) == (fourth, backup, 5)


async def test_the_id_of_a_deleted_one_is_not_given_again(store: BackupStore, clock: Clock) -> None:
    await history(store, clock)
    at = START + 1.5 * HOUR
    ids = []
    for number in range(3):
        backup = await import_file(store, at, b"%d" % number)
        ids.append(backup.id)
        await store.delete(KEY, backup.id)
    pruned = await import_file(store, at, b"pruned")
    await store.prune(KEY, RetentionPolicy(newest=1, monthly=0), now=clock())
    damaged = await import_file(store, at, b"damaged")
    meta_path(store, damaged).write_bytes(b"")
    await store.delete(KEY, damaged.id)
    last = await import_file(store, at, b"last")
    ids += [pruned.id, damaged.id, last.id]
    assert ids == [f"2025-01-15_12-00-00{number}" for number in ("", "_2", "_3", "_4", "_5", "_6")]


async def test_the_id_of_the_deleted_newest_is_not_given_to_a_file_from_then(store: BackupStore, clock: Clock) -> None:
    await commit(store, b"first", taken_at=clock.now - HOUR)
    newest = await commit(store, b"newest", taken_at=clock.now)
    await store.delete(KEY, newest.id)
    assert (await import_file(store, START)).id == f"{newest.id}_2"


async def test_confirmed_without_having_asked_the_device(store: BackupStore, clock: Clock) -> None:
    backup = await commit(store)
    await store.record_attempt(
        KEY, "Desk lamp", Attempt(at=clock.now, outcome=Outcome.FAILED, error="authentication"), blocked="digest"
    )
    before = await store.device(KEY)
    clock.now += HOUR
    await store.confirm(KEY, backup.id, clock.now, attempted=False)
    after = await store.device(KEY)
    assert before is not None
    assert after is not None
    assert (after.last_attempt, after.blocked) == (before.last_attempt, "digest")
    assert after.confirmed == {backup.id: START + HOUR}


async def test_the_last_confirmed_is_read_again_where_it_cannot_be(store: BackupStore, clock: Clock) -> None:
    assert await store.last_confirmed(KEY) is None
    first = await commit(store)
    clock.now += HOUR
    second = await commit(store, b"second")
    await store.confirm(KEY, first.id, clock.now + HOUR)
    meta = meta_path(store, second)
    good = meta.read_bytes()
    meta.write_text("nonsense")
    known = await store.last_confirmed(KEY)
    assert known is not None
    assert known.id == first.id
    meta.write_bytes(good)
    known = await store.last_confirmed(KEY)
    assert known is not None
    assert known.id == second.id
