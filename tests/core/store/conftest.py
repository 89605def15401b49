"""Fixtures of the tests of the store."""

import tempfile
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest

from ha_device_backup_core.store import BackupStore

from .helpers import KEY, Clock, commit


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands at 2025-01-15 10:30 UTC."""
    return Clock()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return where the store is in a configuration folder."""
    return tmp_path / "config" / ".storage" / "ha_device_backups"


@pytest.fixture
async def store(root: Path, clock: Clock) -> AsyncGenerator[BackupStore]:
    """Return a store that is open for writing."""
    store = BackupStore(root, clock=clock)
    await store.open(write=True)
    yield store
    await store.close()


@pytest.fixture
async def closed(store: BackupStore, clock: Clock) -> BackupStore:
    """Return a closed store with two backups, the first of them confirmed after 1 h, the second taken after 2 h."""
    first = await commit(store, b"one")
    await store.confirm(KEY, first.id, clock.advance(hours=1))
    await commit(store, b"two", taken_at=clock.advance(hours=1))
    await store.close()
    return store


@pytest.fixture
def share(tmp_path: Path) -> Path:
    """Return a folder that the person named."""
    folder = tmp_path / "share"
    folder.mkdir()
    return folder


@pytest.fixture
def quick_path(tmp_path: Path) -> Generator[Path]:
    """Return a folder in memory where there is one: thousands of fsyncs on a disk take minutes."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as folder:
        yield Path(folder)
