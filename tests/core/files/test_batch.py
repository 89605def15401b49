"""Files that are handed in together."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ha_device_backup_core.contract import Artifact
from ha_device_backup_core.files import ImportBatch, ImportedFile, ImportOutcome
from tests.core.example_handler import ExampleHandler
from tests.core.manager.conftest import OpenHome, household, open_home, root
from tests.core.manager.fakes import Clock
from tests.core.manager.test_real_device import REGISTRY

__all__ = ["household", "open_home", "root"]

NAME = "config_2080-05-01_12-00-00.json"
MADE_AT = datetime(2080, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "made_at"), [(datetime(2090, 1, 1, tzinfo=UTC), MADE_AT), (datetime(2070, 1, 1, tzinfo=UTC), None)]
)
async def test_a_file_that_waits_tells_a_time_that_is_past_by_the_clock_of_the_home(
    open_home: OpenHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: datetime, made_at: datetime | None
) -> None:
    def recognizes(_: object, artifact: Artifact) -> bool:
        return artifact.content.startswith(b'{"name"')

    monkeypatch.setattr(ExampleHandler, "recognizes", classmethod(recognizes))
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / NAME).write_bytes(b'{"name": "Kitchen"}')
    home = await open_home(registry=REGISTRY, clock=Clock(now))
    batch = ImportBatch(home.manager, folder, UTC)
    await batch.run()
    assert batch.files == [
        ImportedFile(names=(NAME,), outcome=ImportOutcome.WITHOUT_OWNER, kind="example", made_at=made_at)
    ]
