"""What is deleted, what never is, and how a device is forgotten."""

import pytest

from ha_device_backup_core.damage import VerifyReport
from ha_device_backup_core.errors import StoreError
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.records import (
    DeviceKey,
    UnfinishedRestore,
)
from ha_device_backup_core.store import BackupStore

from .helpers import (
    KEY,
    Clock,
    artifact,
    commit,
    device_json,
    edit_json,
    meta_path,
    tree,
)


async def test_protected_backups_are_not_deleted(store: BackupStore) -> None:
    backup = await commit(store)
    assert (await store.set_protected(KEY, backup.id, True)).protected
    with pytest.raises(StoreError, match="is protected"):
        await store.delete(KEY, backup.id)
    assert await store.read(KEY, backup.id) == artifact()
    assert await store.set_protected(KEY, backup.id, False) == backup
    assert await store.delete(KEY, backup.id) == backup
    assert await store.backups(KEY) == []


async def test_marked_last_before(store: BackupStore) -> None:
    backup = await commit(store)
    assert (await store.set_last_before(KEY, backup.id, "0.16.0")).last_before == "0.16.0"
    assert await store.set_last_before(KEY, backup.id, None) == backup


async def test_marked_as_the_state_before_a_restore(store: BackupStore, clock: Clock) -> None:
    backup = await commit(store)
    assert backup.undoes is None
    at = clock.advance(hours=1)
    marked = await store.set_before_restore(KEY, backup.id, at)
    assert (marked.undoes, await store.backups(KEY)) == (at, [marked])


async def test_damaged_backups_can_be_deleted(store: BackupStore) -> None:
    backups = [await commit(store, b"%d" % number) for number in range(3)]
    (store.root / backups[0].path).unlink()
    meta_path(store, backups[1]).write_text("damaged")
    assert await store.delete(KEY, backups[0].id) == backups[0]
    assert await store.delete(KEY, backups[1].id) is None
    assert await store.verify() == VerifyReport(checked=1)
    assert await store.backups(KEY) == [backups[2]]


async def test_retention(store: BackupStore, clock: Clock) -> None:
    backups = [await commit(store, b"%d" % number, taken_at=clock.advance(days=1)) for number in range(40)]
    await store.set_protected(KEY, backups[3].id, True)
    assert await store.prune(KEY, RetentionPolicy(newest=50), now=clock()) == []
    policy = RetentionPolicy(newest=5, monthly=0)
    assert await store.prune(KEY, policy, now=clock()) == [backup.id for backup in [*backups[:3], *backups[4:35]]]
    assert [backup.id for backup in await store.backups(KEY)] == [
        *[backup.id for backup in backups[:34:-1]],
        backups[3].id,
    ]
    assert await store.prune(KEY, policy, now=clock()) == []
    assert set(device_json(store)["confirmed"]) <= {backup.id for backup in backups}
    assert await store.verify() == VerifyReport(checked=6)


async def test_damage_and_strange_files_are_never_pruned(store: BackupStore, clock: Clock) -> None:
    backups = [await commit(store, b"%d" % number, taken_at=clock.advance(days=1)) for number in range(9)]
    (store.root / backups[0].path).unlink()
    meta_path(store, backups[1]).write_text("damaged")
    edit_json(meta_path(store, backups[2]), schema=2)
    (store.root / KEY.folder / "notes.txt").write_text("mine")
    assert await store.prune(KEY, RetentionPolicy(newest=1, monthly=0), now=clock()) == [
        backup.id for backup in backups[3:8]
    ]
    assert [backup.id for backup in await store.backups(KEY)] == [backups[8].id, backups[2].id]
    assert meta_path(store, backups[0]).exists()
    assert meta_path(store, backups[1]).exists()
    assert (store.root / KEY.folder / "notes.txt").read_text() == "mine"


async def test_a_device_is_forgotten_when_it_has_no_backups(store: BackupStore) -> None:
    backup = await commit(store)
    with pytest.raises(StoreError, match="There still are backups of Desk lamp"):
        await store.forget(KEY)
    await store.delete(KEY, backup.id)
    await store.forget(KEY)
    assert tree(store.root) == [".lock", "device-backups-store.json"]
    assert (await commit(store)).id == backup.id


@pytest.mark.parametrize("opened_again", [False, True], ids=["known", "read"])
async def test_what_a_restore_onto_another_device_goes_on_with_is_not_pruned(
    store: BackupStore, clock: Clock, opened_again: bool
) -> None:
    backups = [await commit(store, b"%d" % number, taken_at=clock.advance(days=1)) for number in range(5)]
    policy = RetentionPolicy(newest=3, monthly=0)
    assert await store.prune(KEY, policy, now=clock()) == [backups[0].id, backups[1].id]
    other = DeviceKey(KEY.kind, "other")
    cut_off = UnfinishedRestore(source=KEY, backup_id=backups[2].id, safety_backup_id=None, begun_at=clock())
    await store.set_unfinished_restore(other, "Other", cut_off)
    if opened_again:
        await store.close()
        await store.open(write=True)
    newer = await commit(store, b"newer", taken_at=clock.advance(days=1))
    assert await store.needed(KEY) == {backups[2].id}
    assert await store.beyond(KEY, policy, now=clock()) == []
    assert await store.prune(KEY, policy, now=clock()) == []
    await store.set_unfinished_restore(other, "Other", None)
    assert await store.prune(KEY, policy, now=clock()) == [backups[2].id]
    assert [backup.id for backup in await store.backups(KEY)] == [newer.id, backups[4].id, backups[3].id]
