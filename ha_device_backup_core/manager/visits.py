"""Devices and backups that are not in care: known for as long as somebody works with them."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from ha_device_backup_core.changes import Comparison
from ha_device_backup_core.config.config import parse_config
from ha_device_backup_core.contract import Artifact, DeviceInfo, HandlerSpec, Person, Progress
from ha_device_backup_core.errors import DeviceBackupError, RestoreUnsupportedError
from ha_device_backup_core.identity import assigned_identity, identity_at, identity_of
from ha_device_backup_core.jobs import artifact_jobs, runner
from ha_device_backup_core.jobs.comparing import changes
from ha_device_backup_core.jobs.http_session import SessionFactory
from ha_device_backup_core.plugins.registry import RegisteredHandler
from ha_device_backup_core.records import BackupCopy, DeviceKey, Fetched, Outcome, Trigger
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.text import numbered

from .backup_job import BackupJob
from .devices import Devices
from .events import JobResult, RestorePreview, RestoreResult
from .handlers import Handlers
from .job_queue import Job, JobQueue, PlaceInQueue, Priority
from .met_devices import MetDevices
from .restore_request import RestoreRequest, log_progress
from .restores import Restores
from .safety import suspicion_by
from .settings import DeviceSettings, endpoint
from .snapshot_guard import SnapshotGuard


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A device that answered, in care until the visit ends."""

    key: DeviceKey
    device: DeviceInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """Works with whatever device answers; nothing is planned, repeated, or deleted for it."""

    store: BackupStore
    handlers: Handlers
    queue: JobQueue
    devices: Devices
    clock: Callable[[], datetime]
    snapshots: SnapshotGuard
    sessions: SessionFactory | None
    restores: Restores
    met: MetDevices
    _turns: defaultdict[DeviceKey, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def probe(
        self, kind: str, config: Mapping[str, object], *, agent: str | None = None, person: Person | None = None
    ) -> DeviceInfo:
        """Return who answers, here or at an agent; raises DeviceBackupError."""
        registered = self.handlers.registry.get(kind, agent)
        return await self.queue.run(
            endpoint(DeviceKey(kind, ""), config),
            Priority.INTERACTIVE,
            lambda: runner.probe(registered, config, sessions=self.sessions, person=person),
        )

    async def fetch(
        self,
        kind: str,
        config: Mapping[str, object],
        *,
        person: Person | None = None,
    ) -> Fetched:
        """Return what the device holds now, stored nowhere; raises DeviceBackupError."""
        registered = self.handlers.registry.get(kind)
        job: Job[Fetched] = Job(
            endpoint=endpoint(DeviceKey(kind, ""), config),
            priority=Priority.UNATTENDED if person is None else Priority.PERSON,
            work=lambda: runner.fetch(
                registered,
                config,
                expected_unique_id=None,
                place=PlaceInQueue(self.queue, job),
                sessions=self.sessions,
                person=person,
            ),
            awaits_answer=True,
        )
        return await self.queue.result(job)

    async def back_up(
        self,
        kind: str,
        config: Mapping[str, object],
        *,
        title: str | None = None,
        person: Person | None = None,
    ) -> JobResult:
        """Back up the device under its identity and return how it went; errors are in the result."""
        key, name = DeviceKey(kind, ""), title or endpoint(DeviceKey(kind, ""), config).removesuffix(":")
        device: DeviceInfo | None = None
        try:
            registered = self.handlers.registry.get(kind)
            fetched = await self.fetch(kind, config, person=person)
            device = fetched.device
            key = await self.key_of(kind, config, device)
            async with self._turns[key]:
                return await self._keep(registered, config, key, fetched, title)
        except DeviceBackupError as error:
            return JobResult(
                key=key, title=name, outcome=Outcome.FAILED, trigger=Trigger.MANUAL, device=device, error=error
            )

    @asynccontextmanager
    async def begin(
        self, kind: str, config: Mapping[str, object], *, person: Person | None = None
    ) -> AsyncIterator[Visit]:
        """Take the device that answers into care; afterwards nothing is left of it but its backups.

        Raises DeviceBackupError.
        """
        spec = self.handlers.registry.get(kind).spec
        device = await self.probe(kind, config, person=person)
        key = await self.key_of(kind, config, device)
        await self._change_identity(spec, config, key, device)
        record = await self.store.device(key)
        title = device.name if record is None else record.title
        await self.devices.add(DeviceSettings(key=key, title=title, config=config, schedule_enabled=False))
        await self.devices.accept_login(key, spec, config)
        try:
            yield Visit(key=key, device=device)
        finally:
            visited = self.devices.remove(key)
            is_known = record is not None and record.last_attempt is not None
            if not is_known and visited is not None and not (visited.restoring or visited.unfinished_restore):
                await self._forget(key)

    async def key_of(self, kind: str, config: Mapping[str, object], device: DeviceInfo) -> DeviceKey:
        """Return whose backups it has: of one that tells no id, those of the device that was met last where it is."""
        spec = self.handlers.registry.get(kind).spec
        values = parse_config(spec, config)
        if device.unique_id is None and (address := identity_at(spec, values)) is not None:
            known = await self.met.key_at(kind, address)
            if known is not None:
                return known
        return DeviceKey(kind, identity_of(spec, values, device))

    async def plan_restore(self, visit: Visit, copy: BackupCopy, *, person: Person | None = None) -> RestorePreview:
        """Return what `restore` would do; the device is asked, and nothing is changed. Raises DeviceBackupError."""
        return await self.restores.plan(self.devices.get(visit.key), _request(copy, person=person))

    async def restore(
        self,
        visit: Visit,
        copy: BackupCopy,
        *,
        safety_backup: bool,
        progress: Progress = log_progress,
        person: Person | None = None,
        files: Sequence[str] = (),
    ) -> RestoreResult:
        """Put a copy on the device, wherever it came from; nothing is backed up afterwards. Raises DeviceBackupError.

        What is on the device now is backed up first, if that is wanted, and it is left alone if that fails. `files` are
        those of the backup that a `part` of it holds.
        """
        request = _request(copy, progress=progress, person=person, safety_backup=safety_backup, files=files)
        return await self.restores.restore(self.devices.get(visit.key), request)

    async def part(self, kind: str, artifact: Artifact, files: Sequence[str]) -> Artifact:
        """Return what a restore puts back of a backup: all, or only these files; without any contact.

        Raises RestoreUnsupportedError, RestoreRejectedError.
        """
        registered = self.handlers.registry.get(kind)
        if not registered.can_restore:
            raise RestoreUnsupportedError(numbered(registered.spec.restore_guide))
        return await artifact_jobs.part(registered, artifact, files) if files else artifact

    async def compare(self, kind: str, before: Artifact, after: Artifact) -> Comparison:
        """Return what differs between two backups of one kind; raises DeviceBackupError."""
        return await changes(self.handlers.registry.get(kind), before, after)

    async def _forget(self, key: DeviceKey) -> None:
        """Leave no trace of a device of which nothing was stored."""
        if await self.store.device(key) is not None and not await self.store.count(key):
            async with self.snapshots.writing():
                await self.store.forget(key)

    async def _keep(
        self,
        registered: RegisteredHandler,
        config: Mapping[str, object],
        key: DeviceKey,
        fetched: Fetched,
        title: str | None,
    ) -> JobResult:
        device = fetched.device
        await self._change_identity(registered.spec, config, key, device)
        record = await self.store.device(key)
        job = BackupJob(
            store=self.store,
            registered=registered,
            key=key,
            title=title or (device.name if record is None else record.title),
            config=config,
            trigger=Trigger.MANUAL,
            retention=None,
            clock=self.clock,
            unfinished=None if record is None else suspicion_by(record.unfinished_restore),
        )
        at = self.clock()
        async with self.snapshots.writing():
            taken = await job.keep(fetched, at)
        self.met.note(key, job.address)
        return JobResult(
            key=key, title=job.title, outcome=taken.outcome, trigger=job.trigger, device=device, backup=taken.backup
        )

    async def _change_identity(
        self, spec: HandlerSpec, config: Mapping[str, object], key: DeviceKey, device: DeviceInfo
    ) -> None:
        """Let a device that told no id before go on with the history of its address."""
        if device.unique_id is not None:
            assigned = DeviceKey(key.kind, assigned_identity(spec, parse_config(spec, config)))
            async with self.snapshots.writing():
                await self.store.change_identity(assigned, key)


def _request(
    copy: BackupCopy,
    *,
    progress: Progress = log_progress,
    person: Person | None = None,
    safety_backup: bool = False,
    files: Sequence[str] = (),
) -> RestoreRequest:
    return RestoreRequest(
        backup=copy.backup,
        copy=copy,
        progress=progress,
        person=person,
        safety_backup=safety_backup,
        back_up_after=False,
        files=tuple(files),
    )
