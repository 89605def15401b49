"""Marks the last backup before another firmware: it is kept longer, for the way back."""

from ha_device_backup_core.records import Backup, DeviceKey
from ha_device_backup_core.store import BackupStore


async def recommended_or_newest(store: BackupStore, key: DeviceKey) -> Backup | None:
    """Return the backup that counts of a device, None where there is none."""
    summary = await store.summary(key)
    return None if summary is None else summary.recommended or summary.newest


async def mark_other_firmware(store: BackupStore, key: DeviceKey, before: Backup | None) -> None:
    """Mark the backup that counted before, if the one that counts now is of other firmware, however that came about.

    Raises StoreError.
    """
    now = await recommended_or_newest(store, key)
    if before is None or now is None or not now.device.version or now.taken_at < before.taken_at:
        return
    if before.device.version not in (None, now.device.version):
        await store.set_last_before(key, before.id, now.device.version)
