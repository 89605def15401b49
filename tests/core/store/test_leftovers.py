"""What an ended write left is swept, and nothing else is."""

import shutil
from pathlib import Path

import pytest

from ha_device_backup_core.damage import DamageKind, VerifyReport
from ha_device_backup_core.errors import StoreError
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.store import BackupStore

from .helpers import KEY, OTHER, Clock, artifact, commit, mark, meta_path, reopened, tree


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
