"""Which device was met last at an address, for those that tell no id: who tells none there is that one."""

import asyncio
from datetime import UTC, datetime

from ha_device_backup_core.records import DeviceKey, DeviceRecord
from ha_device_backup_core.store import BackupStore

_NEVER = datetime.min.replace(tzinfo=UTC)


class MetDevices:
    """Reads the store once, and again where a device that it knows is no longer there."""

    def __init__(self, store: BackupStore) -> None:
        """Know nobody yet."""
        self._store = store
        self._by_address: dict[tuple[str, str], DeviceKey] | None = None
        self._reading = asyncio.Lock()

    async def key_at(self, kind: str, address: str) -> DeviceKey | None:
        """Return the device of the kind that was met last at that address, None where none was; raises StoreError."""
        async with self._reading:
            if self._by_address is None:
                self._by_address = _by_address(await self._store.devices())
            key = self._by_address.get((kind, address))
            if key is not None and await self._store.device(key) is None:
                self._by_address = _by_address(await self._store.devices())
                key = self._by_address.get((kind, address))
        return key

    def note(self, key: DeviceKey, address: str | None) -> None:
        """Take up that a device was met at an address."""
        if self._by_address is not None and address is not None:
            self._by_address[key.kind, address] = key


def _by_address(records: list[DeviceRecord]) -> dict[tuple[str, str], DeviceKey]:
    met = sorted(records, key=_last_met)
    return {(record.key.kind, record.address): record.key for record in met if record.address is not None}


def _last_met(record: DeviceRecord) -> datetime:
    return max(record.confirmed.values(), default=_NEVER)
