"""Documents that somebody spoiled, each in one way that matters."""

import json
from pathlib import Path

import pytest

from ha_device_backup_core.damage import DamageKind, VerifyReport
from ha_device_backup_core.errors import StoreDamagedError, StoreError
from ha_device_backup_core.records import (
    Attempt,
    DeviceKey,
    NewBackup,
    Outcome,
    Trigger,
)
from ha_device_backup_core.store import BackupStore

from .helpers import HANDLER, KEY, MISSING, OTHER, START, artifact, commit, edit_json, fetched, newer


@pytest.mark.parametrize(
    "damage",
    [
        {"filename": ""},
        {"filename": "a/b"},
        {"filename": ".."},
        {"filename": 7},
        {"size": -1},
        {"size": 2**64},
    ],
)
async def test_a_meta_that_no_artifact_can_come_of_is_damage(store: BackupStore, damage: dict[str, object]) -> None:
    backup = await commit(store)
    path = store.root / f"{backup.path}.meta.json"
    stored = json.loads(path.read_bytes())["artifact"]
    edit_json(path, artifact=stored | damage)
    report = await store.verify()
    assert [(problem.path, problem.kind) for problem in report.problems] == [
        (f"{backup.path}.meta.json", DamageKind.META_UNREADABLE)
    ]
    with pytest.raises(StoreDamagedError):
        await store.read(KEY, backup.id)
    assert (await commit(store, b"next")).id > backup.id
    edit_json(path, artifact=stored)
    assert await store.read(KEY, backup.id) == artifact()


@pytest.mark.parametrize("unique_id", ["\ud800", 7, None, "a1b2c3d4e5f7"])
async def test_a_device_whose_id_was_spoiled(store: BackupStore, root: Path, unique_id: object) -> None:
    await commit(store, key=OTHER)
    backup = await commit(store)
    await store.close()
    document = json.loads((root / KEY.folder / "device.json").read_bytes())
    (root / KEY.folder / "device.json").write_text(json.dumps(document | {"unique_id": unique_id}))
    reader = BackupStore(root)
    await reader.open(write=False)
    damaged = [(problem.path, problem.kind) for problem in (await reader.verify()).problems]
    assert damaged == [(f"{KEY.folder}/device.json", DamageKind.DEVICE_UNREADABLE)]
    await reader.close()
    again = BackupStore(root)
    await again.open(write=True)
    assert await again.verify() == VerifyReport(checked=2)
    assert {record.key for record in await again.devices()} == {KEY, OTHER}
    assert await again.read(KEY, backup.id) == artifact()
    await again.close()


@pytest.mark.parametrize("extra", [{}, {"title": 7, "confirmed": "as it is kept there"}, {"unique_id": ["another"]}])
async def test_what_a_newer_version_wrote_is_left_alone(
    store: BackupStore, root: Path, extra: dict[str, object]
) -> None:
    backup = await commit(store)
    await store.close()
    path = root / KEY.folder / "device.json"
    edit_json(path, schema=2, **extra)
    (root / KEY.folder / ".backup_2025-01-16_00-00-00.zip.tmp").write_text("of the newer version")
    before = {path: path.read_bytes() for path in (root / KEY.folder).iterdir()}
    again = BackupStore(root)
    await again.open(write=True)
    for change in (
        commit(again, b"more"),
        again.confirm(KEY, backup.id, START),
        again.record_attempt(KEY, "Lamp", Attempt(at=START, outcome=Outcome.FAILED)),
        again.delete(KEY, backup.id),
    ):
        with pytest.raises(StoreError, match="written by a newer version"):
            await change
    assert {path: path.read_bytes() for path in (root / KEY.folder).iterdir()} == before
    assert await again.read(KEY, backup.id) == artifact()
    assert await again.verify() == VerifyReport(checked=1, problems=(newer(f"{KEY.folder}/device.json"),))
    edit_json(path, schema=1, title="Lamp", confirmed={}, unique_id=KEY.unique_id)
    assert (await commit(again, b"more")).id > backup.id
    await again.close()


async def test_a_newer_device_json_that_nothing_can_be_told_of(store: BackupStore, root: Path) -> None:
    path = root / KEY.folder / "device.json"
    path.parent.mkdir()
    path.write_text('{"schema": 2}')
    with pytest.raises(StoreError, match="written by a newer version"):
        await commit(store)
    assert path.read_text() == '{"schema": 2}'
    assert (await store.verify()).problems == (newer(f"{KEY.folder}/device.json"),)
    path.unlink()
    await commit(store)


@pytest.mark.parametrize("name", ["device.json", "backup_2025-01-15_10-30-00.zip.meta.json"])
async def test_a_document_of_a_gigabyte_is_not_read(store: BackupStore, root: Path, name: str) -> None:
    backup = await commit(store)
    with (root / KEY.folder / name).open("r+b") as file:
        file.truncate(2**30)
    report = await store.verify()
    assert [problem.path for problem in report.problems] == [f"{KEY.folder}/{name}"]
    newest = await commit(store, b"next")
    assert await store.read(KEY, newest.id) == artifact(b"next")
    assert newest.id > backup.id


async def test_an_artifact_of_a_gigabyte_is_not_read(store: BackupStore, root: Path) -> None:
    backup = await commit(store)
    with (root / backup.path).open("r+b") as file:
        file.truncate(2**30)
    assert [problem.kind for problem in (await store.verify()).problems] == [DamageKind.ARTIFACT_CHANGED]
    with pytest.raises(StoreDamagedError, match="too large"):
        await store.read(KEY, backup.id)


async def test_more_notes_than_can_be_read_again_are_refused(store: BackupStore) -> None:
    noted = artifact(missing=tuple(type(MISSING)(code=f"c{n}", text="x" * 1000) for n in range(5000)))
    with pytest.raises(StoreError, match="more to tell"):
        await store.commit(
            NewBackup(key=KEY, title="Lamp", fetched=fetched(noted), handler=HANDLER, trigger=Trigger.MANUAL)
        )
    assert await store.backups(KEY) == []
    await commit(store)
    assert (await store.verify()).problems == ()


async def test_ids_that_no_clock_gave_are_not_followed(store: BackupStore, root: Path) -> None:
    backup = await commit(store)
    for name in (
        "backup_9999-12-31_23-59-59.zip",
        "backup_2025-13-01_00-00-00.zip",
        "backup_２０３１-01-01_00-00-00.zip",
        "backup_2031-01-01_00-00-00_9999999999.zip",
    ):
        (root / KEY.folder / name).write_text("mine")
    assert (await commit(store, b"next")).id == f"{backup.id}_2"
    assert (await store.verify()).problems == ()


@pytest.mark.parametrize("stamp", ["2025-01-15_10-30-00", "9998-12-31_23-59-59"])
async def test_an_id_that_none_comes_after_hides_no_backup(store: BackupStore, root: Path, stamp: str) -> None:
    await commit(store)
    edit_json(root / KEY.folder / "device.json", newest_id=f"{stamp}_999999999")
    stored = [(await commit(store, content)).id for content in (b"next", b"after", b"last")]
    assert [backup.id for backup in await store.backups(KEY)][:3] == stored[::-1]
    assert (await store.verify()).problems == ()


def test_a_key_of_any_text_has_a_folder() -> None:
    assert DeviceKey("wled", "\ud800").folder.startswith("wled--")
