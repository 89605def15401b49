"""How a device is doing, judged from what is stored and from its last attempt; pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from ha_device_backup_core.contract import Note
from ha_device_backup_core.errors import AgentAwayError, CannotConnectError, DeviceBusyError, PersonRequiredError
from ha_device_backup_core.records import Attempt, Backup, Outcome

from .settings import OverdueDays

LEAST_OVERDUE = timedelta(days=3)
_PASSING = frozenset({AgentAwayError.code, CannotConnectError.code, DeviceBusyError.code})
"""Errors that are everyday: lamps are switched off at the wall."""


def is_passing(error: str | None) -> bool:
    """Return whether a failure with this error says only that the device was away or busy, not that something broke."""
    return error in _PASSING


class Health(StrEnum):
    """How a device is doing; all but OK, NEVER, LATE and LAST_NOT_WHOLE are problems."""

    OK = "ok"
    NEVER = "never"
    """Nothing was stored yet."""
    LATE = "late"
    """The last attempt did not reach it, or is about to be repeated."""
    OVERDUE = "overdue"
    """It has been late for longer than the person's limit."""
    BLOCKED = "blocked"
    """The login was refused; nothing is tried until it changes."""
    FAILING = "failing"
    """It answers, but cannot be backed up."""
    SUSPECT = "suspect"
    """What was backed up last looks as if the device had lost its configuration."""
    LAST_NOT_WHOLE = "last_not_whole"
    """What it gave last lacks something, but there is a whole backup that is not too old."""
    NOT_WHOLE = "not_whole"
    """It is backed up, but no backup is whole, or none was for longer than the person's limit."""
    PERSON_NEEDED = "person_needed"
    """It is backed up, but only a person can make a whole backup, and there is none, or none that is fresh."""

    @property
    def is_problem(self) -> bool:
        """Return whether a person has to do something."""
        return self not in (Health.OK, Health.NEVER, Health.LATE, Health.LAST_NOT_WHOLE)


def with_last_backup(
    health: Health, latest: Backup | None, whole: Backup | None, *, limit: timedelta | None, now: datetime
) -> Health:
    """Return the health of a device in view of what it gave last: suspect, or not whole.

    `whole` is the newest backup without a gap. Where there is none, nothing can be restored as it was, so the gap is
    a problem at once; else it is one when it lasts, as it may pass by the next backup.
    """
    if latest is None or health in (Health.BLOCKED, Health.FAILING):
        return health
    if latest.suspect:
        return Health.SUSPECT
    if health is Health.PERSON_NEEDED or not open_gaps(latest, whole):
        return health
    if health is Health.OVERDUE:
        fresh = latest.confirmed or latest.taken_at
        is_answering = limit is not None and now - fresh <= limit
        return Health.NOT_WHOLE if is_answering else health
    if whole is None:
        return Health.NOT_WHOLE
    return Health.LAST_NOT_WHOLE if health is Health.OK else health


def open_gaps(latest: Backup, whole: Backup | None) -> tuple[Note, ...]:
    """Return what the last backup lacks that nobody accepted.

    What only a person can get is no gap while a whole backup has it: the reminder asks for the next one.
    """
    return tuple(note for note in latest.flaws if whole is None or not note.needs_person)


def overdue_limit(overdue_days: OverdueDays, interval: timedelta | None) -> timedelta | None:
    """Return the age at which a device becomes a problem; None for never."""
    if overdue_days == "never":
        return None
    if overdue_days is not None:
        return timedelta(days=overdue_days)
    return None if interval is None else max(LEAST_OVERDUE, 3 * interval)


def fresh_at(recommended: Backup | None, newest: Backup | None) -> datetime | None:
    """Return when the device was last found equal to its recommended backup, or to any where none is recommended."""
    backup = recommended or newest
    return None if backup is None else backup.confirmed or backup.taken_at


def person_needed_from(
    newest_whole: Backup | None, latest: Backup | None, *, needs_person: bool, remind_days: int
) -> datetime | None:
    """Return from when a person has to start a backup: `needs_person` says that only then it can be whole."""
    if not needs_person or latest is None:
        return None
    if newest_whole is None:
        return latest.taken_at
    fresh = newest_whole.confirmed or newest_whole.taken_at
    return fresh + timedelta(days=remind_days) if remind_days else None


def health_of(
    *,
    fresh: datetime | None,
    added_at: datetime | None,
    last_attempt: Attempt | None,
    blocked: bool,
    retrying: bool,
    limit: timedelta | None,
    now: datetime,
    due: datetime | None = None,
) -> Health:
    """Return the device's health; `retrying` means that a failed attempt is repeated, `due` when it needs a person."""
    failed = last_attempt is not None and last_attempt.outcome is Outcome.FAILED
    error = None if last_attempt is None else last_attempt.error
    unconfirmed = error == PersonRequiredError.code
    passing = retrying or unconfirmed or is_passing(error)
    if blocked:
        return Health.BLOCKED
    if failed and not passing:
        return Health.FAILING
    since = fresh or added_at
    if since is not None and limit is not None and now - since > limit:
        return Health.OVERDUE
    if (due is not None and due <= now) or (unconfirmed and fresh is None):
        return Health.PERSON_NEEDED
    if fresh is None:
        return Health.NEVER
    return Health.LATE if failed else Health.OK
