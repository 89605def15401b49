"""Backups go in and come out as they were."""

import hashlib
import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from ha_device_backup_core.contract import Artifact, DeviceInfo
from ha_device_backup_core.damage import DamageKind, VerifyReport
from ha_device_backup_core.errors import BackupNotFoundError, StoreDamagedError, StoreError
from ha_device_backup_core.records import (
    Attempt,
    Backup,
    DeviceRecord,
    NewBackup,
    Outcome,
    Previous,
    StoredArtifact,
    StoredSummary,
    Trigger,
)
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.text import _

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
    fetched,
    meta_path,
    read_json,
    tree,
)


async def test_an_artifact_comes_back_whole(store: BackupStore) -> None:
    noted = fetched(artifact(b"the content", missing=(MISSING,)), doubts=(DOUBT,))
    stored = await store.commit(
        NewBackup(key=KEY, title="Desk lamp", fetched=noted, handler=HANDLER, trigger=Trigger.FIRST)
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
        fingerprint=hashlib.sha256(b"the content").hexdigest(),
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
        "suspect_files": None,
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
        "address": None,
        "unfinished_restore": None,
        "put_back": None,
        "formerly": [],
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


async def test_an_attempt_is_noted_before_any_backup(store: BackupStore) -> None:
    attempt = Attempt(
        at=START,
        outcome=Outcome.FAILED,
        error="authentication",
        detail=_("The store is not open."),
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


async def test_a_backup_of_a_newer_version_is_listed_but_not_trusted(store: BackupStore) -> None:
    known = await commit(store, b"known")
    newer = await commit(store, b"newer")
    edit_json(meta_path(store, newer), schema=2, artifact={"of": "another shape"})
    assert (await store.backups(KEY))[0].artifact.size == len(b"newer")
    listed = await store.backups(KEY)
    assert [(backup.id, backup.schema, backup.is_readable, backup.whole) for backup in listed] == [
        (newer.id, 2, False, False),
        (known.id, 1, True, True),
    ]
    with pytest.raises(StoreError, match="Update Device Backups"):
        await store.read(KEY, newer.id)
    with pytest.raises(StoreError, match="Update Device Backups"):
        await store.set_protected(KEY, newer.id, True)
    told = await store.verify()
    assert (told.checked, [(problem.path, problem.kind) for problem in told.problems]) == (
        1,
        [(KEY.folder, DamageKind.NEWER_VERSION)],
    )
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


async def test_an_artifact_without_attributes(store: BackupStore) -> None:
    plain = Artifact(filename="cfg", content=b"")
    nameless = fetched(plain, device=DeviceInfo(unique_id=None, name=""))
    new = NewBackup(key=KEY, title="", fetched=nameless, handler=HANDLER, trigger=Trigger.MANUAL)
    backup = await store.commit(new)
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
