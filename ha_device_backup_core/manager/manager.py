"""The backup manager: the one facade that the integration and the command line use."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from random import Random

from ha_device_backup_core.changes import Comparison
from ha_device_backup_core.contract import Artifact, DeviceInfo, Person, Progress
from ha_device_backup_core.errors import DeviceBackupError
from ha_device_backup_core.jobs import runner
from ha_device_backup_core.jobs.http_session import SessionFactory
from ha_device_backup_core.plugins.registry import HandlerRegistry, HandlerScanner
from ha_device_backup_core.records import DeviceKey, Outcome, Trigger
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.text import Text, _

from .backup_job import BackupJob
from .backup_requests import BackupRequests
from .comparisons import Comparisons
from .device import TrackedDevice
from .devices import Fleet
from .events import DeviceStatus, Event, JobResult, RestorePreview, RestoreResult, Subscriber, Subscribers
from .handlers import Handlers
from .import_job import import_file
from .job_queue import JobQueue, Priority
from .restores import RestoreRequest, Restores, RunningRestore, log_progress
from .scheduler import Planner
from .settings import Defaults, DeviceSettings, endpoint
from .snapshot_guard import SnapshotKeeper
from .snapshot_records import SnapshotRecord, manifest_of
from .stored_backups import StoredBackups
from .timers import LoopTimers, Timers

_REMOVED: Text = _("The device was removed.")


class BackupManager(StoredBackups):
    """Backs up and restores devices, keeps their schedules, and stands still while Home Assistant makes a snapshot."""

    def __init__(
        self,
        root: Path,
        *,
        registry: HandlerRegistry | HandlerScanner | None = None,
        sessions: SessionFactory | None = None,
        timers: Timers | None = None,
        zone: tzinfo = UTC,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        defaults: Defaults | None = None,
        random: Random | None = None,
    ) -> None:
        """Take the root of the store; without a registry a scan finds the handlers at the start."""
        self._handlers = Handlers(registry or HandlerScanner())
        self._sessions = sessions
        self._clock = clock
        defaults = defaults or Defaults()
        self._subscribers = Subscribers[Event]()
        store = BackupStore(root, clock=clock)
        timers = timers or LoopTimers(clock)
        self._queue = JobQueue(defaults.concurrency)
        self._planner = Planner(timers, clock, zone, due=self._request, changed=self._changed)
        self._snapshots = SnapshotKeeper(
            store,
            timers,
            clock,
            manifest=lambda at: manifest_of(self._fleet.statuses(), at),
            begun=self._queue.pause,
            ended=self._snapshot_ended,
        )
        fleet = Fleet(
            store,
            self._planner,
            clock,
            zone,
            defaults,
            publish=self._subscribers.publish,
            may_write=lambda: not self._snapshots.in_progress,
        )
        super().__init__(store, fleet, self._snapshots)
        self._requests = BackupRequests(
            store=store,
            queue=self._queue,
            planner=self._planner,
            clock=clock,
            random=random or Random(),  # noqa: S311 - spreads retries
            make_job=self._backup_job,
            may_store=self._snapshots.wait_until_open,
            refresh=fleet.refresh,
            publish=self._subscribers.publish,
            changed=fleet.changed,
            prompted=self._subscribers.publish,
        )
        self._comparisons = Comparisons(
            store=store,
            handlers=self._handlers,
            queue=self._queue,
            clock=clock,
            sessions=sessions,
            publish=self._subscribers.publish,
        )
        self._restores = Restores(
            store=store,
            handlers=self._handlers,
            backups=self._requests,
            at_endpoint=self._queue.run,
            clock=clock,
            fleet=fleet,
            storing=self._snapshots.storing,
            sessions=sessions,
            may_store=self._snapshots.wait_until_open,
            publish=self._subscribers.publish,
            changed=fleet.changed,
        )

    # Life

    async def start(self) -> None:
        """Open the store for writing and load the handlers; raises StoreError."""
        await self._store.open(write=True)
        self._store.set_second_copy(self._fleet.defaults.second_copy)
        try:
            await self._snapshots.load()
            if not self._handlers.are_scanned:
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
        await self._restores.stop()
        await self._queue.close()
        self._fleet.rest()
        self._snapshots.abandon()
        await self._store.close()

    @property
    def registry(self) -> HandlerRegistry:
        """Return the handlers of the last scan."""
        return self._handlers.registry

    async def rescan(self) -> HandlerRegistry:
        """Look for handlers again, and tell who follows them if there are others."""
        return await self._handlers.rescan()

    def subscribe_registry(self, subscriber: Callable[[HandlerRegistry], None]) -> Callable[[], None]:
        """Call the subscriber, in the event loop, after a scan that found other handlers; return what ends that."""
        return self._handlers.subscribe(subscriber)

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
        if (device := self._fleet.remove(key)) is None:
            return
        self._release(device)
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
        """Start no job on the device until `release`, at most for an hour: its firmware is being installed."""
        device = self._fleet.get(key)
        self._release(device)
        device.held = device.endpoint
        self._queue.hold(device.held)
        self._planner.hold(device, lambda: self._release(device))

    def release(self, key: DeviceKey) -> None:
        """Start jobs on the device again."""
        if device := self._fleet.find(key):
            self._release(device)

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
        done = self._requests.request(device, trigger, person=person).done
        await asyncio.wait([done])
        try:
            return done.result()
        except DeviceBackupError as error:
            return JobResult(key=key, title=device.settings.title, outcome=Outcome.FAILED, trigger=trigger, error=error)

    async def back_up_all(self, *, trigger: Trigger = Trigger.MANUAL) -> list[JobResult]:
        """Back up every device, a few at a time."""
        return await asyncio.gather(
            *(self.back_up(key, trigger=trigger) for key in sorted(device.key for device in self._fleet))
        )

    async def import_backup(self, key: DeviceKey, artifact: Artifact, *, made_at: datetime | None = None) -> JobResult:
        """Keep a file that a person hands in, as of that time, else its own, else now; nothing newer loses its place.

        Raises UnusableFileError, ForeignFileError, HandlerUnavailableError, HandlerCrashedError, StoreError.
        """
        device = self._fleet.get(key)
        newest = None if device.summary is None else device.summary.newest
        info = None if newest is None else newest.device
        job = self._backup_job(device, Trigger.IMPORTED, None)
        result = await import_file(job, artifact, made_at, info=info, zone=self._fleet.zone)
        await self._fleet.take_stored(key)
        await self._snapshots.wait_until_open()
        self._subscribers.publish(result)
        return result

    async def seen(self, key: DeviceKey) -> None:
        """Back up the device now if it is late: it showed itself on the network."""
        if (device := self._fleet.find(key)) is not None:
            self._planner.seen(device)

    async def probe(self, kind: str, config: Mapping[str, object], *, person: Person | None = None) -> DeviceInfo:
        """Return who answers; raises DeviceBackupError. A login that is accepted ends a block."""
        registered = self.registry.get(kind)
        info = await self._queue.run(
            endpoint(DeviceKey(kind, ""), config),
            Priority.INTERACTIVE,
            lambda: runner.probe(registered, config, sessions=self._sessions, person=person),
        )
        if info.unique_id is not None:
            await self._fleet.accept_login(DeviceKey(kind, info.unique_id), registered.spec, config)
        return info

    async def restore(
        self,
        key: DeviceKey,
        backup_id: str | None = None,
        *,
        source: DeviceKey | None = None,
        progress: Progress | None = None,
        person: Person | None = None,
        safety_backup: bool = True,
    ) -> RestoreResult:
        """Put a backup, or the recommended one, on a device (one of `source`, where that was replaced).

        The device is backed up first, and left alone if that fails; afterwards it is backed up again. The same asked
        twice is done once. Raises DeviceBackupError.
        """
        device, source = self._fleet.get(key), source or key
        request = RestoreRequest(
            source=source,
            backup_id=await self._to_restore(device, source, backup_id),
            progress=progress or log_progress,
            person=person,
            safety_backup=safety_backup,
        )
        return await self._restores.restore(device, request)

    async def begin_restore(
        self, key: DeviceKey, backup_id: str, *, source: DeviceKey | None = None, person: Person | None = None
    ) -> None:
        """Begin what `restore` does, without its end; subscribers hear how it goes on. Raises DeviceBackupError."""
        wanted = await self._store.backup(source or key, backup_id)
        request = RestoreRequest(source=wanted.key, backup_id=wanted.id, person=person)
        _ = self._restores.begin(self._fleet.get(key), request)

    async def plan_restore(
        self,
        key: DeviceKey,
        backup_id: str | None = None,
        *,
        source: DeviceKey | None = None,
        person: Person | None = None,
    ) -> RestorePreview:
        """Return what `restore` would do; the device is asked, and nothing is changed. Raises DeviceBackupError."""
        device, source = self._fleet.get(key), source or key
        wanted = await self._to_restore(device, source, backup_id)
        return await self._restores.plan(device, RestoreRequest(source=source, backup_id=wanted, person=person))

    def running_restore(self, key: DeviceKey) -> RunningRestore | None:
        """Return the restore that is under way on a device: who asks `restore` for the same waits for its end."""
        return self._restores.running(self._fleet.get(key))

    async def compare(
        self, key: DeviceKey, older: str, newer: str | None = None, *, person: Person | None = None
    ) -> Comparison:
        """Return what differs between two backups, or between one and the device now. Raises DeviceBackupError."""
        if newer is not None:
            return await self._comparisons.of_backups(key, older, newer)
        return await self._comparisons.with_now(self._fleet.get(key), older, person)

    async def dismiss_restore(self, key: DeviceKey) -> None:
        """Take the word of a person that an unfinished restore needs neither an end nor an undo."""
        await self._restores.dismiss(self._fleet.get(key))

    async def replace_device(
        self, key: DeviceKey, unique_id: str, config: Mapping[str, object] | None = None
    ) -> DeviceKey:
        """Let a replacement, perhaps at another address, go on with the history; return its key."""
        await self.require_replaceable(key, unique_id)
        return await self._restores.replace_device(self._fleet.get(key), unique_id, config)

    # Snapshots of Home Assistant

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

    def _request(self, device: TrackedDevice, trigger: Trigger, attempt: int) -> None:
        """Ask for a backup that is due; without its handler a device waits, as it is caught up when that comes."""
        if device.key.kind in self.registry.handlers:
            self._requests.request(device, trigger, attempt)

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
            storing=self._snapshots.storing,
            stored=lambda: self._fleet.refresh(device),
            learned=lambda unique_id: self._fleet.adopt(device, unique_id, self._snapshots.storing),
            sessions=self._sessions,
            person=person,
            chosen=trigger is Trigger.AFTER_RESTORE and device.put_back is not None and not device.put_back.suspect,
            is_unfinished=device.unfinished_restore is not None,
        )

    async def _to_restore(self, device: TrackedDevice, source: DeviceKey, named: str | None) -> str:
        if named is None and (begun := self._restores.begun(device, source)) is not None:
            return begun
        return await self.backup_id(source, named)

    def _changed(self, device: TrackedDevice) -> None:
        self._fleet.changed(device)

    def _release(self, device: TrackedDevice) -> None:
        self._planner.end_hold(device)
        if device.held is not None:
            held, device.held = device.held, None
            self._queue.release(held)

    def _snapshot_ended(self) -> None:
        self._queue.resume()
        self._fleet.all_changed()
