"""What is done for a repository once a week, by real restic: let go, made free, checked, and ended by a backup."""

import asyncio
import json
import os
import signal
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ha_device_backup_agent.trees import upkeep
from ha_device_backup_agent.trees.handler import TreeHandler
from ha_device_backup_core import Artifact
from ha_device_backup_core.jobs import runner
from ha_device_backup_core.plugins.registry import RegisteredHandler
from ha_device_backup_core.testing import run_restore

from .ssh import DEBIAN
from .test_tree_faults import locks, until
from .test_trees import Bench, bench
from .trees import RESTIC, listing, processes

pytestmark = pytest.mark.skipif(not DEBIAN.is_dir(), reason="needs programs of Debian's packages")
__all__ = ["bench"]
DAY = timedelta(days=1)
KILOBYTE = 1000


@pytest.fixture
def days(bench: Bench) -> Callable[[int], None]:
    """Say that so many days passed."""

    def passed(number: int) -> None:
        bench.handler.places.upkeep.now = lambda: datetime.now(UTC) + number * DAY

    return passed


async def backed_up(bench: Bench, *kept: Artifact) -> Artifact:
    """Make a backup for a store that keeps those, and wait for what is done beside it."""
    registered = RegisteredHandler(handler=bench.handler, distribution="agent", version="1")
    named = frozenset(map(snapshot, kept))
    fetched = await runner.fetch(registered, bench.config(), expected_unique_id=None, kept=named)
    await bench.handler.places.upkeep.done()
    return fetched.artifact


def snapshot(artifact: Artifact) -> str:
    return str(json.loads(artifact.content)["snapshot"])


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


async def changed(bench: Bench, *kept: Artifact) -> Artifact:
    """Make a backup of a film that is another one than before."""
    (bench.device.tree / "film").write_bytes(os.urandom(3_000 * KILOBYTE))
    bench.device.give_away()
    return await backed_up(bench, *kept)


async def test_what_no_store_names_goes_with_its_room(bench: Bench, days: Callable[[int], None]) -> None:
    repository = bench.handler.places.repository
    first = await changed(bench)
    second = await changed(bench, first)
    third = await changed(bench, first, second)
    states = [snapshot(kept) for kept in (first, second, third)]
    tree, before = listing(bench.device.tree), size(bench.agent / "large/repository")
    for day in (8, 175):
        days(day)
        assert await backed_up(bench, third) == third
        assert [state.snapshot_id for state in await repository.snapshots()] == states

    days(190)
    assert await backed_up(bench, third) == third

    assert [state.snapshot_id for state in await repository.snapshots()] == [snapshot(third)]
    assert size(bench.agent / "large/repository") < before - 5_000 * KILOBYTE
    await repository.check("100%")
    bench.device.authorize(bench.line.replace(" -ro", ""))
    bench.device.give_away()
    (bench.device.tree / "film").unlink()
    await run_restore(bench.handler, bench.config(), third)
    assert listing(bench.device.tree) == tree


async def test_a_damage_is_found_within_the_weeks(
    bench: Bench, days: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "PARTS", 2)
    await changed(bench)
    pack = max((bench.agent / "large/repository/data").rglob("*"), key=lambda path: path.stat().st_size)
    whole = pack.read_bytes()
    pack.chmod(0o600)
    pack.write_bytes(whole[:1000] + bytes([whole[1000] ^ 1]) + whole[1001:])
    for day in (8, 16):
        days(day)
        await backed_up(bench)

    (note,) = (await backed_up(bench)).missing
    assert note.code == "repository_check"

    pack.write_bytes(whole)
    assert (await backed_up(bench)).missing == (note,)
    assert (await backed_up(bench)).missing == ()


def begun(bench: Bench) -> AbstractAsyncContextManager[None]:
    return bench.handler.places.upkeep.paused()


@pytest.mark.parametrize("ends", [True, False], ids=["ends", "hangs"])
async def test_a_backup_waits_for_no_check(bench: Bench, days: Callable[[int], None], *, ends: bool) -> None:
    """Not even for one that has to be killed, and leaves a lock behind that keeps all others out."""
    first = await changed(bench)
    days(8)
    handler: type[TreeHandler] = bench.handler
    async with begun(bench):
        await handler.places.upkeep.hear("tree", None)
    (pid,) = await until(lambda: processes(RESTIC, bench.agent, b"\0check\0"))
    if not ends:
        await until(lambda: locks(bench))
        os.kill(pid, signal.SIGSTOP)

    assert await bench.fetch() == first
    assert (await changed(bench, first)).missing == ()
    await handler.places.upkeep.done()
    assert locks(bench) == []
    known = json.loads((bench.agent / upkeep.DOCUMENT).read_text())
    assert (known["part"], known["parts"]) == (1, upkeep.PARTS)


async def test_a_check_that_was_killed_stops_no_backup(bench: Bench) -> None:
    await bench.fetch()
    repository = bench.handler.places.repository
    work = asyncio.create_task(repository.check("100%"))
    (pid,) = await until(lambda: processes(RESTIC, bench.agent, b"\0check\0"))
    await until(lambda: locks(bench))
    os.kill(pid, signal.SIGKILL)
    await asyncio.wait({work})
    assert work.exception() is not None
    assert len(locks(bench)) == 1

    await changed(bench)
    assert locks(bench) == []
