"""What the manager keeps in memory about one device, so that nobody has to read the disk to know how it is."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ha_device_backup_core.contract import Person
from ha_device_backup_core.records import (
    Attempt,
    Backup,
    DeviceKey,
    Outcome,
    PutBack,
    StoredSummary,
    Trigger,
    UnfinishedRestore,
)
from ha_device_backup_core.text import Text

from .events import DeviceStatus, JobResult, ShownPrompt
from .health import Health, fresh_at, health_of, overdue_limit, person_needed_from, with_last_backup
from .job_queue import Job, Priority
from .settings import DeviceSettings, EffectiveSettings, endpoint

if TYPE_CHECKING:
    from .agenda import Moment

BY_PERSON = frozenset({Trigger.MANUAL, Trigger.BEFORE_RESTORE})
"""Somebody waits for the result: it comes first, and a failure is theirs to repeat."""
_RANK = (Trigger.MANUAL, Trigger.AFTER_UPDATE, Trigger.BEFORE_UPDATE)


@dataclass(slots=True, kw_only=True)
class BackupRequest:
    """Everybody who asked for the same backup job."""

    trigger: Trigger
    person: Person | None = None
    attempt: int = 1
    retry_trigger: Trigger | None = None
    """The unattended request, if any, for which a failure is tried again later; a person repeats it themselves."""
    job: Job[JobResult] | None = None
    is_partly_restored: bool = False
    """A restore right before could not put all of the backup on the device."""

    @property
    def priority(self) -> Priority:
        """Return its place in the queue."""
        return Priority.PERSON if self.trigger in BY_PERSON else Priority.UNATTENDED

    @property
    def is_waiting(self) -> bool:
        """Return whether it has not begun."""
        return self.job is not None and self.job.task is None

    @property
    def is_running(self) -> bool:
        """Return whether it has begun and not ended."""
        return self.job is not None and self.job.task is not None and not self.job.done.done()

    def also_serves(self, trigger: Trigger, person: Person | None) -> bool:
        """Return whether this job, already running, also answers a request that comes now."""
        comes_in_time = self.job is not None and not self.job.is_read and trigger is not Trigger.AFTER_UPDATE
        return comes_in_time and (person is None or self.person is not None)

    def join(self, trigger: Trigger, person: Person | None) -> None:
        """Let another request be answered by this job too."""
        self.trigger = _higher_rank(self.trigger, trigger)
        self.person = self.person or person
        self.retry_for(trigger)

    def retry_for(self, trigger: Trigger) -> None:
        """Have a failure tried again for an unattended request, as that and without anybody: never as a person's."""
        if trigger not in BY_PERSON:
            self.retry_trigger = trigger if self.retry_trigger is None else _higher_rank(self.retry_trigger, trigger)


@dataclass(slots=True, kw_only=True, eq=False)
class TrackedDevice:
    """One device in memory."""

    settings: DeviceSettings
    effective: EffectiveSettings
    interval: timedelta | None
    summary: StoredSummary | None = None
    latest: Backup | None = None
    """What the last fetch stored or found unchanged."""
    last_attempt: Attempt | None = None
    blocked: bool = False
    requests: tuple[BackupRequest, ...] = ()
    restoring: bool = False
    """A restore is under way, waiting for its turn included."""
    put_back: Backup | None = None
    """What a running restore puts on it."""
    unfinished_restore: UnfinishedRestore | None = None
    prompt: ShownPrompt | None = None
    """What a person is asked to do at this moment."""
    progress: Text | None = None
    """How far a running backup is, where its kind says so."""
    next_run: datetime | None = None
    retry_at: datetime | None = None
    last_slot: datetime | None = None
    """The run of the schedule that was asked for last."""
    earlier: DeviceKey | None = None
    """Its key until it told its own id, while that is news."""
    paused_endpoint: str | None = None
    """The endpoint at which nothing starts because firmware is being installed."""
    timers: dict[str, "Moment"] = field(default_factory=dict)
    removed: bool = False
    """A job that outlives the device plans nothing for it any more."""

    @property
    def key(self) -> DeviceKey:
        """Return its identity."""
        return self.settings.key

    @property
    def endpoint(self) -> str:
        """Return what only one job at a time may talk to."""
        return endpoint(self.settings.key, self.settings.config)

    @property
    def chosen_last(self) -> UnfinishedRestore | PutBack | None:
        """Return what a person chose for it that is not known to be on it, or not backed up from it yet."""
        return self.unfinished_restore or (None if self.summary is None else self.summary.put_back)

    @property
    def recommended(self) -> Backup | None:
        """Return the backup that a restore begins with."""
        return None if self.summary is None else self.summary.recommended

    @property
    def whole(self) -> Backup | None:
        """Return the newest backup that a restore may begin with and that lacks nothing."""
        recommended = self.recommended
        return recommended if recommended is not None and recommended.whole else None

    @property
    def fresh(self) -> datetime | None:
        """Return the last time it was found equal to its recommended backup, or to what it gives without a person."""
        if self.summary is None:
            return None
        if self.needs_person:
            return fresh_at(None, self.latest)
        return fresh_at(self.recommended, self.summary.newest)

    @property
    def needs_person(self) -> bool:
        """Return whether its unattended backups lack what only a person can get."""
        newest = None if self.summary is None else self.summary.newest
        return any(backup is not None and backup.needs_person for backup in (self.latest, newest))

    @property
    def person_needed_from(self) -> datetime | None:
        """Return when a person has to start a backup."""
        return person_needed_from(
            self.whole, self.latest, needs_person=self.needs_person, remind_days=self.settings.remind_days
        )

    @property
    def limit(self) -> timedelta | None:
        """Return the age at which it becomes a problem."""
        return overdue_limit(self.effective.overdue_days, self.interval)

    @property
    def overdue_from(self) -> datetime | None:
        """Return when it becomes a problem unless it is backed up before."""
        since = self.fresh or self.settings.added_at
        return None if since is None or self.limit is None else since + self.limit

    @property
    def last_success(self) -> datetime | None:
        """Return the time of the last attempt, if that was a success."""
        if self.last_attempt is None or self.last_attempt.outcome is Outcome.FAILED:
            return None
        return self.last_attempt.at

    @property
    def last_failed(self) -> bool:
        """Return whether the last attempt failed."""
        return self.last_attempt is not None and self.last_attempt.outcome is Outcome.FAILED

    def health(self, now: datetime) -> Health:
        """Return how it is."""
        health = health_of(
            fresh=self.fresh,
            added_at=self.settings.added_at,
            last_attempt=self.last_attempt,
            blocked=self.blocked,
            retrying=self.retry_at is not None,
            limit=self.limit,
            now=now,
            due=self.person_needed_from,
        )
        return with_last_backup(health, self.latest, self.whole, limit=self.limit, now=now)

    def status(self, now: datetime) -> DeviceStatus:
        """Return all there is to tell."""
        summary = self.summary
        newest = summary.newest if summary else None
        recommended = self.recommended
        return DeviceStatus(
            key=self.key,
            title=self.settings.title,
            newest=newest,
            recommended=recommended,
            latest=self.latest,
            needs_person=self.needs_person,
            person_needed_from=self.person_needed_from,
            confirmed=None if recommended is None else recommended.confirmed or recommended.taken_at,
            changed_at=None if newest is None else newest.taken_at,
            count=summary.count if summary else 0,
            size=summary.size if summary else 0,
            last_attempt=self.last_attempt,
            restoring=self.restoring,
            # Until its result was told: who sees the device at rest finds what came of it.
            running=self.restoring or any(not request.is_waiting for request in self.requests),
            queued=any(request.is_waiting for request in self.requests),
            health=self.health(now),
            next_run=self.next_run,
            retry_at=self.retry_at,
            prompt=self.prompt,
            progress=self.progress,
            unfinished_restore=None if self.restoring else self.unfinished_restore,
        )


def _higher_rank(present: Trigger, other: Trigger) -> Trigger:
    """Return the one of two reasons for a backup that is kept with it."""
    ranked = [trigger for trigger in _RANK if trigger in (present, other)]
    return ranked[0] if ranked else present
