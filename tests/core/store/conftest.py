"""Fixtures of the tests of the store."""

import tempfile
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest

from ha_device_backup_core.store import BackupStore

from .helpers import Clock


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
def quick_path(tmp_path: Path) -> Generator[Path]:
    """Return a folder in memory where there is one: thousands of fsyncs on a disk take minutes."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as folder:
        yield Path(folder)
