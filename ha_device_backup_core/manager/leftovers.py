"""What a restore that was cut off left on a device, once a person says that it stays so."""

from ha_device_backup_core.jobs import artifact_jobs
from ha_device_backup_core.plugins.registry import RegisteredHandler
from ha_device_backup_core.records import Backup
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.suspicion import Extent, Suspicion, suspicion_of

_UNCHOSEN = frozenset({Suspicion.REPLACED, Suspicion.UNFINISHED_RESTORE})


async def accept_what_is_left(store: BackupStore, registered: RegisteredHandler, left: Backup | None) -> None:
    """Take the last backup for right if only the unfinished restore spoke against it; raises DeviceBackupError."""
    if left is None or left.suspicion not in _UNCHOSEN or not left.whole:
        return
    summary = await store.summary(left.key)
    recommended = None if summary is None else summary.recommended
    if recommended is not None:
        now, before = [await _extent(store, registered, backup) for backup in (left, recommended)]
        if suspicion_of(now, before, comparable=True) is not None:
            return
    await store.accept(left.key, left.id)


async def _extent(store: BackupStore, registered: RegisteredHandler, backup: Backup) -> Extent:
    artifact = await store.read(backup.key, backup.id)
    return await artifact_jobs.extent(registered, artifact, device=backup.key.unique_id)
