"""The timers of all devices: schedule, retry, and the moments one becomes overdue or needs a person."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial

from ha_device_backup_core.policies.schedule import is_missed, next_run
from ha_device_backup_core.records import Trigger

from .device import TrackedDevice
from .timers import Timers

type Due = Callable[[TrackedDevice, Trigger, int], object]
"""Called with the device, why, and the number of the attempt."""

SCHEDULE = "schedule"
RETRY = "retry"
OVERDUE = "overdue"
DUE = "due"
HOLD = "hold"
LONGEST_HOLD = timedelta(hours=1)
"""No installation of firmware takes longer."""
SEEN_AGAIN_PAUSE = timedelta(minutes=1)
"""A device that announces itself again and again is tried this often."""
EARLY = timedelta(minutes=1)
"""A timer may fire this much before its time; the run is not planned again then."""


class Planner:
    """Says when a device is due; begins when Home Assistant has started."""

    def __init__(
        self,
        timers: Timers,
        clock: Callable[[], datetime],
        zone: tzinfo,
        *,
        due: Due,
        changed: Callable[[TrackedDevice], None],
    ) -> None:
        """Call `due` when a device is to be backed up, and `changed` when only time made it another."""
        self._timers = timers
        self._clock = clock
        self._zone = zone
        self._due = due
        self._changed = changed
        self._begun = False
        self._automatic_backup: datetime | None = None

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
        self._cancel(device, SCHEDULE)
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
            self._call_at(device, SCHEDULE, device.next_run, partial(self._run_by_schedule, device))

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

    def seen(self, device: TrackedDevice) -> None:
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
        self._call_at(device, RETRY, when, lambda _: self._run_again(device, trigger, attempt))
        device.retry_at = when
        return when

    def forget_retry(self, device: TrackedDevice) -> None:
        """Leave what was to be tried again."""
        self._cancel(device, RETRY)
        device.retry_at = None

    def hold(self, device: TrackedDevice, release: Callable[[], None]) -> None:
        """Call `release` in case nobody else does."""
        self._call_at(device, HOLD, self._clock() + LONGEST_HOLD, lambda _: release())

    def end_hold(self, device: TrackedDevice) -> None:
        """Leave the hold to whoever ended it."""
        self._cancel(device, HOLD)

    def forget(self, device: TrackedDevice) -> None:
        """Cancel every timer of a device."""
        for name in tuple(device.timers):
            self._cancel(device, name)
        device.next_run = device.retry_at = None

    def _run_by_schedule(self, device: TrackedDevice, at: datetime) -> None:
        device.last_slot = device.next_run or at
        self._due(device, Trigger.SCHEDULE, 1)
        self.plan(device)
        self._changed(device)

    def _run_again(self, device: TrackedDevice, trigger: Trigger, attempt: int) -> None:
        device.retry_at = None
        self._due(device, trigger, attempt)

    def _watch_overdue(self, device: TrackedDevice) -> None:
        for name, when in ((OVERDUE, device.overdue_from), (DUE, device.due_from)):
            self._cancel(device, name)
            if when is not None and when >= self._clock():
                moment = when + timedelta(seconds=1)
                self._call_at(device, name, moment.astimezone(UTC), lambda _: self._changed(device))

    def _call_at(self, device: TrackedDevice, name: str, when: datetime, action: Callable[[datetime], None]) -> None:
        self._cancel(device, name)
        if not device.removed:
            device.timers[name] = self._timers.call_at(when, partial(_fire, device, name, action))

    def _cancel(self, device: TrackedDevice, name: str) -> None:
        if (cancel := device.timers.pop(name, None)) is not None:
            cancel()


def _fire(device: TrackedDevice, name: str, action: Callable[[datetime], None], at: datetime) -> None:
    device.timers.pop(name, None)
    action(at)


def _after(last_slot: datetime | None, now: datetime) -> datetime:
    if last_slot is not None and now < last_slot < now + EARLY:
        return last_slot
    return now
