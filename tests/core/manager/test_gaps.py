"""Backups that are not whole: a device is never said to be well because something came."""

from dataclasses import replace
from datetime import timedelta

from ha_device_backup_core.contract import Note
from ha_device_backup_core.manager import ANYONE, Health
from ha_device_backup_core.manager.device_state import DeviceState, is_problem, state_of
from ha_device_backup_core.policies.schedule import Schedule, ScheduleKind

from .conftest import key, settings
from .fakes import Home
from .lamps import FACTORY, LIST_MISSING, NO_NAME, Household, Lamp

A1 = key("a1")
DAY = timedelta(days=1)
DAILY = Schedule(kind=ScheduleKind.HOURS, hours=24)
LOCKED = Note(code="locked", text="The list needs a button.", needs_person=True)
NONE: tuple[Note, ...] = ()


async def add(home: Home, household: Household, *missing: Note, **more: object) -> Lamp:
    lamp = household.add("a1", missing=missing)
    await home.manager.add_device(settings("a1", **more))
    return lamp


def told(home: Home) -> tuple[Health, DeviceState, bool, tuple[Note, ...]]:
    status = home.manager.status(A1)
    state = state_of(status, has_handler=True)
    return status.health, state, is_problem(status, state), status.gaps


async def test_a_device_of_which_no_backup_is_whole_is_a_problem_at_once(home: Home, household: Household) -> None:
    lamp = await add(home, household, LIST_MISSING)
    await home.manager.back_up(A1)
    assert told(home) == (Health.NOT_WHOLE, DeviceState.INCOMPLETE, True, (LIST_MISSING,))
    lamp.off = True
    await home.manager.back_up(A1)
    assert told(home) == (Health.NOT_WHOLE, DeviceState.INCOMPLETE, True, (LIST_MISSING,))
    lamp.off, lamp.missing = False, ()
    await home.manager.back_up(A1)
    assert told(home) == (Health.OK, DeviceState.OK, False, NONE)


async def test_what_is_in_doubt_counts_like_what_is_missing(home: Home, household: Household) -> None:
    lamp = await add(home, household)
    lamp.settings = {"brightness": 1}
    await home.manager.back_up(A1)
    assert told(home) == (Health.NOT_WHOLE, DeviceState.INCOMPLETE, True, (NO_NAME,))


async def test_a_gap_that_may_pass_is_told_and_is_a_problem_when_it_lasts(home: Home, household: Household) -> None:
    lamp = await add(home, household, schedule=DAILY)
    home.manager.ready()
    await home.manager.back_up(A1)
    lamp.missing = (LIST_MISSING,)
    await home.manager.back_up(A1)
    assert told(home) == (Health.LAST_NOT_WHOLE, DeviceState.INCOMPLETE, False, (LIST_MISSING,))
    for _ in range(4):
        await home.advance(DAY)
    assert told(home) == (Health.NOT_WHOLE, DeviceState.INCOMPLETE, True, (LIST_MISSING,))
    lamp.missing = ()
    await home.advance(DAY)
    assert told(home) == (Health.OK, DeviceState.OK, False, NONE)


async def test_a_gap_of_a_device_that_is_never_late_is_told_all_the_same(home: Home, household: Household) -> None:
    lamp = await add(home, household, overdue_days="never")
    await home.manager.back_up(A1)
    lamp.missing = (LIST_MISSING,)
    await home.manager.back_up(A1)
    await home.advance(400 * DAY)
    assert told(home) == (Health.LAST_NOT_WHOLE, DeviceState.INCOMPLETE, False, (LIST_MISSING,))


async def test_what_a_person_accepted_is_no_gap(home: Home, household: Household) -> None:
    lamp = await add(home, household, LIST_MISSING)
    backup = (await home.manager.back_up(A1)).backup
    assert backup is not None
    accepted = await home.manager.stored.accept(A1, backup.id)
    assert told(home) == (Health.OK, DeviceState.OK, False, NONE)
    assert (accepted.flaws, accepted.gaps) == (NONE, (LIST_MISSING,)), "a restore does not bring it back either"
    lamp.missing = (replace(LIST_MISSING, code="list_cut", text="The list is cut."),)
    await home.manager.back_up(A1)
    assert told(home) == (Health.LAST_NOT_WHOLE, DeviceState.INCOMPLETE, False, lamp.missing)


async def test_what_only_a_person_gets_is_no_gap_while_a_whole_backup_has_it(home: Home, household: Household) -> None:
    lamp = await add(home, household, LOCKED)
    await home.manager.back_up(A1)
    assert told(home) == (Health.PERSON_NEEDED, DeviceState.NEEDS_YOU, True, (LOCKED,))
    await home.manager.back_up(A1, person=ANYONE)
    lamp.settings["brightness"] = 2
    await home.manager.back_up(A1)
    assert told(home) == (Health.OK, DeviceState.OK, False, NONE)
    lamp.missing = (LOCKED, LIST_MISSING)
    await home.manager.back_up(A1)
    assert told(home) == (Health.LAST_NOT_WHOLE, DeviceState.INCOMPLETE, False, (LIST_MISSING,))


async def test_more_urgent_things_are_told_first(home: Home, household: Household) -> None:
    lamp = await add(home, household, LIST_MISSING)
    await home.manager.back_up(A1)
    lamp.fault = RuntimeError("broken")
    await home.manager.back_up(A1)
    assert told(home)[:3] == (Health.FAILING, DeviceState.FAILED, True)
    lamp.fault, lamp.settings = None, dict(FACTORY)
    await home.manager.back_up(A1)
    assert told(home)[:3] == (Health.SUSPECT, DeviceState.SUSPECT, True)
