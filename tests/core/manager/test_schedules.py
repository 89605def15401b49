"""Time passes: schedules, retries, what was missed, what is late."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ha_device_backup_core.errors import AuthenticationError, DeviceBusyError, UnsupportedDeviceError
from ha_device_backup_core.manager import Defaults, StatusChanged
from ha_device_backup_core.manager.health import Health
from ha_device_backup_core.policies.retry import RetryPolicy
from ha_device_backup_core.policies.schedule import AHEAD, AHEAD_SPREAD, CLOCK_SPREAD, Schedule, ScheduleKind, spread
from ha_device_backup_core.records import Outcome, Trigger

from .conftest import DEFAULTS, NO_RETRY, OpenHome, key, settings
from .fakes import START, Clock, Home
from .lamps import Household

A1 = key("a1")
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
DAILY = Schedule(kind=ScheduleKind.DAILY, at=time(3))
EVERY_HOUR = Schedule(kind=ScheduleKind.HOURS, hours=1)
RETRY = RetryPolicy(attempts=3, first_delay=60, maximum_delay=600)
SHIFT = spread(A1, CLOCK_SPREAD)


async def ready(open_home: OpenHome, defaults: Defaults, clock: Clock | None = None) -> Home:
    home = await open_home(defaults=defaults, clock=clock)
    home.manager.ready()
    home.manager.ready()
    return home


async def test_the_first_backup_starts_right_after_adding_also_without_a_schedule(
    open_home: OpenHome, household: Household
) -> None:
    household.add("a1")
    home = await ready(open_home, DEFAULTS)
    await home.manager.add_device(settings("a1", schedule_enabled=False))
    await home.advance(10 * DAY)
    assert home.outcomes == [("a1", Trigger.FIRST, Outcome.STORED)]


async def test_nothing_runs_before_home_assistant_has_started(open_home: OpenHome, household: Household) -> None:
    household.add("a1")
    home = await open_home(defaults=replace(DEFAULTS, schedule=EVERY_HOUR))
    await home.manager.add_device(settings("a1"))
    await home.manager.back_up_if_late(A1)
    await home.advance(DAY)
    assert home.outcomes == []
    home.manager.ready()
    await home.idle()
    assert home.outcomes == [("a1", Trigger.FIRST, Outcome.STORED)]
    assert None in home.changes


async def test_it_runs_every_day_at_its_time(open_home: OpenHome, household: Household) -> None:
    household.add("a1")
    home = await ready(open_home, replace(DEFAULTS, schedule=DAILY))
    await home.manager.add_device(settings("a1"))
    assert home.manager.status(A1).next_run == datetime(2025, 1, 16, 3, tzinfo=UTC) + SHIFT
    await home.advance(3 * DAY)
    assert home.outcomes == [("a1", Trigger.FIRST, Outcome.STORED)] + 3 * [("a1", Trigger.SCHEDULE, Outcome.UNCHANGED)]
    assert home.manager.status(A1).confirmed == datetime(2025, 1, 18, 3, tzinfo=UTC) + SHIFT


async def test_a_schedule_is_switched_off_and_on(open_home: OpenHome, household: Household) -> None:
    household.add("a1")
    home = await ready(open_home, replace(DEFAULTS, schedule=EVERY_HOUR))
    await home.manager.add_device(settings("a1"))
    await home.manager.update_device(settings("a1", schedule_enabled=False))
    await home.advance(DAY)
    await home.manager.back_up_if_late(A1)
    await home.idle()
    assert len(home.results) == 1
    assert home.manager.status(A1).next_run is None
    await home.manager.update_device(settings("a1"))
    await home.advance(HOUR)
    assert len(home.results) == 2


async def test_a_schedule_of_its_own_wins_over_the_default(open_home: OpenHome, household: Household) -> None:
    household.add("a1")
    household.add("b2")
    home = await ready(open_home, DEFAULTS)
    await home.manager.add_device(settings("a1", schedule=EVERY_HOUR))
    await home.manager.add_device(settings("b2"))
    await home.advance(2 * HOUR)
    assert [result.key for result in home.results] == [A1, key("b2"), A1, A1]
    home.manager.set_defaults(replace(DEFAULTS, schedule=EVERY_HOUR))
    await home.advance(HOUR)
    assert sorted(result.key for result in home.results[4:]) == [A1, key("b2")]


async def test_what_was_missed_while_home_assistant_was_down_is_caught_up(
    open_home: OpenHome, household: Household
) -> None:
    for host in ("a1", "b2"):
        household.add(host)
    home = await ready(open_home, replace(DEFAULTS, schedule=DAILY))
    for host in ("a1", "b2"):
        await home.manager.add_device(settings(host))
    await home.idle()
    await home.manager.stop()

    soon = await ready(open_home, replace(DEFAULTS, schedule=DAILY), Clock(START + HOUR))
    await soon.manager.add_device(settings("a1"))
    await soon.idle()
    assert soon.outcomes == []
    await soon.manager.stop()

    later = await open_home(defaults=replace(DEFAULTS, schedule=DAILY), clock=Clock(START + DAY))
    await later.manager.add_device(settings("a1"))
    await later.manager.add_device(settings("b2", schedule=Schedule(kind=ScheduleKind.MANUAL)))
    later.manager.ready()
    await later.idle()
    assert later.outcomes == [("a1", Trigger.CATCH_UP, Outcome.UNCHANGED)]


async def test_what_failed_before_a_restart_is_tried_after_it(open_home: OpenHome, household: Household) -> None:
    lamp = household.add("a1", off=True)
    home = await ready(open_home, replace(DEFAULTS, schedule=DAILY))
    await home.manager.add_device(settings("a1"))
    await home.idle()
    await home.manager.stop()
    lamp.off = False
    later = await ready(open_home, replace(DEFAULTS, schedule=DAILY), Clock(START + HOUR))
    await later.manager.add_device(settings("a1"))
    await later.idle()
    assert later.outcomes == [("a1", Trigger.CATCH_UP, Outcome.STORED)]


async def test_ahead_of_home_assistants_backup(open_home: OpenHome, household: Household) -> None:
    household.add("a1")
    home = await ready(open_home, Defaults(retry=NO_RETRY))
    await home.manager.add_device(settings("a1"))
    await home.idle()
    shift = spread(A1, AHEAD_SPREAD) - AHEAD
    automatic = datetime(2025, 1, 16, 4, 10, tzinfo=UTC)
    home.manager.set_automatic_backup_time(automatic)
    home.manager.set_automatic_backup_time(automatic)
    assert home.manager.status(A1).next_run == automatic + shift
    await home.advance(automatic)
    assert [result.trigger for result in home.results] == [Trigger.FIRST, Trigger.SCHEDULE]
    home.manager.set_automatic_backup_time(automatic + DAY + timedelta(minutes=50))
    await home.advance(20 * HOUR)
    assert len(home.results) == 2
    assert home.manager.status(A1).next_run == automatic + DAY + timedelta(minutes=50) + shift


async def test_a_backup_that_home_assistant_is_about_to_make_is_run_ahead_of_at_once(
    open_home: OpenHome, household: Household
) -> None:
    household.add("a1")
    home = await ready(open_home, Defaults(retry=NO_RETRY))
    home.manager.set_automatic_backup_time(START + DAY)
    await home.manager.add_device(settings("a1"))
    await home.manager.add_device(settings("b2", schedule=DAILY, schedule_enabled=False))
    household.add("b2")
    await home.advance(5 * HOUR)
    before = len(home.results)
    home.manager.set_automatic_backup_time(home.clock.now + timedelta(minutes=10))
    await home.idle()
    assert [(result.key, result.trigger) for result in home.results[before:]] == [(A1, Trigger.SCHEDULE)]


async def test_another_time_zone_moves_the_runs(open_home: OpenHome, household: Household) -> None:
    household.add("a1")
    home = await ready(open_home, replace(DEFAULTS, schedule=DAILY))
    await home.manager.add_device(settings("a1"))
    await home.idle()
    home.manager.set_zone(ZoneInfo("America/New_York"))
    assert home.manager.status(A1).next_run == datetime(2025, 1, 16, 8, tzinfo=UTC) + SHIFT


async def test_retries_wait_longer_each_time_and_end(open_home: OpenHome, household: Household) -> None:
    lamp = household.add("a1", off=True)
    home = await ready(open_home, replace(DEFAULTS, retry=RETRY))
    await home.manager.add_device(settings("a1"))
    await home.idle()
    first = home.manager.status(A1)
    assert first.retry_at is not None
    assert timedelta(seconds=30) <= first.retry_at - START <= timedelta(seconds=60)
    assert first.health is Health.NEVER
    await home.advance(DAY)
    assert [(result.attempt, result.trigger) for result in home.results] == [
        (1, Trigger.FIRST),
        (2, Trigger.FIRST),
        (3, Trigger.FIRST),
    ]
    assert [result.will_retry_at is not None for result in home.results] == [True, True, False]
    assert home.manager.status(A1).retry_at is None
    lamp.off = False
    await home.manager.back_up_if_late(A1)
    await home.idle()
    assert home.outcomes[-1] == ("a1", Trigger.SEEN_AGAIN, Outcome.STORED)


async def test_a_retry_that_succeeds_ends_the_matter(open_home: OpenHome, household: Household) -> None:
    lamp = household.add("a1", off=True)
    home = await ready(open_home, replace(DEFAULTS, retry=RETRY))
    await home.manager.add_device(settings("a1"))
    await home.idle()
    lamp.off = False
    await home.advance(DAY)
    assert [(result.attempt, result.outcome) for result in home.results] == [
        (1, Outcome.FAILED),
        (2, Outcome.STORED),
    ]


async def test_a_refused_login_that_may_be_too_many_sessions_is_tried_once_more(
    open_home: OpenHome, household: Household
) -> None:
    lamp = household.add("a1", pin="4711", tells_no_difference=True)
    home = await ready(open_home, replace(DEFAULTS, retry=RETRY))
    await home.manager.add_device(settings("a1", config={"pin": "0000"}))
    await home.idle()
    assert (lamp.contacts, home.manager.status(A1).health) == (1, Health.NEVER)
    await home.advance(10 * DAY)
    assert (lamp.contacts, home.manager.status(A1).health) == (2, Health.BLOCKED)
    codes = [result.error and result.error.code for result in home.results]
    assert codes == [DeviceBusyError.code, AuthenticationError.code]

    await home.manager.update_device(settings("a1", config={"pin": "4711"}))
    await home.idle()
    assert home.manager.status(A1).health is Health.OK


async def test_too_many_sessions_that_pass_block_nothing(open_home: OpenHome, household: Household) -> None:
    lamp = household.add("a1", pin="4711", tells_no_difference=True)
    home = await ready(open_home, replace(DEFAULTS, retry=RETRY))
    await home.manager.add_device(settings("a1", config={"pin": "0000"}))
    await home.idle()
    lamp.pin = "0000"
    await home.advance(HOUR)
    assert [result.outcome for result in home.results] == [Outcome.FAILED, Outcome.STORED]
    assert home.manager.status(A1).health is Health.OK


async def test_switching_the_schedule_off_ends_a_pending_retry(open_home: OpenHome, household: Household) -> None:
    household.add("a1", off=True)
    home = await ready(open_home, replace(DEFAULTS, retry=RETRY))
    await home.manager.add_device(settings("a1"))
    await home.idle()
    await home.manager.update_device(settings("a1", schedule_enabled=False))
    assert home.manager.status(A1).retry_at is None
    await home.advance(DAY)
    assert len(home.results) == 1


async def test_a_device_that_asks_for_time_gets_it(open_home: OpenHome, household: Household) -> None:
    household.add("a1", fault=DeviceBusyError(retry_after=1800))
    home = await ready(open_home, replace(DEFAULTS, retry=RETRY))
    await home.manager.add_device(settings("a1"))
    await home.idle()
    assert home.manager.status(A1).retry_at == START + timedelta(seconds=1800)


async def test_what_cannot_pass_is_not_tried_again(open_home: OpenHome, household: Household) -> None:
    household.add("a1", fault=UnsupportedDeviceError())
    home = await ready(open_home, replace(DEFAULTS, retry=RETRY))
    await home.manager.add_device(settings("a1"))
    await home.advance(DAY)
    assert len(home.results) == 1


async def test_a_failure_in_front_of_a_person_is_theirs_to_repeat(open_home: OpenHome, household: Household) -> None:
    lamp = household.add("a1")
    home = await ready(open_home, replace(DEFAULTS, retry=RETRY))
    await home.manager.add_device(settings("a1"))
    await home.idle()
    lamp.off = True
    result = await home.manager.back_up(A1)
    assert result.will_retry_at is None
    await home.advance(DAY)
    assert len(home.results) == 2


async def test_a_persons_success_ends_a_pending_retry(open_home: OpenHome, household: Household) -> None:
    lamp = household.add("a1", off=True)
    home = await ready(open_home, replace(DEFAULTS, retry=RETRY))
    await home.manager.add_device(settings("a1"))
    await home.idle()
    lamp.off = False
    assert (await home.manager.back_up(A1)).outcome is Outcome.STORED
    assert home.manager.status(A1).retry_at is None
    await home.advance(DAY)
    assert len(home.results) == 2


async def test_a_failure_of_a_person_leaves_the_pending_retry(open_home: OpenHome, household: Household) -> None:
    household.add("a1", off=True)
    home = await ready(open_home, replace(DEFAULTS, retry=RETRY))
    await home.manager.add_device(settings("a1"))
    await home.idle()
    pending = home.manager.status(A1).retry_at
    assert (await home.manager.back_up(A1)).outcome is Outcome.FAILED
    assert home.manager.status(A1).retry_at == pending
    await home.advance(DAY)
    assert [result.attempt for result in home.results] == [1, 1, 2, 3]


async def test_a_lamp_that_is_switched_off_is_late_and_only_then_overdue(
    open_home: OpenHome, household: Household
) -> None:
    lamp = household.add("a1")
    home = await ready(open_home, replace(DEFAULTS, schedule=DAILY))
    await home.manager.add_device(settings("a1"))
    await home.idle()
    lamp.off = True
    await home.advance(2 * DAY)
    assert home.manager.status(A1).health is Health.LATE
    home.events.clear()
    await home.advance(START + 3 * DAY + timedelta(seconds=1))
    assert home.manager.status(A1).health is Health.OVERDUE
    assert home.events[-1] == StatusChanged(key=A1)
    lamp.off = False
    await home.manager.back_up_if_late(A1)
    await home.idle()
    assert home.outcomes[-1] == ("a1", Trigger.SEEN_AGAIN, Outcome.UNCHANGED)
    assert home.manager.status(A1).health is Health.OK


async def test_only_a_late_device_is_backed_up_when_seen_and_not_too_often(
    open_home: OpenHome, household: Household
) -> None:
    lamp = household.add("a1")
    home = await ready(open_home, replace(DEFAULTS, schedule=DAILY))
    await home.manager.add_device(settings("a1"))
    await home.idle()
    await home.advance(HOUR)
    await home.manager.back_up_if_late(A1)
    await home.manager.back_up_if_late(key("unknown"))
    await home.idle()
    assert len(home.results) == 1
    lamp.off = True
    await home.manager.back_up(A1)
    for _ in range(5):
        await home.manager.back_up_if_late(A1)
    await home.idle()
    assert len(home.results) == 2
    await home.advance(timedelta(minutes=2))
    await home.manager.back_up_if_late(A1)
    await home.idle()
    assert len(home.results) == 3


async def test_the_persons_limit_for_overdue(open_home: OpenHome, household: Household) -> None:
    for host in ("a1", "b2", "c3"):
        household.add(host)
    home = await ready(open_home, replace(DEFAULTS, schedule=DAILY, overdue_days=1))
    await home.manager.add_device(settings("a1"))
    await home.manager.add_device(settings("b2", overdue_days=10))
    await home.manager.add_device(settings("c3", overdue_days="never"))
    await home.idle()
    for lamp in household.lamps.values():
        lamp.off = True
    await home.advance(2 * DAY)
    assert [status.health for status in home.manager.statuses()] == [Health.OVERDUE, Health.LATE, Health.LATE]
    await home.advance(20 * DAY)
    assert [status.health for status in home.manager.statuses()] == [Health.OVERDUE, Health.OVERDUE, Health.LATE]


async def test_a_clock_that_goes_back_loses_no_run(open_home: OpenHome, household: Household) -> None:
    household.add("a1")
    home = await ready(open_home, replace(DEFAULTS, schedule=EVERY_HOUR))
    await home.manager.add_device(settings("a1"))
    await home.idle()
    home.clock.now -= timedelta(days=30)
    await home.manager.update_device(settings("a1"))
    await home.advance(2 * HOUR)
    assert len(home.results) == 3


async def test_a_timer_that_fires_early_doubles_nothing(open_home: OpenHome, household: Household) -> None:
    household.add("a1")
    home = await ready(open_home, replace(DEFAULTS, schedule=EVERY_HOUR))
    await home.manager.add_device(settings("a1"))
    await home.idle()
    slot = home.manager.status(A1).next_run
    assert slot is not None
    home.timers.fire_next()
    home.clock.now = slot - timedelta(milliseconds=20)
    await home.idle()
    following = home.manager.status(A1).next_run
    assert following == slot + HOUR
