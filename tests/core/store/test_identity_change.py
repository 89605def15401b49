"""A device that tells its identity late keeps its history."""

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest

from ha_device_backup_core.errors import StoreError
from ha_device_backup_core.identity import new_assigned_identity
from ha_device_backup_core.records import Attempt, Backup, DeviceKey, Outcome, UnfinishedRestore
from ha_device_backup_core.store import BackupStore

from .helpers import MISSING, START, Clock, artifact, commit, device_json, edit_json, meta_path, tree
from .kill.faults import CallCounter, counted

OLD = DeviceKey("wled", new_assigned_identity())
NEW = DeviceKey("wled", "a1b2c3d4e5f6")


async def history(store: BackupStore, clock: Clock) -> list[Backup]:
    """Fill the folder of the assigned identity."""
    first = await commit(store, b"first", key=OLD)
    await store.set_protected(OLD, first.id, True)
    clock.advance(hours=1)
    second = await commit(store, b"second", key=OLD, missing=(MISSING,))
    await store.confirm(OLD, second.id, clock.advance(hours=1))
    await store.record_attempt(OLD, "Desk lamp", Attempt(at=clock.now, outcome=Outcome.FAILED), blocked="scrypt:a:b")
    return await store.backups(OLD)


def contents(backups: list[Backup]) -> list[tuple[object, ...]]:
    """Return what has to be the same afterwards."""
    return [
        (known.id, known.artifact, known.taken_at, known.confirmed, known.protected, known.previous, known.fingerprint)
        for known in backups
    ]


async def test_the_whole_history_moves(store: BackupStore, root: Path, clock: Clock) -> None:
    before = await history(store, clock)
    old_record = device_json(store, OLD)
    await store.change_identity(OLD, NEW)

    after = await store.backups(NEW)
    assert contents(after) == contents(before)
    assert [known.key for known in after] == [NEW, NEW]
    assert await store.read(NEW, before[-1].id) == artifact(b"first")
    assert await store.backups(OLD) == []
    assert device_json(store, NEW) == old_record | {"unique_id": NEW.unique_id, "formerly": [OLD.unique_id]}
    assert [path for path in tree(root) if OLD.folder in path] == []
    assert (await store.verify()).problems == ()
    summary = await store.summary(NEW)
    assert summary is not None
    assert (summary.count, summary.recommended) == (2, after[1])

    clock.advance(seconds=-7200)
    assert (await commit(store, b"third", key=NEW)).id > before[0].id


async def test_a_restore_that_is_not_at_its_end_moves_too(store: BackupStore, clock: Clock) -> None:
    backup = (await history(store, clock))[0]
    unfinished = UnfinishedRestore(source=OLD, backup_id=backup.id, safety_backup_id=None, begun_at=clock.now)
    await store.set_unfinished_restore(OLD, "Desk lamp", unfinished)
    await store.change_identity(OLD, NEW)
    record = await store.device(NEW)
    assert record is not None
    assert record.unfinished_restore == replace(unfinished, source=NEW)

    other = replace(unfinished, source=DeviceKey("wled", "of-another"))
    await store.set_unfinished_restore(NEW, "Desk lamp", other)
    await store.change_identity(NEW, OLD)
    record = await store.device(OLD)
    assert record is not None
    assert record.unfinished_restore == other


async def test_nothing_moves_onto_a_history_that_is_there(store: BackupStore, root: Path, clock: Clock) -> None:
    await history(store, clock)
    await commit(store, b"own", key=NEW)
    before = {path: (root / path).read_bytes() for path in tree(root) if not path.endswith("/")}
    await store.change_identity(OLD, NEW)
    assert {path: (root / path).read_bytes() for path in tree(root) if not path.endswith("/")} == before


async def test_without_a_history_there_is_nothing_to_do(store: BackupStore, root: Path) -> None:
    await store.change_identity(OLD, NEW)
    assert tree(root) == [".lock", "device-backups-store.json"]


async def test_what_is_damaged_moves_too_and_what_is_not_ours_stays(
    store: BackupStore, root: Path, clock: Clock
) -> None:
    newest, oldest = await history(store, clock)
    meta_path(store, newest).write_bytes(b"{")
    (root / oldest.path).unlink()
    (root / OLD.folder / "notes.txt").write_text("mine")
    await store.change_identity(OLD, NEW)
    assert (root / NEW.folder / Path(newest.path).name).read_bytes() == b"second"
    assert [path for path in tree(root) if OLD.folder in path] == [f"{OLD.folder}/", f"{OLD.folder}/notes.txt"]
    assert len((await store.verify()).problems) == 2


async def test_a_newer_version_is_left_alone(store: BackupStore, root: Path, clock: Clock) -> None:
    await history(store, clock)
    edit_json(root / OLD.folder / "device.json", schema=99)
    with pytest.raises(StoreError, match="newer version"):
        await store.change_identity(OLD, NEW)
    assert not (root / NEW.folder).exists()


async def test_a_folder_that_is_none(store: BackupStore, root: Path, clock: Clock) -> None:
    before = contents(await history(store, clock))
    (root / NEW.folder).write_text("a file")
    with pytest.raises(StoreError, match="is not a folder"):
        await store.change_identity(OLD, NEW)
    (root / NEW.folder).unlink()
    await store.change_identity(OLD, NEW)
    assert contents(await store.backups(NEW)) == before


async def test_a_file_system_without_hard_links(store: BackupStore, clock: Clock) -> None:
    before = contents(await history(store, clock))

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "link", refuse)
        await store.change_identity(OLD, NEW)
    assert contents(await store.backups(NEW)) == before
    assert (await store.verify()).problems == ()


async def test_an_end_before_each_call_of_the_operating_system(quick_path: Path) -> None:
    """Whatever is cut off is all there, in one folder or the other, and the next try ends it."""
    at, ended = 0, False
    while not ended:
        at += 1
        clock, root = Clock(START), quick_path / str(at) / "store"
        store = BackupStore(root, clock=clock)
        await store.open(write=True)
        before = contents(await history(store, clock))
        awaited = UnfinishedRestore(
            source=NEW, backup_id=str(before[0][0]), safety_backup_id=None, begun_at=clock.now, awaits_replacement=True
        )

        counter = _Ending(at)
        with counted(counter):
            try:
                await store.change_identity(OLD, NEW, awaited=awaited)
                ended = True
            except StoreError:
                pass
        await store.close()

        store = BackupStore(root, clock=clock)
        await store.open(write=True)
        found = {known[0]: known for key in (OLD, NEW) for known in contents(await store.backups(key))}
        assert {backup_id: known[1] for backup_id, known in found.items()} == {known[0]: known[1] for known in before}
        assert (await store.verify()).problems == ()
        has_begun = bool(await store.backups(NEW))
        assert not has_begun or await store.is_moving(OLD, NEW) or not await store.backups(OLD)
        await store.change_identity(OLD, NEW, awaited=None if has_begun else awaited)
        assert contents(await store.backups(NEW)) == before
        assert await store.backups(OLD) == []
        record = await store.device(NEW)
        assert record is not None
        assert record.unfinished_restore == awaited
        assert not (root / OLD.folder).exists()
        await store.close()
    assert at > 30


class _Ending(CallCounter):
    """Lets no call through from one on, as a disk that is gone."""

    def __init__(self, at: int) -> None:
        super().__init__(at, lambda _: None)
        self._from = at

    def before(self, name: str) -> None:
        self.count += 1
        if self.count >= self._from:
            raise OSError(errno.EIO, "Input/output error", name)


async def test_a_record_without_backups_is_in_nobodys_way_and_its_ids_are_not_given_again(
    store: BackupStore, clock: Clock
) -> None:
    own = await commit(store, b"own", key=NEW)
    await store.delete(NEW, own.id)
    before = await history(store, clock)
    clock.advance(hours=1)
    later = await commit(store, b"later", key=NEW)
    await store.delete(NEW, later.id)
    await store.change_identity(OLD, NEW)
    assert contents(await store.backups(NEW)) == contents(before)
    clock.advance(hours=-3)
    assert (await commit(store, b"third", key=NEW)).id > later.id
