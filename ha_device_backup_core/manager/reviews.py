"""Whether a device still holds its recommended backup, and what speaks against putting that back unasked."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ha_device_backup_core.changes import Change, Comparison
from ha_device_backup_core.contract import DeviceInfo
from ha_device_backup_core.errors import AgentAwayError, AuthenticationError, CannotConnectError, DeviceBackupError
from ha_device_backup_core.identity import is_assigned
from ha_device_backup_core.jobs import artifact_jobs
from ha_device_backup_core.jobs.comparing import changes
from ha_device_backup_core.records import Backup, DeviceKey
from ha_device_backup_core.suspicion import Suspicion, files_meant, suspicion_of
from ha_device_backup_core.text import Text

from .backups import BLOCKED
from .comparisons import Comparisons
from .device import TrackedDevice
from .events import DeviceStatus

MOST_NAMED = 20
"""Files of a device that are named; the rest is counted."""


class Finding(StrEnum):
    """What came of the question whether a device holds its recommended backup."""

    EQUAL = "equal"
    DIFFERS = "differs"
    AWAY = "away"
    """It did not answer: switched off, or still starting."""
    FAILED = "failed"
    NOTHING_STORED = "nothing_stored"


class Caution(StrEnum):
    """Why the recommended backup is put back only if a person says so."""

    MAY_BE_MEANT = "may_be_meant"
    """It does not hold its factory settings: what differs, even much that is gone, may be the person's own change."""
    IDENTITY_UNKNOWN = "identity_unknown"
    """It does not tell who it is, so it may be another one."""
    NEWER_STORED = "newer_stored"
    """Something newer is stored that nobody calls wrong."""
    PUT_BACK_SINCE = "put_back_since"
    """A person put another backup on the device after it held this one."""
    OTHER_FIRMWARE = "other_firmware"
    RESTORE_UNFINISHED = "restore_unfinished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a device was found to hold, beside its recommended backup."""

    key: DeviceKey
    title: str
    finding: Finding
    backup: Backup | None = None
    files: tuple[str, ...] = ()
    """Those that differ and count."""
    more: int = 0
    suspicion: Suspicion | None = None
    """Why it looks as if the device had lost its configuration."""
    suspect_files: Text | None = None
    """Which of its files look so, and what became of them."""
    cautions: tuple[Caution, ...] = ()
    can_restore: bool = False
    error: DeviceBackupError | None = None

    @property
    def why_suspect(self) -> Text | None:
        """Return in people's words why it looks so, None where it does not."""
        return None if self.suspicion is None else self.suspect_files or self.suspicion.text

    @property
    def may_be_put_back(self) -> bool:
        """Return whether a person may choose it."""
        return self.finding is Finding.DIFFERS and self.can_restore

    @property
    def is_preselected(self) -> bool:
        """Return whether it is chosen unless a person says otherwise: a default never does the dangerous thing."""
        return self.may_be_put_back and not self.cautions


def cautions_of(
    status: DeviceStatus, backup: Backup, device: DeviceInfo, suspicion: Suspicion | None
) -> tuple[Caution, ...]:
    """Return what speaks against putting the backup on the device, as it is now, unasked."""
    newest, undoes = status.newest, backup.undoes
    put_back_since = undoes is not None and (backup.confirmed or backup.taken_at) <= undoes
    is_this_one = device.unique_id == status.key.unique_id and not is_assigned(status.key.unique_id)
    found = {
        Caution.MAY_BE_MEANT: suspicion is not Suspicion.FACTORY_STATE,
        Caution.IDENTITY_UNKNOWN: not is_this_one,
        Caution.NEWER_STORED: newest is not None and newest.id != backup.id and not newest.suspect,
        Caution.PUT_BACK_SINCE: put_back_since,
        Caution.OTHER_FIRMWARE: device.version != backup.device.version,
        Caution.RESTORE_UNFINISHED: status.unfinished_restore is not None,
    }
    return tuple(caution for caution, applies in found.items() if applies)


async def review(device: TrackedDevice, status: DeviceStatus, comparisons: Comparisons) -> Review:
    """Ask a device, change nothing, and store nothing; errors are in what is returned."""
    backup = status.recommended
    if backup is None:
        return Review(key=device.key, title=status.title, finding=Finding.NOTHING_STORED)
    try:
        return await _review(device, status, backup, comparisons)
    except (AgentAwayError, CannotConnectError) as error:
        return Review(key=device.key, title=status.title, finding=Finding.AWAY, backup=backup, error=error)
    except DeviceBackupError as error:
        return Review(key=device.key, title=status.title, finding=Finding.FAILED, backup=backup, error=error)


async def _review(device: TrackedDevice, status: DeviceStatus, backup: Backup, comparisons: Comparisons) -> Review:
    registered = comparisons.handlers.of(device)
    if device.blocked:
        raise AuthenticationError(BLOCKED)
    before = await comparisons.store.read(device.key, backup.id)
    now = await comparisons.fetch(device, None)
    found = await changes(registered, before, now.artifact, device=device.key.unique_id)
    paths = tuple(_paths_that_count(found, is_cut=bool(now.artifact.missing)))
    if not paths and not found.more:
        return Review(key=device.key, title=status.title, finding=Finding.EQUAL, backup=backup)
    extent = await artifact_jobs.extent(registered, before, device=device.key.unique_id)
    suspicion = suspicion_of(now.extent, extent, comparable=not now.artifact.missing)
    return Review(
        key=device.key,
        title=status.title,
        finding=Finding.DIFFERS,
        backup=backup,
        files=paths[:MOST_NAMED],
        more=len(paths[MOST_NAMED:]) + found.more,
        suspicion=suspicion,
        suspect_files=files_meant(suspicion, now.extent, extent),
        cautions=cautions_of(status, backup, now.device, suspicion),
        can_restore=registered.can_restore,
    )


def _paths_that_count(found: Comparison, *, is_cut: bool) -> Iterable[str]:
    """Return what differs; of what could not be fetched nobody knows whether it is gone."""
    return (file.path for file in found.files if file.counts and not (is_cut and file.change is Change.REMOVED))
