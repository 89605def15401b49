"""Documents of a newer version are left alone, whichever they are."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from ha_device_backup_core.damage import VerifyReport
from ha_device_backup_core.errors import StoreError
from ha_device_backup_core.identity import new_assigned_identity
from ha_device_backup_core.records import DeviceKey
from ha_device_backup_core.store import BackupStore

from .helpers import KEY, Clock, commit, device_json, edit_json, meta_path, newer, read_json

NEWER = '{"schema": 2, "holds": "what nobody knows yet"}'


async def _write_snapshot(store: BackupStore) -> None:
    await store.write_snapshot(lambda: {"schema": 1}, timeout=30)


async def _write_snapshots(store: BackupStore) -> None:
    await store.write_snapshots({"schema": 1})


@pytest.mark.parametrize(("name", "write"), [("snapshot.json", _write_snapshot), ("snapshots.json", _write_snapshots)])
async def test_documents_in_the_root(
    store: BackupStore, root: Path, name: str, write: Callable[[BackupStore], Awaitable[None]]
) -> None:
    (root / name).write_text(NEWER)
    with pytest.raises(StoreError, match=f"{name} was written by a newer version. Update"):
        await write(store)
    assert (root / name).read_text() == NEWER
    assert (await store.verify()).problems == (newer(name),)
    (root / name).unlink()
    await write(store)
    assert read_json(root / name) == {"schema": 1}


@pytest.mark.parametrize("document", [NEWER, '{"schema": 2, "use": "second_copy"}'])
async def test_the_mark(store: BackupStore, root: Path, clock: Clock, document: str) -> None:
    await store.close()
    mark = root / "device-backups-store.json"
    mark.write_text(document)
    root.chmod(0o755)
    again = BackupStore(root, clock=clock)
    with pytest.raises(StoreError, match="written by a newer version"):
        await again.open(write=True)
    assert (mark.read_text(), root.stat().st_mode & 0o777) == (document, 0o755)

    as_before = '{"schema": 2, "use": "store"}'
    mark.write_text(as_before)
    again = BackupStore(root, clock=clock)
    await again.open(write=True)
    await commit(again)
    await again.close()
    assert mark.read_text() == as_before


async def test_the_mark_of_the_second_copy(store: BackupStore, tmp_path: Path) -> None:
    mark = tmp_path / "share" / "device-backups-store.json"
    mark.parent.mkdir()
    mark.write_text(NEWER)
    store.set_second_copy(mark.parent)
    await commit(store)
    await store.second_copy_done()
    assert "written by a newer version" in str(store.second_copy_problem)
    assert [path.name for path in mark.parent.iterdir()] == [mark.name]
    assert mark.read_text() == NEWER
    mark.unlink()
    await commit(store, b"next")
    await store.second_copy_done()
    assert store.second_copy_problem is None


async def test_what_is_of_a_newer_version_in_the_second_copy(store: BackupStore, tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    store.set_second_copy(share)
    await commit(store)
    await store.second_copy_done()
    document = share / KEY.folder / "device.json"
    document.write_text(NEWER)
    await commit(store, b"next")
    await store.second_copy_done()
    assert "written by a newer version" in str(store.second_copy_problem)
    assert document.read_text() == NEWER
    document.unlink()
    await commit(store, b"after that")
    await store.second_copy_done()
    assert store.second_copy_problem is None
    assert read_json(document) == device_json(store)


async def test_a_device_json_without_backups_is_not_forgotten(store: BackupStore, root: Path) -> None:
    document = root / KEY.folder / "device.json"
    document.parent.mkdir()
    for content in (NEWER, f'{{"schema": 2, "kind": "{KEY.kind}", "unique_id": "{KEY.unique_id}", "title": ""}}'):
        document.write_text(content)
        with pytest.raises(StoreError, match="written by a newer version"):
            await store.forget(KEY)
        assert document.read_text() == content
    edit_json(document, schema=1)
    await store.forget(KEY)
    assert not document.parent.exists()


async def test_a_history_with_a_meta_file_of_a_newer_version_is_not_moved(
    store: BackupStore, root: Path, clock: Clock
) -> None:
    old = DeviceKey("wled", new_assigned_identity())
    first = await commit(store, b"first", key=old)
    clock.advance(hours=1)
    await commit(store, b"second", key=old)
    edit_json(meta_path(store, first), schema=2)
    before = {path: path.read_bytes() for path in (root / old.folder).iterdir()}
    with pytest.raises(StoreError, match="written by a newer version"):
        await store.change_identity(old, KEY)
    assert {path: path.read_bytes() for path in (root / old.folder).iterdir()} == before
    assert not (root / KEY.folder).exists()
    edit_json(meta_path(store, first), schema=1)
    await store.change_identity(old, KEY)
    assert len(await store.backups(KEY)) == 2


async def test_a_store_of_a_newer_version_is_not_called_checked(store: BackupStore, root: Path) -> None:
    """Neither where all is told of a backup that this version knows, nor where nothing is."""
    backups = [await commit(store, content) for content in (b"first", b"second", b"third")]
    edit_json(meta_path(store, backups[0]), schema=2)
    meta_path(store, backups[1]).write_text(NEWER)
    for document in (root / KEY.folder / "device.json", root / "device-backups-store.json"):
        edit_json(document, schema=2)
    message = "A newer version wrote 2 of its backups, so they were not checked. Update Device Backups."
    report = await store.verify()
    assert (report.checked, [(problem.path, str(problem.message)) for problem in report.problems[2:]]) == (
        1,
        [(KEY.folder, message)],
    )
    assert report.problems[:2] == (newer("device-backups-store.json"), newer(f"{KEY.folder}/device.json"))
    with pytest.raises(StoreError, match="written by a newer version"):
        await store.read(KEY, backups[1].id)

    for document in (root / KEY.folder / "device.json", root / "device-backups-store.json"):
        edit_json(document, schema=1)
    for backup in backups[:2]:
        await store.delete(KEY, backup.id)
    assert await store.verify() == VerifyReport(checked=1)
