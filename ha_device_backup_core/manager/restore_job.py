"""One restore: nothing is touched before everything was checked, and what is on the device now is backed up first."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from ha_device_backup_core import runner
from ha_device_backup_core.contract import Artifact, DeviceInfo, Person, Progress, RestoreReport
from ha_device_backup_core.errors import RestoreUnsupportedError, WrongDeviceError
from ha_device_backup_core.records import Backup, DeviceKey
from ha_device_backup_core.registry import RegisteredHandler
from ha_device_backup_core.session import SessionFactory
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.text import Text, numbered

_LOGGER = logging.getLogger(__name__)

_SAFETY_FIRST: Text = {
    "en": "A fresh backup of the device would be made first.",
    "de": "Vorher würde das Gerät frisch gesichert.",
}
_SAFETY_NOW: Text = {"en": "Backing up what is on the device now", "de": "Der jetzige Stand wird gesichert"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreJob:
    """A backup to be put back."""

    store: BackupStore
    registered: RegisteredHandler
    key: DeviceKey
    """The device it is put on."""
    source: DeviceKey
    """The device it is of: another one where the hardware was replaced."""
    backup_id: str
    config: Mapping[str, object]
    progress: Progress
    safety_backup: Callable[[], Awaitable[object]] | None
    """Backs up what is on the device now, and raises where that fails."""
    sessions: SessionFactory | None = None
    person: Person | None = None

    async def read(self) -> tuple[Backup, Artifact]:
        """Return the backup, checked, without any contact.

        Raises RestoreUnsupportedError, BackupNotFoundError, StoreDamagedError, InvalidArtifactError.
        """
        if not self.registered.can_restore or self.source.kind != self.registered.kind:
            raise RestoreUnsupportedError(numbered(self.registered.spec.restore_guide))
        backup = await self.store.backup(self.source, self.backup_id)
        artifact = await self.store.read(self.source, self.backup_id)
        await runner.check(self.registered, artifact)
        return backup, artifact

    async def rehearse(self, backup: Backup, artifact: Artifact) -> RestoreReport:
        """Check everything that can be checked without changing the device, and tell what would be done."""
        device = await runner.probe(self.registered, self.config, sessions=self.sessions, person=self.person)
        if device.unique_id not in (None, self.key.unique_id):
            raise WrongDeviceError
        safety = () if self.safety_backup is None else (_SAFETY_FIRST,)
        return RestoreReport(unproven=(_plan(backup, device), *safety, _files(artifact)))

    async def run(self, artifact: Artifact) -> RestoreReport:
        """Put it back, even if retention removed it from the store meanwhile.

        Raises DeviceBackupError of any kind; the handler's own errors say whether the device was changed.
        """
        if self.safety_backup is not None:
            self.progress(None, _SAFETY_NOW)
            await self.safety_backup()
        return await runner.restore(
            self.registered,
            self.config,
            artifact,
            self.progress,
            expected_unique_id=self.key.unique_id,
            sessions=self.sessions,
            person=self.person,
        )


def log_progress(share: float | None, text: Text) -> None:
    """Stand in where nobody watches."""
    _LOGGER.debug("Restore: %s (%s)", text, share)


def _plan(backup: Backup, device: DeviceInfo) -> Text:
    made_by, now = backup.device.version or "?", device.version or "?"
    return {
        "en": f"Backup {backup.id} of {backup.device.name} ({made_by}) would be put on {device.name} ({now}).",
        "de": f"Backup {backup.id} von {backup.device.name} ({made_by}) käme auf {device.name} ({now}).",
    }


def _files(artifact: Artifact) -> Text:
    names = ", ".join(sorted(artifact.files()))
    return {"en": f"It holds: {names}.", "de": f"Es enthält: {names}."}
