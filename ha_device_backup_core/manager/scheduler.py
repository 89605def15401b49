"""The timers of all devices: schedule, retry, and the moments one becomes overdue or needs a person."""

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo

from ha_device_backup_core.policies.schedule import is_missed, next_run
from ha_device_backup_core.records import Trigger

from .agenda import Action, Agenda
from .device import TrackedDevice
from .event_bus import EventBus
from .timers import Timers

type Due = Callable[[TrackedDevice, Trigger, int], object]
"""Called with the device, why, and the number of the attempt."""

SCHEDULE = "schedule"
RETRY = "retry"
OVERDUE = "overdue"
DUE = "due"
PAUSE_LIMIT = "pause_limit"
LONGEST_PAUSE = timedelta(hours=1)
"""No installation of firmware takes longer."""
SEEN_AGAIN_PAUSE = timedelta(minutes=1)
"""A device that announces itself again and again is tried this often."""
EARLY = timedelta(minutes=1)
"""A timer may fire this much before its time; the run is not planned again then."""


class Scheduler:
    """Says when a device is due; begins when Home Assistant has started."""

    def __init__(
        self,
        timers: Timers,
        clock: Callable[[], datetime],
        zone: tzinfo,
        bus: EventBus,
        *,
        due: Due,
    ) -> None:
        """Call `due` when a device is to be backed up; that only time made it another one is told on the bus."""
        self._agenda = Agenda(timers)
        self._clock = clock
        self._zone = zone
        self._bus = bus
        self._due = due
        self._begun = False
        self._automatic_backup: datetime | None = None
        self._by_schedule: Action = self._run_by_schedule
        """Bound once: thousands of devices wait for it."""
        self._by_time: Action = self._publish_change

    @property
    def begun(self) -> bool:
        """Return whether schedules are in force."""
        return self._begun

    def begin(self) -> None:
        """Put the schedules in force."""
        self._begun = True

    def set_zone(self, zone: tzinfo) -> None:
        """Take another time zone; the devices are to be planned again."""
        self._zone = zone

    def set_automatic_backup(self, when: datetime | None) -> bool:
        """Take the time of Home Assistant's next automatic backup; return whether it is another."""
        changed = when != self._automatic_backup
        self._automatic_backup = when
        return changed

    def plan(self, device: TrackedDevice) -> None:
        """Set the timers of a device anew."""
        self._agenda.cancel(device, SCHEDULE)
        device.next_run = None
        self._watch_overdue(device)
        if not self._begun or device.blocked or not device.settings.schedule_enabled:
            return
        now = self._clock()
        device.next_run = next_run(
            device.effective.schedule,
            after=_after(device.last_slot, now),
            zone=self._zone,
            key=device.key,
            automatic_backup=self._automatic_backup,
            last_run=device.last_success,
        )
        if device.next_run is not None:
            self._call_at(device, SCHEDULE, device.next_run, self._by_schedule)

    def catch_up(self, device: TrackedDevice) -> None:
        """Ask for what was missed: the first backup of all, a run of the schedule, or the repetition of a failure."""
        if not self._begun or device.blocked:
            return
        if device.last_attempt is None and (device.summary is None or device.summary.count == 0):
            self._due(device, Trigger.FIRST, 1)
        elif device.settings.schedule_enabled and (device.last_failed or self.has_missed(device)):
            self._due(device, Trigger.CATCH_UP, 1)

    def run_if_missed(self, device: TrackedDevice) -> None:
        """Ask for the run that is due because a schedule moved."""
        if self._begun and not device.blocked and device.settings.schedule_enabled and self.has_missed(device):
            self._due(device, Trigger.SCHEDULE, 1)

    def has_missed(self, device: TrackedDevice) -> bool:
        """Return whether a run of its schedule was due and did not come."""
        now = self._clock()
        return is_missed(
            device.effective.schedule,
            last_attempt=None if device.last_attempt is None else min(device.last_attempt.at, now),
            now=now,
            zone=self._zone,
            key=device.key,
            automatic_backup=self._automatic_backup,
        )

    def back_up_if_late(self, device: TrackedDevice) -> None:
        """Back up a late device that showed itself."""
        if not self._begun or device.blocked or not device.settings.schedule_enabled:
            return
        attempt = device.last_attempt
        if attempt is not None and timedelta() <= self._clock() - attempt.at < SEEN_AGAIN_PAUSE:
            return
        if device.last_failed or self.has_missed(device):
            self._due(device, Trigger.SEEN_AGAIN, 1)

    def retry(self, device: TrackedDevice, trigger: Trigger, attempt: int, delay: float) -> datetime:
        """Ask again for what failed, as this attempt, after so many seconds; return when."""
        when = self._clock() + timedelta(seconds=delay)
        self._call_at(device, RETRY, when, lambda device, _: self._run_again(device, trigger, attempt))
        device.retry_at = when
        return when

    def cancel_retry(self, device: TrackedDevice) -> None:
        """Leave what was to be tried again."""
        self._agenda.cancel(device, RETRY)
        device.retry_at = None

    def limit_pause(self, device: TrackedDevice, resume: Callable[[], None]) -> None:
        """Call `resume` in case nobody else does."""
        self._call_at(device, PAUSE_LIMIT, self._clock() + LONGEST_PAUSE, lambda _, __: resume())

    def cancel_pause_limit(self, device: TrackedDevice) -> None:
        """Leave the pause to whoever ended it."""
        self._agenda.cancel(device, PAUSE_LIMIT)

    def cancel_timers(self, device: TrackedDevice) -> None:
        """Cancel every timer of a device."""
        self._agenda.cancel_all(device)
        device.next_run = device.retry_at = None

    def _run_by_schedule(self, device: TrackedDevice, at: datetime) -> None:
        device.last_slot = device.next_run or at
        self._due(device, Trigger.SCHEDULE, 1)
        self.plan(device)
        self._bus.changed(device)

    def _run_again(self, device: TrackedDevice, trigger: Trigger, attempt: int) -> None:
        device.retry_at = None
        self._due(device, trigger, attempt)

    def _publish_change(self, device: TrackedDevice, _: datetime) -> None:
        self._bus.changed(device)

    def _watch_overdue(self, device: TrackedDevice) -> None:
        for name, when in ((OVERDUE, device.overdue_from), (DUE, device.person_needed_from)):
            self._agenda.cancel(device, name)
            if when is not None and when >= self._clock():
                moment = when + timedelta(seconds=1)
                self._call_at(device, name, moment, self._by_time)

    def _call_at(self, device: TrackedDevice, name: str, when: datetime, action: Action) -> None:
        if not device.removed:
            self._agenda.set(device, name, when, action)


def _after(last_slot: datetime | None, now: datetime) -> datetime:
    if last_slot is not None and now < last_slot < now + EARLY:
        return last_slot
    return now
