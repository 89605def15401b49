"""What a restore is asked to do, and how far one is."""

import logging
from dataclasses import dataclass

from ha_device_backup_core.contract import Person, Progress
from ha_device_backup_core.records import Backup, BackupCopy, DeviceKey
from ha_device_backup_core.text import Text

_LOGGER = logging.getLogger(__name__)


def log_progress(share: float | None, text: Text) -> None:
    """Stand in where nobody watches."""
    _LOGGER.debug("Restore: %s (%s)", text, share)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreRequest:
    """Which backup goes on which device."""

    backup: Backup
    """Of the device itself, or of another one where the hardware was replaced."""
    progress: Progress = log_progress
    person: Person | None = None
    safety_backup: bool = True
    back_up_after: bool = True
    copy: BackupCopy | None = None
    """What is put on, where it is not to be read from the store."""
    files: tuple[str, ...] = ()
    """The files of the backup that the copy holds, none where it is whole."""

    @property
    def source(self) -> DeviceKey:
        """Return the device that the backup is of."""
        return self.backup.key

    @property
    def backup_id(self) -> str:
        """Return the id of the backup."""
        return self.backup.id


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningRestore:
    """A restore that is under way, and how far it is."""

    source: DeviceKey
    backup_id: str
    share: float | None = None
    """Of the work, None where nobody can tell."""
    text: Text | None = None
