"""Copies outside the store: best effort, and never in its way."""

import asyncio
from pathlib import Path

from ha_device_backup_core.damage import VerifyReport
from ha_device_backup_core.errors import StoreDamagedError
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.store.names import MARK_FILE

from .helpers import KEY, MISSING, OTHER, Clock, artifact, commit, opened_copy, tree


async def test_each_commit_is_copied_with_the_same_layout(store: BackupStore, share: Path, clock: Clock) -> None:
    store.set_second_copy(share)
    backups = [await commit(store, b"%d" % number) for number in range(3)]
    other = await commit(store, key=OTHER)
    await store.second_copy_done()
    assert store.second_copy_problem is None
    copy = await opened_copy(share, clock)
    assert await copy.backups(KEY) == backups[::-1]
    assert await copy.read(OTHER, other.id) == artifact()
    assert await copy.devices() == await store.devices()
    assert await copy.verify() == VerifyReport(checked=4)
    assert [path for path in tree(share) if "backups" in path] == [MARK_FILE]
    await copy.close()


async def test_what_was_there_before_comes_with_the_next_confirmation(
    store: BackupStore, share: Path, clock: Clock
) -> None:
    old = await commit(store, b"old")
    whole = await commit(store, b"whole")
    newest = await commit(store, b"newest", missing=(MISSING,))
    store.set_second_copy(share)
    await store.confirm(KEY, newest.id, clock.advance(hours=1))
    await store.second_copy_done()
    copy = await opened_copy(share, clock)
    assert [backup.id for backup in await copy.backups(KEY)] == [newest.id, whole.id]
    assert (await copy.backup(KEY, newest.id)).confirmed == clock()
    assert await copy.verify() == VerifyReport(checked=2)
    assert await store.read(KEY, old.id) == artifact(b"old")
    await copy.close()


async def test_what_describes_kinds_is_copied_and_stays(store: BackupStore, share: Path) -> None:
    await store.put_kind_file("old.toml", b"before")
    store.set_second_copy(share)
    await store.put_kind_file("pump.toml", b"one")
    await store.second_copy_done()
    kinds = share / "kinds"
    assert {path.name: path.read_bytes() for path in kinds.iterdir()} == {"old.toml": b"before", "pump.toml": b"one"}
    await store.put_kind_file("pump.toml", b"two")
    await store.remove_kind_file("old.toml")
    (store.root / "kinds" / "folder").mkdir()
    await commit(store)
    await store.second_copy_done()
    assert {path.name: path.read_bytes() for path in kinds.iterdir()} == {"old.toml": b"before", "pump.toml": b"two"}
    assert store.second_copy_problem is None


async def test_retention_goes_for_the_copy_too_but_deletion_does_not(
    store: BackupStore, share: Path, clock: Clock
) -> None:
    store.set_second_copy(share)
    backups = [await commit(store, b"%d" % number, taken_at=clock.advance(days=1)) for number in range(4)]
    await store.prune(KEY, RetentionPolicy(newest=2, monthly=0), now=clock())
    await store.second_copy_done()
    await store.delete(KEY, backups[2].id)
    await store.second_copy_done()
    copy = await opened_copy(share, clock)
    assert [backup.id for backup in await copy.backups(KEY)] == [backups[3].id, backups[2].id]
    await copy.close()


async def test_nothing_in_the_copy_is_ever_overwritten(store: BackupStore, share: Path) -> None:
    store.set_second_copy(share)
    backup = await commit(store)
    await store.second_copy_done()
    (share / backup.path).write_bytes(b"of another Home Assistant")
    await store.confirm(KEY, backup.id, backup.taken_at)
    await store.second_copy_done()
    assert isinstance(store.second_copy_problem, StoreDamagedError)
    assert (share / backup.path).read_bytes() == b"of another Home Assistant"


async def test_a_device_without_backups_is_not_copied(store: BackupStore, share: Path) -> None:
    store.set_second_copy(share)
    backup = await commit(store)
    store._copies.update(OTHER)
    await store.delete(KEY, backup.id)
    store._copies.update(KEY)
    await store.second_copy_done()
    assert store.second_copy_problem is None


async def test_copies_wait_for_the_gate(store: BackupStore, share: Path) -> None:
    store.set_second_copy(share)
    backup = await commit(store)
    await store.second_copy_done()
    before = tree(share)
    await store.close_gate(timeout=60)
    store._copies.update(KEY)
    exporting = asyncio.create_task(store.export(KEY, backup.id, share))
    assert (await asyncio.wait([exporting], timeout=0.1))[0] == set()
    assert tree(share) == before
    store.open_gate()
    await exporting
    await store.second_copy_done()
    assert tree(share) != before


async def test_nothing_is_copied_after_the_end(store: BackupStore, share: Path, clock: Clock) -> None:
    store.set_second_copy(share)
    await commit(store)
    await store.second_copy_done()
    await store.close()
    store._copies.update(KEY)
    store._copies.prune(KEY, RetentionPolicy(), clock())
    await asyncio.wait_for(store.second_copy_done(), 60)
    assert tree(share) != []


async def test_what_an_interrupted_copy_left_is_swept(store: BackupStore, share: Path, clock: Clock) -> None:
    store.set_second_copy(share)
    backup = await commit(store)
    await store.second_copy_done()
    before = tree(share)
    folder = share / KEY.folder
    for name in (
        ".backup_2025-01-14_00-00-00.zip.tmp",
        ".backup_2025-01-13_00-00-00.zip.meta.json.tmp",
        "backup_2025-01-13_00-00-00.zip",
        ".device.json.tmp",
    ):
        (folder / name).write_text("half")
    (folder / ".letter.tmp").write_text("mine")
    (folder / "backup_2025-01-12_00-00-00.zip").write_text("its meta file was lost")
    store.set_second_copy(None)
    store.set_second_copy(share)
    await store.confirm(KEY, backup.id, clock.advance(hours=1))
    await store.second_copy_done()
    kept = [f"{KEY.folder}/.letter.tmp", f"{KEY.folder}/backup_2025-01-12_00-00-00.zip"]
    assert tree(share) == sorted([*before, *kept])
    assert (share / backup.path).read_bytes() == b"content"


async def test_retention_is_followed_after_the_folder_was_away(
    store: BackupStore, share: Path, tmp_path: Path, clock: Clock
) -> None:
    policy = RetentionPolicy(newest=2, monthly=0)
    store.set_second_copy(share)
    backups = [await commit(store, b"%d" % number, taken_at=clock.advance(days=1)) for number in range(4)]
    await store.second_copy_done()
    share.rename(tmp_path / "away")
    for number in range(4, 6):
        await commit(store, b"%d" % number, taken_at=clock.advance(days=1))
        await store.prune(KEY, policy, now=clock())
    await store.second_copy_done()
    assert "is not there" in str(store.second_copy_problem)
    (tmp_path / "away").rename(share)
    newest = await commit(store, b"6", taken_at=clock.advance(days=1))
    await store.prune(KEY, policy, now=clock())
    await store.second_copy_done()
    assert store.second_copy_problem is None
    copy = await opened_copy(share, clock)
    assert [backup.id for backup in await copy.backups(KEY)] == [newest.id, backups[3].id]
    assert await copy.verify() == VerifyReport(checked=2)
    await copy.close()


async def test_what_the_store_holds_is_not_pruned_from_the_copy(store: BackupStore, share: Path, clock: Clock) -> None:
    store.set_second_copy(share)
    backups = [await commit(store, b"%d" % number, taken_at=clock.advance(days=1)) for number in range(4)]
    await store.second_copy_done()
    await store.set_protected(KEY, backups[0].id, True)
    await store.prune(KEY, RetentionPolicy(newest=1, monthly=0), now=clock())
    await store.second_copy_done()
    copy = await opened_copy(share, clock)
    assert [backup.id for backup in await copy.backups(KEY)] == [backups[3].id, backups[0].id]
    await copy.close()


async def test_a_wrong_copy_is_told_until_it_is_right(store: BackupStore, share: Path, clock: Clock) -> None:
    store.set_second_copy(share)
    wrong = await commit(store, b"first")
    await store.second_copy_done()
    (share / wrong.path).write_bytes(b"of another Home Assistant")
    told: list[str] = []
    store.watch_second_copy(lambda: told.append(str(store.second_copy_problem)))
    await store.confirm(KEY, wrong.id, clock.advance(hours=1))
    await store.second_copy_done()
    for number in range(2):
        await commit(store, b"other", key=OTHER, taken_at=clock.advance(hours=1))
        await commit(store, b"newer %d" % number, taken_at=clock.advance(hours=1))
        await store.second_copy_done()
        assert f"The second copy of {wrong.path} differs. Move it away." in str(store.second_copy_problem)
    assert len(told) == 1
    (share / wrong.path).unlink()
    await commit(store, b"newest", taken_at=clock.advance(hours=1))
    await store.second_copy_done()
    assert store.second_copy_problem is None
    assert (share / wrong.path).read_bytes() == b"first"
    assert told[1:] == ["None"]


async def test_a_wrong_copy_of_what_is_gone_is_told_no_more(store: BackupStore, share: Path, clock: Clock) -> None:
    store.set_second_copy(share)
    wrong = await commit(store, b"first")
    await store.second_copy_done()
    (share / wrong.path).write_bytes(b"other")
    await store.confirm(KEY, wrong.id, clock.advance(hours=1))
    await store.second_copy_done()
    assert isinstance(store.second_copy_problem, StoreDamagedError)
    await store.delete(KEY, wrong.id)
    await commit(store, b"next", taken_at=clock.advance(hours=1))
    await store.second_copy_done()
    assert store.second_copy_problem is None


async def test_a_copy_that_lost_a_file_gets_it_again(store: BackupStore, share: Path, clock: Clock) -> None:
    store.set_second_copy(share)
    backup = await commit(store)
    await store.second_copy_done()
    before = {path: (share / path).read_bytes() for path in tree(share) if path.endswith((".zip", ".meta.json"))}
    for path in before:
        (share / path).unlink()
        await store.confirm(KEY, backup.id, clock.advance(hours=1))
        await store.second_copy_done()
        assert store.second_copy_problem is None
        assert {path: (share / path).read_bytes() for path in before} == before


# -- exports -----------------------------------------------------------------------------------------------------
