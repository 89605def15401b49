"""Compares two backups, or one with what its device holds at this moment."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ha_device_backup_core.changes import Comparison
from ha_device_backup_core.contract import Artifact, Person
from ha_device_backup_core.jobs import runner
from ha_device_backup_core.jobs.comparing import changes
from ha_device_backup_core.jobs.http_session import SessionFactory
from ha_device_backup_core.records import DeviceKey
from ha_device_backup_core.store import BackupStore

from .device import TrackedDevice
from .events import PromptChanged
from .handlers import Handlers
from .job_queue import JobQueue, Priority
from .prompts import attending


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparisons:
    """Reads both sides, from the store or from the device; nothing is stored."""

    store: BackupStore
    handlers: Handlers
    queue: JobQueue
    clock: Callable[[], datetime]
    sessions: SessionFactory | None
    publish: Callable[[PromptChanged], None]

    async def of_backups(self, key: DeviceKey, older: str, newer: str) -> Comparison:
        """Return what differs between two backups; raises DeviceBackupError of any kind."""
        return await self._compare(key, older, await self.store.read(key, newer))

    async def with_now(self, device: TrackedDevice, older: str, person: Person | None) -> Comparison:
        """Return what differs between a backup and the device as it is now; raises DeviceBackupError of any kind."""
        return await self._compare(device.key, older, await self._fetch(device, person))

    async def _compare(self, key: DeviceKey, older: str, after: Artifact) -> Comparison:
        before = await self.store.read(key, older)
        return await changes(self.handlers.registry.get(key.kind), before, after, device=key.unique_id)

    async def _fetch(self, device: TrackedDevice, person: Person | None) -> Artifact:
        registered, config = self.handlers.registry.get(device.key.kind), device.settings.config

        async def work() -> Artifact:
            with attending(device, person, self.clock, self.publish) as attended:
                fetched = await runner.fetch(
                    registered,
                    config,
                    expected_unique_id=device.key.unique_id,
                    sessions=self.sessions,
                    person=attended,
                )
            return fetched.artifact

        return await self.queue.run(device.endpoint, Priority.PERSON, work)
