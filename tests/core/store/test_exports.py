"""One backup as a file, with its meta file beside it."""

from pathlib import Path

import pytest

from ha_device_backup_core.errors import StoreDamagedError, StoreError
from ha_device_backup_core.store import BackupStore

from .helpers import KEY, commit, edit_json, meta_path, tree


async def test_an_export_is_a_copy_with_its_meta_file(store: BackupStore, share: Path) -> None:
    backup = await commit(store, b"content")
    for target in (share, share / "new"):
        path = await store.export(KEY, backup.id, target)
        assert path == target / "wled-a1b2c3d4e5f6_backup_2025-01-15_10-30-00.zip"
        assert path.read_bytes() == b"content"
        assert path.with_name(path.name + ".meta.json").read_bytes() == meta_path(store, backup).read_bytes()
    assert await store.export(KEY, backup.id, share) == share / path.name


async def test_an_export_that_cannot_be(store: BackupStore, share: Path) -> None:
    backup = await commit(store)
    with pytest.raises(StoreError, match=f"The folder {share}/a/b is not there"):
        await store.export(KEY, backup.id, share / "a" / "b")
    (share / "file").write_text("")
    with pytest.raises(StoreError, match="something of that name already"):
        await store.export(KEY, backup.id, share / "file")
    (store.root / backup.path).write_bytes(b"damaged")
    with pytest.raises(StoreDamagedError):
        await store.export(KEY, backup.id, share)
    assert tree(share) == ["file"]


async def test_a_foreign_backup_is_exported_as_it_is(store: BackupStore, share: Path) -> None:
    backup = await commit(store)
    edit_json(meta_path(store, backup), schema=2)
    path = await store.export(KEY, backup.id, share)
    assert path.read_bytes() == b"content"
