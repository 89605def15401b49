"""Backups go in and come out as they were."""

import asyncio
import fcntl
import hashlib
import os
import shutil
import stat
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ha_device_backup_core.contract import Artifact, DeviceInfo
from ha_device_backup_core.errors import BackupNotFoundError, StoreDamagedError, StoreError
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.records import (
    Attempt,
    Backup,
    DeviceKey,
    DeviceRecord,
    Outcome,
    Previous,
    StoredArtifact,
    StoredSummary,
    Trigger,
    VerifyReport,
)
from ha_device_backup_core.store import BackupStore

from .helpers import (
    DEVICE,
    DOUBT,
    HANDLER,
    KEY,
    MISSING,
    OTHER,
    START,
    Clock,
    artifact,
    commit,
    device_json,
    edit_json,
    meta_path,
    read_json,
    tree,
)


async def test_an_artifact_comes_back_whole(store: BackupStore) -> None:
    stored = await store.commit(
        key=KEY,
        title="Desk lamp",
        artifact=artifact(b"the content", missing=(MISSING,)),
        doubts=(DOUBT,),
        fingerprint="f" * 64,
        handler=HANDLER,
        device=DEVICE,
        trigger=Trigger.FIRST,
    )
    assert stored == Backup(
        id="2025-01-15_10-30-00",
        key=KEY,
        path="wled-a1b2c3d4e5f6/backup_2025-01-15_10-30-00.zip",
        taken_at=START,
        artifact=StoredArtifact(
            filename="backup.zip",
            media_type="application/zip",
            size=11,
            sha256=hashlib.sha256(b"the content").hexdigest(),
            attributes={"files": "7"},
            missing=(MISSING,),
            doubts=(DOUBT,),
        ),
        fingerprint="f" * 64,
        handler=HANDLER,
        device=DEVICE,
        trigger=Trigger.FIRST,
        confirmed=START,
    )
    assert await store.backup(KEY, stored.id) == stored
    assert (await store.backup(KEY, stored.id)).artifact.missing[0].text == MISSING.text
    assert await store.read(KEY, stored.id) == artifact(b"the content", missing=(MISSING,))
    assert (store.root / stored.path).read_bytes() == b"the content"


async def test_the_format_of_the_files(store: BackupStore, clock: Clock) -> None:
    first = await commit(store, b"one")
    clock.advance(hours=1)
    await store.confirm(KEY, first.id, clock())
    clock.advance(hours=1)
    second = await commit(store, b"two", missing=(MISSING,), doubts=(DOUBT,))
    assert read_json(meta_path(store, second)) == {
        "schema": 1,
        "id": "2025-01-15_12-30-00",
        "unique_id": "a1b2c3d4e5f6",
        "title": "Desk lamp",
        "taken_at": "2025-01-15T12:30:00+00:00",
        "artifact": {
            "filename": "backup.zip",
            "media_type": "application/zip",
            "size": 3,
            "sha256": hashlib.sha256(b"two").hexdigest(),
            "attributes": {"files": "7"},
            "missing": [{"code": "presets", "text": MISSING.text}],
            "doubts": [{"code": "torn", "text": DOUBT.text}],
            "remarks": [],
        },
        "fingerprint": hashlib.sha256(b"two").hexdigest(),
        "handler": {"kind": "wled", "distribution": "ha-device-backup-wled", "version": "1.2.3"},
        "device": {
            "unique_id": "a1b2c3d4e5f6",
            "name": "Lamp",
            "manufacturer": "WLED",
            "model": "ESP32",
            "version": "0.15.0",
            "connections": [["mac", "a1:b2:c3:d4:e5:f6"]],
            "configuration_url": "http://127.0.0.1/",
        },
        "trigger": "schedule",
        "protected": False,
        "suspicion": None,
        "accepted": [],
        "last_before": None,
        "before_restore": None,
        "previous": {"id": "2025-01-15_10-30-00", "confirmed": "2025-01-15T11:30:00+00:00"},
        "recommended_before": "2025-01-15_10-30-00",
    }
    assert device_json(store) == {
        "schema": 1,
        "kind": "wled",
        "unique_id": "a1b2c3d4e5f6",
        "title": "Desk lamp",
        "confirmed": {
            "2025-01-15_10-30-00": "2025-01-15T11:30:00+00:00",
            "2025-01-15_12-30-00": "2025-01-15T12:30:00+00:00",
        },
        "last_attempt": {
            "at": "2025-01-15T12:30:00+00:00",
            "outcome": "stored",
            "error": None,
            "detail": None,
            "values": {},
        },
        "blocked": None,
        "unfinished_restore": None,
        "newest_id": "2025-01-15_12-30-00",
    }


async def test_names_and_modes(store: BackupStore) -> None:
    os.umask(umask := os.umask(0o022))
    assert umask == 0o022
    await commit(store, filename="cfg.JSON")
    await commit(store, key=OTHER, filename="export")
    await store.write_snapshot(dict, timeout=60)
    await store.write_snapshots({})
    assert tree(store.root) == [
        ".lock",
        "device-backups-store.json",
        f"{OTHER.folder}/",
        f"{OTHER.folder}/backup_2025-01-15_10-30-00.bin",
        f"{OTHER.folder}/backup_2025-01-15_10-30-00.bin.meta.json",
        f"{OTHER.folder}/device.json",
        "snapshot.json",
        "snapshots.json",
        "wled-a1b2c3d4e5f6/",
        "wled-a1b2c3d4e5f6/backup_2025-01-15_10-30-00.json",
        "wled-a1b2c3d4e5f6/backup_2025-01-15_10-30-00.json.meta.json",
        "wled-a1b2c3d4e5f6/device.json",
    ]
    for path in (store.root, *store.root.rglob("*")):
        assert stat.S_IMODE(path.lstat().st_mode) == (0o700 if path.is_dir() else 0o600), path
        assert path.name != "backups"
        assert not path.is_symlink()


async def test_history_is_a_list_of_ranges(store: BackupStore, clock: Clock) -> None:
    first = await commit(store, b"one")
    await store.confirm(KEY, first.id, clock.advance(days=3))
    second = await commit(store, b"two", taken_at=clock.advance(days=1))
    await store.confirm(KEY, second.id, clock.advance(days=2))
    backups = await store.backups(KEY)
    assert [(backup.id, backup.taken_at, backup.confirmed, backup.previous) for backup in backups] == [
        (
            second.id,
            START + timedelta(days=4),
            START + timedelta(days=6),
            Previous(id=first.id, confirmed=START + timedelta(days=3)),
        ),
        (first.id, START, START + timedelta(days=3), None),
    ]


async def test_no_more_metas_are_read_than_asked_for(store: BackupStore) -> None:
    backups = [await commit(store, b"%d" % number) for number in range(5)]
    for backup in backups[:3]:
        meta_path(store, backup).write_text("damaged")
    assert [backup.id for backup in await store.backups(KEY, limit=2)] == [backups[4].id, backups[3].id]
    assert await store.backups(KEY, limit=0) == []
    assert await store.count(KEY) == 5
    summary = await store.summary(KEY)
    assert summary is not None
    assert (summary.newest, summary.recommended, summary.count) == (backups[4], backups[4], 5)


async def test_nothing_is_known_of_a_stranger(store: BackupStore) -> None:
    assert await store.devices() == []
    assert await store.device(KEY) is None
    assert await store.backups(KEY) == []
    assert await store.count(KEY) == 0
    assert await store.summary(KEY) is None
    assert await store.verify(KEY) == VerifyReport(checked=0)
    with pytest.raises(BackupNotFoundError):
        await store.read(KEY, "2025-01-15_10-30-00")
    await store.set_title(KEY, "nobody")
    await store.forget(KEY)
    assert tree(store.root) == [".lock", "device-backups-store.json"]
    backup = await commit(store)
    assert await store.read(KEY, backup.id) == artifact()


@pytest.mark.parametrize("backup_id", ["", "2025-01-15_10-30-01", "../device.json", "*"])
async def test_an_unknown_id(store: BackupStore, backup_id: str) -> None:
    backup = await commit(store)
    for action in (store.backup, store.read, store.delete):
        with pytest.raises(BackupNotFoundError):
            await action(KEY, backup_id)
    with pytest.raises(BackupNotFoundError):
        await store.confirm(KEY, backup_id, START)
    with pytest.raises(BackupNotFoundError):
        await store.set_protected(KEY, backup_id, True)
    with pytest.raises(BackupNotFoundError):
        await store.export(KEY, backup_id, store.root.parent)
    assert await store.read(KEY, backup.id) == artifact()


# -- ids and clocks ----------------------------------------------------------------------------------------------


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


# -- what is known of a device -----------------------------------------------------------------------------------


async def test_an_attempt_is_noted_before_any_backup(store: BackupStore) -> None:
    attempt = Attempt(
        at=START,
        outcome=Outcome.FAILED,
        error="authentication",
        detail={"en": "Wrong PIN.", "de": "Falsche PIN."},
        values={"a": "b"},
    )
    await store.record_attempt(KEY, "Desk lamp", attempt, blocked="digest")
    assert await store.devices() == [
        DeviceRecord(key=KEY, title="Desk lamp", last_attempt=attempt, blocked="digest", confirmed={})
    ]
    assert await store.summary(KEY) == StoredSummary(newest=None, recommended=None, count=0, size=0)
    assert await store.verify() == VerifyReport(checked=0)


async def test_a_success_unblocks(store: BackupStore, clock: Clock) -> None:
    failed = Attempt(at=START, outcome=Outcome.FAILED, error="authentication")
    backup = await commit(store)
    await store.record_attempt(KEY, "Desk lamp", failed, blocked="digest")
    await store.confirm(KEY, backup.id, clock.advance(hours=1))
    record = await store.device(KEY)
    assert record is not None
    assert (record.blocked, record.last_attempt) == (None, Attempt(at=clock(), outcome=Outcome.UNCHANGED))
    await store.record_attempt(KEY, "Desk lamp", failed, blocked="digest")
    await commit(store, taken_at=clock.advance(hours=1))
    record = await store.device(KEY)
    assert record is not None
    assert (record.blocked, record.last_attempt) == (None, Attempt(at=clock(), outcome=Outcome.STORED))


async def test_a_new_title(store: BackupStore) -> None:
    backup = await commit(store)
    await store.set_title(KEY, "Lampe im Büro")
    record = await store.device(KEY)
    assert record is not None
    assert record.title == "Lampe im Büro"
    assert await store.read(KEY, backup.id) == artifact()


async def test_unknown_keys_are_kept(store: BackupStore, clock: Clock) -> None:
    backup = await commit(store)
    path = store.root / KEY.folder / "device.json"
    edit_json(path, of_a_later_version={"x": [1]})
    edit_json(meta_path(store, backup), of_a_later_version="y")
    await store.confirm(KEY, backup.id, clock.advance(hours=1))
    await store.set_title(KEY, "New")
    await store.set_protected(KEY, backup.id, True)
    await store.set_last_before(KEY, backup.id, "0.16.0")
    assert read_json(path)["of_a_later_version"] == {"x": [1]}
    assert read_json(meta_path(store, backup))["of_a_later_version"] == "y"
    assert await store.read(KEY, backup.id) == artifact()


# -- the newest whole backup -------------------------------------------------------------------------------------


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


# -- marks, deletion, retention ----------------------------------------------------------------------------------


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


# -- an unknown schema -------------------------------------------------------------------------------------------


async def test_a_backup_of_a_newer_version_is_listed_but_not_trusted(store: BackupStore) -> None:
    known = await commit(store, b"known")
    newer = await commit(store, b"newer")
    edit_json(meta_path(store, newer), schema=2, artifact={"of": "another shape"})
    listed = await store.backups(KEY)
    assert [(backup.id, backup.schema, backup.known, backup.whole) for backup in listed] == [
        (newer.id, 2, False, False),
        (known.id, 1, True, True),
    ]
    with pytest.raises(StoreError, match="Update Device Backups"):
        await store.read(KEY, newer.id)
    with pytest.raises(StoreError, match="Update Device Backups"):
        await store.set_protected(KEY, newer.id, True)
    assert await store.verify() == VerifyReport(checked=1)
    after = await commit(store, b"after")
    assert await store.summary(KEY) == StoredSummary(newest=after, recommended=after, count=3, size=15)


async def test_a_folder_of_a_newer_version_is_not_written(store: BackupStore) -> None:
    backup = await commit(store)
    path = store.root / KEY.folder / "device.json"
    edit_json(path, schema=2)
    before = tree(store.root), path.read_bytes()
    with pytest.raises(StoreError, match="Update Device Backups"):
        await commit(store, b"more")
    assert (tree(store.root), path.read_bytes()) == before
    assert await store.read(KEY, backup.id) == artifact()
    edit_json(path, schema=1)
    await commit(store, b"more")


# -- Home Assistant's backups ------------------------------------------------------------------------------------


async def test_changes_wait_while_the_gate_is_shut(store: BackupStore, clock: Clock) -> None:
    backup = await commit(store, b"before")
    before = contents(store.root)
    assert await store.close_gate(timeout=60) is True
    assert store.gate_is_shut
    changes = [
        asyncio.create_task(change)
        for change in (
            commit(store, b"meanwhile"),
            commit(store, b"other", key=OTHER),
            store.confirm(KEY, backup.id, clock.advance(hours=1)),
            store.record_attempt(KEY, "New title", Attempt(at=START, outcome=Outcome.FAILED)),
        )
    ]
    assert (await asyncio.wait(changes, timeout=0.2))[0] == set()
    assert contents(store.root) == before
    assert await store.backups(KEY) == [backup]
    assert await store.read(KEY, backup.id) == artifact(b"before")
    assert await store.verify() == VerifyReport(checked=1)
    store.open_gate()
    await asyncio.gather(*changes)
    assert not store.gate_is_shut
    assert await store.verify() == VerifyReport(checked=3)


async def test_the_snapshot_is_written_through_the_shut_gate(store: BackupStore) -> None:
    assert await store.read_snapshot() == {}
    assert await store.close_gate(timeout=60) is True
    waiting = asyncio.create_task(commit(store))
    await store.write_snapshot(lambda: {"devices": {"wled:é": None}}, timeout=60)
    assert await store.read_snapshot() == {"devices": {"wled:é": None}}
    assert not waiting.done()
    store.open_gate()
    await waiting


async def test_snapshots_wait_for_the_gate(store: BackupStore) -> None:
    assert await store.read_snapshots() == {}
    await store.close_gate(timeout=60)
    writing = asyncio.create_task(store.write_snapshots({"abc123": {}}))
    assert (await asyncio.wait([writing], timeout=0.1))[0] == set()
    store.open_gate()
    await writing
    assert await store.read_snapshots() == {"abc123": {}}


async def test_a_damaged_snapshots_file_is_not_used(store: BackupStore, caplog: pytest.LogCaptureFixture) -> None:
    (store.root / "snapshots.json").write_text("[]")
    assert await store.read_snapshots() == {}
    assert "snapshots.json in the store of backups is damaged" in caplog.text
    await store.write_snapshots({"a": 1})
    assert await store.read_snapshots() == {"a": 1}


async def test_closing_a_store_whose_gate_is_shut(store: BackupStore, root: Path, clock: Clock) -> None:
    backup = await commit(store, b"before")
    before = contents(root)
    await store.close_gate(timeout=60)
    waiting = asyncio.create_task(commit(store, b"lost"))
    await asyncio.sleep(0.05)
    await store.close()
    with pytest.raises(StoreError, match="closed before this was done"):
        await waiting
    assert contents(root) == before
    again = BackupStore(root, clock=clock)
    await again.open(write=True)
    assert await again.backups(KEY) == [backup]
    await commit(again, b"lost")
    await again.close()


async def test_home_assistants_own_restore_gives_everything_back(store: BackupStore, tmp_path: Path) -> None:
    key = DeviceKey("backups", "backups")
    backup = await commit(store, key=key, filename="backups")
    await commit(store, filename="home-assistant_v2.db")
    config, restored = store.root.parents[1], tmp_path / "restored"
    ignored = shutil.ignore_patterns("backups", "home-assistant_v2.db", "home-assistant_v2.db-wal")
    shutil.copytree(config, restored, ignore=ignored)
    assert contents(restored) == contents(config)
    again = BackupStore(restored / store.root.relative_to(config), clock=store._reader.clock)
    await again.open(write=True)
    assert await again.read(key, backup.id) == artifact(filename="backups")
    assert await again.devices() == await store.devices()
    assert await again.verify() == VerifyReport(checked=2)
    await again.close()


async def test_tar_is_enough(store: BackupStore, tmp_path: Path) -> None:
    backup = await commit(store, b"by hand", filename="presets.json")
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        tar.add(store.root, "store")
    with tarfile.open(tmp_path / "a.tar") as tar:
        member = tar.extractfile(f"store/{backup.path}")
        assert member is not None
        assert member.read() == b"by hand"


# -- opening and closing -----------------------------------------------------------------------------------------


async def test_reading_needs_no_lock_and_leaves_no_trace(store: BackupStore, root: Path, clock: Clock) -> None:
    backup = await commit(store)
    before = contents(root)
    reader = BackupStore(root, clock=clock)
    await reader.open(write=False)
    assert await reader.devices() == await store.devices()
    assert await reader.read(KEY, backup.id) == artifact()
    assert await reader.verify() == VerifyReport(checked=1)
    assert await reader.total_size() == await store.total_size() > 0
    second = await commit(store, b"more")
    summary = await reader.summary(KEY)
    assert summary is not None
    assert summary.newest == second
    third = await commit(store, b"and more")
    summary = await reader.summary(KEY)
    assert summary is not None
    assert summary.newest == third
    with pytest.raises(StoreError, match="not open for writing"):
        await commit(reader)
    with pytest.raises(StoreError, match="not open for writing"):
        await reader.write_snapshot(dict, timeout=60)
    with pytest.raises(StoreError, match="not open for writing"):
        await reader.write_snapshots({})
    await reader.close()
    assert set(before) <= set(contents(root))


async def test_reading_where_there_is_no_store(tmp_path: Path) -> None:
    reader = BackupStore(tmp_path / "nothing")
    await reader.open(write=False)
    assert await reader.devices() == []
    assert await reader.verify() == VerifyReport(checked=0)
    assert await reader.total_size() == 0
    await reader.close()
    await reader.close()
    assert tree(tmp_path) == []
    with pytest.raises(StoreError, match="not open"):
        await reader.devices()


async def test_the_root_is_made_private(root: Path) -> None:
    root.mkdir(parents=True, mode=0o755)
    store = BackupStore(root)
    await store.open(write=True)
    await commit(store)
    await store.close()
    store = BackupStore(root)
    root.chmod(0o755)
    (root / KEY.folder).chmod(0o755)
    await store.open(write=True)
    assert stat.S_IMODE(root.stat().st_mode) == 0o700
    assert stat.S_IMODE((root / KEY.folder).stat().st_mode) == 0o700
    await store.close()


async def test_what_was_begun_is_done_before_the_store_is_closed(root: Path, clock: Clock) -> None:
    store = BackupStore(root, clock=clock)
    await store.open(write=True)
    committing = [asyncio.create_task(commit(store, b"%d" % number)) for number in range(20)]
    await asyncio.sleep(0)
    await store.close()
    backups = await asyncio.gather(*committing)
    again = BackupStore(root, clock=clock)
    await again.open(write=True)
    assert await again.backups(KEY) == backups[::-1]
    await again.close()


async def test_a_caller_who_goes_away_loses_nothing(store: BackupStore) -> None:
    committing = asyncio.create_task(commit(store))
    await asyncio.sleep(0)
    committing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await committing
    await commit(store, b"next")
    assert [await store.read(KEY, backup.id) for backup in await store.backups(KEY)] == [artifact(b"next"), artifact()]


async def test_the_lock_file_never_changes(store: BackupStore, root: Path) -> None:
    assert (root / ".lock").read_bytes() == b""
    with (root / ".lock").open("rb") as file, pytest.raises(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


async def test_an_artifact_without_attributes(store: BackupStore) -> None:
    plain = Artifact(filename="cfg", content=b"")
    backup = await store.commit(
        key=KEY,
        title="",
        artifact=plain,
        doubts=(),
        fingerprint="",
        handler=HANDLER,
        device=DeviceInfo(unique_id=None, name=""),
        trigger=Trigger.MANUAL,
    )
    assert await store.backup(KEY, backup.id) == backup
    assert await store.read(KEY, backup.id) == plain


def contents(root: Path) -> dict[str, bytes]:
    """Return every file below the root with what it holds."""
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


async def test_damage_is_not_served(store: BackupStore) -> None:
    good, changed, gone = [await commit(store, content) for content in (b"good", b"changed", b"gone")]
    (store.root / changed.path).write_bytes(b"chanced")
    (store.root / gone.path).unlink()
    assert await store.read(KEY, good.id) == artifact(b"good")
    with pytest.raises(StoreDamagedError, match="not what was stored"):
        await store.read(KEY, changed.id)
    with pytest.raises(StoreDamagedError, match="file is missing"):
        await store.read(KEY, gone.id)
    assert [backup.id for backup in await store.backups(KEY)] == [changed.id, good.id]
    (store.root / changed.path).write_bytes(b"changed")
    (store.root / gone.path).write_bytes(b"gone")
    assert [await store.read(KEY, backup.id) for backup in (changed, gone)] == [artifact(b"changed"), artifact(b"gone")]
