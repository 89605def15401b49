"""Whatever runs when a manager stops, nothing of it is left: no task, no thread, no timer, no lock."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from ha_device_backup_core.contract import Prompt
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.records import Trigger

from .conftest import OpenHome, key, settings
from .fakes import Home
from .lamps import Household, Lamp

A1 = key("a1")


class Someone:
    def show(self, prompt: Prompt | None) -> None:
        """Nobody looks."""


async def nothing(home: Home, lamp: Lamp) -> None:
    assert lamp.contacts


async def a_backup(home: Home, lamp: Lamp) -> None:
    lamp.began.clear()
    lamp.holds.clear()
    _later(home.manager.back_up(A1))
    await lamp.began.wait()


async def a_backup_with_a_person(home: Home, lamp: Lamp) -> None:
    lamp.began.clear()
    lamp.holds.clear()
    _later(home.manager.back_up(A1, person=Someone()))
    await lamp.began.wait()


async def a_waiting_backup(home: Home, lamp: Lamp) -> None:
    await home.manager.prepare_snapshot()
    _later(home.manager.back_up(A1))
    await asyncio.sleep(0)
    assert home.manager.status(A1).queued


async def a_restore(home: Home, lamp: Lamp) -> None:
    lamp.restore_holds.clear()
    _later(home.manager.restore(A1))
    await lamp.restore_began.wait()


async def a_restore_that_backs_up_first(home: Home, lamp: Lamp) -> None:
    lamp.began.clear()
    lamp.holds.clear()
    _later(home.manager.restore(A1))
    await lamp.began.wait()


async def a_prune_at_the_shut_gate(home: Home, lamp: Lamp) -> None:
    await home.manager.prepare_snapshot()
    _later(home.manager._store.prune(A1, RetentionPolicy(newest=1, monthly=0), now=home.clock()))
    await asyncio.sleep(0)


async def a_plan(home: Home, lamp: Lamp) -> None:
    _later(home.manager.plan_restore(A1))
    await asyncio.sleep(0)


async def schedules(home: Home, lamp: Lamp) -> None:
    home.manager.ready()
    home.manager.pause_device(A1)
    await asyncio.sleep(0)


_asked: set[asyncio.Future[object]] = set()


def _later(work: Awaitable[object]) -> None:
    _asked.add(asyncio.ensure_future(work))


@pytest.mark.parametrize(
    "begin",
    [
        nothing,
        a_backup,
        a_backup_with_a_person,
        a_waiting_backup,
        a_restore,
        a_restore_that_backs_up_first,
        a_prune_at_the_shut_gate,
        a_plan,
        schedules,
    ],
)
async def test_nothing_is_left(
    open_home: OpenHome, household: Household, begin: Callable[[Home, Lamp], Awaitable[None]]
) -> None:
    home = await open_home()
    lamp = household.add("a1")
    await home.manager.add_device(settings("a1"))
    for brightness in range(3):
        lamp.settings["brightness"] = brightness
        await home.manager.back_up(A1, trigger=Trigger.MANUAL)
        home.clock.now += timedelta(hours=1)
    await begin(home, lamp)

    await home.manager.stop()
    await asyncio.gather(*_asked, return_exceptions=True)
    _asked.clear()
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert home.timers.waiting == {}
    assert [thread.name for thread in threading.enumerate() if "device-backups" in thread.name] == []

    lamp.holds.set()
    lamp.restore_holds.set()
    again = await open_home()
    await again.manager.add_device(settings("a1"))
    result = await again.manager.back_up(A1)
    assert result.error is None
