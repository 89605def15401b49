"""Which backup is the recommended one, and what a summary of a device says."""

import asyncio

from ha_device_backup_core.records import (
    StoredSummary,
)
from ha_device_backup_core.store import BackupStore

from .helpers import (
    DOUBT,
    KEY,
    MISSING,
    Clock,
    commit,
    meta_path,
)


async def test_an_incomplete_backup_never_displaces_the_whole_one(store: BackupStore) -> None:
    whole = await commit(store, b"whole")
    missing = await commit(store, b"some", missing=(MISSING,))
    doubtful = await commit(store, b"torn", doubts=(DOUBT,))
    assert await store.summary(KEY) == StoredSummary(newest=doubtful, recommended=whole, count=3, size=13)
    await store.delete(KEY, doubtful.id)
    assert await store.summary(KEY) == StoredSummary(newest=missing, recommended=whole, count=2, size=9)
    await store.delete(KEY, whole.id)
    assert await store.summary(KEY) == StoredSummary(newest=missing, recommended=missing, count=1, size=4)


async def test_the_way_to_the_recommended_backup_is_short(store: BackupStore) -> None:
    whole = await commit(store, b"whole")
    incomplete = [await commit(store, b"%d" % number, missing=(MISSING,)) for number in range(5)]
    for backup in incomplete[:4]:
        meta_path(store, backup).write_text("not looked at")
    summary = await store.summary(KEY)
    assert summary is not None
    assert (summary.newest, summary.recommended) == (incomplete[4], whole)


async def test_there_was_never_a_whole_backup(store: BackupStore) -> None:
    incomplete = [await commit(store, b"%d" % number, missing=(MISSING,)) for number in range(3)]
    assert await store.summary(KEY) == StoredSummary(newest=incomplete[2], recommended=incomplete[2], count=3, size=3)


async def test_the_hint_names_a_backup_that_is_gone(store: BackupStore) -> None:
    older, newer = await commit(store, b"older"), await commit(store, b"newer")
    incomplete = await commit(store, b"x", missing=(MISSING,))
    await store.delete(KEY, newer.id)
    assert await store.summary(KEY) == StoredSummary(newest=incomplete, recommended=older, count=2, size=6)


async def test_a_summary_is_from_memory_until_something_changes(store: BackupStore, clock: Clock) -> None:
    backup = await commit(store)
    summary = await store.summary(KEY)
    (store.root / KEY.folder).rename(store.root / "elsewhere")
    assert await store.summary(KEY) is summary
    (store.root / "elsewhere").rename(store.root / KEY.folder)
    await store.confirm(KEY, backup.id, clock.advance(hours=1))
    changed = await store.summary(KEY)
    assert changed is not None
    assert changed.newest is not None
    assert changed.newest.confirmed == clock()


async def test_a_change_while_a_summary_is_made_is_not_missed(store: BackupStore) -> None:
    for number in range(20):
        _, backup = await asyncio.gather(store.summary(KEY), commit(store, b"%d" % number))
        summary = await store.summary(KEY)
        assert summary is not None
        assert (summary.newest, summary.count) == (backup, number + 1)
