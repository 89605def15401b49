"""What the manager tells: how a device is, how a job ended, and that something changed."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ha_device_backup_core.contract import DeviceInfo, Note
from ha_device_backup_core.errors import DeviceBackupError
from ha_device_backup_core.records import Attempt, Backup, DeviceKey, Outcome, Trigger, UnfinishedRestore
from ha_device_backup_core.restore_records import RestorePlan, RestoreReport
from ha_device_backup_core.text import Text

from .health import Health, open_gaps

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobResult:
    """How a job ended; published once everything is stored."""

    key: DeviceKey
    title: str
    outcome: Outcome
    trigger: Trigger
    device: DeviceInfo | None = None
    backup: Backup | None = None
    """The backup that was stored, or that the device is still equal to."""
    error: DeviceBackupError | None = None
    attempt: int = 1
    will_retry_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreResult:
    """How a restore ended."""

    key: DeviceKey
    title: str
    backup: Backup
    """What was put back."""
    report: RestoreReport | None = None
    safety_backup: Backup | None = None
    """What was on the device before: a restore of it undoes this one."""
    after: JobResult | None = None
    """The backup that was made at once; None where the restore failed."""
    error: DeviceBackupError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorePreview:
    """What a restore would do."""

    device: DeviceInfo
    """Who answers now."""
    backup: Backup
    plan: RestorePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChanged:
    """The status of a device is another; without a key: of all, also after a snapshot of Home Assistant ended."""

    key: DeviceKey | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPrompt:
    """What a device wants from a person."""

    text: Text
    until: datetime
    """When the device stops waiting for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptChanged:
    """A device wants something (else) from a person, or nothing any more; told also while a snapshot is made."""

    key: DeviceKey
    title: str
    prompt: ShownPrompt | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceStatus:
    """How a device is."""

    key: DeviceKey
    title: str
    newest: Backup | None
    recommended: Backup | None
    """What a restore begins with: the newest whole one that is not suspect, or the newest not suspect."""
    latest: Backup | None
    """What the last fetch stored or found unchanged: what is suspect or not whole replaces no recommended one."""
    needs_person: bool
    """Its unattended backups lack what only a person can get."""
    person_needed_from: datetime | None
    """When a person has to start a backup, None where no person is needed."""
    confirmed: datetime | None
    """The last time the device was found equal to its recommended backup."""
    changed_at: datetime | None
    """When the newest backup was taken: the last change."""
    count: int
    size: int
    """Bytes of all its backups."""
    last_attempt: Attempt | None
    restoring: bool
    """A restore is under way, waiting for its turn included."""
    running: bool
    queued: bool
    health: Health
    next_run: datetime | None
    retry_at: datetime | None
    prompt: ShownPrompt | None
    """What a person is asked to do at this moment."""
    progress: Text | None
    """How far a running backup is, where its kind says so."""
    unfinished_restore: UnfinishedRestore | None
    """A restore that was cut off or failed half-way, and that a person has to continue or to undo."""

    @property
    def gaps(self) -> tuple[Note, ...]:
        """Return what the last backup lacks and nobody accepted, beside what a whole one has and a person can get."""
        whole = self.recommended if self.recommended is not None and self.recommended.whole else None
        return () if self.latest is None else open_gaps(self.latest, whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityLearned:
    """A device told another identity than it had: its own first one, or that of its replacement.

    `key` is the one from now on.
    """

    key: DeviceKey
    earlier: DeviceKey
    config: Mapping[str, object] | None = field(default=None, repr=False)
    """How it is reached from now on, where that changed with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreProgressed:
    """A running restore went on; how far is with the restore."""

    key: DeviceKey
    title: str


type ManagerEvent = JobResult | RestoreProgressed | RestoreResult | StatusChanged | PromptChanged | IdentityLearned
type Subscriber = Callable[[ManagerEvent], None]


class Subscribers[T]:
    """Those who want to hear; one that fails hurts nobody else."""

    def __init__(self) -> None:
        """Begin without any."""
        self._subscribers: list[Callable[[T], None]] = []

    def add(self, subscriber: Callable[[T], None]) -> Callable[[], None]:
        """Add one; return what removes it."""
        self._subscribers.append(subscriber)

        def remove() -> None:
            if subscriber in self._subscribers:
                self._subscribers.remove(subscriber)

        return remove

    def publish(self, event: T) -> None:
        """Tell everybody."""
        for subscriber in tuple(self._subscribers):
            try:
                subscriber(event)
            except Exception:
                _LOGGER.exception("A subscriber failed on %s", type(event).__name__)
