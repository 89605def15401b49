"""What is done for the repository once a week."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from ha_device_backup_agent.data_folder import DataFolder
from ha_device_backup_agent.trees.repository import Repository, TreeSnapshot
from ha_device_backup_agent.trees.tools import Toolbox
from ha_device_backup_agent.trees.upkeep import DOCUMENT, Upkeep
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
        self.prunes = 0
        self.fault: DeviceBackupError | None = None
        self.reading = asyncio.Event()
        self.read = asyncio.Event()
        self.read.set()

    async def snapshots(self, tree: str | None = None) -> tuple[TreeSnapshot, ...]:
        return tuple(state for state in self.states if state.snapshot_id not in self.gone)

    async def forget(self, snapshots: tuple[str, ...]) -> None:
        if self.fault is not None:
            raise self.fault
        self.gone += snapshots

    async def prune(self) -> None:
        self.prunes += 1

    async def check(self, share: str) -> None:
        self.shares.append(share)
        self.reading.set()
        await self.read.wait()
        if self.fault is not None:
            raise self.fault


@pytest.fixture
def repository(tmp_path: Path) -> CountingRepository:
    return CountingRepository(tmp_path)


@pytest.fixture
def upkeep(repository: CountingRepository, tmp_path: Path) -> Upkeep:
    return Upkeep(DataFolder(tmp_path), repository)


async def after(
    upkeep: Upkeep, days: int, kept: set[str] | None = None, tree: str = TREE, made: str | None = None
) -> str | None:
    """Make a backup on that day, and return what it tells of the repository."""
    upkeep.now = lambda: START + days * DAY
    async with upkeep.paused():
        await upkeep.hear(tree, None if kept is None else frozenset(kept), made=made)
        fault = await upkeep.fault()
    await upkeep.done()
    return fault


async def test_what_no_store_names_for_half_a_year_goes(repository: CountingRepository, upkeep: Upkeep) -> None:
    await after(upkeep, 3, {"0", "1", "2"})
    await after(upkeep, 100, {"1", "2"})
    await after(upkeep, 182, {"1", "2"})
    assert repository.gone == []
    await after(upkeep, 190, {"1", "2"})
    assert repository.gone == ["0"]
    await after(upkeep, 500, set())
    await after(upkeep, 600)
    assert repository.gone == ["0"]


async def test_an_old_state_stays_that_the_folder_has_again(repository: CountingRepository, upkeep: Upkeep) -> None:
    """The backup that was just made names it, which no store can have said yet."""
    await after(upkeep, 3, {"0", "1", "2"})
    await after(upkeep, 182, {"2"})
    await after(upkeep, 190, {"2"}, made="1")
    assert repository.gone == ["0"]


async def test_nothing_goes_that_another_store_still_names(repository: CountingRepository, upkeep: Upkeep) -> None:
    for day in range(3, 600, 7):
        await after(upkeep, day, {"1", "2"})
        await after(upkeep, day, {"0", "1"})
    assert repository.gone == []


async def test_half_a_year_begins_when_a_state_was_seen_first(repository: CountingRepository, upkeep: Upkeep) -> None:
    await after(upkeep, 990, {"2"})
    await after(upkeep, 1000, {"2"})
    assert repository.gone == []
    repository.fault = DeviceBusyError("Somebody else works with it.")
    await after(upkeep, 1200, {"2"})
    assert repository.gone == []
    repository.fault = None
    await after(upkeep, 1201, {"2"})
    assert repository.gone == ["0", "1"]


async def test_a_part_is_read_each_week(repository: CountingRepository, upkeep: Upkeep) -> None:
    faults = {await after(upkeep, day) for day in range(22)}
    assert repository.shares == ["1/20", "2/20", "3/20"]
    assert repository.prunes == 3
    assert faults == {None}


async def test_all_parts_come_in_turn(repository: CountingRepository, upkeep: Upkeep) -> None:
    for day in range(0, 154, 7):
        await after(upkeep, day)
    assert repository.shares == [*(f"{number + 1}/20" for number in range(20)), "1/20"]


async def test_a_damage_is_told_until_it_is_mended(repository: CountingRepository, upkeep: Upkeep) -> None:
    await after(upkeep, 0)
    repository.fault = UnexpectedResponseError("restic: a pack is damaged")
    assert await after(upkeep, 8) is None
    repository.fault = DeviceBusyError("Somebody else works with it.")
    assert await after(upkeep, 9) == "restic: a pack is damaged"
    repository.fault = None
    assert await after(upkeep, 10) == "restic: a pack is damaged"
    assert await after(upkeep, 11) is None
    assert repository.shares == ["1/20"] * 3


async def test_a_backup_waits_for_no_check(repository: CountingRepository, upkeep: Upkeep) -> None:
    """What takes longer than there is time between two backups is read in smaller parts, so that it ends some day."""
    await after(upkeep, 0)
    repository.read.clear()
    for hour, share in enumerate(["1/20", "1/40", "1/80", "1/160", "1/160"], start=8 * 12):
        for minutes in (0, 1):
            repository.reading.clear()
            upkeep.now = partial(START.__add__, timedelta(hours=2 * hour, minutes=minutes))
            async with upkeep.paused():
                await upkeep.hear(TREE, None)
            await repository.reading.wait()
            assert repository.shares[-1] == share
    repository.read.set()
    await upkeep.done()
    for day in range(20, 36, 7):
        await after(upkeep, day)
    assert repository.shares[-4:] == ["1/160", "2/160", "3/160", "4/160"]


async def test_two_folders_at_once_lose_nothing(repository: CountingRepository, upkeep: Upkeep) -> None:
    trees = [str(number) for number in range(20)]
    async with upkeep.paused():
        await asyncio.gather(*(after(upkeep, 0, {"1", tree}, tree) for tree in trees))
    noted = DataFolder(repository.place.cache.parent).read(DOCUMENT) or {}
    named = noted["named"]
    assert isinstance(named, dict)
    assert {tree: set(times) for tree, times in named.items()} == {tree: {"1", tree} for tree in trees}


async def test_nothing_begins_once_it_is_closed(repository: CountingRepository, upkeep: Upkeep) -> None:
    await after(upkeep, 0)
    repository.read.clear()
    upkeep.now = lambda: START + 8 * DAY
    async with upkeep.paused():
        await upkeep.hear(TREE, None)
    await repository.reading.wait()
    await upkeep.close()
    repository.reading.clear()
    await after(upkeep, 20)
    assert not repository.reading.is_set()


async def test_what_cannot_be_noted_costs_no_backup(
    repository: CountingRepository, upkeep: Upkeep, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / DOCUMENT).mkdir()
    assert await after(upkeep, 0, {"1"}) is None
    assert "is not noted" in caplog.text
    (tmp_path / DOCUMENT).rmdir()
    (tmp_path / DOCUMENT).write_text("damaged")
    assert await after(upkeep, 0, {"1"}) is None
    assert "is not known" in caplog.text
    await after(upkeep, 8, {"1"})
    assert repository.shares == ["1/20"]
