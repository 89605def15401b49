"""When a device is backed up next, and whether a run was missed: pure functions over one `Schedule`."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from itertools import count, islice

from cronsim import CronSim, CronSimError

from ..errors import ConfigError
from ..records import DeviceKey
from ..text import Text, _

MAX_HOURS = 31 * 24
AHEAD = timedelta(hours=1)
"""How long before Home Assistant's own automatic backup the devices begin."""
AHEAD_SPREAD = timedelta(minutes=40)
CLOCK_SPREAD = timedelta(minutes=10)
CRON_SPREAD = timedelta(minutes=1)
USUAL_AUTOMATIC_BACKUP = time(4, 45)
"""Home Assistant's default; stands in while the true time is not known."""
STILL_FRESH_AHEAD = timedelta(hours=2)
STILL_FRESH_BETWEEN = timedelta(hours=12)
_DAY = timedelta(days=1)
_KIND: Text = _("Choose one of the schedules.")
_HOURS: Text = _("Enter a number of hours from 1 to {max_hours}.", max_hours=MAX_HOURS)
_TIME: Text = _("Enter a time of day, such as 03:30.")
_WEEKDAY: Text = _("Choose a day of the week.")
_NUMBER: Text = _("Enter a whole number.")
_CRON: Text = _("Enter the five fields of a cron expression, such as “30 3 * * *” for 03:30 every day.")
_CRON_NEVER: Text = _("This cron expression never comes true.")
_CRON_FIELDS = ("minute", "hour", "day-of-month", "month", "day-of-week")
"""As cronsim names them in its errors."""
_GAPS_LOOKED_AT = 32


class ScheduleKind(StrEnum):
    """The ways to say when a device is backed up."""

    BEFORE_HOME_ASSISTANT_BACKUP = "before_backup"
    HOURS = "hours"
    DAILY = "daily"
    WEEKLY = "weekly"
    CRON = "cron"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a device is backed up; clock times are in the home's time zone."""

    kind: ScheduleKind
    hours: int | None = None
    at: time | None = None
    weekday: int | None = None
    """0 is Monday."""
    cron: str | None = None

    def __post_init__(self) -> None:
        """Raise ConfigError for what is missing or cannot be."""
        if self.kind is ScheduleKind.HOURS and not (self.hours and 1 <= self.hours <= MAX_HOURS):
            raise ConfigError("hours", _HOURS)
        if self.kind in (ScheduleKind.DAILY, ScheduleKind.WEEKLY) and (self.at is None or self.at.tzinfo is not None):
            raise ConfigError("at", _TIME)
        if self.kind is ScheduleKind.WEEKLY and self.weekday not in range(7):
            raise ConfigError("weekday", _WEEKDAY)
        if self.kind is ScheduleKind.CRON:
            _check_cron(self.cron)

    def to_dict(self) -> dict[str, object]:
        """Return it as plain values, for JSON."""
        values: dict[str, object] = {"kind": self.kind.value}
        if self.hours is not None:
            values["hours"] = self.hours
        if self.at is not None:
            values["at"] = self.at.isoformat()
        if self.weekday is not None:
            values["weekday"] = self.weekday
        if self.cron is not None:
            values["cron"] = self.cron
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, object]) -> "Schedule":
        """Return what `to_dict` gave; raises ConfigError for anything else."""
        try:
            kind = ScheduleKind(str(values.get("kind")))
        except ValueError:
            raise ConfigError("schedule", _KIND) from None
        return cls(
            kind=kind,
            hours=_whole_number("hours", values.get("hours")),
            at=_clock_time(values.get("at")),
            weekday=_whole_number("weekday", values.get("weekday")),
            cron=None if values.get("cron") is None else str(values["cron"]),
        )


def next_run(
    schedule: Schedule,
    *,
    after: datetime,
    zone: tzinfo,
    key: DeviceKey,
    automatic_backup: datetime | None = None,
    last_run: datetime | None = None,
) -> datetime | None:
    """Return the first run later than `after`, in UTC; None when there is none.

    `automatic_backup` is the next automatic backup of Home Assistant, `last_run` the device's last successful attempt.
    """
    after = after.astimezone(UTC)
    match schedule.kind:
        case ScheduleKind.MANUAL:
            return None
        case ScheduleKind.BEFORE_HOME_ASSISTANT_BACKUP:
            return _ahead_of(automatic_backup, after, zone, key, last_run)
        case _:
            return next((run for run in _runs(schedule, after, zone, key) if run > after), None)


def is_missed(
    schedule: Schedule,
    *,
    last_attempt: datetime | None,
    now: datetime,
    zone: tzinfo,
    key: DeviceKey,
    automatic_backup: datetime | None = None,
) -> bool:
    """Return whether a run was due since the last attempt."""
    if schedule.kind is ScheduleKind.MANUAL:
        return False
    if last_attempt is None:
        return True
    due = next_run(
        schedule, after=last_attempt, zone=zone, key=key, automatic_backup=automatic_backup, last_run=last_attempt
    )
    return due is not None and due <= now


def interval_of(schedule: Schedule, *, zone: tzinfo, now: datetime) -> timedelta | None:
    """Return the longest usual time between two runs; None for manual only."""
    match schedule.kind:
        case ScheduleKind.MANUAL:
            return None
        case ScheduleKind.HOURS:
            return timedelta(hours=schedule.hours or 0)
        case ScheduleKind.WEEKLY:
            return 7 * _DAY
        case ScheduleKind.CRON:
            return _longest_gap(schedule.cron or "", now.astimezone(zone).replace(day=1).date(), zone)
        case _:
            return _DAY


def spread(key: DeviceKey, window: timedelta) -> timedelta:
    """Return the device's own share of the window: always the same, different from device to device."""
    number = int.from_bytes(hashlib.sha256(str(key).encode()).digest()[:4])
    return timedelta(seconds=int(window.total_seconds() * number / 2**32))


def _runs(schedule: Schedule, after: datetime, zone: tzinfo, key: DeviceKey) -> Iterator[datetime]:
    """Yield runs in order, beginning at or before the first one later than `after`."""
    match schedule.kind:
        case ScheduleKind.HOURS:
            yield from _every(timedelta(hours=schedule.hours or 1), after, key)
        case ScheduleKind.CRON:
            shift = spread(key, CRON_SPREAD)
            yield from (run + shift for run in _cron_runs(schedule.cron or "", after - shift, zone))
        case _:
            shift = spread(key, CLOCK_SPREAD)
            yield from (run + shift for run in _clock_runs(schedule, after - shift, zone))


def _every(interval: timedelta, after: datetime, key: DeviceKey) -> Iterator[datetime]:
    """Count from the epoch: neither a restart nor a changed clock moves the runs."""
    first = datetime(1970, 1, 1, tzinfo=UTC) + spread(key, interval)
    done = (after - first) // interval
    return (first + number * interval for number in count(done))


def _clock_runs(schedule: Schedule, after: datetime, zone: tzinfo) -> Iterator[datetime]:
    at = schedule.at or time()
    day = after.astimezone(zone).date() - _DAY
    for number in count():
        today = day + number * _DAY
        if schedule.weekday is None or schedule.kind is ScheduleKind.DAILY or today.weekday() == schedule.weekday:
            yield datetime.combine(today, at, tzinfo=zone).astimezone(UTC)


def _cron_runs(expression: str, after: datetime, zone: tzinfo) -> Iterator[datetime]:
    for run in CronSim(expression, after.astimezone(zone)):
        if (at := run.astimezone(UTC)) > after:
            yield at


def _ahead_of(
    automatic_backup: datetime | None, after: datetime, zone: tzinfo, key: DeviceKey, last_run: datetime | None
) -> datetime | None:
    """Run ahead of the automatic backup, and at the same time of every day on which there is none."""
    shift = spread(key, AHEAD_SPREAD) - AHEAD
    backup = automatic_backup or datetime.combine(after.astimezone(zone).date(), USUAL_AUTOMATIC_BACKUP, tzinfo=zone)
    local = backup.astimezone(zone).replace(tzinfo=None)
    day = min(after.astimezone(zone).date(), local.date()) - _DAY
    for number in count():
        today = day + number * _DAY
        ahead = automatic_backup is not None and today == local.date()
        wall = backup if ahead else datetime.combine(today, local.time(), tzinfo=zone)
        run = wall.astimezone(UTC) + shift
        still_fresh = STILL_FRESH_AHEAD if ahead else STILL_FRESH_BETWEEN
        if run > after and (last_run is None or run - last_run > still_fresh):
            return run
    raise AssertionError("days do not end")


@lru_cache(maxsize=64)
def _longest_gap(expression: str, start: date, zone: tzinfo) -> timedelta:
    """Look at the next runs only as far as a year, so that rare ones are found quickly."""
    runs = _cron_runs(expression, datetime.combine(start, time(), tzinfo=zone).astimezone(UTC), zone)
    earlier, longest = next(runs), timedelta()
    horizon = earlier + timedelta(days=366)
    for later in islice(runs, _GAPS_LOOKED_AT):
        longest = max(longest, later - earlier)
        if later > horizon:
            break
        earlier = later
    return longest


def _check_cron(expression: str | None) -> None:
    if expression is None or len(expression.split()) != 5:
        raise ConfigError("cron", _CRON)
    try:
        next(CronSim(expression, datetime(2024, 1, 1, tzinfo=UTC)))
    except (CronSimError, StopIteration) as error:
        raise ConfigError("cron", _CRON_NEVER if isinstance(error, StopIteration) else _cron_refused(error)) from error


def _cron_refused(error: Exception) -> Text:
    field = str(error).removeprefix("Bad ")
    if field not in _CRON_FIELDS:
        return _CRON
    return _("The cron expression has a mistake in field {number} of five.", number=_CRON_FIELDS.index(field) + 1)


def _whole_number(name: str, value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ConfigError(name, _NUMBER)
    try:
        number = float(value)
        whole = int(number)
    except (ValueError, OverflowError):
        raise ConfigError(name, _NUMBER) from None
    if whole != number:
        raise ConfigError(name, _NUMBER)
    return whole


def _clock_time(value: object) -> time | None:
    if value is None or isinstance(value, time):
        return value
    try:
        return time.fromisoformat(str(value))
    except ValueError:
        raise ConfigError("at", _TIME) from None
