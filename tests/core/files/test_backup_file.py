"""Backups that a person names by a file."""

import shutil
from pathlib import Path

import pytest

from ha_device_backup_core.errors import BackupNotFoundError, StoreDamagedError
from ha_device_backup_core.files import backup_at, bare_path
from ha_device_backup_core.records import Backup
from tests.core.example_device import ExampleDevice
from tests.core.manager.conftest import OpenHome, household, open_home, root
from tests.core.manager.test_real_device import REGISTRY
from tests.core.manager.test_visits import config, device

__all__ = ["device", "household", "open_home", "root"]


@pytest.fixture
async def kept(open_home: OpenHome, device: ExampleDevice) -> Backup:
    home = await open_home(registry=REGISTRY)
    result = await home.manager.visits.back_up("example", config(device))
    assert result.backup is not None
    return result.backup


async def test_a_file_of_a_store_knows_its_store_and_a_copy_does_not(kept: Backup, root: Path, tmp_path: Path) -> None:
    path = root / kept.path
    inside = backup_at(path)
    assert (inside.backup.id, inside.artifact.content) == (kept.id, path.read_bytes())
    assert (inside.store, inside.marked_store) == (root, root)

    shutil.copy(f"{path}.meta.json", tmp_path)
    copy = backup_at(Path(shutil.copy(path, tmp_path)))
    assert (copy.backup.id, copy.artifact) == (kept.id, inside.artifact)
    assert (copy.store, copy.marked_store) == (None, None)


async def test_a_file_that_tells_nothing_or_something_wrong(kept: Backup, root: Path, tmp_path: Path) -> None:
    path = root / kept.path
    alone = Path(shutil.copy(path, tmp_path))
    with pytest.raises(BackupNotFoundError, match="is not there; it tells what"):
        backup_at(alone)
    assert (bare_path(str(alone)), bare_path(str(path)), bare_path(str(root))) == (alone, None, None)

    path.write_bytes(b"{}")
    with pytest.raises(StoreDamagedError):
        backup_at(path)
    path.unlink()
    with pytest.raises(StoreDamagedError):
        backup_at(path)
