"""The lock of a store: one writer at a time, over all processes."""

import errno
import fcntl
import os
from pathlib import Path

from ha_device_backup_core.errors import StoreLockedError

from .atomic_files import FILE_MODE


class StoreLock:
    """Holds `flock` on a file; the system lets go of it when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        """Take the path of the file; it stays empty, and stays."""
        self._path = path
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock; raises StoreLockedError."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, FILE_MODE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            if error.errno in {errno.EWOULDBLOCK, errno.EACCES}:
                raise StoreLockedError from error
            raise
        self._descriptor = descriptor

    def release(self) -> None:
        """Let go of the lock."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
