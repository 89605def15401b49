"""What the manager tells: how a device is, how a job ended, and that something changed."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ha_device_backup_core.contract import DeviceInfo
from ha_device_backup_core.errors import DeviceBackupError
from ha_device_backup_core.records import Attempt, Backup, DeviceKey, Outcome, Trigger
from ha_device_backup_core.text import Text

from .health import Health

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
    newest_whole: Backup | None
    latest: Backup | None
    """What the last fetch stored or found unchanged: one that is not whole does not replace the newest whole one."""
    attended: bool
    """Its unattended backups lack what only a person can get."""
    due_from: datetime | None
    """When a person has to start a backup, None where no person is needed."""
    confirmed: datetime | None
    """The last time the device was found equal to its newest whole backup."""
    changed_at: datetime | None
    """When the newest backup was taken: the last change."""
    count: int
    size: int
    """Bytes of all its backups."""
    last_attempt: Attempt | None
    running: bool
    queued: bool
    health: Health
    next_run: datetime | None
    retry_at: datetime | None
    prompt: ShownPrompt | None
    """What a person is asked to do at this moment."""


type Event = JobResult | StatusChanged | PromptChanged
type Subscriber = Callable[[Event], None]


class Subscribers[Told]:
    """Those who want to hear; one that fails hurts nobody else."""

    def __init__(self) -> None:
        """Begin without any."""
        self._subscribers: list[Callable[[Told], None]] = []

    def add(self, subscriber: Callable[[Told], None]) -> Callable[[], None]:
        """Add one; return what removes it."""
        self._subscribers.append(subscriber)

        def remove() -> None:
            if subscriber in self._subscribers:
                self._subscribers.remove(subscriber)

        return remove

    def publish(self, event: Told) -> None:
        """Tell everybody."""
        for subscriber in tuple(self._subscribers):
            try:
                subscriber(event)
            except Exception:
                _LOGGER.exception("A subscriber failed on %s", type(event).__name__)
