"""What is to happen to which device when: thousands of moments behind one timer."""

import heapq
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

from .device import TrackedDevice
from .timers import Cancel, Timers

type Action = Callable[[TrackedDevice, datetime], None]

FEW = 64
"""So many cancelled moments may stay before they are looked for."""


class Moment:
    """One thing that is to happen to a device; the only object that waiting for it costs."""

    __slots__ = ("_number", "action", "device", "name", "when")

    def __init__(self, when: datetime, number: int, device: TrackedDevice, name: str, action: Action) -> None:
        """Wait for that time; those of the same time come in the order of their numbers."""
        self.when = when
        self.device = device
        self.name = name
        self.action: Action | None = action
        self._number = number

    def __lt__(self, other: "Moment") -> bool:
        return (self.when, self._number) < (other.when, other._number)


class Agenda:
    """Keeps the moments of all devices, each known by its name, and asks for a timer for the next one only."""

    def __init__(self, timers: Timers) -> None:
        """Begin with nothing ahead."""
        self._timers = timers
        self._heap: list[Moment] = []
        self._numbers = count()
        self._cancelled = 0
        self._cancel_timer: Cancel | None = None
        self._awaited: datetime | None = None

    def set(self, device: TrackedDevice, name: str, when: datetime, action: Action) -> None:
        """Let that happen at that time, in place of what was to happen under the same name."""
        self._leave(device, name)
        # Two times of one zone are compared by its clocks, which show an hour twice when summer ends.
        moment = Moment(when.astimezone(UTC), next(self._numbers), device, name, action)
        device.timers[name] = moment
        heapq.heappush(self._heap, moment)
        self._await_next()

    def cancel(self, device: TrackedDevice, name: str) -> None:
        """Let nothing happen under that name."""
        if self._leave(device, name):
            self._await_next()

    def cancel_all(self, device: TrackedDevice) -> None:
        """Let nothing happen to that device."""
        for name in tuple(device.timers):
            self.cancel(device, name)

    def _leave(self, device: TrackedDevice, name: str) -> bool:
        moment = device.timers.pop(name, None)
        if moment is None:
            return False
        moment.action = None
        self._cancelled += 1
        if self._cancelled > max(FEW, len(self._heap) // 2):
            self._heap = [each for each in self._heap if each.action is not None]
            heapq.heapify(self._heap)
            self._cancelled = 0
        return True

    def _await_next(self) -> None:
        while self._heap and self._heap[0].action is None:
            heapq.heappop(self._heap)
            self._cancelled -= 1
        when = self._heap[0].when if self._heap else None
        if when == self._awaited:
            return
        if self._cancel_timer is not None:
            self._cancel_timer()
        self._cancel_timer = self._awaited = None
        if when is not None:
            self._cancel_timer = self._timers.call_at(when, self._come)
            self._awaited = when

    def _come(self, now: datetime) -> None:
        """Let one thing happen; what is due besides has a turn of the event loop of its own, whatever comes of this."""
        self._cancel_timer = self._awaited = None
        moment = heapq.heappop(self._heap)
        action, moment.action = moment.action, None
        del moment.device.timers[moment.name]
        self._await_next()
        if action is not None:
            action(moment.device, now)
