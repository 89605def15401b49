"""What comes between the question who answers and the restore: another device, or another address."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import ClassVar

import pytest

from ha_device_backup_core.contract import DeviceInfo
from ha_device_backup_core.errors import RestoreNotVerifiedError, WrongDeviceError
from ha_device_backup_core.manager.decisions import Decision, decision_of
from ha_device_backup_core.records import Backup

from .conftest import OpenHome, key, settings
from .fakes import Home
from .lamps import Household, Lamp, LampHandler

A1 = key("a1")
GOOD = {"name": "good", "brightness": 1}
LATER = {"name": "later", "brightness": 5}


class Asked(LampHandler):
    """Does once what a test wants when its lamp has just told who it is."""

    then: ClassVar[Callable[[], Awaitable[None]] | None] = None

    async def test_connection(self) -> DeviceInfo:
        info = await super().test_connection()
        then, Asked.then = Asked.then, None
        if then is not None:
            await then()
        return info


async def backed_up(home: Home, household: Household) -> tuple[Lamp, Backup]:
    """Return a lamp that holds something else than its backup."""
    lamp = household.add("a1", settings=dict(GOOD))
    await home.manager.add_device(settings("a1"))
    backup = (await home.manager.back_up(A1)).backup
    assert backup is not None
    lamp.settings = dict(LATER)
    return lamp, backup


async def test_another_device_that_comes_while_home_assistant_backs_itself_up(
    open_home: OpenHome, household: Household
) -> None:
    home = await open_home(registry=household.registry(base=Asked))
    lamp, backup = await backed_up(home, household)
    has_begun = asyncio.Event()

    async def snapshot_begins() -> None:
        await home.manager.prepare_snapshot()
        lamp.unique_id = "b2"
        has_begun.set()

    Asked.then = snapshot_begins
    running = asyncio.create_task(home.manager.restore(A1, backup.id, safety_backup=False))
    await has_begun.wait()
    home.manager.finish_snapshot()
    with pytest.raises(WrongDeviceError):
        await running
    status = home.manager.status(A1)
    assert (lamp.settings, lamp.restores) == (LATER, 0)
    assert (decision_of(status), status.unfinished_restore) == (Decision.ANOTHER_DEVICE, None)

    lamp.unique_id = "a1"
    result = await home.manager.restore(A1, backup.id)
    assert (lamp.settings, result.error) == (GOOD, None)


async def test_another_device_that_comes_during_a_restore_is_no_success(home: Home, household: Household) -> None:
    lamp, backup = await backed_up(home, household)
    lamp.restore_holds.clear()
    running = await home.manager.begin_restore(A1, backup.id)
    await lamp.restore_began.wait()
    lamp.unique_id = "b2"
    lamp.restore_holds.set()
    with pytest.raises(RestoreNotVerifiedError, match="Another device has its address now"):
        await running
    unfinished = home.manager.status(A1).unfinished_restore
    assert unfinished is not None
    assert unfinished.backup_id == backup.id

    lamp.unique_id = "a1"
    result = await home.manager.restore(A1)
    assert (lamp.settings, result.error, home.manager.status(A1).unfinished_restore) == (GOOD, None, None)
