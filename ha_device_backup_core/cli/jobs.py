"""One backup of a device that is known by its configuration alone: its identity is what it says."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from ha_device_backup_core.config.config import parse_config
from ha_device_backup_core.contract import DeviceInfo, HandlerSpec, Person
from ha_device_backup_core.errors import DeviceBackupError
from ha_device_backup_core.identity import assigned_identity, identity_of
from ha_device_backup_core.jobs import runner
from ha_device_backup_core.manager.backup_job import BackupJob
from ha_device_backup_core.manager.settings import endpoint
from ha_device_backup_core.plugins.registry import HandlerRegistry, RegisteredHandler
from ha_device_backup_core.records import Backup, DeviceKey, Outcome, Trigger
from ha_device_backup_core.store import BackupStore

from .output import Document, backup_document, device_document, device_name, error_document, what_it_holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A device to back up."""

    kind: str
    title: str | None
    config: Mapping[str, object] = field(repr=False)

    @property
    def endpoint(self) -> str:
        """Return what only one job at a time may talk to."""
        return endpoint(DeviceKey(self.kind, self.title or ""), self.config)

    def key(self, spec: HandlerSpec, device: DeviceInfo) -> DeviceKey:
        """Return the identity under which it is stored: its own, or the one that is assigned to its address."""
        return DeviceKey(self.kind, identity_of(spec, parse_config(spec, self.config), device))

    def assigned_key(self, spec: HandlerSpec) -> DeviceKey:
        """Return the identity that it would have if it told none."""
        return DeviceKey(self.kind, assigned_identity(spec, parse_config(spec, self.config)))

    @property
    def name(self) -> str:
        """Return what the person calls it."""
        return self.title or self.endpoint.removesuffix(":")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a backup went."""

    target: Target
    outcome: Outcome
    device: DeviceInfo | None = None
    backup: Backup | None = None
    error: DeviceBackupError | None = None

    def document(self, root: Path) -> Document:
        """Return it for programs."""
        return {
            "outcome": self.outcome,
            "device": None if self.device is None else device_document(self.device),
            "backup": None if self.backup is None else backup_document(self.backup, root),
            "error": None if self.error is None else error_document(self.error),
        }

    def sentence(self) -> str:
        """Return it for people."""
        if self.device is None or self.backup is None:
            return f"{self.target.name}: {self.outcome}. {self.error}"
        name = self.target.title or device_name(self.device)
        size = self.backup.artifact.size
        return f"{name}: {self.outcome}, {self.backup.id}, {size} bytes, {what_it_holds(self.backup)}"


async def back_up_target(
    store: BackupStore, registry: HandlerRegistry, target: Target, *, person: Person | None = None
) -> Result:
    """Back up a device into an open store; errors are in the result."""
    try:
        fetched = await fetch_target(registry, target, person=person)
    except DeviceBackupError as error:
        return failed(target, error)
    return await keep_fetched(store, registry, target, fetched)


async def fetch_target(
    registry: HandlerRegistry,
    target: Target,
    *,
    answered: Callable[[], Awaitable[None]] | None = None,
    person: Person | None = None,
) -> runner.Fetched:
    """Fetch from whatever device is there; raises DeviceBackupError."""
    registered = registry.get(target.kind)
    return await runner.fetch(registered, target.config, expected_unique_id=None, answered=answered, person=person)


async def keep_fetched(
    store: BackupStore, registry: HandlerRegistry, target: Target, fetched: runner.Fetched
) -> Result:
    """Store what was fetched unless nothing changed; errors are in the result."""
    device, registered = fetched.device, registry.get(target.kind)
    title = target.title or device.name
    key = target.key(registered.spec, device)
    job = backup_job(store, registered, key, title, trigger=Trigger.MANUAL)
    try:
        if device.unique_id is not None:
            await store.adopt(target.assigned_key(registered.spec), key)
        record = await store.device(key)
        is_unfinished = record is not None and record.unfinished_restore is not None
        taken = await replace(job, is_unfinished=is_unfinished).keep(fetched)
    except DeviceBackupError as error:
        return failed(target, error, device=device)
    return Result(target=target, outcome=taken.outcome, device=device, backup=taken.backup)


def backup_job(
    store: BackupStore, registered: RegisteredHandler, key: DeviceKey, title: str, *, trigger: Trigger
) -> BackupJob:
    """Return the job that keeps a backup; this command deletes none."""
    return BackupJob(
        store=store,
        registered=registered,
        key=key,
        title=title,
        config={},
        trigger=trigger,
        retention=None,
        clock=lambda: datetime.now(UTC),
        storing=nullcontext,
        stored=_told,
    )


def failed(target: Target, error: DeviceBackupError, *, device: DeviceInfo | None = None) -> Result:
    """Return the result of a backup that failed."""
    return Result(target=target, outcome=Outcome.FAILED, device=device, error=error)


async def _told() -> None:
    """Nobody else has to know."""
