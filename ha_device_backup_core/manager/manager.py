"""The backup manager: the one facade that the integration and the command line use."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from random import Random

from ha_device_backup_core.changes import Comparison
from ha_device_backup_core.contract import Artifact, DeviceInfo, Person, Progress
from ha_device_backup_core.jobs.http_session import SessionFactory
from ha_device_backup_core.plugins.registry import HandlerRegistry, HandlerScanner
from ha_device_backup_core.records import DeviceKey, Trigger
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.store.names import KINDS_FOLDER
from ha_device_backup_core.text import Text, _

from .backups import Backups
from .comparisons import Comparisons
from .device import TrackedDevice
from .devices import Devices
from .event_bus import EventBus
from .events import DeviceStatus, JobResult, RestorePreview, RestoreResult, Subscriber
from .handlers import Handlers
from .job_queue import JobQueue
from .met_devices import MetDevices
from .pauses import Pauses
from .replacements import Replacements
from .restore_request import RestoreRequest, RunningRestore, log_progress
from .restores import Restores
from .reviews import Review, review
from .scheduler import Scheduler
from .settings import Defaults, DeviceSettings
from .snapshot_coverage import newest_of
from .snapshot_guard import SnapshotGuard
from .snapshot_records import SnapshotManifest, SnapshotRecord, manifest_of
from .stored_backups import StoredBackups
from .timers import LoopTimers, Timers
from .visits import Visits

_REMOVED: Text = _("The device was removed.")


class DeviceBackupManager:
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
        defaults = defaults or Defaults()
        store = BackupStore(root, clock=clock)
        timers = timers or LoopTimers(clock)
        snapshots = SnapshotGuard(store, timers, clock)
        self._queue = JobQueue(defaults.concurrency, snapshots=snapshots)
        bus = EventBus(snapshots)
        self._scheduler = Scheduler(timers, clock, zone, bus, due=self._request_due)
        self._pauses = Pauses(queue=self._queue, scheduler=self._scheduler)
        devices = Devices(store, self._scheduler, clock, zone, defaults, bus, snapshots)
        self.handlers = Handlers(registry or HandlerScanner(folders=[root / KINDS_FOLDER]), devices.find)
        self._store, self._devices, self._snapshots, self._bus, self._clock = store, devices, snapshots, bus, clock
        self.stored = StoredBackups(store, devices, snapshots, clock)
        self._backups = Backups(
            store=store,
            handlers=self.handlers,
            queue=self._queue,
            devices=devices,
            scheduler=self._scheduler,
            snapshots=snapshots,
            bus=bus,
            clock=clock,
            random=random or Random(),  # noqa: S311 - spreads retries
            sessions=sessions,
        )
        self._comparisons = Comparisons(backups=self._backups)
        self._restores = Restores(
            store=store,
            stored=self.stored,
            handlers=self.handlers,
            devices=devices,
            queue=self._queue,
            backups=self._backups,
            snapshots=snapshots,
            bus=bus,
            clock=clock,
            sessions=sessions,
        )
        self._replacements = Replacements(
            store=store, devices=devices, queue=self._queue, backups=self._backups, clock=clock
        )
        self.visits = Visits(
            store=store,
            handlers=self.handlers,
            devices=devices,
            queue=self._queue,
            restores=self._restores,
            met=MetDevices(store),
            snapshots=snapshots,
            clock=clock,
            sessions=sessions,
        )

    # Life

    async def start(self, *, write: bool = True) -> None:
        """Open the store and load the handlers; raises StoreError. To read takes no lock, and changes nothing."""
        await self._store.open(write=write)
        if write:
            self._store.set_second_copy(self._devices.defaults.second_copy)
        try:
            await self._snapshots.load()
            if not self.handlers.are_scanned:
                await self.rescan()
        except BaseException:
            await self._store.close()
            raise

    def ready(self) -> None:
        """Put the schedules in force and catch up what was missed: Home Assistant has started."""
        self._devices.ready()

    async def stop(self) -> None:
        """End all jobs and timers and close the store."""
        self._devices.cancel_timers()
        await self._restores.stop()
        await self._queue.close()
        self._devices.cancel_timers()
        self._snapshots.cancel_timer()
        await self._store.close()

    @property
    def registry(self) -> HandlerRegistry:
        """Return the handlers of the last scan."""
        return self.handlers.registry

    async def rescan(self) -> HandlerRegistry:
        """Look for handlers again, and tell who follows them if there are others."""
        return await self.handlers.rescan()

    async def keep_kind_file(self, name: str, content: bytes) -> None:
        """Keep a file that describes a kind beside the backups, for the next scan; raises StoreError."""
        await self._store.put_kind_file(name, content)

    async def remove_kind_file(self, name: str) -> None:
        """Remove a file that describes a kind before the next scan; backups stay; raises StoreError."""
        await self._store.remove_kind_file(name)

    def subscribe_registry(self, subscriber: Callable[[HandlerRegistry], None]) -> Callable[[], None]:
        """Call the subscriber, in the event loop, after a scan that found other handlers; return what ends that."""
        return self.handlers.subscribe(subscriber)

    # Devices

    async def add_device(self, settings: DeviceSettings) -> None:
        """Take a device into care, with what the store knows of it; raises StoreError."""
        if settings.key in self._devices:
            await self._devices.update(settings)
        elif (device := self._restores.device(settings.key)) is not None:
            await self._devices.take_back(device, settings)
        else:
            await self._devices.add(settings)

    async def update_device(self, settings: DeviceSettings) -> None:
        """Take new settings; a changed configuration ends a block."""
        await self._devices.update(settings)

    async def remove_device(self, key: DeviceKey) -> None:
        """Let a device go; its backups stay."""
        if (device := self._devices.remove(key)) is None:
            return
        self._pauses.resume(device)
        for request in tuple(device.requests):
            if request.job is not None:
                await self._queue.drop(request.job, _REMOVED)
        self._scheduler.cancel_timers(device)

    def set_defaults(self, defaults: Defaults) -> None:
        """Take what holds for devices without settings of their own."""
        self._queue.set_limit(defaults.concurrency)
        if defaults.second_copy != self._devices.defaults.second_copy:
            self._store.set_second_copy(defaults.second_copy)
        self._devices.set_defaults(defaults)

    def set_zone(self, zone: tzinfo) -> None:
        """Take the home's time zone."""
        self._devices.set_zone(zone)

    def set_automatic_backup_time(self, when: datetime | None) -> None:
        """Take the time of Home Assistant's next automatic backup; None where there is none."""
        self._devices.set_automatic_backup_time(when)

    def pause_device(self, key: DeviceKey) -> None:
        """Start no job on the device until `resume_device`, at most for an hour: its firmware is being installed."""
        self._pauses.pause(self._devices.get(key))

    def resume_device(self, key: DeviceKey) -> None:
        """Start jobs on the device again."""
        if device := self._devices.find(key):
            self._pauses.resume(device)

    # What is known, from memory

    def status(self, key: DeviceKey) -> DeviceStatus:
        """Return how a device is; raises BackupNotFoundError for one that was not added."""
        return self._devices.get(key).status(self._clock())

    def statuses(self) -> list[DeviceStatus]:
        """Return how all devices are, by key."""
        return self._devices.statuses()

    def keys(self) -> list[DeviceKey]:
        """Return which devices are in care."""
        return [device.key for device in self._devices]

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Call the subscriber, in the event loop, with every JobResult and StatusChanged; return what ends that."""
        return self._bus.subscribe(subscriber)

    # Backups of Home Assistant

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

    @property
    def newest_snapshot(self) -> SnapshotRecord | None:
        """Return the newest of them, None where there is none or it is not known how the newest ended."""
        return newest_of(self.snapshots)

    async def prepare_snapshot(self, *, timeout: float = 10.0) -> None:  # noqa: ASYNC109 - a limit, kept within
        """Stand still and write down what is stored; never raises and never waits for a device."""
        await self._snapshots.prepare(lambda at: manifest_of(self._devices.statuses(), at), limit=timeout)

    def finish_snapshot(self) -> None:
        """Go on with what was held back."""
        self._snapshots.finish()

    async def record_snapshot(self, record: SnapshotRecord) -> None:
        """Keep what a finished backup of Home Assistant carries; raises StoreError."""
        await self._snapshots.record(record)
        self._bus.all_changed()

    # Backups of devices

    async def back_up(
        self, key: DeviceKey, *, trigger: Trigger = Trigger.MANUAL, person: Person | None = None
    ) -> JobResult:
        """Back up a device and return how it went; errors are in the result."""
        return await self._backups.back_up(self._devices.get(key), trigger, person)

    async def back_up_all(self, *, trigger: Trigger = Trigger.MANUAL) -> list[JobResult]:
        """Back up every device, a few at a time."""
        return await asyncio.gather(
            *(self.back_up(key, trigger=trigger) for key in sorted(device.key for device in self._devices))
        )

    async def import_backup(
        self,
        key: DeviceKey,
        artifact: Artifact,
        *,
        made_at: datetime | None = None,
        may_be_old: bool = False,
        info: DeviceInfo | None = None,
    ) -> JobResult:
        """Keep a file that a person hands in, as of that time, else its own, else now; nothing newer loses its place.

        One that `may_be_old` and tells no time goes before the recommended backup; `info`: what the device was then.
        Raises UnusableFileError, ForeignFileError, HandlerUnavailableError, HandlerCrashedError, StoreError.
        """
        device = self._devices.get(key)
        return await self._backups.import_file(device, artifact, made_at=made_at, may_be_old=may_be_old, info=info)

    async def back_up_if_late(self, key: DeviceKey) -> None:
        """Back up the device now if it is late: it showed itself on the network."""
        if (device := self._devices.find(key)) is not None:
            self._scheduler.back_up_if_late(device)

    async def probe(
        self, kind: str, config: Mapping[str, object], *, agent: str | None = None, person: Person | None = None
    ) -> DeviceInfo:
        """Return who answers, here or at an agent; raises DeviceBackupError. A login that is accepted ends a block."""
        info = await self.visits.probe(kind, config, agent=agent, person=person)
        if info.unique_id is not None:
            spec = self.registry.get(kind, agent).spec
            await self._devices.accept_login(DeviceKey(kind, info.unique_id), spec, config)
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
        """Put a backup (of `source`, where that was replaced) on a device; the one that is offered if none is named.

        Before and after it the device is backed up; where the first fails it is left alone. Raises DeviceBackupError.
        """
        device = self._devices.get(key)
        request = RestoreRequest(
            backup=await self._restores.chosen(device, source, backup_id),
            progress=progress or log_progress,
            person=person,
            safety_backup=safety_backup,
        )
        return await self._restores.restore(device, request)

    async def begin_restore(
        self, key: DeviceKey, backup_id: str | None, *, source: DeviceKey | None = None, person: Person | None = None
    ) -> asyncio.Task[RestoreResult]:
        """Begin what `restore` does and return what does it: who cancels that ends it. Raises DeviceBackupError."""
        device = self._devices.get(key)
        wanted = await self._restores.chosen(device, source, backup_id)
        return self._restores.begin(device, RestoreRequest(backup=wanted, person=person))

    async def plan_restore(
        self,
        key: DeviceKey,
        backup_id: str | None = None,
        *,
        source: DeviceKey | None = None,
        person: Person | None = None,
    ) -> RestorePreview:
        """Return what `restore` would do; the device is asked, and nothing is changed. Raises DeviceBackupError."""
        device = self._devices.get(key)
        wanted = await self._restores.chosen(device, source, backup_id)
        return await self._restores.plan(device, RestoreRequest(backup=wanted, person=person))

    def running_restore(self, key: DeviceKey) -> RunningRestore | None:
        """Return the restore that is under way on a device, also on one that was removed meanwhile."""
        return self._restores.running(self._devices.find(key) or self._restores.device(key))

    async def compare(
        self, key: DeviceKey, older: str, newer: str | None = None, *, person: Person | None = None
    ) -> Comparison:
        """Return what differs between two backups, or between one and the device now. Raises DeviceBackupError."""
        if newer is not None:
            return await self._comparisons.of_backups(key, older, newer)
        return await self._comparisons.with_now(self._devices.get(key), older, person)

    async def review(self, key: DeviceKey) -> Review:
        """Return whether a device holds its recommended backup; it is asked, and nothing is changed or stored."""
        return await review(self._devices.get(key), self.status(key), self._comparisons)

    async def dismiss_restore(self, key: DeviceKey) -> None:
        """Take the word of a person that an unfinished restore needs neither an end nor an undo."""
        await self._restores.dismiss(self._devices.get(key))

    async def replace_device(
        self, key: DeviceKey, unique_id: str, config: Mapping[str, object] | None = None
    ) -> DeviceKey:
        """Let a replacement, perhaps at another address, go on with the history; return its key."""
        return await self._replacements.replace(key, unique_id, config)

    async def require_replaceable(self, key: DeviceKey, unique_id: str) -> None:
        """Raise DeviceBackupError, which says what else to do, where the device of that id cannot replace this one."""
        await self._replacements.require_replaceable(key, unique_id)

    # Parts

    def _request_due(self, device: TrackedDevice, trigger: Trigger, attempt: int) -> None:
        self._backups.request_due(device, trigger, attempt)
