"""What comes between the question who answers and the restore: another device, or another address."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import ClassVar

import pytest

from ha_device_backup_core.contract import DeviceInfo
from ha_device_backup_core.errors import RestoreNotVerifiedError, RestoreRejectedError, StoreFullError, WrongDeviceError
from ha_device_backup_core.manager.decisions import Decision, decision_of
from ha_device_backup_core.records import Backup, DeviceKey, PutBack, UnfinishedRestore
from ha_device_backup_core.store.store import BackupStore

from .conftest import OpenHome, key, settings
from .fakes import Home
from .lamps import Household, Lamp, LampHandler

A1 = key("a1")
GOOD = {"name": "good", "brightness": 1}
LATER = {"name": "later", "brightness": 5}
PRECIOUS = {"name": "precious", "brightness": 99}


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


async def test_another_device_is_told_though_the_disk_is_full(
    open_home: OpenHome, household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = await open_home(registry=household.registry(base=Asked))
    lamp, backup = await backed_up(home, household)
    note = BackupStore.set_unfinished_restore

    async def full(
        store: BackupStore, of: DeviceKey, title: str, restore: UnfinishedRestore | None, *, put_back: PutBack | None
    ) -> None:
        if restore is None:
            raise StoreFullError
        await note(store, of, title, restore, put_back=put_back)
        lamp.unique_id = "b2"

    with monkeypatch.context() as patched:
        patched.setattr(BackupStore, "set_unfinished_restore", full)
        with pytest.raises(WrongDeviceError):
            await home.manager.restore(A1, backup.id, safety_backup=False)
    assert (lamp.settings, lamp.restores) == (LATER, 0)

    lamp.unique_id = "a1"
    result = await home.manager.restore(A1, backup.id)
    assert (lamp.settings, result.error, home.manager.status(A1).unfinished_restore) == (GOOD, None, None)


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


NAMELESS = key(f"assigned-{'0' * 32}")


async def nameless(home: Home, household: Household) -> tuple[Lamp, Lamp, Backup]:
    """Return two lamps that tell no id, the first of them in care, and its backup."""
    first, second = (household.add(host, unique_id=None, settings=dict(GOOD)) for host in ("a", "b"))
    await home.manager.add_device(settings("a", key=NAMELESS))
    backup = (await home.manager.back_up(NAMELESS)).backup
    assert backup is not None
    first.settings, second.settings = dict(LATER), dict(PRECIOUS)
    return first, second, backup


async def refused(home: Home, backup: Backup, lamp: Lamp, event: asyncio.Event, holds: asyncio.Event) -> None:
    """Change the address at the event, and see that the restore is refused."""
    running = asyncio.create_task(home.manager.restore(NAMELESS, backup.id))
    await event.wait()
    await home.manager.update_device(settings("b", key=NAMELESS))
    holds.set()
    with pytest.raises(RestoreRejectedError, match="Its address or another of its settings was changed"):
        await running
    assert lamp.restores == 0
    assert home.manager.status(NAMELESS).unfinished_restore is None


async def test_another_address_during_the_backup_before_it(home: Home, household: Household) -> None:
    first, second, backup = await nameless(home, household)
    first.began.clear()
    first.holds.clear()
    await refused(home, backup, first, first.began, first.holds)
    assert (first.settings, second.settings, second.contacts) == (LATER, PRECIOUS, 0)

    await home.manager.update_device(settings("a", key=NAMELESS))
    await home.manager.restore(NAMELESS, backup.id)
    assert (first.settings, second.settings) == (GOOD, PRECIOUS)


async def test_another_address_while_it_waits_for_its_turn(home: Home, household: Household) -> None:
    first, second, backup = await nameless(home, household)
    first.began.clear()
    first.holds.clear()
    ahead = asyncio.create_task(home.manager.back_up(NAMELESS))
    await refused(home, backup, first, first.began, first.holds)
    await ahead
    assert (first.settings, second.settings, second.contacts) == (LATER, PRECIOUS, 0)


async def test_another_address_while_home_assistant_backs_itself_up(open_home: OpenHome, household: Household) -> None:
    home = await open_home(registry=household.registry(base=Asked))
    first, second, backup = await nameless(home, household)
    has_begun = asyncio.Event()

    async def readdressed() -> None:
        await home.manager.prepare_snapshot()
        await home.manager.update_device(settings("b", key=NAMELESS))
        has_begun.set()

    async def then_again() -> None:
        Asked.then = readdressed

    Asked.then = then_again  # It is asked whether it is a known other one, and then for the restore itself.
    running = asyncio.create_task(home.manager.restore(NAMELESS, backup.id, safety_backup=False))
    await has_begun.wait()
    home.manager.finish_snapshot()
    with pytest.raises(RestoreRejectedError):
        await running
    assert (first.settings, second.settings, first.restores, second.contacts) == (LATER, PRECIOUS, 0, 0)
    assert home.manager.status(NAMELESS).unfinished_restore is None


async def test_another_address_when_all_is_sent_is_left_without_a_backup_of_the_other(
    home: Home, household: Household
) -> None:
    first, second, backup = await nameless(home, household)
    first.restore_holds.clear()
    running = asyncio.create_task(home.manager.restore(NAMELESS, backup.id))
    await first.restore_began.wait()
    await home.manager.update_device(settings("b", key=NAMELESS))
    first.restore_holds.set()
    result = await running
    assert (first.settings, second.settings, second.contacts) == (GOOD, PRECIOUS, 0)
    assert (result.error, result.after) == (None, None)


async def test_a_password_that_is_entered_meanwhile_is_used(home: Home, household: Household) -> None:
    first, _second, backup = await nameless(home, household)
    first.began.clear()
    first.holds.clear()
    running = asyncio.create_task(home.manager.restore(NAMELESS, backup.id))
    await first.began.wait()
    first.pin = "1234"
    await home.manager.update_device(settings("a", key=NAMELESS, config={"pin": "1234"}))
    first.holds.set()
    result = await running
    assert (first.settings, result.error, result.after is not None) == (GOOD, None, True)
