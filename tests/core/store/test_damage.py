"""Damage is reported, never swept, never served; what can be made anew is."""

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from ha_device_backup_core.errors import StoreDamagedError, StoreError
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.records import Attempt, Damage, DamageKind, DeviceKey, DeviceRecord, Outcome, VerifyReport
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.store.store_errors import system_words
from ha_device_backup_core.text import _

from .helpers import (
    KEY,
    OTHER,
    START,
    Clock,
    artifact,
    commit,
    device_json,
    edit_json,
    mark,
    meta_path,
    read_json,
    tree,
)


async def reopened(root: Path, clock: Clock) -> BackupStore:
    store = BackupStore(root, clock=clock)
    await store.open(write=True)
    return store


@pytest.fixture
async def closed(store: BackupStore, clock: Clock) -> BackupStore:
    """Return a closed store with two backups, the first of them confirmed after 1 h, the second taken after 2 h."""
    first = await commit(store, b"one")
    await store.confirm(KEY, first.id, clock.advance(hours=1))
    await commit(store, b"two", taken_at=clock.advance(hours=1))
    await store.close()
    return store


# -- leftovers ---------------------------------------------------------------------------------------------------


async def test_leftovers_are_swept_once_the_lock_is_held(closed: BackupStore, root: Path, clock: Clock) -> None:
    before = tree(root)
    folder = root / KEY.folder
    for path in (
        folder / "backup_2025-02-01_00-00-00.zip",
        folder / ".backup_2025-02-01_00-00-00.zip.meta.json.tmp",
        folder / ".backup_2025-02-02_00-00-00.zip.tmp",
        folder / ".device.json.tmp",
        root / ".snapshot.json.tmp",
    ):
        path.write_text("half")
    (folder / "notes.txt").write_text("mine")
    (root / "notes.txt").write_text("mine")
    (root / ".notes.txt.tmp").write_text("mine")
    (folder / ".notes.txt.tmp").write_text("mine")
    reader = BackupStore(root, clock=clock)
    await reader.open(write=False)
    assert await reader.verify() == VerifyReport(checked=2)
    assert await reader.count(KEY) == 2
    await reader.close()
    assert (root / ".snapshot.json.tmp").exists()
    store = await reopened(root, clock)
    mine = [".notes.txt.tmp", f"{KEY.folder}/.notes.txt.tmp", f"{KEY.folder}/notes.txt", "notes.txt"]
    assert tree(root) == sorted([*before, *mine])
    assert await store.verify() == VerifyReport(checked=2)
    await store.close()


async def test_a_backup_whose_meta_file_was_lost_is_told_and_kept(
    closed: BackupStore, root: Path, clock: Clock
) -> None:
    newest = (root / KEY.folder / "backup_2025-01-15_12-30-00.zip", b"two")
    meta = newest[0].with_name(f"{newest[0].name}.meta.json")
    lost = meta.read_bytes()
    meta.unlink()
    for number in range(3):
        store = await reopened(root, clock)
        report = await store.verify()
        assert [(problem.path, problem.kind) for problem in report.problems] == [
            (f"{KEY.folder}/{newest[0].name}", DamageKind.META_MISSING)
        ]
        assert (await commit(store, b"%d" % number)).id > "2025-01-15_12-30-00"
        await store.prune(KEY, RetentionPolicy(newest=1, monthly=0), now=clock())
        await store.close()
        assert newest[0].read_bytes() == newest[1]
    meta.write_bytes(lost)
    store = await reopened(root, clock)
    assert await store.read(KEY, "2025-01-15_12-30-00") == artifact(b"two")
    assert (await store.verify()).problems == ()
    await store.close()


async def test_a_device_with_such_a_file_is_not_forgotten(store: BackupStore, root: Path) -> None:
    backup = await commit(store)
    meta_path(store, backup).unlink()
    with pytest.raises(StoreError, match="There still are backups of Desk lamp"):
        await store.forget(KEY)
    (root / backup.path).unlink()
    await store.forget(KEY)
    assert not (root / KEY.folder).exists()


async def test_nothing_is_swept_where_nobody_knows_whose_it_is(closed: BackupStore, root: Path, clock: Clock) -> None:
    strange = root / "holiday"
    strange.mkdir()
    (strange / "backup_2025-01-01_00-00-00.zip").write_text("mine")
    wrong = root / "wled-000000000000"
    shutil.copytree(root / KEY.folder, wrong)
    (wrong / ".x.tmp").write_text("")
    store = await reopened(root, clock)
    assert (strange / "backup_2025-01-01_00-00-00.zip").exists()
    assert (wrong / ".x.tmp").exists()
    assert [record.key for record in await store.devices()] == [KEY]
    await store.close()


async def test_a_folder_in_which_nothing_was_stored_is_removed(root: Path, clock: Clock) -> None:
    mark(root)
    for name, files in {KEY.folder: [".device.json.tmp"], OTHER.folder: [], "holiday": [], "wled-x": ["y"]}.items():
        (root / name).mkdir(parents=True)
        for file in files:
            (root / name / file).write_text("half")
    store = await reopened(root, clock)
    assert tree(root) == [".lock", "device-backups-store.json", "holiday/", "wled-x/", "wled-x/y"]
    await commit(store)
    await store.close()


async def test_a_folder_that_cannot_be_tidied_stops_nothing(
    closed: BackupStore, root: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    leftover = root / KEY.folder / ".device.json.tmp"
    leftover.write_text("half")
    unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path == leftover:
            raise PermissionError(13, "Permission denied", str(path))
        unlink(path, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        store = await reopened(root, clock)
        assert f"{KEY.folder} in the store of backups cannot be tidied: Permission denied" in caplog.text
        assert await store.count(KEY) == 2
        await store.close()
    store = await reopened(root, clock)
    assert not leftover.exists()
    await store.close()


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


# -- what is in the way ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [lambda path: path.write_text("a file"), lambda path: path.symlink_to("/tmp")])
async def test_something_else_has_the_name_of_the_folder(
    store: BackupStore, root: Path, make: Callable[[Path], object]
) -> None:
    make(root / KEY.folder)
    with pytest.raises(StoreError, match=r"is not a folder\. Move it away"):
        await commit(store)
    assert await store.devices() == []
    (root / KEY.folder).unlink()
    await commit(store)


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("/etc/hostname")])
async def test_something_else_has_the_name_of_a_file(
    store: BackupStore, root: Path, make: Callable[[Path], object]
) -> None:
    backup = await commit(store)
    path = root / backup.path
    path.unlink()
    make(path)
    with pytest.raises(StoreDamagedError, match=r"regular file|symbolic link"):
        await store.read(KEY, backup.id)
    assert len((await store.verify()).problems) == 1


async def test_one_unreadable_folder_hides_only_itself(
    store: BackupStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await commit(store)
    await commit(store, key=OTHER)
    opened = os.open

    def refuse(path: "str | Path", flags: int, *arguments: int) -> int:
        if KEY.folder in str(path):
            raise OSError(5, "Input/output error", str(path))
        return opened(path, flags, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        assert [record.key for record in await store.devices()] == [OTHER]
        assert f"{KEY.folder} in the store of backups cannot be read: Input/output error" in caplog.text
        assert [problem.kind for problem in (await store.verify()).problems] == [DamageKind.READ_FAILED]
        with pytest.raises(StoreError, match="The disk reports an error"):
            await store.backups(KEY)
    assert [record.key for record in await store.devices()] == [OTHER, KEY]


async def test_one_unreadable_file_is_named(store: BackupStore, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = [await commit(store, b"%d" % number) for number in range(3)]
    opened = os.open

    def refuse(path: "str | Path", flags: int, *arguments: int) -> int:
        if str(path) in {str(store.root / first.path), str(meta_path(store, second))}:
            raise OSError(5, "Input/output error", str(path))
        return opened(path, flags, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        report = await store.verify()
        assert report == VerifyReport(
            checked=1,
            problems=tuple(
                Damage(
                    path=path,
                    kind=DamageKind.READ_FAILED,
                    message=_("It cannot be read. {why}", why=system_words(OSError(5, ""))),
                )
                for path in (f"{second.path}.meta.json", first.path)
            ),
        )
        with pytest.raises(StoreError, match="The disk reports an error"):
            await store.read(KEY, first.id)
    assert await store.verify() == VerifyReport(checked=3)
    assert await store.read(KEY, third.id) == artifact(b"2")


@pytest.mark.parametrize(("make", "take_away"), [(os.mkdir, os.rmdir), (os.mkfifo, os.unlink)])
@pytest.mark.parametrize("name", ["device-backups-store.json", "snapshot.json"])
async def test_something_else_in_the_place_of_a_document(
    store: BackupStore, root: Path, name: str, make: Callable[[Path], None], take_away: Callable[[Path], None]
) -> None:
    """Nothing can be made anew there."""
    (root / name).unlink(missing_ok=True)
    make(root / name)
    (problem,) = (await store.verify()).problems
    assert (problem.path, str(problem.message)) == (name, "Something else has this name. Move it away.")
    take_away(root / name)
    assert (await store.verify()).problems == ()
