"""Restores: nothing is touched before everything was checked, each can be undone, and one that is cut off is known."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from ha_device_backup_core.contract import Artifact, Person
from ha_device_backup_core.errors import (
    AuthenticationError,
    BackupNotFoundError,
    DeviceBackupError,
    RestoreRejectedError,
    RestoreUnsupportedError,
    StoreError,
    WrongDeviceError,
)
from ha_device_backup_core.identity import is_assigned
from ha_device_backup_core.jobs import artifact_jobs, runner
from ha_device_backup_core.jobs.http_session import SessionFactory
from ha_device_backup_core.jobs.needless_restore import nothing_to_do
from ha_device_backup_core.plugins.registry import RegisteredHandler
from ha_device_backup_core.records import Backup, DeviceKey, PutBack, Trigger, UnfinishedRestore
from ha_device_backup_core.restore_records import RestoreReport
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.text import Text, _, numbered
from ha_device_backup_core.unexpected import expected_errors_only

from .backups import BLOCKED, Backups
from .device import TrackedDevice
from .devices import Devices
from .event_bus import EventBus
from .events import RestorePreview, RestoreProgressed, RestoreResult
from .handlers import Handlers
from .job_queue import JobQueue, Priority
from .leftovers import accept_what_is_left
from .prompts import showing_prompts
from .restore_place import RestorePlace
from .restore_request import RestoreRequest, RunningRestore
from .safety import can_go_on, left_alone, where_undo_leads
from .snapshot_guard import SnapshotGuard
from .stored_backups import StoredBackups

_LOGGER = logging.getLogger(__name__)

_SAFETY_NOW: Text = _("Backing up what is on the device now")
_OTHER_RUNNING: Text = _("Another backup is being put on this device at this moment. Wait until that is done.")


@dataclass(slots=True, kw_only=True)
class _Running:
    request: RestoreRequest
    task: "asyncio.Task[RestoreResult]"
    share: float | None = None
    text: Text | None = None

    def also_serves(self, request: RestoreRequest) -> bool:
        """Return whether it is what is asked for again: a second click."""
        mine = self.request
        return (mine.source, mine.backup_id, mine.copy) == (request.source, request.backup_id, request.copy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restores:
    """Owns the restores that are running, one for a device."""

    store: BackupStore
    stored: StoredBackups
    handlers: Handlers
    devices: Devices
    queue: JobQueue
    backups: Backups
    snapshots: SnapshotGuard
    bus: EventBus
    clock: Callable[[], datetime]
    sessions: SessionFactory | None
    _running: dict[TrackedDevice, _Running] = field(default_factory=dict)

    async def restore(self, device: TrackedDevice, request: RestoreRequest) -> RestoreResult:
        """Put the backup on the device, or wait for the same one that is running; who goes away ends nothing.

        Raises DeviceBackupError of any kind.
        """
        task = self.begin(device, request)
        await asyncio.wait([task])
        return task.result()

    def begin(self, device: TrackedDevice, request: RestoreRequest) -> "asyncio.Task[RestoreResult]":
        """Begin to put the backup on the device; the same that is running is joined. Raises RestoreRejectedError."""
        running = self._running.get(device)
        if running is None:
            running = self._begin(device, request)
        elif not running.also_serves(request):
            raise RestoreRejectedError(_OTHER_RUNNING)
        return running.task

    def running(self, device: TrackedDevice | None) -> RunningRestore | None:
        """Return what is being put on the device now, None where nothing is."""
        running = None if device is None else self._running.get(device)
        if running is None or device is None or not device.restoring:
            return None
        request = running.request
        return RunningRestore(
            source=request.source, backup_id=request.backup_id, share=running.share, text=running.text
        )

    def device(self, key: DeviceKey) -> TrackedDevice | None:
        """Return the device of that key on which a restore is under way, removed or not."""
        return next((device for device in self._running if device.key == key), None)

    async def chosen(self, device: TrackedDevice, source: DeviceKey | None, named: str | None) -> Backup:
        """Return what is put on the device: what was named, else what is running or unfinished, else what is offered.

        Raises HandlerUnavailableError, RestoreUnsupportedError, BackupNotFoundError.
        """
        self._require_possible(device, source or device.key)
        if named is None and (begun := await self._begun(device, source)) is not None:
            return begun
        return await self.stored.chosen(source or device.key, named)

    async def plan(self, device: TrackedDevice, request: RestoreRequest) -> RestorePreview:
        """Ask the device what the restore would do, and change nothing; raises DeviceBackupError of any kind."""
        registered, artifact = await self._checked(device, request)

        async def ask() -> RestorePreview:
            async with self.backups.noting_stranger(device):
                with showing_prompts(device, request.person, self.clock, self.bus) as person:
                    await self._demand_no_known_other(device, registered, person)
                    info, plan = await runner.plan(
                        registered,
                        device.settings.config,
                        artifact,
                        expected_unique_id=device.key.unique_id,
                        sessions=self.sessions,
                        person=person,
                    )
            return RestorePreview(device=info, backup=request.backup, plan=plan)

        return await self.queue.run(device.endpoint, Priority.PERSON, ask)

    async def dismiss(self, device: TrackedDevice) -> None:
        """Take the word of a person that an unfinished restore needs neither an end nor an undo."""
        await self._set_unfinished(device, None)
        with suppress(DeviceBackupError):
            await accept_what_is_left(self.store, self.handlers.of(device), device.latest)
            await self.devices.refresh(device)
        self.bus.changed(device)

    async def stop(self) -> None:
        """End what is running; it is told as unfinished at the next start."""
        tasks = [running.task for running in self._running.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _begun(self, device: TrackedDevice, source: DeviceKey | None) -> Backup | None:
        """Return the backup whose restore is running or unfinished, if it is of that source: who names none means it.

        One that is not there any more is none.
        """
        begun = self.running(device) or device.chosen_last
        if begun is None or source not in {None, begun.source}:
            return None
        with suppress(BackupNotFoundError):
            return await self.store.backup(begun.source, begun.backup_id)
        return None

    def _require_possible(self, device: TrackedDevice, source: DeviceKey) -> RegisteredHandler:
        """Return the handler that puts backups of the source on the device.

        Raises HandlerUnavailableError, RestoreUnsupportedError.
        """
        registered = self.handlers.of(device)
        if not registered.can_restore or source.kind != registered.kind:
            raise RestoreUnsupportedError(numbered(registered.spec.restore_guide))
        return registered

    def _begin(self, device: TrackedDevice, request: RestoreRequest) -> _Running:
        def report(share: float | None, text: Text) -> None:
            running.share, running.text = share, text
            self.bus.publish(RestoreProgressed(key=device.key, title=device.settings.title))
            request.progress(share, text)

        task = asyncio.create_task(self._run(device, replace(request, progress=report)))
        running = self._running[device] = _Running(request=request, task=task)
        device.restoring = True
        self.bus.changed(device)
        task.add_done_callback(lambda done: self._end(device, done))
        return running

    def _end(self, device: TrackedDevice, done: "asyncio.Task[RestoreResult]") -> None:
        del self._running[device]
        if device.restoring:
            device.restoring = False
            self.bus.changed(device)
        if not done.cancelled():
            done.exception()  # It was told, whether somebody waits for it or not.

    async def _run(self, device: TrackedDevice, request: RestoreRequest) -> RestoreResult:
        """Put it back, and tell how that ended: whoever asked may be gone by then."""
        title = device.settings.title
        try:
            with expected_errors_only(_LOGGER, f"The restore of {title}"):
                result = await self._checked_and_put_back(device, request)
        except DeviceBackupError as error:
            self._publish_end(device, RestoreResult(key=device.key, title=title, backup=request.backup, error=error))
            raise
        self._publish_end(device, result)
        return result

    async def _checked_and_put_back(self, device: TrackedDevice, request: RestoreRequest) -> RestoreResult:
        place = RestorePlace.of(device, self.handlers.of(device).spec)
        registered, artifact = await self._checked(device, request)

        async def work() -> RestoreResult:
            async with self.backups.noting_stranger(device):
                return await self._put_back(place, request, registered, artifact)

        return await self.queue.run(device.endpoint, Priority.PERSON, work)

    def _publish_end(self, device: TrackedDevice, result: RestoreResult) -> None:
        """Publish the end; from then on it is known whether the restore is unfinished."""
        device.restoring = False
        self.bus.changed(device)
        self.bus.publish(result)

    async def _checked(self, device: TrackedDevice, request: RestoreRequest) -> tuple[RegisteredHandler, Artifact]:
        """Return what is put back, checked without any contact."""
        registered = self._require_possible(device, request.source)
        if device.blocked:
            raise AuthenticationError(BLOCKED)
        copied = request.copy
        artifact = copied.artifact if copied else await self.store.read(request.source, request.backup_id)
        await artifact_jobs.check(registered, artifact, device=device.key.unique_id)
        return registered, artifact

    async def _put_back(
        self, place: RestorePlace, request: RestoreRequest, registered: RegisteredHandler, artifact: Artifact
    ) -> RestoreResult:
        """Put it back, even if retention removed it from the store meanwhile."""
        device = place.device
        place.demand()
        await self._demand_no_known_other(device, registered, request.person)
        before, device.put_back = device.unfinished_restore, request.backup
        try:
            safety = await self._back_up_first(place, request)
            report = await self._send(place, request, registered, artifact, safety)
            after, is_saved = None, not place.is_left
            if request.back_up_after and is_saved:
                after = await self.backups.run_now(
                    device, Trigger.AFTER_RESTORE, None, is_partly_restored=not report.whole
                )
                is_saved = after.error is None
            is_known = is_saved or request.backup.suspect
            await self._note_end(
                device, None if is_known else PutBack(source=request.source, backup_id=request.backup_id)
            )
        finally:
            device.put_back = None
        return RestoreResult(
            key=device.key,
            title=device.settings.title,
            backup=request.backup,
            report=report,
            safety_backup=await self._undoing(device.key, before, safety),
            after=after,
        )

    async def _demand_no_known_other(
        self, device: TrackedDevice, registered: RegisteredHandler, person: Person | None
    ) -> None:
        """Raise WrongDeviceError where a device that is known by its own id answers for one that never told any."""
        if not is_assigned(device.key.unique_id):
            return
        answering = await runner.probe(registered, device.settings.config, sessions=self.sessions, person=person)
        if answering.unique_id is None:
            return
        key = DeviceKey(device.key.kind, answering.unique_id)
        if key in self.devices or await self.store.count(key):
            raise WrongDeviceError

    async def _back_up_first(self, place: RestorePlace, request: RestoreRequest) -> Backup | None:
        if not request.safety_backup:
            return None
        device = place.device
        place.demand()
        request.progress(None, _SAFETY_NOW)
        result = await self.backups.run_now(device, Trigger.BEFORE_RESTORE, request.person)
        if result.error is not None:
            if can_go_on(result.error, device.unfinished_restore):
                return None
            raise left_alone(result.error)
        if result.backup is None:
            return None
        await self.snapshots.wait_until_open()
        try:
            safety = await self.store.set_before_restore(result.key, result.backup.id, self.clock())
        except StoreError as error:
            raise left_alone(error) from error
        await self.devices.refresh(device)
        return safety

    async def _undoing(self, key: DeviceKey, before: UnfinishedRestore | None, safety: Backup | None) -> Backup | None:
        """Return the backup by which all of it is undone: where one was cut off, that of before it."""
        first = where_undo_leads(before, safety)
        if first is None or (safety is not None and first == safety.id):
            return safety
        with suppress(StoreError):
            return await self.store.backup(key, first)
        return safety

    async def _send(
        self,
        place: RestorePlace,
        request: RestoreRequest,
        registered: RegisteredHandler,
        artifact: Artifact,
        safety: Backup | None,
    ) -> RestoreReport:
        device = place.device
        before = device.unfinished_restore
        unfinished = UnfinishedRestore(
            source=request.source,
            backup_id=request.backup_id,
            safety_backup_id=where_undo_leads(before, safety),
            begun_at=self.clock(),
            files=request.files,
        )
        with showing_prompts(device, request.person, self.clock, self.bus) as person:
            place.demand()
            if before is None:
                equal = await nothing_to_do(
                    registered,
                    device.settings.config,
                    artifact,
                    expected_unique_id=device.key.unique_id,
                    sessions=self.sessions,
                    person=person,
                )
                if equal is not None:
                    return equal
            place.demand()
            try:
                report = await runner.restore(
                    registered,
                    device.settings.config,
                    artifact,
                    request.progress,
                    expected_unique_id=device.key.unique_id,
                    begin=lambda: self._noted(place, unfinished),
                    sessions=self.sessions,
                    person=person,
                )
            except RestoreRejectedError:
                await self._set_unfinished(device, before)
                raise
        return report

    @asynccontextmanager
    async def _noted(self, place: RestorePlace, unfinished: UnfinishedRestore) -> AsyncIterator[None]:
        """Note that the device may be changed from now on; what the block raises came before that."""
        device = place.device
        before = device.unfinished_restore
        try:
            await self._set_unfinished(device, unfinished)
        except StoreError as error:
            raise left_alone(error) from error
        try:
            place.demand()
            yield
        except Exception:  # whatever it is: nothing was written, and it is what the person has to know
            with suppress(StoreError):
                await self._set_unfinished(device, before)
            raise

    async def _note_end(self, device: TrackedDevice, put_back: PutBack | None) -> None:
        """Note that it ended well; where that cannot be written down, it ended well all the same."""
        try:
            await self._set_unfinished(device, None, put_back)
            await self.devices.refresh(device)
        except StoreError as error:
            _LOGGER.warning("That the restore of %s ended well could not be recorded: %s", device.settings.title, error)

    async def _set_unfinished(
        self, device: TrackedDevice, restore: UnfinishedRestore | None, put_back: PutBack | None = None
    ) -> None:
        if restore == device.unfinished_restore and put_back is None:
            return
        await self.snapshots.wait_until_open()
        await self.store.set_unfinished_restore(device.key, device.settings.title, restore, put_back=put_back)
        for known in (device, self.devices.find(device.key)):
            if known is not None:
                known.unfinished_restore = restore
