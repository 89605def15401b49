"""A clock and timers that are moved by hand, and a listener."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ha_device_backup_core.manager import DeviceBackupManager, JobResult, ManagerEvent, StatusChanged
from ha_device_backup_core.records import DeviceKey, Outcome, Trigger

START = datetime(2025, 1, 15, 12, 0, tzinfo=UTC)


class Clock:
    """Shows what it was set to."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class FakeTimers:
    """Fires when told to."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.waiting: dict[int, tuple[datetime, Callable[[datetime], None]]] = {}
        self._numbers = itertools.count()

    def call_at(self, when: datetime, action: Callable[[datetime], None]) -> Callable[[], None]:
        number = next(self._numbers)
        self.waiting[number] = (when, action)

        def cancel() -> None:
            self.waiting.pop(number, None)

        return cancel

    @property
    def next(self) -> datetime | None:
        return min((when for when, _ in self.waiting.values()), default=None)

    def fire_next(self) -> None:
        number = min(self.waiting, key=lambda waiting: (self.waiting[waiting][0], waiting))
        when, action = self.waiting.pop(number)
        self.clock.now = max(self.clock.now, when)
        action(self.clock.now)


@dataclass
class Home:
    """A manager in a test."""

    manager: DeviceBackupManager
    clock: Clock
    timers: FakeTimers
    events: list[ManagerEvent] = field(default_factory=list)

    @property
    def results(self) -> list[JobResult]:
        return [event for event in self.events if isinstance(event, JobResult)]

    @property
    def changes(self) -> list[DeviceKey | None]:
        return [event.key for event in self.events if isinstance(event, StatusChanged)]

    @property
    def outcomes(self) -> list[tuple[str, Trigger, Outcome]]:
        return [(result.key.unique_id, result.trigger, result.outcome) for result in self.results]

    async def idle(self) -> None:
        """Return when no job runs or waits."""
        while jobs := [
            request.job.done
            for device in self.manager._devices
            for request in device.requests
            if request.job is not None
        ]:
            await asyncio.wait(jobs)
            await asyncio.sleep(0)

    async def advance(self, by: timedelta | datetime) -> None:
        """Let that much time pass; every timer fires in its turn and its jobs end before the next."""
        end = by if isinstance(by, datetime) else self.clock.now + by
        await self.idle()
        while (when := self.timers.next) is not None and when <= end:
            self.timers.fire_next()
            await self.idle()
        self.clock.now = max(self.clock.now, end)
