"""The manager of a store, for as long as a command runs: what every host works with."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from ha_device_backup_core.host import Defaults, DeviceBackupManager, HandlerRegistry

NO_STORE = Path(os.devnull)
"""Of a manager that only asks devices and looks into files."""


@asynccontextmanager
async def opened(
    root: Path, registry: HandlerRegistry | None = None, *, write: bool, concurrency: int = 1
) -> AsyncIterator[DeviceBackupManager]:
    """Lend the manager of a store, to read without the lock, or to write with it; raises StoreError."""
    manager = DeviceBackupManager(
        root, registry=registry or HandlerRegistry(), defaults=Defaults(concurrency=concurrency)
    )
    await manager.start(write=write)
    try:
        yield manager
    finally:
        await manager.stop()


@asynccontextmanager
async def without_store(registry: HandlerRegistry) -> AsyncIterator[DeviceBackupManager]:
    """Lend a manager that stores nothing."""
    manager = DeviceBackupManager(NO_STORE, registry=registry)
    try:
        yield manager
    finally:
        await manager.stop()
