"""Work on many devices lets everything else go on."""

import asyncio

from ha_device_backup_core.manager.slices import SLICE, Slices

from .conftest import OpenHome, key, settings
from .lamps import Household


async def test_the_first_slice_is_done_at_once_and_the_others_in_turns() -> None:
    done: list[int] = []
    slices = Slices()
    slices.run(range(2 * SLICE + 1), done.append, lambda: done.append(-1))
    lengths = [len(done)]
    while done[-1] != -1:
        await asyncio.sleep(0)
        lengths.append(len(done))
    assert lengths == [SLICE, 2 * SLICE, 2 * SLICE + 2]
    assert done == [*range(2 * SLICE + 1), -1]


async def test_what_is_left_can_be_given_up() -> None:
    done: list[int] = []
    slices = Slices()
    slices.run(range(SLICE + 1), done.append, lambda: done.append(-1))
    slices.end()
    await asyncio.sleep(0)
    assert done == list(range(SLICE))


async def test_many_devices_are_planned_and_a_removed_one_is_not(open_home: OpenHome, household: Household) -> None:
    home = await open_home()
    hosts = [f"l{number:03}" for number in range(SLICE + 10)]
    for host in hosts:
        household.add(host)
        await home.manager.add_device(settings(host))
    home.events.clear()
    home.manager.ready()
    await home.manager.remove_device(key(hosts[-1]))
    await home.idle()
    assert sorted(unique_id for unique_id, *_ in home.outcomes) == hosts[:-1]
