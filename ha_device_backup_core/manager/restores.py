"""Restores: nothing is touched before everything was checked, each can be undone, and one that is cut off is known."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from ha_device_backup_core.contract import Artifact, Person, Progress
from ha_device_backup_core.errors import (
    AuthenticationError,
    DeviceBackupError,
    RestoreRejectedError,
    RestoreUnsupportedError,
    StoreError,
)
from ha_device_backup_core.jobs import runner
from ha_device_backup_core.jobs.http_session import SessionFactory
from ha_device_backup_core.jobs.needless_restore import nothing_to_do
from ha_device_backup_core.plugins.registry import RegisteredHandler
from ha_device_backup_core.records import Backup, DeviceKey, Trigger, UnfinishedRestore
from ha_device_backup_core.restore_records import RestoreReport
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.text import Text, _, numbered

from .backup_requests import BLOCKED, BackupRequests
from .device import TrackedDevice
from .devices import Fleet
from .events import Event, RestorePreview, RestoreProgressed, RestoreResult
from .handlers import Handlers
from .job_queue import Priority
from .prompts import attending

_LOGGER = logging.getLogger(__name__)

_SAFETY_NOW: Text = _("Backing up what is on the device now")
_OTHER_RUNNING: Text = _("Another backup is being put on this device at this moment. Wait until that is done.")


class AtEndpoint(Protocol):
    """Does work when its turn at a device comes."""

    async def __call__[T](self, where: str, priority: Priority, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Return what the work returns."""


def log_progress(share: float | None, text: Text) -> None:
    """Stand in where nobody watches."""
    _LOGGER.debug("Restore: %s (%s)", text, share)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreRequest:
    """Which backup goes on which device."""

    source: DeviceKey
    """The device it is of: another one where the hardware was replaced."""
    backup_id: str
    progress: Progress = log_progress
    person: Person | None = None
    safety_backup: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningRestore:
    """A restore that is under way, and how far it is."""

    source: DeviceKey
    backup_id: str
    share: float | None = None
    """Of the work, None where nobody can tell."""
    text: Text | None = None


@dataclass(slots=True, kw_only=True)
class _Running:
    request: RestoreRequest
    task: "asyncio.Task[RestoreResult]"
    share: float | None = None
    text: Text | None = None

    def answers(self, request: RestoreRequest) -> bool:
        """Return whether it is what is asked for again: a second click."""
        return (self.request.source, self.request.backup_id) == (request.source, request.backup_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restores:
    """Owns the restores that are running, one for a device."""

    store: BackupStore
    handlers: Handlers
    backups: BackupRequests
    at_endpoint: AtEndpoint
    clock: Callable[[], datetime]
    fleet: Fleet
    storing: Callable[[], AbstractAsyncContextManager[object]]
    sessions: SessionFactory | None
    may_store: Callable[[], Awaitable[object]]
    publish: Callable[[Event], None]
    changed: Callable[[TrackedDevice], None]
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
        elif not running.answers(request):
            raise RestoreRejectedError(_OTHER_RUNNING)
        return running.task

    def running(self, device: TrackedDevice) -> RunningRestore | None:
        """Return what is being put on the device now, None where nothing is."""
        running = self._running.get(device)
        if running is None or not device.restoring:
            return None
        request = running.request
        return RunningRestore(
            source=request.source, backup_id=request.backup_id, share=running.share, text=running.text
        )

    def begun(self, device: TrackedDevice, source: DeviceKey) -> str | None:
        """Return the backup of the source whose restore is running or unfinished: who names none means that one."""
        running = self.running(device)
        if running is not None:
            return running.backup_id if running.source == source else None
        unfinished = device.unfinished_restore
        return unfinished.backup_id if unfinished is not None and unfinished.source == source else None

    async def plan(self, device: TrackedDevice, request: RestoreRequest) -> RestorePreview:
        """Ask the device what the restore would do, and change nothing; raises DeviceBackupError of any kind."""
        registered, backup, artifact = await self._checked(device, request)

        async def ask() -> RestorePreview:
            with attending(device, request.person, self.clock, self.publish) as person:
                info, plan = await runner.plan(
                    registered,
                    device.settings.config,
                    artifact,
                    expected_unique_id=device.key.unique_id,
                    sessions=self.sessions,
                    person=person,
                )
            return RestorePreview(device=info, backup=backup, plan=plan)

        return await self.at_endpoint(device.endpoint, Priority.PERSON, ask)

    async def replace_device(
        self, device: TrackedDevice, unique_id: str, config: Mapping[str, object] | None = None
    ) -> DeviceKey:
        """Give a device the identity of the one that replaced it, and its history with it; return its key.

        Until the recommended backup is on it, what it holds is nobody's choice: the restore counts as unfinished.
        """
        await self.at_endpoint(device.endpoint, Priority.PERSON, lambda: self._adopt(device, unique_id, config))
        return DeviceKey(device.key.kind, unique_id)

    async def dismiss(self, device: TrackedDevice) -> None:
        """Take the word of a person that an unfinished restore needs neither an end nor an undo."""
        await self._set_unfinished(device, None)
        self.changed(device)

    async def _adopt(self, device: TrackedDevice, unique_id: str, config: Mapping[str, object] | None) -> None:
        recommended = device.recommended
        await self.fleet.adopt(device, unique_id, self.storing)
        if config is not None:
            device.settings = replace(device.settings, config=config)
        if recommended is not None:
            unfinished = UnfinishedRestore(
                source=device.key,
                backup_id=recommended.id,
                safety_backup_id=None,
                begun_at=self.clock(),
                awaits_replacement=True,
            )
            await self._set_unfinished(device, unfinished)
        self.backups.publish_identity(device, config)

    async def stop(self) -> None:
        """End what is running; it is told as unfinished at the next start."""
        tasks = [running.task for running in self._running.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, device: TrackedDevice, request: RestoreRequest) -> _Running:
        def report(share: float | None, text: Text) -> None:
            running.share, running.text = share, text
            self.publish(RestoreProgressed(key=device.key, title=device.settings.title))
            request.progress(share, text)

        task = asyncio.create_task(self._run(device, replace(request, progress=report)))
        running = self._running[device] = _Running(request=request, task=task)
        device.restoring = True
        self.changed(device)
        task.add_done_callback(lambda done: self._end(device, done))
        return running

    def _end(self, device: TrackedDevice, done: "asyncio.Task[RestoreResult]") -> None:
        del self._running[device]
        if device.restoring:
            device.restoring = False
            self.changed(device)
        error = None if done.cancelled() else done.exception()
        if error is not None and not isinstance(error, DeviceBackupError):
            _LOGGER.error("The restore of %s failed unexpectedly", device.settings.title, exc_info=error)

    async def _run(self, device: TrackedDevice, request: RestoreRequest) -> RestoreResult:
        """Put it back, and tell how that ended: whoever asked may be gone by then."""
        try:
            registered, backup, artifact = await self._checked(device, request)
            result = await self.at_endpoint(
                device.endpoint, Priority.PERSON, lambda: self._put_back(device, request, registered, backup, artifact)
            )
        except DeviceBackupError as error:
            await self._tell_failed(device, request, error)
            raise
        self._tell(device, result)
        return result

    async def _tell_failed(self, device: TrackedDevice, request: RestoreRequest, error: DeviceBackupError) -> None:
        with suppress(StoreError):
            backup = await self.store.backup(request.source, request.backup_id)
            self._tell(device, RestoreResult(key=device.key, title=device.settings.title, backup=backup, error=error))

    def _tell(self, device: TrackedDevice, result: RestoreResult) -> None:
        """Publish the end; from then on it is known whether the restore is unfinished."""
        device.restoring = False
        self.changed(device)
        self.publish(result)

    async def _checked(
        self, device: TrackedDevice, request: RestoreRequest
    ) -> tuple[RegisteredHandler, Backup, Artifact]:
        """Return what is put back, checked without any contact."""
        registered = self.handlers.registry.get(device.key.kind)
        if device.blocked:
            raise AuthenticationError(BLOCKED)
        if not registered.can_restore or request.source.kind != registered.kind:
            raise RestoreUnsupportedError(numbered(registered.spec.restore_guide))
        backup = await self.store.backup(request.source, request.backup_id)
        artifact = await self.store.read(request.source, request.backup_id)
        await runner.check(registered, artifact, device=device.key.unique_id)
        return registered, backup, artifact

    async def _put_back(
        self,
        device: TrackedDevice,
        request: RestoreRequest,
        registered: RegisteredHandler,
        backup: Backup,
        artifact: Artifact,
    ) -> RestoreResult:
        """Put it back, even if retention removed it from the store meanwhile."""
        device.put_back = backup
        try:
            safety = await self._back_up_first(device, request)
            report = await self._send(device, request, registered, backup, artifact, safety)
            after = await self.backups.run_now(device, Trigger.AFTER_RESTORE, None)
        finally:
            device.put_back = None
        return RestoreResult(
            key=device.key,
            title=device.settings.title,
            backup=backup,
            report=report,
            safety_backup=safety,
            after=after,
        )

    async def _back_up_first(self, device: TrackedDevice, request: RestoreRequest) -> Backup | None:
        if not request.safety_backup:
            return None
        request.progress(None, _SAFETY_NOW)
        result = await self.backups.run_now(device, Trigger.BEFORE_RESTORE, request.person)
        if result.error is not None:
            raise result.error
        if result.backup is None:
            return None
        await self.may_store()
        safety = await self.store.set_before_restore(result.key, result.backup.id, self.clock())
        await self.fleet.refresh(device)
        return safety

    async def _send(
        self,
        device: TrackedDevice,
        request: RestoreRequest,
        registered: RegisteredHandler,
        backup: Backup,
        artifact: Artifact,
        safety: Backup | None,
    ) -> RestoreReport:
        before = device.unfinished_restore
        unfinished = UnfinishedRestore(
            source=request.source,
            backup_id=backup.id,
            safety_backup_id=where_undo_leads(before, safety),
            begun_at=self.clock(),
        )
        with attending(device, request.person, self.clock, self.publish) as person:
            if (
                before is None
                and (equal := await self._nothing_to_do(device, registered, artifact, person)) is not None
            ):
                return equal
            try:
                report = await runner.restore(
                    registered,
                    device.settings.config,
                    artifact,
                    request.progress,
                    expected_unique_id=device.key.unique_id,
                    begin=lambda: self._set_unfinished(device, unfinished),
                    sessions=self.sessions,
                    person=person,
                )
            except RestoreRejectedError:
                await self._set_unfinished(device, before)
                raise
        await self._set_unfinished(device, None)
        return report

    async def _nothing_to_do(
        self, device: TrackedDevice, registered: RegisteredHandler, artifact: Artifact, person: Person | None
    ) -> RestoreReport | None:
        return await nothing_to_do(
            registered,
            device.settings.config,
            artifact,
            expected_unique_id=device.key.unique_id,
            sessions=self.sessions,
            person=person,
        )

    async def _set_unfinished(self, device: TrackedDevice, restore: UnfinishedRestore | None) -> None:
        if restore == device.unfinished_restore:
            return
        await self.may_store()
        await self.store.set_unfinished_restore(device.key, device.settings.title, restore)
        for known in (device, self.fleet.find(device.key)):
            if known is not None:
                known.unfinished_restore = restore


def where_undo_leads(before: UnfinishedRestore | None, safety: Backup | None) -> str | None:
    """Return the backup that leads back to before: where a restore was cut off, to before that one."""
    if before is not None and before.safety_backup_id is not None:
        return before.safety_backup_id
    return None if safety is None else safety.id
