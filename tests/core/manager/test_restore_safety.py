"""What a restore does where the backup before it, or the note of it, cannot be had: a full disk, a spoiled device."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from ha_device_backup_core.errors import (
    CannotConnectError,
    DeviceBusyError,
    InvalidArtifactError,
    RestoreNotVerifiedError,
    StoreFullError,
    UnexpectedResponseError,
)
from ha_device_backup_core.manager import RestoreResult
from ha_device_backup_core.records import Backup
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.suspicion import Suspicion

from .conftest import OpenHome, key, settings
from .fakes import Home
from .lamps import FACTORY, NOT_VERIFIED, Household, Lamp

A1 = key("a1")
CONFIGURED = {"name": "lamp", "brightness": 1}
SPOILED: dict[str, object] = {"name": "no brightness"}


async def changed(home: Home, household: Household) -> tuple[Lamp, Backup]:
    """Return a lamp that no longer holds its backup, and that one."""
    lamp = household.add("a1")
    await home.manager.add_device(settings("a1"))
    backup = (await home.manager.back_up(A1)).backup
    assert backup is not None
    lamp.settings = {"name": "changed", "brightness": 7}
    return lamp, backup


@contextmanager
def no_room(*names: str) -> Iterator[None]:
    async def full(*_: object, **__: object) -> None:
        raise StoreFullError("2025.json")

    with pytest.MonkeyPatch.context() as disk:
        for name in names:
            disk.setattr(BackupStore, name, full)
        yield


@pytest.mark.parametrize("step", ["commit", "set_before_restore", "set_unfinished_restore"])
async def test_a_full_disk_leaves_the_device_alone_and_says_so(home: Home, household: Household, step: str) -> None:
    lamp, backup = await changed(home, household)
    with no_room(step), pytest.raises(StoreFullError) as caught:
        await home.manager.restore(A1, backup.id)
    assert (lamp.restores, lamp.settings["name"]) == (0, "changed")
    assert str(caught.value) == (
        "The disk is full, so nothing was stored. Free some space. Nothing was put on the device. 2025.json"
    )
    (end,) = [event for event in home.events if isinstance(event, RestoreResult)]
    assert str(end.error) == str(caught.value)
    assert home.manager.status(A1).unfinished_restore is None
    await home.manager.restore(A1, backup.id)
    assert lamp.settings == CONFIGURED


async def test_a_disk_that_gets_full_meanwhile_does_not_make_a_restore_a_failed_one(
    home: Home, household: Household
) -> None:
    lamp, backup = await changed(home, household)
    lamp.restore_holds.clear()
    running = await home.manager.begin_restore(A1, backup.id)
    await lamp.restore_began.wait()
    with no_room("commit", "confirm", "set_unfinished_restore", "record_attempt"):
        lamp.restore_holds.set()
        result = await running
    assert result.report is not None
    assert result.report.proven == ("lamp.json",)
    assert result.after is not None
    assert isinstance(result.after.error, StoreFullError)
    assert lamp.settings == CONFIGURED


async def test_a_device_that_gives_no_backup_is_left_alone_and_the_way_on_is_told(
    home: Home, household: Household
) -> None:
    lamp, backup = await changed(home, household)
    lamp.settings = dict(SPOILED)
    with pytest.raises(InvalidArtifactError) as caught:
        await home.manager.restore(A1, backup.id)
    assert "Nothing was put on the device. The action Restore can do it without" in str(caught.value)
    assert lamp.restores == 0
    await home.manager.restore(A1, backup.id, safety_backup=False)
    assert lamp.settings == CONFIGURED


async def test_a_restore_that_spoiled_the_device_can_be_continued_and_undone(home: Home, household: Household) -> None:
    lamp, backup = await changed(home, household)
    lamp.restore_fault = NOT_VERIFIED
    with pytest.raises(RestoreNotVerifiedError):
        await home.manager.restore(A1, backup.id)
    lamp.settings, lamp.restore_fault = dict(SPOILED), None
    before = home.manager.status(A1).unfinished_restore
    assert before is not None
    result = await home.manager.restore(A1)
    assert (result.backup, lamp.settings) == (backup, CONFIGURED)
    assert result.safety_backup is not None
    assert result.safety_backup.id == before.safety_backup_id
    await home.manager.restore(A1, result.safety_backup.id)
    assert lamp.settings["name"] == "changed"


SMALL = {"name": "small", "brightness": 1}
LARGE = {"name": "large", "brightness": 2, "scenes": "s" * 4000}
FAULTS = [CannotConnectError(), DeviceBusyError(), InvalidArtifactError("Half of it."), UnexpectedResponseError()]


@pytest.mark.parametrize("is_restarted", [False, True])
@pytest.mark.parametrize("fault", FAULTS, ids=type)
async def test_what_was_put_back_is_no_loss_where_the_device_could_not_be_backed_up_at_once(
    open_home: OpenHome, household: Household, fault: Exception, is_restarted: bool
) -> None:
    home = await open_home()
    lamp = household.add("a1", settings=dict(SMALL))
    await home.manager.add_device(settings("a1"))
    small = (await home.manager.back_up(A1)).backup
    home.clock.now += timedelta(hours=1)
    lamp.settings = dict(LARGE)
    large = (await home.manager.back_up(A1)).backup
    assert small is not None
    assert large is not None
    home.clock.now += timedelta(hours=1)
    lamp.restore_holds.clear()
    running = await home.manager.begin_restore(A1, small.id)
    await lamp.restore_began.wait()
    lamp.fault = fault
    lamp.restore_holds.set()
    result = await running
    assert result.after is not None
    assert result.after.error is not None
    assert home.manager.status(A1).unfinished_restore is None

    if is_restarted:
        await home.manager.stop()
        home = await open_home(clock=home.clock)
        await home.manager.add_device(settings("a1"))
    stored = home.manager.stored
    assert stored.offered(A1, await stored.list_backups(A1)) == await stored.backup(A1, small.id)
    lamp.fault = None
    home.clock.now += timedelta(days=1)
    after = (await home.manager.back_up(A1)).backup
    assert after is not None
    assert after.suspicion is None
    assert home.manager.status(A1).recommended == after
    assert stored.offered(A1, await stored.list_backups(A1)) == after

    lamp.settings = {"brightness": 1, "name": ""}
    assert (await home.manager.restore(A1)).backup == after


async def test_a_reset_after_a_restore_is_suspect_all_the_same(home: Home, household: Household) -> None:
    lamp, backup = await changed(home, household)
    lamp.restore_holds.clear()
    running = await home.manager.begin_restore(A1, backup.id)
    await lamp.restore_began.wait()
    lamp.fault = CannotConnectError()
    lamp.restore_holds.set()
    await running
    lamp.fault, lamp.settings = None, dict(FACTORY)
    reset = (await home.manager.back_up(A1)).backup
    assert reset is not None
    assert reset.suspicion is Suspicion.FACTORY_STATE
    assert (await home.manager.plan_restore(A1)).backup == backup
