"""What is done for the repository once a week."""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from ha_device_backup_agent.data_folder import DataFolder
from ha_device_backup_agent.trees.repository import Repository, TreeSnapshot
from ha_device_backup_agent.trees.tools import Toolbox
from ha_device_backup_agent.trees.upkeep import Upkeep
from ha_device_backup_core import DeviceBackupError, DeviceBusyError, UnexpectedResponseError

DAY = timedelta(days=1)
START = datetime(2026, 1, 1, tzinfo=UTC)
TREE = "attic"


class CountingRepository(Repository):
    """Keeps what it is asked for, and calls no program."""

    def __init__(self, folder: Path) -> None:
        super().__init__(DataFolder(folder), folder, None, Toolbox())
        self.states = [
            TreeSnapshot(snapshot_id=str(day), tree=TREE, digest="d", time=(START + day * DAY).isoformat())
            for day in range(3)
        ]
        self.gone: list[str] = []
        self.shares: list[str] = []
        self.fault: DeviceBackupError | None = None

    async def snapshots(self, tree: str | None = None) -> tuple[TreeSnapshot, ...]:
        return tuple(state for state in self.states if state.snapshot_id not in self.gone)

    async def forget(self, snapshots: tuple[str, ...]) -> None:
        if self.fault is not None:
            raise self.fault
        self.gone += snapshots

    async def check(self, share: str) -> None:
        self.shares.append(share)
        if self.fault is not None:
            raise self.fault


@pytest.fixture
def repository(tmp_path: Path) -> CountingRepository:
    return CountingRepository(tmp_path)


async def after(upkeep: Upkeep, days: int, kept: set[str] | None) -> None:
    upkeep.now = lambda: START + days * DAY
    await upkeep.forget(TREE, None if kept is None else frozenset(kept))


async def test_what_no_store_names_for_half_a_year_goes(repository: CountingRepository, tmp_path: Path) -> None:
    upkeep = Upkeep(DataFolder(tmp_path), repository)
    await after(upkeep, 3, {"0", "1", "2"})
    await after(upkeep, 100, {"1", "2"})
    await after(upkeep, 182, {"1", "2"})
    assert repository.gone == []
    await after(upkeep, 190, {"1", "2"})
    assert repository.gone == ["0"]
    await after(upkeep, 500, set())
    await after(upkeep, 600, None)
    assert repository.gone == ["0"]


async def test_nothing_goes_that_another_store_still_names(repository: CountingRepository, tmp_path: Path) -> None:
    upkeep = Upkeep(DataFolder(tmp_path), repository)
    for day in range(3, 600, 7):
        await after(upkeep, day, {"1", "2"})
        await after(upkeep, day, {"0", "1"})
    assert repository.gone == []


async def test_half_a_year_begins_when_a_state_was_seen_first(repository: CountingRepository, tmp_path: Path) -> None:
    upkeep = Upkeep(DataFolder(tmp_path), repository)
    await after(upkeep, 1000, {"2"})
    assert repository.gone == []
    repository.fault = DeviceBusyError("Somebody else works with it.")
    await after(upkeep, 1200, {"2"})
    assert repository.gone == []
    repository.fault = None
    await after(upkeep, 1201, {"2"})
    assert repository.gone == ["0", "1"]


async def test_a_part_is_read_each_week(repository: CountingRepository, tmp_path: Path) -> None:
    upkeep = Upkeep(DataFolder(tmp_path), repository)
    faults = set()
    for day in range(22):
        upkeep.now = partial(START.__add__, day * DAY)
        faults.add(await upkeep.check())
    assert repository.shares == ["1/20", "2/20", "3/20"]
    assert faults == {None}


async def test_a_damage_is_told_until_it_is_mended(repository: CountingRepository, tmp_path: Path) -> None:
    upkeep = Upkeep(DataFolder(tmp_path), repository)
    await upkeep.check()
    upkeep.now = lambda: datetime.now(UTC) + 8 * DAY
    repository.fault = UnexpectedResponseError("restic: a pack is damaged")
    assert await upkeep.check() == "restic: a pack is damaged"
    repository.fault = DeviceBusyError("Somebody else works with it.")
    assert await upkeep.check() == "restic: a pack is damaged"
    repository.fault = None
    assert await upkeep.check() is None
    assert repository.shares == ["1/20"] * 3
