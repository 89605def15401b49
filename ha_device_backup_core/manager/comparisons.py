"""Compares two backups, or one with what its device holds at this moment."""

from dataclasses import dataclass

from ha_device_backup_core.changes import Comparison
from ha_device_backup_core.contract import Artifact, Person
from ha_device_backup_core.jobs import runner
from ha_device_backup_core.jobs.comparing import changes
from ha_device_backup_core.records import DeviceKey, Fetched
from ha_device_backup_core.store import BackupStore

from .backups import Backups
from .device import TrackedDevice
from .handlers import Handlers
from .job_queue import Priority
from .prompts import showing_prompts


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparisons:
    """Reads both sides, from the store or from the device; nothing is stored."""

    backups: Backups

    @property
    def store(self) -> BackupStore:
        """Return where the backups are."""
        return self.backups.store

    @property
    def handlers(self) -> Handlers:
        """Return what knows the devices."""
        return self.backups.handlers

    async def of_backups(self, key: DeviceKey, older: str, newer: str) -> Comparison:
        """Return what differs between two backups; raises DeviceBackupError of any kind."""
        return await self._compare(key, older, await self.store.read(key, newer))

    async def with_now(self, device: TrackedDevice, older: str, person: Person | None) -> Comparison:
        """Return what differs between a backup and the device as it is now; raises DeviceBackupError of any kind."""
        fetched = await self.fetch(device, person)
        return await self._compare(device.key, older, fetched.artifact)

    async def fetch(self, device: TrackedDevice, person: Person | None) -> Fetched:
        """Return what a device holds, and keep nothing of it; raises DeviceBackupError of any kind."""
        backups = self.backups
        registered, config = self.handlers.of(device), device.settings.config

        async def work() -> Fetched:
            async with backups.noting_stranger(device):
                with showing_prompts(device, person, backups.clock, backups.bus) as prompted:
                    return await runner.fetch(
                        registered,
                        config,
                        expected_unique_id=device.key.unique_id,
                        sessions=backups.sessions,
                        person=prompted,
                    )

        return await backups.queue.run(device.endpoint, Priority.PERSON, work)

    async def _compare(self, key: DeviceKey, older: str, after: Artifact) -> Comparison:
        before = await self.store.read(key, older)
        return await changes(self.handlers.registry.reading(key.kind), before, after, device=key.unique_id)
