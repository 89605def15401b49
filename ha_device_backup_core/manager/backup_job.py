"""One backup of one device: fetch it, look whether it changed, store it, and let the oldest go."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime

from ha_device_backup_core.contract import DeviceInfo, Note, Person
from ha_device_backup_core.errors import DeviceBackupError, StoreError
from ha_device_backup_core.jobs import runner
from ha_device_backup_core.jobs.http_session import SessionFactory
from ha_device_backup_core.jobs.runner import Fetched
from ha_device_backup_core.plugins.registry import RegisteredHandler
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.records import Backup, DeviceKey, HandlerVersion, Outcome, Trigger, identity_of
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.suspicion import Suspicion, suspicion_of

_LOGGER = logging.getLogger(__name__)

COMPARED_WITH = 10
"""How many of the newest backups are looked at for one with the same notes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupTaken:
    """What came of it."""

    outcome: Outcome
    device: DeviceInfo
    backup: Backup
    at: datetime
    """When it was fetched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupJob:
    """A backup to be made."""

    store: BackupStore
    registered: RegisteredHandler
    key: DeviceKey
    title: str
    config: Mapping[str, object]
    trigger: Trigger
    retention: RetentionPolicy | None
    """None deletes nothing."""
    clock: Callable[[], datetime]
    storing: Callable[[], AbstractAsyncContextManager[object]]
    """Entered once no snapshot is being made; one that begins waits until what is stored is also in memory."""
    stored: Callable[[], Awaitable[None]]
    """Called as soon as a new backup is in the store, before any is deleted."""
    learned: Callable[[str], Awaitable[DeviceKey]] | None = None
    """Called with the id that a device tells which had only an assigned one; returns the key it has from now on."""
    answered: Callable[[], Awaitable[None]] | None = None
    """Awaited when the device answered first."""
    sessions: SessionFactory | None = None
    person: Person | None = None
    chosen: bool = False
    """A person chose what the device holds: less than before is no loss then."""
    is_unfinished: bool = False
    """A restore of the device did not end well, so nobody knows what it holds."""

    async def run(self) -> BackupTaken:
        """Make it.

        Raises DeviceBackupError of any kind; then nothing was stored.
        """
        fetched = await runner.fetch(
            self.registered,
            self.config,
            expected_unique_id=self.key.unique_id,
            answered=self.answered,
            sessions=self.sessions,
            person=self.person,
        )
        told = fetched.device.unique_id
        if self.learned is None or told is None or told == self.key.unique_id:
            return await self.keep(fetched)
        return await replace(self, key=await self.learned(told)).keep(fetched)

    async def keep(self, fetched: Fetched, at: datetime | None = None) -> BackupTaken:
        """Store what was fetched, at that time or now, unless nothing changed; raises StoreError."""
        at = min(at or self.clock(), self.clock())
        async with self.storing():
            equal = await self._equal_backup(fetched, at)
            if equal is not None:
                await self.store.confirm(self.key, equal.id, at, attempted=self.trigger is not Trigger.IMPORTED)
                confirmed = await self.store.backup(self.key, equal.id)
                return BackupTaken(outcome=Outcome.UNCHANGED, device=fetched.device, backup=confirmed, at=at)
            backup = await self._store(fetched, at)
            await self.stored()
        await self._prune()
        return BackupTaken(outcome=Outcome.STORED, device=fetched.device, backup=backup, at=at)

    async def _store(self, fetched: Fetched, at: datetime) -> Backup:
        before = await self._before(at)
        return await self.store.commit(
            key=self.key,
            title=self.title,
            artifact=fetched.artifact,
            doubts=fetched.doubts,
            remarks=fetched.remarks,
            suspicion=await self._suspicion(fetched, before),
            accepted=_accepted_again(fetched, before),
            fingerprint=fetched.fingerprint,
            handler=handler_version(self.registered),
            device=fetched.device,
            trigger=self.trigger,
            taken_at=at,
        )

    async def _before(self, at: datetime) -> list[Backup]:
        """Return the newest backups until then that this version understands."""
        return [backup for backup in await self._backups_until(at) if backup.known]

    async def _suspicion(self, fetched: Fetched, before: list[Backup]) -> Suspicion | None:
        if self.is_unfinished:
            return Suspicion.UNFINISHED_RESTORE
        summary = await self.store.summary(self.key)
        recommended = None if summary is None else summary.recommended
        if self.trigger is Trigger.IMPORTED:
            recommended = next((backup for backup in before if backup.can_be_recommended), None)
        if recommended is None:
            return None
        try:
            artifact = await self.store.read(self.key, recommended.id)
            extent = await runner.extent(self.registered, artifact, device=self.key.unique_id)
        except DeviceBackupError as error:
            _LOGGER.warning("%s is not compared with its backup %s: %s", self.title, recommended.id, error)
            return None
        chosen = self.chosen or self.trigger is Trigger.IMPORTED
        comparable = not fetched.artifact.missing and not chosen
        return suspicion_of(fetched.extent, extent, comparable=comparable)

    async def _prune(self) -> None:
        """Delete what is beyond the policy; a failure does not make the backup one."""
        if self.retention is None:
            return
        try:
            await self.store.prune(self.key, self.retention, now=self.clock())
        except StoreError as error:
            _LOGGER.warning("Old backups of %s could not be deleted: %s", self.title, error)

    async def _backups_until(self, at: datetime) -> list[Backup]:
        if self.trigger is not Trigger.IMPORTED:
            return await self.store.backups(self.key, limit=COMPARED_WITH)
        return [backup for backup in await self.store.backups(self.key) if backup.taken_at <= at][:COMPARED_WITH]

    async def _equal_backup(self, fetched: Fetched, at: datetime) -> Backup | None:
        """Return the newest backup until then with the same notes, if it holds the same and is intact."""
        wanted = _codes((*fetched.artifact.missing, *fetched.doubts, *fetched.remarks))
        for backup in await self._backups_until(at):
            if not backup.known:
                continue
            try:
                notes, fingerprint = await self._judge(backup)
            except DeviceBackupError as error:
                _LOGGER.warning("%s is not compared with its backup %s: %s", self.title, backup.id, error)
                return None
            if _codes(notes) == wanted:
                return backup if fingerprint == fetched.fingerprint else None
        return None

    async def _judge(self, backup: Backup) -> tuple[tuple[Note, ...], str]:
        """Return the notes and the fingerprint of a stored backup, as the present handler sees it."""
        artifact = await self.store.read(self.key, backup.id)
        if backup.handler == handler_version(self.registered):
            return (*artifact.missing, *backup.artifact.doubts, *backup.artifact.remarks), backup.fingerprint
        device = self.key.unique_id
        notes = await runner.check(self.registered, artifact, device=device)
        return (*artifact.missing, *notes), await runner.fingerprint_of(self.registered, artifact, notes, device=device)


def handler_version(registered: RegisteredHandler) -> HandlerVersion:
    """Return what a backup keeps of the handler that made it."""
    return HandlerVersion(kind=registered.kind, distribution=registered.distribution, version=registered.version)


def _accepted_again(fetched: Fetched, before: list[Backup]) -> tuple[str, ...]:
    """Return what is missing or in doubt again after a person accepted that of the backup before."""
    accepted = before[0].accepted if before else ()
    notes = (*fetched.artifact.missing, *fetched.doubts)
    return tuple(identity for note in notes if (identity := identity_of(note)) in accepted)


def _codes(notes: tuple[Note, ...]) -> frozenset[str]:
    return frozenset(note.code for note in notes)
