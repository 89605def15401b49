"""Weeks of schedules with restarts in between: no run is lost, none is doubled."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from ha_device_backup_core.manager.device import TrackedDevice
from ha_device_backup_core.manager.event_bus import EventBus
from ha_device_backup_core.manager.scheduler import Scheduler
from ha_device_backup_core.manager.settings import Defaults, DeviceSettings
from ha_device_backup_core.manager.snapshot_guard import SnapshotGuard
from ha_device_backup_core.policies.schedule import Schedule, ScheduleKind, is_missed, next_run
from ha_device_backup_core.records import Attempt, DeviceKey, Outcome, Trigger
from ha_device_backup_core.store import BackupStore

from .fakes import Clock, FakeTimers

BERLIN = ZoneInfo("Europe/Berlin")
KEY = DeviceKey("lamp", "a1b2c3d4e5f6")
MARCH = datetime(2025, 3, 25, 12, tzinfo=UTC)
SCHEDULES = [
    Schedule(kind=ScheduleKind.HOURS, hours=5),
    Schedule(kind=ScheduleKind.DAILY, at=time(2, 30)),
    Schedule(kind=ScheduleKind.WEEKLY, at=time(2, 30), weekday=6),
    Schedule(kind=ScheduleKind.CRON, cron="30 2 * * *"),
    Schedule(kind=ScheduleKind.CRON, cron="0 */6 * * *"),
    Schedule(kind=ScheduleKind.BEFORE_HOME_ASSISTANT_BACKUP),
]


@dataclass
class Household:
    """One device whose attempts succeed at once, and Home Assistant around it, which can be down."""

    schedule: Schedule
    clock: Clock
    ran: list[tuple[datetime, Trigger]] = field(default_factory=list)
    last_attempt: Attempt | None = None

    def start(self) -> None:
        self.timers = FakeTimers(self.clock)
        bus = EventBus(SnapshotGuard(BackupStore(Path("unused")), self.timers, self.clock))
        self.planner = Scheduler(self.timers, self.clock, BERLIN, bus, due=self.due)
        settings = DeviceSettings(key=KEY, title="Lamp", config={}, schedule=self.schedule)
        self.device = TrackedDevice(settings=settings, effective=Defaults().of(settings), interval=None)
        self.device.last_attempt = self.last_attempt
        self.planner.begin()
        self.planner.catch_up(self.device)
        self.planner.plan(self.device)

    def due(self, device: TrackedDevice, trigger: Trigger, attempt: int) -> None:
        self.ran.append((self.clock.now, trigger))
        self.last_attempt = device.last_attempt = Attempt(at=self.clock.now, outcome=Outcome.STORED)
        self.planner.plan(device)

    def live(self, hours: float) -> None:
        end = self.clock.now + timedelta(hours=hours)
        while (when := self.timers.next) is not None and when <= end:
            self.timers.fire_next()
        self.clock.now = end

    def stop(self) -> None:
        self.planner.cancel_timers(self.device)
        assert self.timers.waiting == {}


@given(
    schedule=st.sampled_from(SCHEDULES),
    lives=st.lists(st.tuples(st.floats(0, 60), st.floats(0, 60)), min_size=1, max_size=12),
)
def test_restarts_lose_and_double_no_run(schedule: Schedule, lives: list[tuple[float, float]]) -> None:
    household = Household(schedule, Clock(MARCH))
    for up, down in lives:
        before = len(household.ran)
        began = household.clock.now
        household.start()
        household.live(up)
        assert not is_missed(
            schedule,
            last_attempt=None if household.last_attempt is None else household.last_attempt.at,
            now=household.clock.now,
            zone=BERLIN,
            key=KEY,
        )
        catching_up = [trigger for _, trigger in household.ran[before:] if trigger is not Trigger.SCHEDULE]
        assert len(catching_up) <= 1
        assert [at for at, _ in household.ran[before : before + len(catching_up)]] == [began] * len(catching_up)
        household.stop()
        household.clock.now += timedelta(hours=down)
    times = [at for at, _ in household.ran]
    assert times == sorted(set(times))


@given(schedule=st.sampled_from(SCHEDULES))
def test_without_a_restart_every_run_comes_exactly_once(schedule: Schedule) -> None:
    household = Household(schedule, Clock(MARCH))
    household.start()
    household.live(30 * 24)
    (first, why), *rest = household.ran
    assert (first, why) == (MARCH, Trigger.FIRST)
    expected = []
    after = last = MARCH
    while (run := next_run(schedule, after=after, zone=BERLIN, key=KEY, last_run=last)) is not None:
        if run > MARCH + timedelta(days=30):
            break
        expected.append((run, Trigger.SCHEDULE))
        after = last = run
    assert rest == expected
    household.stop()
