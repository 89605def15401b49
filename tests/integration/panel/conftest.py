"""What the tests of the page have in common."""

from pathlib import Path

import pytest

from custom_components.ha_device_backups.snapshots import temporary


@pytest.fixture(autouse=True)
def temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep them below the test's own folder."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(temporary, "gettempdir", lambda: str(tmp_path / "temporary"))
    return tmp_path / "temporary"
