from collections import Counter
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ha_device_backup_core.errors import ConfigError
from ha_device_backup_core.policies.schedule import (
    AHEAD,
    AHEAD_SPREAD,
    CLOCK_SPREAD,
    CRON_SPREAD,
    Schedule,
    ScheduleKind,
    interval_of,
    is_missed,
    next_run,
    spread,
)
from ha_device_backup_core.records import DeviceKey

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "America/Santiago",
        "Africa/Cairo",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Pacific/Apia",
    )
]
KEY = DeviceKey("lamp", "a1b2c3d4e5f6")
BEFORE = Schedule(kind=ScheduleKind.BEFORE_HOME_ASSISTANT_BACKUP)
MANUAL = Schedule(kind=ScheduleKind.MANUAL)


def hours(number: int) -> Schedule:
    return Schedule(kind=ScheduleKind.HOURS, hours=number)


def daily(at: str) -> Schedule:
    return Schedule(kind=ScheduleKind.DAILY, at=time.fromisoformat(at))


def weekly(weekday: int, at: str) -> Schedule:
    return Schedule(kind=ScheduleKind.WEEKLY, weekday=weekday, at=time.fromisoformat(at))


def cron(expression: str) -> Schedule:
    return Schedule(kind=ScheduleKind.CRON, cron=expression)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def runs(schedule: Schedule, start: datetime, end: datetime, zone: ZoneInfo, **more: datetime) -> list[datetime]:
    found: list[datetime] = []
    after = start
    while (run := next_run(schedule, after=after, zone=zone, key=KEY, **more)) is not None and run <= end:
        assert run > after
        found.append(run)
        after = run
    return found


every_schedule = st.one_of(
    st.builds(hours, st.integers(1, 72)),
    st.builds(Schedule, kind=st.just(ScheduleKind.DAILY), at=st.times().map(lambda at: at.replace(microsecond=0))),
    st.builds(Schedule, kind=st.just(ScheduleKind.WEEKLY), at=st.times(), weekday=st.integers(0, 6)),
    st.sampled_from(["30 3 * * *", "30 2 * * *", "0 */6 * * *", "*/15 * * * *", "0 0 * * 1-5", "10 1 L * *"]).map(cron),
    st.just(BEFORE),
)
moments = st.integers(0, 4 * 366 * 86400).map(
    lambda seconds: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
keys = st.builds(DeviceKey, st.just("lamp"), st.text("0123456789abcdef", min_size=12, max_size=12))


@given(schedule=every_schedule, after=moments, zone=st.sampled_from(ZONES), key=keys, automatic=st.none() | moments)
def test_the_next_run_is_the_same_from_every_moment_before_it(
    schedule: Schedule, after: datetime, zone: ZoneInfo, key: DeviceKey, automatic: datetime | None
) -> None:
    run = next_run(schedule, after=after, zone=zone, key=key, automatic_backup=automatic)
    assert run is not None
    assert run > after
    for share in (0.01, 0.5, 0.999):
        between = after + (run - after) * share
        assert next_run(schedule, after=between, zone=zone, key=key, automatic_backup=automatic) == run
    later = next_run(schedule, after=run, zone=zone, key=key, automatic_backup=automatic)
    assert later is not None
    assert later > run


@given(at=st.times(), zone=st.sampled_from(ZONES), start=moments)
def test_daily_runs_once_on_every_local_day(at: time, zone: ZoneInfo, start: datetime) -> None:
    shift = spread(KEY, CLOCK_SPREAD)
    schedule = Schedule(kind=ScheduleKind.DAILY, at=at.replace(second=0, microsecond=0))
    gaps = [later - earlier for earlier, later in pairwise(runs(schedule, start, start + timedelta(days=20), zone))]
    assert all(timedelta(hours=22) < gap < timedelta(hours=26) for gap in gaps), (shift, gaps)


@given(schedule=every_schedule)
def test_a_schedule_survives_its_plain_values(schedule: Schedule) -> None:
    assert Schedule.from_dict(schedule.to_dict()) == schedule


@given(key=keys, window=st.timedeltas(timedelta(minutes=1), timedelta(days=3)))
def test_a_device_keeps_its_share_of_the_window(key: DeviceKey, window: timedelta) -> None:
    assert timedelta() <= spread(key, window) < window
    assert spread(key, window) == spread(key, window)


def test_devices_are_spread_over_the_whole_window() -> None:
    window = timedelta(minutes=40)
    tenths = Counter(spread(DeviceKey("lamp", f"{number:012x}"), window) // (window / 10) for number in range(1000))
    assert set(tenths) == set(range(10))
    assert max(tenths.values()) < 200


@pytest.mark.parametrize(
    ("schedule", "after", "expected"),
    [
        # Clocks go forward: 02:00 is 03:00 on 2025-03-30.
        (daily("02:30"), "2025-03-29T02:00", ["2025-03-30T01:30", "2025-03-31T00:30"]),
        (daily("03:00"), "2025-03-29T03:00", ["2025-03-30T01:00", "2025-03-31T01:00"]),
        # Clocks go back: 02:00 to 03:00 comes twice on 2025-10-26.
        (daily("02:30"), "2025-10-25T02:00", ["2025-10-26T00:30", "2025-10-27T01:30"]),
        (daily("03:00"), "2025-10-25T02:00", ["2025-10-26T02:00", "2025-10-27T02:00"]),
        (weekly(6, "02:30"), "2025-03-24T00:00", ["2025-03-30T01:30", "2025-04-06T00:30"]),
        (weekly(6, "02:30"), "2025-10-20T00:00", ["2025-10-26T00:30", "2025-11-02T01:30"]),
    ],
)
def test_clock_times_around_the_change_of_clocks(schedule: Schedule, after: str, expected: list[str]) -> None:
    shift = spread(KEY, CLOCK_SPREAD)
    found = runs(schedule, utc(after), utc(expected[-1]) + shift, BERLIN)
    assert found == [utc(text) + shift for text in expected]


@pytest.mark.parametrize(
    ("expression", "after", "expected"),
    [
        ("30 2 * * *", "2025-03-29T02:00", ["2025-03-30T01:00", "2025-03-31T00:30"]),
        ("30 2 * * *", "2025-10-25T02:00", ["2025-10-26T00:30", "2025-10-27T01:30"]),
        ("0 * * * *", "2025-03-29T23:30", ["2025-03-30T00:00", "2025-03-30T01:00", "2025-03-30T02:00"]),
        ("0 * * * *", "2025-10-25T23:30", ["2025-10-26T00:00", "2025-10-26T01:00", "2025-10-26T02:00"]),
    ],
)
def test_cron_around_the_change_of_clocks(expression: str, after: str, expected: list[str]) -> None:
    shift = spread(KEY, CRON_SPREAD)
    found = runs(cron(expression), utc(after), utc(expected[-1]) + shift, BERLIN)
    assert found == [utc(text) + shift for text in expected]


def test_cron_is_not_doubled_when_asked_in_the_second_of_two_equal_hours() -> None:
    after = utc("2025-10-26T01:10")
    assert next_run(cron("30 2 * * *"), after=after, zone=BERLIN, key=KEY) == utc("2025-10-27T01:30") + spread(
        KEY, CRON_SPREAD
    )


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("expression", ["30 2 * * *", "0 0 * * *", "15 1 * * *"])
def test_cron_once_a_day_runs_once_a_day_all_year(expression: str, zone: ZoneInfo) -> None:
    shift = spread(KEY, CRON_SPREAD)
    found = runs(cron(expression), utc("2025-01-01T12:00"), utc("2026-01-01T12:00"), zone)
    days = Counter((run - shift).astimezone(zone).date() for run in found)
    assert set(days.values()) == {1}
    assert len(days) == 365


def test_hours_keep_their_distance_across_the_change_of_clocks() -> None:
    found = runs(hours(6), utc("2025-03-28T00:00"), utc("2025-04-02T00:00"), BERLIN)
    assert {later - earlier for earlier, later in pairwise(found)} == {timedelta(hours=6)}


def test_manual_never_runs() -> None:
    assert next_run(MANUAL, after=utc("2025-01-01T00:00"), zone=BERLIN, key=KEY) is None
    assert not is_missed(MANUAL, last_attempt=None, now=utc("2025-01-01T00:00"), zone=BERLIN, key=KEY)


class TestAheadOfHomeAssistantsBackup:
    def test_it_starts_an_hour_before_and_all_have_begun_before_it(self) -> None:
        automatic = utc("2025-01-16T03:45")
        for number in range(200):
            key = DeviceKey("lamp", str(number))
            run = next_run(BEFORE, after=utc("2025-01-15T20:00"), zone=BERLIN, key=key, automatic_backup=automatic)
            assert run is not None
            assert automatic - AHEAD <= run < automatic - AHEAD + AHEAD_SPREAD < automatic

    def test_it_runs_daily_at_that_time_when_home_assistants_backup_is_days_away(self) -> None:
        automatic = utc("2025-04-04T02:45")
        shift = spread(KEY, AHEAD_SPREAD) - AHEAD
        found = runs(BEFORE, utc("2025-03-28T12:00"), automatic, BERLIN, automatic_backup=automatic)
        assert found == [
            utc(text) + shift
            for text in (
                "2025-03-29T03:45",
                "2025-03-30T02:45",
                "2025-03-31T02:45",
                "2025-04-01T02:45",
                "2025-04-02T02:45",
                "2025-04-03T02:45",
                "2025-04-04T02:45",
            )
        ]

    def test_without_a_known_time_it_runs_nightly(self) -> None:
        shift = spread(KEY, AHEAD_SPREAD) - AHEAD
        found = runs(BEFORE, utc("2025-03-28T12:00"), utc("2025-03-31T12:00"), BERLIN)
        assert found == [utc(text) + shift for text in ("2025-03-29T03:45", "2025-03-30T02:45", "2025-03-31T02:45")]

    def test_home_assistants_jitter_doubles_nothing(self) -> None:
        shift = spread(KEY, AHEAD_SPREAD) - AHEAD
        ran = utc("2025-01-16T03:45") + shift
        after_backup = utc("2025-01-16T03:46")
        tomorrow = utc("2025-01-17T04:40")
        run = next_run(BEFORE, after=after_backup, zone=BERLIN, key=KEY, automatic_backup=tomorrow, last_run=ran)
        assert run == tomorrow + shift
        assert not is_missed(
            BEFORE,
            last_attempt=ran,
            now=utc("2025-01-16T05:00"),
            zone=BERLIN,
            key=KEY,
            automatic_backup=tomorrow,
        )

    def test_a_run_just_before_is_fresh_enough(self) -> None:
        automatic = utc("2025-01-16T03:45")
        shift = spread(KEY, AHEAD_SPREAD) - AHEAD
        by_hand = automatic + shift - timedelta(hours=1)
        run = next_run(BEFORE, after=by_hand, zone=BERLIN, key=KEY, automatic_backup=automatic, last_run=by_hand)
        assert run == automatic + timedelta(days=1) + shift

    def test_a_restart_before_the_run_does_not_lose_it(self) -> None:
        automatic = utc("2025-01-19T03:45")
        yesterday = utc("2025-01-15T03:00")
        run = next_run(
            BEFORE, after=utc("2025-01-16T02:00"), zone=BERLIN, key=KEY, automatic_backup=automatic, last_run=yesterday
        )
        assert run == utc("2025-01-16T03:45") + spread(KEY, AHEAD_SPREAD) - AHEAD

    def test_it_is_missed_when_the_time_moved_into_the_next_minutes(self) -> None:
        now = utc("2025-01-15T12:00")
        soon = now + timedelta(minutes=10)
        assert is_missed(
            BEFORE, last_attempt=utc("2025-01-15T03:00"), now=now, zone=BERLIN, key=KEY, automatic_backup=soon
        )


@pytest.mark.parametrize(
    ("schedule", "last_attempt", "now", "expected"),
    [
        (daily("03:00"), "2025-01-15T02:30", "2025-01-15T20:00", False),
        (daily("03:00"), "2025-01-15T02:30", "2025-01-16T20:00", True),
        (daily("03:00"), "2025-01-15T02:30", "2025-01-16T01:59", False),
        (hours(1), "2025-01-15T02:30", "2025-01-15T03:31", True),
        (weekly(0, "03:00"), "2025-01-13T12:00", "2025-01-19T12:00", False),
        (weekly(0, "03:00"), "2025-01-13T12:00", "2025-01-20T12:00", True),
        (cron("0 3 * * 1-5"), "2025-01-17T12:00", "2025-01-19T12:00", False),
        (cron("0 3 * * 1-5"), "2025-01-17T12:00", "2025-01-20T12:00", True),
        (BEFORE, "2025-01-15T03:20", "2025-01-15T23:00", False),
        (BEFORE, "2025-01-15T03:20", "2025-01-16T23:00", True),
        (BEFORE, None, "2025-01-16T23:00", True),
    ],
)
def test_a_run_that_was_due_since_the_last_attempt_is_missed(
    schedule: Schedule, last_attempt: str | None, now: str, expected: bool
) -> None:
    attempt = None if last_attempt is None else utc(last_attempt)
    assert is_missed(schedule, last_attempt=attempt, now=utc(now), zone=BERLIN, key=KEY) is expected


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (MANUAL, None),
        (BEFORE, timedelta(days=1)),
        (hours(6), timedelta(hours=6)),
        (daily("03:00"), timedelta(days=1)),
        (weekly(2, "03:00"), timedelta(days=7)),
        (cron("0 3 * * 1-5"), timedelta(days=3)),
        (cron("0 3 1 * *"), timedelta(days=31)),
    ],
)
def test_interval(schedule: Schedule, expected: timedelta | None) -> None:
    assert interval_of(schedule, zone=ZoneInfo("UTC"), now=utc("2025-01-15T12:00")) == expected


@pytest.mark.parametrize(
    ("values", "field", "corrected"),
    [
        ({"kind": "sometimes"}, "schedule", {"kind": "manual"}),
        ({}, "schedule", {"kind": "before_backup"}),
        ({"kind": "hours"}, "hours", {"kind": "hours", "hours": 6.0}),
        ({"kind": "hours", "hours": 0}, "hours", {"kind": "hours", "hours": 1}),
        ({"kind": "hours", "hours": 745}, "hours", {"kind": "hours", "hours": 744}),
        ({"kind": "hours", "hours": 1.5}, "hours", {"kind": "hours", "hours": "1"}),
        ({"kind": "hours", "hours": True}, "hours", {"kind": "hours", "hours": 2}),
        ({"kind": "hours", "hours": "six"}, "hours", {"kind": "hours", "hours": "6"}),
        ({"kind": "hours", "hours": float("inf")}, "hours", {"kind": "hours", "hours": 6}),
        ({"kind": "daily"}, "at", {"kind": "daily", "at": "03:00"}),
        ({"kind": "daily", "at": "25:00"}, "at", {"kind": "daily", "at": "23:00:00"}),
        ({"kind": "daily", "at": "03:00+01:00"}, "at", {"kind": "daily", "at": time(3)}),
        ({"kind": "weekly", "at": "03:00"}, "weekday", {"kind": "weekly", "at": "03:00", "weekday": 0}),
        ({"kind": "weekly", "at": "03:00", "weekday": 7}, "weekday", {"kind": "weekly", "at": "03:00", "weekday": 6}),
        ({"kind": "cron"}, "cron", {"kind": "cron", "cron": "0 3 * * *"}),
        ({"kind": "cron", "cron": "0 0 3 * * *"}, "cron", {"kind": "cron", "cron": "0 3 * * *"}),
        ({"kind": "cron", "cron": "61 3 * * *"}, "cron", {"kind": "cron", "cron": "59 3 * * *"}),
        ({"kind": "cron", "cron": "0 3 31 2 *"}, "cron", {"kind": "cron", "cron": "0 3 29 2 *"}),
        ({"kind": "cron", "cron": "0 3 * 2 1#5"}, None, {"kind": "cron", "cron": "0 3 * * *"}),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(
    values: dict[str, object], field: str | None, corrected: dict[str, object]
) -> None:
    if field is not None:
        with pytest.raises(ConfigError) as refused:
            Schedule.from_dict(values)
        assert refused.value.field == field
        assert refused.value.detail_in()
    assert Schedule.from_dict(corrected).to_dict()["kind"] == corrected["kind"]


@pytest.mark.parametrize(("expression", "number"), [("61 3 * * *", 1), ("0 3 32 * *", 3), ("0 3 * * 9", 5)])
def test_the_field_of_a_cron_expression_is_named_in_each_language(expression: str, number: int) -> None:
    with pytest.raises(ConfigError) as refused:
        cron(expression)
    assert refused.value.detail_in("de") == f"Der Cron-Ausdruck hat einen Fehler in Feld {number} von fünf."
