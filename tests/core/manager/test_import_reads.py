"""However many files of a device come in, each costs the same few reads."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ha_device_backup_core.store import reader
from ha_device_backup_core.store.files import read_file
from ha_device_backup_core.store.names import META_SUFFIX

from .conftest import settings
from .fakes import Home
from .lamps import Household
from .test_import import A1, DAY, GOOD, file


class Reads:
    """Counts which documents of the store are read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.metas = 0

        def counted(path: Path, most: int) -> bytes:
            self.metas += path.name.endswith(META_SUFFIX)
            return read_file(path, most)

        monkeypatch.setattr(reader, "read_file", counted)


@pytest.mark.parametrize("has_time", [True, False], ids=["of a known time", "of unknown time"])
@pytest.mark.parametrize("newest_first", [False, True], ids=["oldest first", "newest first"])
async def test_many_files_of_one_device_are_read_in_proportion(
    home: Home, household: Household, monkeypatch: pytest.MonkeyPatch, has_time: bool, newest_first: bool
) -> None:
    household.add("a1")
    await home.manager.add_device(settings("a1"))
    await home.manager.back_up(A1)
    home.clock.now += DAY
    reads = Reads(monkeypatch)
    days = range(80, 0, -1) if newest_first else range(1, 81)

    async def read_for(days: range) -> int:
        before = reads.metas
        for day in days:
            made_at = datetime(2024, 1, 1, tzinfo=UTC) + day * DAY if has_time else None
            content = file({**GOOD, "brightness": day})
            await home.manager.import_backup(A1, content, made_at=made_at, may_be_old=True)
        return reads.metas - before

    few, more, again = await read_for(days[:20]), await read_for(days[20:]), await read_for(days)
    assert home.manager.status(A1).count == 81
    assert (few < 20 * 40, more < 60 * 40, again < 80 * 40) == (True, True, True), (few, more, again)
