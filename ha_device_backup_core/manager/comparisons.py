"""Compares two backups, or one with what its device holds at this moment."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ha_device_backup_core.changes import Comparison
from ha_device_backup_core.contract import Artifact, Person
from ha_device_backup_core.jobs import runner
from ha_device_backup_core.jobs.comparing import changes
from ha_device_backup_core.jobs.http_session import SessionFactory
from ha_device_backup_core.records import DeviceKey, Fetched
from ha_device_backup_core.store import BackupStore

from .device import TrackedDevice
from .event_bus import EventBus
from .handlers import Handlers
from .job_queue import JobQueue, Priority
from .prompts import showing_prompts


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparisons:
    """Reads both sides, from the store or from the device; nothing is stored."""

    store: BackupStore
    handlers: Handlers
    queue: JobQueue
    clock: Callable[[], datetime]
    sessions: SessionFactory | None
    bus: EventBus

    async def of_backups(self, key: DeviceKey, older: str, newer: str) -> Comparison:
        """Return what differs between two backups; raises DeviceBackupError of any kind."""
        return await self._compare(key, older, await self.store.read(key, newer))

    async def with_now(self, device: TrackedDevice, older: str, person: Person | None) -> Comparison:
        """Return what differs between a backup and the device as it is now; raises DeviceBackupError of any kind."""
        fetched = await self.fetch(device, person)
        return await self._compare(device.key, older, fetched.artifact)

    async def fetch(self, device: TrackedDevice, person: Person | None) -> Fetched:
        """Return what a device holds, and keep nothing of it; raises DeviceBackupError of any kind."""
        registered, config = self.handlers.of(device), device.settings.config

        async def work() -> Fetched:
            with showing_prompts(device, person, self.clock, self.bus) as prompted:
                return await runner.fetch(
                    registered,
                    config,
                    expected_unique_id=device.key.unique_id,
                    sessions=self.sessions,
                    person=prompted,
                )

        return await self.queue.run(device.endpoint, Priority.PERSON, work)

    async def _compare(self, key: DeviceKey, older: str, after: Artifact) -> Comparison:
        before = await self.store.read(key, older)
        return await changes(self.handlers.registry.reading(key.kind), before, after, device=key.unique_id)
