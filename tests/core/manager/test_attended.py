"""Devices that give everything only while a person confirms it: prompts, what stays the newest whole, reminders."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from ha_device_backup_core.contract import Note, Prompt
from ha_device_backup_core.errors import CannotConnectError, ConfigError, DeviceBusyError
from ha_device_backup_core.manager import ANYONE, DeviceSettings, Health, PromptChanged, ShownPrompt
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.policies.retry import RetryPolicy
from ha_device_backup_core.policies.schedule import Schedule, ScheduleKind
from ha_device_backup_core.records import Outcome, Trigger

from .conftest import DEFAULTS, OpenHome, key, settings
from .fakes import START, Home
from .lamps import LIST_MISSING, Household, Lamp

A1 = key("a1")
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
LOCKED = Note(code="locked", text="The list needs a button.", needs_person=True)
DAILY = Schedule(kind=ScheduleKind.HOURS, hours=24)
PRESS = ShownPrompt(text="Press the button.", until=START + MINUTE)


class Listener:
    """A person who keeps what they were told."""

    def __init__(self) -> None:
        self.told: list[Prompt | None] = []

    def show(self, prompt: Prompt | None) -> None:
        self.told.append(prompt)


def prompts(home: Home) -> list[ShownPrompt | None]:
    return [event.prompt for event in home.events if isinstance(event, PromptChanged)]


async def add(home: Home, household: Household, **more: object) -> Lamp:
    lamp = household.add("a1", missing=(LOCKED,))
    await home.manager.add_device(settings("a1", **more))
    return lamp


async def test_what_the_device_wants_is_in_its_status_and_passed_on(home: Home, household: Household) -> None:
    await add(home, household)
    seen: list[ShownPrompt | None] = []
    home.manager.subscribe(lambda _: seen.append(home.manager.status(A1).prompt))
    listener = Listener()
    result = await home.manager.back_up(A1, person=listener)
    assert result.outcome is Outcome.STORED
    assert [event for event in home.events if isinstance(event, PromptChanged)] == [
        PromptChanged(key=A1, title="Lamp a1", prompt=PRESS),
        PromptChanged(key=A1, title="Lamp a1", prompt=None),
    ]
    assert PRESS in seen
    assert home.manager.status(A1).prompt is None
    assert listener.told == [Prompt(text="Press the button.", seconds=60), None]


async def test_nothing_is_asked_where_nobody_is(home: Home, household: Household) -> None:
    lamp = await add(home, household)
    result = await home.manager.back_up(A1)
    assert result.backup is not None
    assert result.backup.artifact.missing == (LOCKED,)
    assert result.backup.needs_person
    assert (lamp.persons, prompts(home)) == ([None], [])


async def test_a_second_person_joins_the_running_job(home: Home, household: Household) -> None:
    lamp = await add(home, household)
    lamp.holds.clear()
    first = asyncio.create_task(home.manager.back_up(A1, person=ANYONE))
    await lamp.began.wait()
    second = asyncio.create_task(home.manager.back_up(A1, person=ANYONE))
    await asyncio.sleep(0)
    lamp.holds.set()
    assert await first == await second
    assert (lamp.fetches, len(prompts(home))) == (1, 2)


async def test_a_person_is_not_answered_by_a_backup_without_one(home: Home, household: Household) -> None:
    lamp = await add(home, household)
    lamp.holds.clear()
    alone = asyncio.create_task(home.manager.back_up(A1, trigger=Trigger.SCHEDULE))
    await lamp.began.wait()
    attended = asyncio.create_task(home.manager.back_up(A1, person=ANYONE))
    await asyncio.sleep(0)
    lamp.holds.set()
    results = await asyncio.gather(alone, attended)
    assert [result.backup is not None and result.backup.whole for result in results] == [False, True]


async def test_what_a_person_waited_for_is_never_tried_again_without_them(
    open_home: OpenHome, household: Household
) -> None:
    home = await open_home(defaults=replace(DEFAULTS, concurrency=1, retry=RetryPolicy()))
    other = household.add("b2")
    await home.manager.add_device(settings("b2"))
    lamp = await add(home, household)
    home.manager.ready()
    await home.idle()
    whole = (await home.manager.back_up(A1, person=ANYONE)).backup
    lamp.persons.clear()
    other.began.clear()
    other.holds.clear()
    occupied = asyncio.create_task(home.manager.back_up(key("b2")))
    await other.began.wait()
    lamp.fault = DeviceBusyError()
    attended = asyncio.create_task(home.manager.back_up(A1, person=ANYONE))
    await asyncio.sleep(0)
    scheduled = asyncio.create_task(home.manager.back_up(A1, trigger=Trigger.SCHEDULE))
    await asyncio.sleep(0)
    other.holds.set()
    result, _, _ = await asyncio.gather(attended, scheduled, occupied)
    assert (result.trigger, type(result.error)) == (Trigger.MANUAL, DeviceBusyError)

    lamp.fault = None
    assert result.will_retry_at is not None
    await home.advance(result.will_retry_at)
    last = home.results[-1]
    assert (last.trigger, last.outcome, lamp.persons[-1]) == (Trigger.SCHEDULE, Outcome.UNCHANGED, None)
    status = home.manager.status(A1)
    assert status.recommended is not None
    assert whole is not None
    assert status.recommended.id == whole.id


@pytest.mark.parametrize("end", ["removed", "failed"])
async def test_nothing_is_asked_any_more_when_the_job_ends(home: Home, household: Household, end: str) -> None:
    lamp = await add(home, household)

    class Interrupted(Listener):
        def show(self, prompt: Prompt | None) -> None:
            super().show(prompt)
            if prompt is not None and end == "failed":
                raise CannotConnectError
            if prompt is not None:
                running.cancel_soon()

    class Removal:
        def cancel_soon(self) -> None:
            self.task = asyncio.create_task(home.manager.remove_device(A1))

    running = Removal()
    result = await home.manager.back_up(A1, person=Interrupted())
    if end == "removed":
        await running.task
        assert prompts(home)[-1:] in ([None], [])
        await home.manager.add_device(settings("a1"))
    else:
        assert isinstance(result.error, CannotConnectError)
        assert prompts(home) == [PRESS, None]
    assert home.manager.status(A1).prompt is None
    result = await home.manager.back_up(A1, person=ANYONE)
    assert result.error is None
    assert lamp.in_flight == 0


async def test_a_person_is_told_while_home_assistant_makes_a_snapshot(home: Home, household: Household) -> None:
    lamp = await add(home, household)
    lamp.holds.clear()
    running = asyncio.create_task(home.manager.back_up(A1, person=ANYONE))
    await lamp.began.wait()
    await home.manager.prepare_snapshot()
    lamp.holds.set()
    await lamp.ended.wait()
    assert prompts(home) == [PRESS, None]
    home.manager.finish_snapshot()
    assert (await running).outcome is Outcome.STORED


async def test_restores_tell_the_person_too(home: Home, household: Household) -> None:
    await add(home, household)
    backup = (await home.manager.back_up(A1, person=ANYONE)).backup
    assert backup is not None
    before = len(prompts(home))
    await home.manager.restore(A1, backup.id, person=ANYONE)
    assert prompts(home)[before:] == [PRESS, None]
    await home.manager.plan_restore(A1, backup.id, person=ANYONE)


async def test_incomplete_backups_by_schedule_displace_no_whole_one(home: Home, household: Household) -> None:
    lamp = await add(home, household, schedule=DAILY, retention=RetentionPolicy(newest=1, monthly=0), added_at=START)
    home.manager.ready()
    await home.idle()
    status = home.manager.status(A1)
    assert (status.health, status.recommended, status.needs_person, status.person_needed_from) == (
        Health.PERSON_NEEDED,
        status.newest,
        True,
        START,
    )

    whole = (await home.manager.back_up(A1, person=ANYONE)).backup
    assert whole is not None
    assert whole.whole
    assert (home.manager.status(A1).health, home.manager.status(A1).person_needed_from) == (Health.OK, None)

    for day in range(10):
        lamp.settings["brightness"] = day
        await home.advance(DAY)
    status = home.manager.status(A1)
    assert status.newest is not None
    assert status.latest == status.newest
    assert status.newest.artifact.missing == (LOCKED,)
    assert (status.recommended, status.confirmed) == (whole, START)
    assert (status.needs_person, status.person_needed_from) == (True, START + 30 * DAY)
    assert status.health is Health.OK, "three days of an interval are no limit for what only a person can renew"


async def test_an_unchanged_incomplete_backup_is_known_as_the_latest(home: Home, household: Household) -> None:
    await add(home, household)
    incomplete = (await home.manager.back_up(A1)).backup
    home.clock.now += DAY
    whole = (await home.manager.back_up(A1, person=ANYONE)).backup
    home.clock.now += DAY
    again = await home.manager.back_up(A1)
    assert incomplete is not None
    assert (again.outcome, again.backup and again.backup.id) == (Outcome.UNCHANGED, incomplete.id)
    status = home.manager.status(A1)
    assert (status.newest, status.recommended) == (whole, whole)
    assert (status.latest and status.latest.id, status.needs_person) == (incomplete.id, True)


@pytest.mark.parametrize(
    ("remind_days", "due"), [(30, START + 30 * DAY), (7, START + 7 * DAY), (0, None)], ids=["default", "week", "never"]
)
async def test_a_person_is_needed_when_the_whole_one_is_old(
    home: Home, household: Household, remind_days: int, due: datetime | None
) -> None:
    await add(home, household, schedule=DAILY, remind_days=remind_days)
    await home.manager.back_up(A1, person=ANYONE)
    home.manager.ready()
    await home.advance(DAY + MINUTE)
    assert home.manager.status(A1).person_needed_from == due
    changes = len(home.changes)
    await home.advance((due or START + 60 * DAY) + MINUTE)
    assert len(home.changes) > changes
    assert home.manager.status(A1).health is (Health.PERSON_NEEDED if due else Health.OK)
    await home.manager.back_up(A1, person=ANYONE)
    await home.advance(DAY)
    assert home.manager.status(A1).health is Health.OK


async def test_a_device_that_stopped_to_answer_is_overdue_not_due(home: Home, household: Household) -> None:
    lamp = await add(home, household, schedule=DAILY)
    await home.manager.back_up(A1)
    home.manager.ready()
    lamp.off = True
    await home.advance(4 * DAY)
    assert home.manager.status(A1).health is Health.OVERDUE
    lamp.off = False
    await home.advance(DAY)
    assert home.manager.status(A1).health is Health.PERSON_NEEDED


async def test_what_no_person_can_help_reminds_nobody(home: Home, household: Household) -> None:
    lamp = await add(home, household)
    lamp.missing = (LIST_MISSING,)
    await home.manager.back_up(A1)
    status = home.manager.status(A1)
    assert (status.recommended, status.needs_person, status.person_needed_from) == (status.newest, False, None)
    assert status.health is Health.NOT_WHOLE


@pytest.mark.parametrize("days", [-1, 3651])
def test_unusable_days(days: int) -> None:
    make: Callable[[int], DeviceSettings] = lambda value: settings("a1", remind_days=value)  # noqa: E731
    with pytest.raises(ConfigError) as raised:
        make(days)
    assert raised.value.field == "remind_days"
    assert make(3650).remind_days == 3650
