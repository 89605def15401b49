"""The backup manager: the one facade that the integration and the command line use."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from random import Random
from typing import Any

from . import runner
from .backup_job import BackupJob
from .backup_requests import BackupRequests
from .contract import DeviceInfo, Person, Progress, RestoreReport
from .errors import DeviceBackupError, StoreError
from .fleet import Fleet
from .health import Health
from .job_queue import Job, JobQueue, Priority
from .planner import Planner
from .records import Backup, DeviceKey, DeviceRecord, Outcome, Trigger, VerifyReport
from .registry import HandlerRegistry, load_handlers
from .restore_job import RestoreJob, log_progress
from .session import SessionFactory
from .settings import Defaults, DeviceSettings, endpoint
from .snapshot import SnapshotManifest, SnapshotRecord, manifest_of
from .snapshot_keeper import SnapshotKeeper
from .status import DeviceStatus, Event, JobResult, StatusChanged, Subscriber, Subscribers
from .store import BackupStore
from .text import Text
from .timers import LoopTimers, Timers
from .tracked import TrackedDevice

_REMOVED: Text = {"en": "The device was removed.", "de": "Das Gerät wurde entfernt."}
_ABANDONED: Text = {"en": "Nobody waits for this any more.", "de": "Niemand wartet mehr darauf."}

__all__ = [
    "BackupManager",
    "Defaults",
    "DeviceSettings",
    "DeviceStatus",
    "Event",
    "Health",
    "JobResult",
    "SnapshotManifest",
    "SnapshotRecord",
    "StatusChanged",
    "Timers",
]


class BackupManager:
    """Backs up and restores devices, keeps their schedules, and stands still while Home Assistant makes a snapshot."""

    def __init__(
        self,
        root: Path,
        *,
        registry: HandlerRegistry | None = None,
        sessions: SessionFactory | None = None,
        timers: Timers | None = None,
        zone: tzinfo = UTC,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        defaults: Defaults | None = None,
        random: Random | None = None,
    ) -> None:
        """Take the root of the store; without a registry the installed handlers are loaded at the start."""
        self._registry = registry
        self._sessions = sessions
        self._clock = clock
        defaults = defaults or Defaults()
        self._subscribers = Subscribers()
        self._store = BackupStore(root, clock=clock)
        timers = timers or LoopTimers(clock)
        self._queue = JobQueue(defaults.concurrency)
        self._planner = Planner(timers, clock, zone, due=self._request, changed=self._changed)
        self._snapshots = SnapshotKeeper(
            self._store,
            timers,
            clock,
            manifest=lambda at: manifest_of(self._fleet.statuses(), at),
            begun=self._queue.pause,
            ended=self._snapshot_ended,
        )
        self._fleet = Fleet(
            self._store,
            self._planner,
            clock,
            zone,
            defaults,
            publish=self._subscribers.publish,
            may_write=lambda: not self._snapshots.in_progress,
        )
        self._requests = BackupRequests(
            store=self._store,
            queue=self._queue,
            planner=self._planner,
            clock=clock,
            random=random or Random(),  # noqa: S311 - spreads retries
            make_job=self._backup_job,
            may_store=self._snapshots.wait_until_open,
            refresh=self._fleet.refresh,
            publish=self._subscribers.publish,
            changed=self._fleet.changed,
        )

    # Life

    async def start(self) -> None:
        """Open the store for writing and load the handlers; raises StoreError."""
        await self._store.open(write=True)
        self._store.set_second_copy(self._fleet.defaults.second_copy)
        try:
            await self._snapshots.load()
            if self._registry is None:
                await self.rescan()
        except BaseException:
            await self._store.close()
            raise

    def ready(self) -> None:
        """Put the schedules in force and catch up what was missed: Home Assistant has started."""
        self._fleet.ready()

    async def stop(self) -> None:
        """End all jobs and timers and close the store."""
        self._fleet.rest()
        await self._queue.close()
        self._fleet.rest()
        self._snapshots.abandon()
        await self._store.close()

    @property
    def registry(self) -> HandlerRegistry:
        """Return the handlers of the last scan."""
        return self._registry or HandlerRegistry()

    async def rescan(self) -> HandlerRegistry:
        """Look for handlers again."""
        self._registry = await asyncio.to_thread(load_handlers)
        return self._registry

    # Devices

    async def add_device(self, settings: DeviceSettings) -> None:
        """Take a device into care, with what the store knows of it; raises StoreError."""
        if settings.key in self._fleet:
            await self._fleet.update(settings)
        else:
            await self._fleet.add(settings)

    async def update_device(self, settings: DeviceSettings) -> None:
        """Take new settings; a changed configuration ends a block."""
        await self._fleet.update(settings)

    async def remove_device(self, key: DeviceKey) -> None:
        """Let a device go; its backups stay."""
        device = self._fleet.remove(key)
        if device is None:
            return
        for request in tuple(device.requests):
            if request.job is not None:
                await self._queue.drop(request.job, _REMOVED)
        self._planner.forget(device)

    def set_defaults(self, defaults: Defaults) -> None:
        """Take what holds for devices without settings of their own."""
        self._queue.set_limit(defaults.concurrency)
        if defaults.second_copy != self._fleet.defaults.second_copy:
            self._store.set_second_copy(defaults.second_copy)
        self._fleet.set_defaults(defaults)

    def set_zone(self, zone: tzinfo) -> None:
        """Take the home's time zone."""
        self._fleet.set_zone(zone)

    def set_automatic_backup_time(self, when: datetime | None) -> None:
        """Take the time of Home Assistant's next automatic backup; None where there is none."""
        self._fleet.set_automatic_backup_time(when)

    def hold(self, key: DeviceKey) -> None:
        """Start no job on the device until `release`: its firmware is being installed."""
        self._queue.hold(self._fleet.get(key).endpoint)

    def release(self, key: DeviceKey) -> None:
        """Start jobs on the device again."""
        if (device := self._fleet.find(key)) is not None:
            self._queue.release(device.endpoint)

    # What is known, from memory

    def status(self, key: DeviceKey) -> DeviceStatus:
        """Return how a device is; raises BackupNotFoundError for one that was not added."""
        return self._fleet.get(key).status(self._clock())

    def statuses(self) -> list[DeviceStatus]:
        """Return how all devices are, by key."""
        return self._fleet.statuses()

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Call the subscriber, in the event loop, with every JobResult and StatusChanged; return what ends that."""
        return self._subscribers.add(subscriber)

    # Backups of devices

    async def back_up(
        self, key: DeviceKey, *, trigger: Trigger = Trigger.MANUAL, person: Person | None = None
    ) -> JobResult:
        """Back up a device and return how it went; errors are in the result."""
        device = self._fleet.get(key)
        try:
            return await asyncio.shield(self._requests.request(device, trigger, person=person).done)
        except DeviceBackupError as error:
            return JobResult(key=key, title=device.settings.title, outcome=Outcome.FAILED, trigger=trigger, error=error)

    async def back_up_all(self, *, trigger: Trigger = Trigger.MANUAL) -> list[JobResult]:
        """Back up every device, a few at a time."""
        return await asyncio.gather(
            *(self.back_up(key, trigger=trigger) for key in sorted(device.key for device in self._fleet))
        )

    async def seen(self, key: DeviceKey) -> None:
        """Back up the device now if it is late: it showed itself on the network."""
        if (device := self._fleet.find(key)) is not None:
            self._planner.seen(device)

    async def probe(self, kind: str, config: Mapping[str, object], *, person: Person | None = None) -> DeviceInfo:
        """Return who answers; raises DeviceBackupError. A login that is accepted ends a block."""
        registered = self.registry.get(kind)
        info = await self._at_endpoint(
            endpoint(DeviceKey(kind, ""), config),
            Priority.INTERACTIVE,
            lambda: runner.probe(registered, config, sessions=self._sessions, person=person),
        )
        if info.unique_id is not None:
            await self._fleet.accept_login(DeviceKey(kind, info.unique_id), config)
        return info

    async def restore(
        self,
        key: DeviceKey,
        backup_id: str,
        *,
        source: DeviceKey | None = None,
        progress: Progress | None = None,
        person: Person | None = None,
        safety_backup: bool = True,
        dry_run: bool = False,
    ) -> RestoreReport:
        """Put a backup on a device (one of `source`, where that was replaced); raises DeviceBackupError.

        The device is backed up first, and left alone if that fails. A dry run tells what would be done.
        """
        device = self._fleet.get(key)
        job = RestoreJob(
            store=self._store,
            registered=self.registry.get(key.kind),
            key=key,
            source=source or key,
            backup_id=backup_id,
            config=device.settings.config,
            progress=progress or log_progress,
            safety_backup=(lambda: self._safety_backup(device, person)) if safety_backup else None,
            sessions=self._sessions,
            person=person,
        )
        await job.read()
        return await self._at_endpoint(
            device.endpoint, Priority.PERSON, job.rehearse if dry_run else lambda: self._restore(device, job)
        )

    # Stored backups

    async def list_backups(self, key: DeviceKey | None = None) -> list[Backup]:
        """Return the backups of a device, or of all, those without a device included; newest first per device."""
        if key is not None:
            return await self._store.backups(key)
        keys = sorted(record.key for record in await self._store.devices())
        return [backup for known in keys for backup in await self._store.backups(known)]

    async def without_device(self) -> list[DeviceRecord]:
        """Return the devices that have backups but were removed."""
        return [record for record in await self._store.devices() if record.key not in self._fleet]

    async def verify(self, key: DeviceKey | None = None) -> VerifyReport:
        """Read everything that is stored and compare it with its digest."""
        return await self._store.verify(key)

    @property
    def second_copy_problem(self) -> StoreError | None:
        """Return why the second copy is not complete, None while it is."""
        return self._store.second_copy_problem

    async def total_size(self) -> int:
        """Return the bytes of everything that is stored."""
        return await self._store.total_size()

    async def delete_backup(self, key: DeviceKey, backup_id: str) -> None:
        """Delete a backup for good; raises StoreError for a protected one."""
        await self._snapshots.wait_until_open()
        await self._fleet.expect_deletion(key, backup_id)
        try:
            await self._store.delete(key, backup_id)
        finally:
            await self._fleet.take_stored(key)

    async def export_backup(self, key: DeviceKey, backup_id: str, target: Path) -> Path:
        """Copy a backup to where a person can reach it; return the path of the copy."""
        return await self._store.export(key, backup_id, target)

    async def protect(self, key: DeviceKey, backup_id: str, *, protected: bool = True) -> Backup:
        """Keep a backup from being deleted, or no longer."""
        await self._snapshots.wait_until_open()
        backup = await self._store.set_protected(key, backup_id, protected)
        await self._fleet.take_stored(key)
        return backup

    async def mark_last_before(self, key: DeviceKey, version: str, *, backup_id: str | None = None) -> Backup | None:
        """Mark a backup as the last one before that firmware: this one, or the newest whole one; None where there is none."""
        await self._snapshots.wait_until_open()
        if backup_id is None:
            summary = await self._store.summary(key)
            backup = summary and (summary.newest_whole or summary.newest)
            if not backup:
                return None
            backup_id = backup.id
        marked = await self._store.set_last_before(key, backup_id, version)
        await self._fleet.take_stored(key)
        return marked

    # Snapshots of Home Assistant

    @property
    def snapshot_in_progress(self) -> bool:
        """Return whether Home Assistant is making a backup of itself, so that nothing may be written."""
        return self._snapshots.in_progress

    @property
    def last_snapshot(self) -> SnapshotManifest | None:
        """Return what was in the store when the gate was last shut."""
        return self._snapshots.last

    @property
    def snapshots(self) -> tuple[SnapshotRecord, ...]:
        """Return which backup of Home Assistant carries what, newest first."""
        return self._snapshots.records

    async def prepare_snapshot(self, *, timeout: float = 10.0) -> None:  # noqa: ASYNC109 - a limit, kept within
        """Stand still and write down what is stored; never raises and never waits for a device."""
        await self._snapshots.prepare(limit=timeout)

    def finish_snapshot(self) -> None:
        """Go on with what was held back."""
        self._snapshots.finish()

    async def record_snapshot(self, record: SnapshotRecord) -> None:
        """Keep what a finished backup of Home Assistant carries; raises StoreError."""
        await self._snapshots.record(record)
        self._fleet.all_changed()

    # Parts

    def _request(self, device: TrackedDevice, trigger: Trigger, attempt: int) -> Job[JobResult]:
        return self._requests.request(device, trigger, attempt)

    def _backup_job(self, device: TrackedDevice, trigger: Trigger, person: Person | None) -> BackupJob:
        return BackupJob(
            store=self._store,
            registered=self.registry.get(device.key.kind),
            key=device.key,
            title=device.settings.title,
            config=device.settings.config,
            trigger=trigger,
            retention=None if trigger is Trigger.BEFORE_RESTORE else device.effective.retention,
            clock=self._clock,
            may_store=self._snapshots.wait_until_open,
            stored=lambda: self._fleet.refresh(device),
            sessions=self._sessions,
            person=person,
        )

    async def _safety_backup(self, device: TrackedDevice, person: Person | None) -> None:
        result = await self._requests.run_now(device, Trigger.BEFORE_RESTORE, person)
        if result.error is not None:
            raise result.error

    async def _restore(self, device: TrackedDevice, job: RestoreJob) -> RestoreReport:
        device.restoring = True
        self._fleet.changed(device)
        try:
            return await job.run()
        finally:
            device.restoring = False
            self._fleet.changed(device)

    async def _at_endpoint[T](self, where: str, priority: Priority, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Do the work when its turn comes; who no longer waits for it ends it."""
        job = self._queue.submit(Job(endpoint=where, priority=priority, work=work))
        try:
            return await asyncio.shield(job.done)
        except asyncio.CancelledError:
            await self._queue.drop(job, _ABANDONED)
            raise

    def _changed(self, device: TrackedDevice) -> None:
        self._fleet.changed(device)

    def _snapshot_ended(self) -> None:
        self._queue.resume()
        self._fleet.all_changed()
