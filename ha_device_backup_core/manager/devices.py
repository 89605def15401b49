"""The devices in care: their settings, what is known of them, and their plans."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from ha_device_backup_core.config.config import are_equal, matches_digest
from ha_device_backup_core.contract import HandlerSpec
from ha_device_backup_core.errors import BackupNotFoundError, DeviceBackupError
from ha_device_backup_core.policies.schedule import ScheduleKind, interval_of
from ha_device_backup_core.records import (
    Backup,
    DeviceKey,
    DeviceRecord,
    StoredSummary,
    UnfinishedRestore,
    recommended_of,
)
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.text import Text, _

from .device import TrackedDevice
from .event_bus import EventBus
from .events import DeviceStatus
from .scheduler import Scheduler
from .settings import Defaults, DeviceSettings, EffectiveSettings
from .slices import Slices
from .snapshot_guard import SnapshotGuard


class Devices:
    """Owns what is in memory about every device."""

    def __init__(
        self,
        store: BackupStore,
        scheduler: Scheduler,
        clock: Callable[[], datetime],
        zone: tzinfo,
        defaults: Defaults,
        bus: EventBus,
        snapshots: SnapshotGuard,
    ) -> None:
        """Begin without devices."""
        self._store = store
        self._scheduler = scheduler
        self._clock = clock
        self._zone = zone
        self._bus = bus
        self._snapshots = snapshots
        self._devices: dict[DeviceKey, TrackedDevice] = {}
        self._earlier: dict[DeviceKey, DeviceKey] = {}
        """The keys that devices had before they told their own id, for whoever has not heard of it yet."""
        self._slices = Slices()
        self.defaults = defaults

    def __iter__(self) -> Iterator[TrackedDevice]:
        return iter(tuple(self._devices.values()))

    def __contains__(self, key: DeviceKey) -> bool:
        return self._present(key) in self._devices

    def find(self, key: DeviceKey) -> TrackedDevice | None:
        """Return the device, None if it was not added."""
        return self._devices.get(self._present(key))

    def get(self, key: DeviceKey) -> TrackedDevice:
        """Return the device; raises BackupNotFoundError if it was not added."""
        try:
            return self._devices[self._present(key)]
        except KeyError:
            raise BackupNotFoundError(_("There is no device {key}.", key=str(key))) from None

    def statuses(self) -> list[DeviceStatus]:
        """Return how all devices are, by key."""
        now = self._clock()
        return [device.status(now) for _, device in sorted(self._devices.items())]

    async def add(self, settings: DeviceSettings) -> None:
        """Take a device into care, with what the store knows of it; raises StoreError."""
        device = TrackedDevice(settings=settings, effective=self.defaults.of(settings), interval=None)
        device.interval = self._interval(device.effective)
        record = await self._take_title(settings)
        if record is not None:
            device.last_attempt = record.last_attempt
            device.unfinished_restore = record.unfinished_restore
            device.blocked = await self._is_blocked(settings, record)
        await self.refresh(device)
        self._devices[settings.key] = device
        self._scheduler.catch_up(device)
        self._scheduler.plan(device)
        self._bus.changed(device)

    async def take_back(self, device: TrackedDevice, settings: DeviceSettings) -> None:
        """Take a removed device into care again, with what goes on under it; raises StoreError."""
        await self.refresh(device)
        device.removed = False
        self._devices[settings.key] = device
        self._scheduler.catch_up(device)
        await self.update(settings)

    async def update(self, settings: DeviceSettings) -> None:
        """Take new settings; a changed configuration ends a block, and is tried at once after a failure."""
        device = self.get(settings.key)
        reconfigured = dict(settings.config) != dict(device.settings.config)
        record = await self._take_title(settings)
        device.settings = settings
        device.effective = self.defaults.of(settings)
        device.interval = self._interval(device.effective)
        if not settings.schedule_enabled:
            self._scheduler.cancel_retry(device)
        if reconfigured:
            device.blocked = record is not None and await self._is_blocked(settings, record)
            self._scheduler.cancel_retry(device)
            self._scheduler.catch_up(device)
        self._scheduler.plan(device)
        self._bus.changed(device)

    def remove(self, key: DeviceKey) -> TrackedDevice | None:
        """Let a device go, its timers with it."""
        present = self._present(key)
        device = self._devices.pop(present, None)
        if device is not None:
            device.removed = True
            self._earlier = {earlier: now for earlier, now in self._earlier.items() if now != present}
            self._scheduler.cancel_timers(device)
        return device

    def ready(self) -> None:
        """Put the schedules in force and catch up what was missed."""
        if self._scheduler.begun:
            return
        self._scheduler.begin()

        def put_in_force(device: TrackedDevice) -> None:
            self._scheduler.catch_up(device)
            self._scheduler.plan(device)

        self._each(put_in_force, then=self._bus.all_changed)

    def cancel_timers(self) -> None:
        """Cancel all timers."""
        self._slices.end()
        for device in self:
            self._scheduler.cancel_timers(device)

    def set_defaults(self, defaults: Defaults) -> None:
        """Take what holds for devices without settings of their own."""
        self.defaults = defaults
        for device in self:
            device.effective = defaults.of(device.settings)
            device.interval = self._interval(device.effective)
        self._each(self._scheduler.plan, then=self._bus.all_changed)

    @property
    def zone(self) -> tzinfo:
        """The home's time zone."""
        return self._zone

    def set_zone(self, zone: tzinfo) -> None:
        """Take the home's time zone."""
        self._zone = zone
        self._scheduler.set_zone(zone)
        self.set_defaults(self.defaults)

    def set_automatic_backup_time(self, when: datetime | None) -> None:
        """Take the time of Home Assistant's next automatic backup, and run at once what is due ahead of it."""
        if not self._scheduler.set_automatic_backup(when):
            return

        def follow(device: TrackedDevice) -> None:
            if device.effective.schedule.kind is ScheduleKind.BEFORE_HOME_ASSISTANT_BACKUP:
                self._scheduler.run_if_missed(device)
                self._scheduler.plan(device)
                self._bus.changed(device)

        self._each(follow)

    async def accept_login(self, key: DeviceKey, spec: HandlerSpec, config: Mapping[str, object]) -> None:
        """End the block of a device that just accepted this configuration, where that is its own."""
        device = self.find(key)
        if device is None or not device.blocked or not are_equal(spec, device.settings.config, config):
            return
        device.blocked = False
        if device.last_attempt is not None and not self._snapshots.in_progress:
            await self._store.record_attempt(device.key, device.settings.title, device.last_attempt)
        self._scheduler.catch_up(device)
        self._scheduler.plan(device)
        self._bus.changed(device)

    async def refresh(self, device: TrackedDevice) -> None:
        """Take what is stored of the device into memory."""
        device.summary = await self._store.summary(device.key)
        device.latest = await self._store.last_confirmed(device.key)

    async def change_identity(
        self, device: TrackedDevice, unique_id: str, *, awaited: UnfinishedRestore | None = None
    ) -> DeviceKey:
        """Let a device take the id that it tells, with its history; the old key leads to it until it is removed."""
        earlier, key = device.key, DeviceKey(device.key.kind, unique_id)
        if key in self:
            raise DeviceBackupError(_there_twice(self.get(key).settings.title))
        async with self._snapshots.writing():
            await self._store.change_identity(earlier, key, awaited=awaited)
            self._devices[key] = self._devices.pop(earlier)
            self._earlier[earlier] = key
            device.settings, device.earlier = replace(device.settings, key=key), earlier
            record = await self._store.device(key)
            device.unfinished_restore = None if record is None else record.unfinished_restore
            await self.refresh(device)
        return key

    async def reload(self, key: DeviceKey) -> None:
        """Take up that something stored of the device was changed by a person."""
        if (device := self.find(key)) is not None:
            await self.refresh(device)
            self._scheduler.plan(device)
            self._bus.changed(device)

    async def forget_backup(self, key: DeviceKey, backup_id: str) -> None:
        """Forget a backup that is about to be deleted, so that no snapshot is said to hold it."""
        if (device := self.find(key)) is not None:
            device.summary = _summary_without(await self._store.backups(key), backup_id)

    def _present(self, key: DeviceKey) -> DeviceKey:
        return self._earlier.get(key, key)

    def _each(self, work: Callable[[TrackedDevice], None], *, then: Callable[[], None] | None = None) -> None:
        """Do the work for all devices, the first of them at once, without holding up anybody else for long."""

        def if_still_there(device: TrackedDevice) -> None:
            if self._devices.get(device.key) is device:
                work(device)

        self._slices.run(tuple(self), if_still_there, then)

    async def _take_title(self, settings: DeviceSettings) -> DeviceRecord | None:
        record = await self._store.device(settings.key)
        if record is not None and record.title != settings.title and not self._snapshots.in_progress:
            await self._store.set_title(settings.key, settings.title)
        return record

    async def _is_blocked(self, settings: DeviceSettings, record: DeviceRecord) -> bool:
        return record.blocked is not None and await asyncio.to_thread(matches_digest, settings.config, record.blocked)

    def _interval(self, effective: EffectiveSettings) -> timedelta | None:
        return interval_of(effective.schedule, zone=self._zone, now=self._clock())


def _there_twice(title: str) -> Text:
    return _("It was added a second time, as “{title}”. Remove one of the two.", title=title)


def _summary_without(backups: list[Backup], backup_id: str) -> StoredSummary:
    rest = [backup for backup in backups if backup.id != backup_id]
    return StoredSummary(
        newest=rest[0] if rest else None,
        recommended=recommended_of(rest),
        count=len(rest),
        size=sum(backup.artifact.size for backup in rest),
    )
