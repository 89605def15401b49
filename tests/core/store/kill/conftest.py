"""Large backups are written in several parts, and need not be large for it."""

import pytest

from ha_device_backup_core.store import atomic_files

from .chapters import CHUNK


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atomic_files, "_CHUNK", CHUNK)
