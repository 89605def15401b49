"""Damage is reported, never swept, never served; what can be made anew is."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from ha_device_backup_core.damage import Damage, DamageKind, VerifyReport
from ha_device_backup_core.errors import StoreDamagedError, StoreError
from ha_device_backup_core.records import (
    Attempt,
    DeviceKey,
    DeviceRecord,
    Outcome,
)
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.text import _

from .helpers import (
    KEY,
    START,
    Clock,
    artifact,
    commit,
    device_json,
    edit_json,
    meta_path,
    read_json,
    reopened,
)

# -- device.json -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "damage",
    [
        Path.unlink,
        lambda path: path.write_text(""),
        lambda path: path.write_bytes(b"\0" * 300),
        lambda path: path.write_text("[" * 100_000),
        lambda path: path.write_text('{"schema": 1}'),
        lambda path: path.write_text('{"schema": 1, "kind": 7, "unique_id": "x", "title": "x"}'),
        lambda path: edit_json(path, confirmed={"a": "yesterday"}),
        lambda path: edit_json(path, confirmed={"a": "2025-01-01T00:00:00"}),
        lambda path: edit_json(path, last_attempt={"at": "2025-01-01T00:00:00+00:00", "outcome": "perhaps"}),
    ],
    ids=["missing", "empty", "zeros", "deep", "nothing", "types", "time", "zone", "outcome"],
)
async def test_device_json_is_made_anew_from_the_metas(
    closed: BackupStore, root: Path, clock: Clock, damage: Callable[[Path], object]
) -> None:
    path = root / KEY.folder / "device.json"
    newest = device_json(closed)["newest_id"]
    damage(path)
    expected = DeviceRecord(key=KEY, title="Desk lamp", confirmed={"2025-01-15_10-30-00": START + timedelta(hours=1)})
    reader = BackupStore(root, clock=clock)
    await reader.open(write=False)
    assert await reader.devices() == [expected]
    report = await reader.verify()
    assert (report.checked, [(problem.path, problem.kind) for problem in report.problems]) == (
        2,
        [(f"{KEY.folder}/device.json", DamageKind.DEVICE_UNREADABLE)],
    )
    await reader.close()
    store = await reopened(root, clock)
    assert await store.devices() == [expected]
    assert read_json(path)["unique_id"] == KEY.unique_id
    assert await store.verify() == VerifyReport(checked=2)
    assert [backup.confirmed for backup in await store.backups(KEY)] == [
        START + timedelta(hours=2),
        START + timedelta(hours=1),
    ]
    assert (await commit(store, b"three")).id > newest
    await store.close()


async def test_a_damaged_device_json_without_backups(root: Path, clock: Clock, store: BackupStore) -> None:
    (root / KEY.folder).mkdir()
    (root / KEY.folder / "device.json").write_text("damaged")
    assert await store.devices() == []
    assert await store.verify() == VerifyReport(
        checked=0,
        problems=(
            Damage(
                path=f"{KEY.folder}/device.json",
                kind=DamageKind.DEVICE_UNREADABLE,
                message=_("Nothing here tells which device this is."),
            ),
        ),
    )
    await commit(store)
    assert await store.verify() == VerifyReport(checked=1)


async def test_a_folder_of_another_device_is_never_written(closed: BackupStore, root: Path, clock: Clock) -> None:
    other = DeviceKey("wled", "ffffffffffff")
    (root / KEY.folder).rename(root / other.folder)
    files = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    store = await reopened(root, clock)
    assert await store.devices() == []
    assert await store.backups(other) == []
    assert await store.count(other) == 0
    for change in (commit(store, key=other), store.record_attempt(other, "x", attempt())):
        with pytest.raises(StoreError, match=r"belongs to another device, Desk lamp\. Move it away"):
            await change
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == files
    report = await store.verify()
    assert [(problem.path, problem.kind) for problem in report.problems] == [(other.folder, DamageKind.WRONG_FOLDER)]
    (root / other.folder).rename(root / KEY.folder)
    assert (await commit(store, key=other)).key == other
    assert await store.verify() == VerifyReport(checked=3)
    await store.close()


async def test_the_same_without_device_json(closed: BackupStore, root: Path, clock: Clock) -> None:
    other = DeviceKey("wled", "ffffffffffff")
    (root / KEY.folder).rename(root / other.folder)
    (root / other.folder / "device.json").unlink()
    store = await reopened(root, clock)
    with pytest.raises(StoreError, match="belongs to another device, Desk lamp"):
        await commit(store, key=other)
    assert not (root / other.folder / "device.json").exists()
    await store.close()


def attempt() -> Attempt:
    return Attempt(at=START, outcome=Outcome.FAILED)


# -- backups -----------------------------------------------------------------------------------------------------


async def test_everything_that_can_be_wrong_is_named(store: BackupStore, root: Path, clock: Clock) -> None:
    backups = [await commit(store, b"%d" % number, taken_at=clock.advance(hours=1)) for number in range(9)]
    (root / backups[0].path).unlink()
    (root / backups[1].path).write_bytes(b"x")
    (root / backups[2].path).write_bytes(b"longer")
    meta_path(store, backups[3]).write_bytes(b"\xff\xfe")
    edit_json(meta_path(store, backups[4]), id="2020-01-01_00-00-00")
    edit_json(meta_path(store, backups[5]), unique_id="another")
    edit_json(meta_path(store, backups[6]), schema=0)
    (root / backups[7].path).unlink()
    (root / backups[7].path).symlink_to(root / backups[8].path)
    (root / "wled-link").symlink_to(root / KEY.folder)
    report = await store.verify()
    name = [backup.path for backup in backups]
    assert report.checked == 4
    assert sorted((problem.path, problem.kind) for problem in report.problems) == [
        (name[0], DamageKind.ARTIFACT_MISSING),
        (name[1], DamageKind.ARTIFACT_CHANGED),
        (name[2], DamageKind.ARTIFACT_CHANGED),
        (f"{name[3]}.meta.json", DamageKind.META_UNREADABLE),
        (f"{name[4]}.meta.json", DamageKind.META_MISPLACED),
        (f"{name[5]}.meta.json", DamageKind.META_MISPLACED),
        (f"{name[6]}.meta.json", DamageKind.META_UNREADABLE),
        (name[7], DamageKind.SYMBOLIC_LINK),
        ("wled-link", DamageKind.SYMBOLIC_LINK),
    ]
    assert await store.verify(KEY) == VerifyReport(
        checked=4, problems=tuple(problem for problem in report.problems if problem.path != "wled-link")
    )
    for backup in backups[:8]:
        with pytest.raises(StoreDamagedError):
            await store.read(KEY, backup.id)
    assert await store.read(KEY, backups[8].id) == artifact(b"8")
    assert [record.key for record in await store.devices()] == [KEY]


async def test_a_meta_without_artifact_is_never_swept(closed: BackupStore, root: Path, clock: Clock) -> None:
    (root / KEY.folder / "backup_2025-01-15_12-30-00.zip").unlink()
    for _again in range(2):
        store = await reopened(root, clock)
        assert [problem.kind for problem in (await store.verify()).problems] == [DamageKind.ARTIFACT_MISSING]
        assert "2025-01-15_12-30-00" not in [backup.id for backup in await store.backups(KEY)]
        assert (await commit(store)).id > "2025-01-15_12-30-00"
        await store.close()


@pytest.mark.parametrize(
    "content", ["[]", "null", "7", '{"schema": 1}', '{"schema": "two"}', '{"schema": 1, "artifact": 3}']
)
async def test_a_meta_of_another_shape(store: BackupStore, content: str) -> None:
    good, bad = await commit(store, b"good"), await commit(store, b"bad")
    kept = meta_path(store, bad).read_bytes()
    meta_path(store, bad).write_text(content)
    assert await store.backups(KEY) == [good]
    with pytest.raises(StoreDamagedError):
        await store.backup(KEY, bad.id)
    assert [problem.kind for problem in (await store.verify()).problems] == [DamageKind.META_UNREADABLE]
    meta_path(store, bad).write_bytes(kept)
    assert await store.backups(KEY) == [bad, good]


@pytest.mark.parametrize(
    "key", ["id", "unique_id", "taken_at", "artifact", "fingerprint", "handler", "device", "trigger"]
)
async def test_a_meta_that_lacks_something(store: BackupStore, key: str) -> None:
    backup = await commit(store)
    kept = meta_path(store, backup).read_bytes()
    edit_json(meta_path(store, backup), **{key: None})
    assert await store.backups(KEY) == []
    with pytest.raises(StoreDamagedError, match=key):
        await store.read(KEY, backup.id)
    meta_path(store, backup).write_bytes(kept)
    assert await store.read(KEY, backup.id) == artifact()


@pytest.mark.parametrize(
    "wrong",
    [
        {"protected": 1},
        {"trigger": "whim"},
        {"previous": {"id": 3, "confirmed": ""}},
        {"taken_at": 3},
        {"last_before": 1},
    ],
)
async def test_a_meta_with_a_wrong_type(store: BackupStore, wrong: dict[str, object]) -> None:
    backup = await commit(store)
    edit_json(meta_path(store, backup), **wrong)
    assert [problem.kind for problem in (await store.verify()).problems] == [DamageKind.META_UNREADABLE]


async def test_sizes_and_notes_are_checked_too(store: BackupStore) -> None:
    backup = await commit(store)
    stored = read_json(meta_path(store, backup))["artifact"]
    for wrong in (
        {"size": "7"},
        {"size": True},
        {"missing": [{"code": "x"}]},
        {"doubts": [{"code": "x", "text": {"de": "y"}}]},
    ):
        edit_json(meta_path(store, backup), artifact=stored | wrong)
        assert await store.backups(KEY) == []
    edit_json(meta_path(store, backup), artifact=stored)
    assert await store.backups(KEY) == [backup]
