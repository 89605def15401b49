"""Devices that replace others, whose history they go on with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from ha_device_backup_core.errors import DeviceBackupError
from ha_device_backup_core.records import DeviceKey, UnfinishedRestore
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.text import Text, _

from .backups import Backups
from .device import TrackedDevice
from .devices import Devices
from .job_queue import JobQueue, Priority

_HAS_HISTORY: Text = _(
    "There are backups of the new device already. Put the one you want on it with the action Restore."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacements:
    """Gives a device the identity of the one that replaced it; two histories are never mixed up."""

    store: BackupStore
    devices: Devices
    queue: JobQueue
    backups: Backups
    clock: Callable[[], datetime]

    async def require_replaceable(self, key: DeviceKey, unique_id: str) -> None:
        """Raise DeviceBackupError, which says what else to do, where the device of that id cannot replace this one."""
        new = DeviceKey(key.kind, unique_id)
        if (present := self.devices.find(new)) is not None:
            raise DeviceBackupError(_is_in_care(present.settings.title))
        old = self.devices.get(key).key
        if await self.store.is_moving(old, new):
            return
        if await self.store.backups(new, limit=1) and await self.store.backups(old, limit=1):
            raise DeviceBackupError(_HAS_HISTORY)

    async def replace(self, key: DeviceKey, unique_id: str, config: Mapping[str, object] | None = None) -> DeviceKey:
        """Give a device the identity of the one that replaced it, and its history with it; return its key.

        Until the recommended backup is on it, what it holds is nobody's choice: the restore counts as unfinished.
        """
        await self.require_replaceable(key, unique_id)
        device = self.devices.get(key)
        await self.queue.run(device.endpoint, Priority.PERSON, lambda: self._take_identity(device, unique_id, config))
        return DeviceKey(device.key.kind, unique_id)

    async def _take_identity(self, device: TrackedDevice, unique_id: str, config: Mapping[str, object] | None) -> None:
        awaited = None
        if (recommended := device.recommended) is not None:
            awaited = UnfinishedRestore(
                source=DeviceKey(device.key.kind, unique_id),
                backup_id=recommended.id,
                safety_backup_id=None,
                begun_at=self.clock(),
                awaits_replacement=True,
            )
        await self.devices.change_identity(device, unique_id, awaited=awaited)
        if config is not None:
            device.settings = replace(device.settings, config=config)
        self.backups.publish_identity(device, config)


def _is_in_care(title: str) -> Text:
    return _(
        "The new device is backed up already, as “{title}”. Put the backup you want on it with the action Restore.",
        title=title,
    )
