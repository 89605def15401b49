"""Devices on which no job starts: their firmware is being installed."""

from dataclasses import dataclass

from .device import TrackedDevice
from .job_queue import JobQueue
from .scheduler import Scheduler


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """Pauses devices until they are resumed, at most for as long as the scheduler allows."""

    queue: JobQueue
    scheduler: Scheduler

    def pause(self, device: TrackedDevice) -> None:
        """Start no job on the device until it is resumed."""
        self.resume(device)
        device.paused_endpoint = device.endpoint
        self.queue.pause_endpoint(device.paused_endpoint)
        self.scheduler.limit_pause(device, lambda: self.resume(device))

    def resume(self, device: TrackedDevice) -> None:
        """Start jobs on the device again."""
        self.scheduler.cancel_pause_limit(device)
        if device.paused_endpoint is not None:
            paused_endpoint, device.paused_endpoint = device.paused_endpoint, None
            self.queue.resume_endpoint(paused_endpoint)
