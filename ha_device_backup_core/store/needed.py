"""Which backups are needed by restores that did not end, on whichever device they were begun."""

from collections.abc import Callable, Iterable

from ha_device_backup_core.records import DeviceKey, DeviceRecord, UnfinishedRestore


class UnfinishedRestores:
    """Knows them for all devices: reads the records once, and is told what is written since."""

    def __init__(self, read: Callable[[], Iterable[DeviceRecord]]) -> None:
        """Take what reads all records; nothing is read yet."""
        self._read = read
        self._known: dict[DeviceKey, UnfinishedRestore] | None = None

    def needed(self, key: DeviceKey) -> frozenset[str]:
        """Return the backups of the device by which they are continued or undone."""
        if self._known is None:
            self._known = {}
            for record in self._read():
                self.note(record)
        return frozenset(
            backup_id for target, restore in self._known.items() for backup_id in restore.needed(target, key)
        )

    def note(self, record: DeviceRecord) -> None:
        """Take what was written of a device."""
        if self._known is None:
            return
        if record.unfinished_restore is None:
            self._known.pop(record.key, None)
        else:
            self._known[record.key] = record.unfinished_restore

    def read_again(self) -> None:
        """Read all records when they are asked for next: folders came or went."""
        self._known = None
