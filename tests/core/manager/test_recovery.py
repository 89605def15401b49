"""After a power cut: all are asked, and what was chosen is put back one after the other."""

import asyncio
from collections.abc import Callable

import pytest

from ha_device_backup_core.errors import CannotConnectError, RestoreNotVerifiedError
from ha_device_backup_core.manager.recovery import Recovery, RecoveryStep
from ha_device_backup_core.manager.reviews import Finding
from ha_device_backup_core.records import DeviceKey
from ha_device_backup_core.unexpected import UNEXPECTED

from .conftest import key, settings
from .fakes import Home
from .lamps import FACTORY, Household

NAMES = ("a1", "a2", "a3", "a4", "a5", "a6")
GOOD = {"name": "lamp", "brightness": 1}


async def household_of(home: Home, household: Household) -> Recovery:
    for name in NAMES:
        household.add(name)
        await home.manager.add_device(settings(name))
        await home.manager.back_up(key(name))
    return Recovery(home.manager)


async def until(recovery: Recovery, is_so: Callable[[], bool]) -> None:
    changed = asyncio.Event()
    leave = recovery.subscribe(lambda _key: changed.set())
    async with asyncio.timeout(30):
        while not is_so():
            changed.clear()
            await changed.wait()
    leave()


async def asked(recovery: Recovery) -> dict[DeviceKey, Finding]:
    recovery.ask()
    await until(recovery, lambda: not recovery.is_asking)
    return {key: row.review.finding for key, row in recovery.rows.items() if row.review is not None}


async def restored(recovery: Recovery) -> dict[str, RecoveryStep]:
    await until(recovery, lambda: not recovery.is_restoring)
    return {key.unique_id: row.step for key, row in recovery.rows.items() if row.step is not RecoveryStep.WAS_ASKED}


async def test_what_differs_is_put_back_and_the_rest_is_left_alone(home: Home, household: Household) -> None:
    recovery = await household_of(home, household)
    household.lamps["a1"].settings = dict(FACTORY)
    household.lamps["a2"].settings = {"name": "mine", "brightness": 1}
    household.lamps["a3"].off = True
    found = await asked(recovery)
    assert found == {
        key("a1"): Finding.DIFFERS,
        key("a2"): Finding.DIFFERS,
        key("a3"): Finding.AWAY,
        **dict.fromkeys(map(key, NAMES[3:]), Finding.EQUAL),
    }
    recovery.put_back([key("a1"), key("a1"), key("a3"), key("a4"), key("nobody")])
    recovery.ask()
    assert await restored(recovery) == {"a1": RecoveryStep.RESTORED}
    assert household.lamps["a1"].settings == GOOD
    assert household.lamps["a2"].settings == {"name": "mine", "brightness": 1}
    assert (household.lamps["a4"].restores, household.lamps["a1"].restores) == (0, 1)

    household.lamps["a3"].off = False
    assert (await asked(recovery))[key("a1")] is Finding.EQUAL


async def test_few_are_asked_at_once_and_one_is_restored_at_a_time(home: Home, household: Household) -> None:
    recovery = await household_of(home, household)
    household.most_in_flight = 0
    for lamp in household.lamps.values():
        lamp.settings = dict(FACTORY)
        lamp.restore_holds.clear()
    await asked(recovery)
    assert household.most_in_flight <= 4
    recovery.put_back(map(key, NAMES))
    for number, name in enumerate(NAMES):
        await household.lamps[name].restore_began.wait()
        assert sum(lamp.restores for lamp in household.lamps.values()) == number + 1
        household.lamps[name].restore_holds.set()
    assert await restored(recovery) == dict.fromkeys(NAMES, RecoveryStep.RESTORED)


async def test_it_is_stopped_after_the_one_that_runs(home: Home, household: Household) -> None:
    recovery = await household_of(home, household)
    for name in ("a1", "a2"):
        household.lamps[name].settings = dict(FACTORY)
    household.lamps["a1"].restore_holds.clear()
    await asked(recovery)
    recovery.put_back([key("a1"), key("a2")])
    await household.lamps["a1"].restore_began.wait()
    recovery.stop_after_this()
    household.lamps["a1"].restore_holds.set()
    assert await restored(recovery) == {"a1": RecoveryStep.RESTORED}
    recovery.put_back([key("a2")])
    assert await restored(recovery) == {"a1": RecoveryStep.RESTORED, "a2": RecoveryStep.RESTORED}


async def test_one_that_fails_holds_up_nobody(home: Home, household: Household) -> None:
    recovery = await household_of(home, household)
    for name in ("a1", "a2", "a3"):
        household.lamps[name].settings = dict(FACTORY)
    await asked(recovery)
    household.lamps["a1"].restore_fault = RestoreNotVerifiedError()
    household.lamps["a2"].fault = CannotConnectError()
    recovery.put_back([key("a1"), key("a2"), key("a3")])
    assert await restored(recovery) == {
        "a1": RecoveryStep.RESTORE_FAILED,
        "a2": RecoveryStep.RESTORE_FAILED,
        "a3": RecoveryStep.RESTORED,
    }
    household.lamps["a1"].restore_fault = household.lamps["a2"].fault = None
    recovery.put_back([key("a1"), key("a2")])
    assert set((await restored(recovery)).values()) == {RecoveryStep.RESTORED}


async def test_a_device_that_is_removed_meanwhile_is_left_out(home: Home, household: Household) -> None:
    recovery = await household_of(home, household)
    household.lamps["a1"].holds.clear()
    recovery.ask()
    await household.lamps["a1"].began.wait()
    await home.manager.remove_device(key("a6"))
    household.lamps["a1"].holds.set()
    await until(recovery, lambda: not recovery.is_asking)
    assert key("a1") in recovery.rows
    recovery.ask()
    recovery.end()
    await until(recovery, lambda: not recovery.is_asking)


async def test_what_nobody_expected_ends_in_words(
    home: Home, household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    recovery = await household_of(home, household)
    household.lamps["a1"].settings = dict(FACTORY)

    async def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(home.manager, "review", fail)
        assert set((await asked(recovery)).values()) == {Finding.FAILED}
    assert all(row.review is not None and row.review.error is not None for row in recovery.rows.values())
    await asked(recovery)
    with monkeypatch.context() as broken:
        broken.setattr(home.manager, "restore", fail)
        recovery.put_back([key("a1")])
        assert await restored(recovery) == {"a1": RecoveryStep.RESTORE_FAILED}
    error = recovery.rows[key("a1")].error
    assert error is not None
    assert error.detail == UNEXPECTED
    recovery.put_back([key("a1")])
    assert await restored(recovery) == {"a1": RecoveryStep.RESTORED}
