"""One backup of one device: fetch it, look whether it changed, store it, and let the oldest go."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ha_device_backup_core.config.config import parse_config
from ha_device_backup_core.contract import KEPT, DeviceInfo, Note, Person, Progress, unheard
from ha_device_backup_core.errors import DeviceBackupError, StoreError
from ha_device_backup_core.identity import identity_at
from ha_device_backup_core.jobs import artifact_jobs, runner
from ha_device_backup_core.jobs.http_session import SessionFactory
from ha_device_backup_core.jobs.queue_place import NO_PLACE, QueuePlace
from ha_device_backup_core.plugins.registry import RegisteredHandler
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.records import (
    Backup,
    DeviceKey,
    Fetched,
    HandlerVersion,
    NewBackup,
    Outcome,
    StoredArtifact,
    Trigger,
    fact_of,
)
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.suspicion import Suspicion, files_meant, suspicion_of
from ha_device_backup_core.text import Text

from .firmware_marks import mark_other_firmware, recommended_or_newest

_LOGGER = logging.getLogger(__name__)

COMPARED_WITH = 10
"""How many of the newest backups are looked at for one with the same notes."""
_BEFORE = timedelta(seconds=1)
"""How much older than the recommended backup a file of unknown time is kept."""
_AHEAD = timedelta(days=1)
"""By less than this a clock on the wall may be ahead that is one of another zone."""


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
    sessions: SessionFactory | None = None
    person: Person | None = None
    progress: Progress = unheard
    chosen: bool = False
    """A person chose what the device holds: less than before is no loss then."""
    unfinished: Suspicion | None = None
    """Why nobody chose what the device holds: a restore did not end well, or was not begun on the one that is new."""
    is_partly_restored: bool = False
    """A restore right before could not put all of the backup on the device."""

    async def fetch(self, place: QueuePlace = NO_PLACE) -> Fetched:
        """Return what the device gives; the `place` is that in the queue.

        Raises DeviceBackupError of any kind.
        """
        return await runner.fetch(
            self.registered,
            self.config,
            expected_unique_id=self.key.unique_id,
            place=place,
            sessions=self.sessions,
            person=self.person,
            progress=self.progress,
            kept=await self._kept(),
        )

    async def _kept(self) -> frozenset[str] | None:
        """Return what stored backups name that is kept elsewhere, None where nothing is or not all can be read."""
        try:
            summary = await self.store.summary(self.key)
            if summary is not None and not _is_kept_elsewhere(summary.newest):
                return None
            backups = await self.store.backups(self.key)
        except StoreError as error:
            _LOGGER.warning("What is kept elsewhere of %s is not known: %s", self.title, error)
            return None
        if not all(backup.is_readable for backup in backups):
            return None
        return frozenset(kept for backup in backups if (kept := backup.artifact.attributes.get(KEPT)) is not None)

    async def keep_file(self, fetched: Fetched, made_at: datetime | None, *, may_be_old: bool) -> BackupTaken:
        """Store a file as of that time, or of now; one that may be old and has no time displaces no good backup.

        A time to come is none.
        """
        now = self.clock()
        if not may_be_old or credible_time(made_at, now) is not None:
            return await self.keep(fetched, min(made_at or now, now))
        held = await self._held(fetched)
        if held is not None:
            return BackupTaken(outcome=Outcome.UNCHANGED, device=fetched.device, backup=held, at=now)
        summary = await self.store.summary(self.key)
        good = None if summary is None else summary.recommended
        return await self.keep(fetched, now if good is None else good.taken_at - _BEFORE)

    async def _held(self, fetched: Fetched) -> Backup | None:
        """Return a backup of whatever time that holds the same and is intact."""
        digest = StoredArtifact.of(fetched).sha256
        for backup in await self.store.holding(self.key, digest, fetched.fingerprint):
            try:
                await self.store.read(self.key, backup.id)
            except StoreError as error:
                _LOGGER.warning("Backup %s of %s does not count as one: %s", backup.id, self.title, error)
            else:
                return backup
        return None

    async def keep(self, fetched: Fetched, at: datetime) -> BackupTaken:
        """Store what was fetched as of that time, unless nothing changed; raises StoreError."""
        equal = await self._equal_backup(fetched, at)
        if equal is not None:
            await self._judge_again(equal, fetched, at)
            asked = self.trigger is not Trigger.IMPORTED
            await self.store.confirm(self.key, equal.id, at, attempted=asked, address=self.address)
            backup, outcome = await self.store.backup(self.key, equal.id), Outcome.UNCHANGED
        else:
            backup, outcome = await self._store(fetched, at), Outcome.STORED
        return BackupTaken(outcome=outcome, device=fetched.device, backup=backup, at=at)

    @property
    def address(self) -> str | None:
        """Return what is noted of where the device was met from here; a file that was handed in was met nowhere."""
        if self.trigger is Trigger.IMPORTED or self.registered.agent is not None:
            return None
        return identity_at(self.registered.spec, parse_config(self.registered.spec, self.config))

    async def _store(self, fetched: Fetched, at: datetime) -> Backup:
        before = await self._before(at)
        suspicion, suspect_files = await self._suspicion(fetched, before, at)
        new = NewBackup(
            key=self.key,
            title=self.title,
            fetched=fetched,
            handler=handler_version(self.registered),
            trigger=self.trigger,
            taken_at=at,
            suspicion=suspicion,
            suspect_files=suspect_files,
            accepted=_accepted_again(fetched, before),
            address=self.address,
        )
        counted = await recommended_or_newest(self.store, self.key)
        stored = await self.store.commit(new)
        await self._mark_other_firmware(counted)
        return stored

    async def _mark_other_firmware(self, counted: Backup | None) -> None:
        try:
            await mark_other_firmware(self.store, self.key, counted)
        except StoreError as error:
            _LOGGER.warning("The last backup of %s before its firmware is not marked: %s", self.title, error)

    async def _judge_again(self, equal: Backup, fetched: Fetched, at: datetime) -> None:
        """Compare what could not be compared before, as long as no restore speaks against what the device holds."""
        is_chosen = self.unfinished is None and not self.is_partly_restored
        if equal.suspicion is not Suspicion.NOT_COMPARED or not is_chosen:
            return
        suspicion, suspect_files = await self._compared(fetched, await self._before(at))
        if suspicion is not Suspicion.NOT_COMPARED:
            counted = await recommended_or_newest(self.store, self.key)
            await self.store.judge(replace(equal, suspicion=suspicion, suspect_files=suspect_files))
            await self._mark_other_firmware(counted)

    async def _before(self, at: datetime) -> list[Backup]:
        """Return the newest backups until then that this version understands."""
        return [backup for backup in await self._backups_until(at) if backup.is_readable]

    async def _suspicion(
        self, fetched: Fetched, before: list[Backup], at: datetime
    ) -> tuple[Suspicion | None, Text | None]:
        """Return why it is suspect, and which of its files are."""
        if self.unfinished is not None and not await self._precedes_restore(at):
            return self.unfinished, None
        if self.is_partly_restored:
            return Suspicion.PARTLY_RESTORED, None
        return await self._compared(fetched, before)

    async def _compared(self, fetched: Fetched, before: list[Backup]) -> tuple[Suspicion | None, Text | None]:
        """Return what a good backup before tells of it: where none can be read, it is suspect for that."""
        measures = await self._measures(before)
        for measure in measures:
            try:
                artifact = await self.store.read(measure.key, measure.id)
                extent = await artifact_jobs.extent(self.registered, artifact, device=self.key.unique_id)
            except DeviceBackupError as error:
                if self._holds_the_same(measure, fetched):
                    return None, None
                _LOGGER.warning("%s is not compared with its backup %s: %s", self.title, measure.id, error)
                continue
            chosen = self.chosen or self.trigger is Trigger.IMPORTED
            comparable = not fetched.artifact.missing and not chosen
            suspicion = suspicion_of(fetched.extent, extent, comparable=comparable)
            return suspicion, files_meant(suspicion, fetched.extent, extent)
        was_unsure = bool(before) and before[0].suspicion is Suspicion.NOT_COMPARED
        return Suspicion.NOT_COMPARED if measures or was_unsure else None, None

    async def _measures(self, before: list[Backup]) -> list[Backup]:
        """Return the good backups to compare with, the best first: what was put on the device, if it is still there."""
        if self.trigger is Trigger.IMPORTED:
            return [backup for backup in before if backup.can_be_recommended][:1]
        summary = await self.store.summary(self.key)
        if summary is None or summary.recommended is None:
            return []
        if summary.put_back is None:
            return [summary.recommended]
        try:
            put_back = await self.store.backup(summary.put_back.source, summary.put_back.backup_id)
        except StoreError as error:
            _LOGGER.warning("%s is not compared with what was put on it: %s", self.title, error)
            return [summary.recommended]
        return [put_back, summary.recommended]

    def _holds_the_same(self, measure: Backup, fetched: Fetched) -> bool:
        """Return whether the meta file of a backup says that it held the same, whatever became of its file."""
        is_alike = (measure.handler, measure.fingerprint) == (handler_version(self.registered), fetched.fingerprint)
        return is_alike or measure.artifact.sha256 == StoredArtifact.of(fetched).sha256

    async def _precedes_restore(self, at: datetime) -> bool:
        """Return whether it is a file from before the restore that did not end well was begun."""
        record = await self.store.device(self.key)
        begun = None if record is None else record.unfinished_restore
        return self.trigger is Trigger.IMPORTED and begun is not None and at < begun.begun_at

    async def prune(self) -> None:
        """Delete what is beyond the policy; a failure does not make the backup one."""
        if self.retention is None:
            return
        try:
            await self.store.prune(self.key, self.retention, now=self.clock())
        except StoreError as error:
            _LOGGER.warning("Old backups of %s could not be deleted: %s", self.title, error)

    async def _backups_until(self, at: datetime) -> list[Backup]:
        until = _end_of_second(at) if self.trigger is Trigger.IMPORTED else None
        return await self.store.backups(self.key, limit=COMPARED_WITH, until=until)

    async def _equal_backup(self, fetched: Fetched, at: datetime) -> Backup | None:
        """Return the newest backup until then with the same notes, if it holds the same and is intact."""
        wanted = _codes((*fetched.artifact.missing, *fetched.doubts, *fetched.remarks))
        for backup in await self._backups_until(at):
            if not backup.is_readable:
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
        notes = await artifact_jobs.check(self.registered, artifact, device=device)
        return (*artifact.missing, *notes), await artifact_jobs.fingerprint_of(
            self.registered, artifact, notes, device=device
        )


def credible_time(made_at: datetime | None, now: datetime) -> datetime | None:
    """Return when a file that may be old was made, None where it does not tell or tells a time that is to come."""
    return made_at if made_at is not None and made_at - now < _AHEAD else None


def _end_of_second(at: datetime) -> datetime:
    """Return the last moment that a time of whole seconds may mean: names of files have no more."""
    return at if at.microsecond else at.replace(microsecond=999_999)


def handler_version(registered: RegisteredHandler) -> HandlerVersion:
    """Return what a backup keeps of the handler that made it."""
    return HandlerVersion(kind=registered.kind, distribution=registered.distribution, version=registered.version)


def _is_kept_elsewhere(backup: Backup | None) -> bool:
    return backup is not None and backup.is_readable and KEPT in backup.artifact.attributes


def _accepted_again(fetched: Fetched, before: list[Backup]) -> tuple[str, ...]:
    """Return what is missing or in doubt again after a person accepted that of the backup before."""
    accepted = before[0].accepted if before else ()
    notes = (*fetched.artifact.missing, *fetched.doubts)
    return tuple(fact for note in notes if (fact := fact_of(note)) in accepted)


def _codes(notes: tuple[Note, ...]) -> frozenset[str]:
    return frozenset(note.code for note in notes)
