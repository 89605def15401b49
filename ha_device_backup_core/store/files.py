"""Reading one file of a store: a regular one, and no more of it than it can hold."""

import errno
import os
import stat
from pathlib import Path

from ha_device_backup_core.text import _

from .json_documents import DocumentError, decode, is_newer
from .store_errors import of_newer

MOST_BYTES_OF_DOCUMENT = 16 * 1024 * 1024
"""Of a `device.json` with 100,000 backups it is less than half."""
MOST_BYTES_OF_META = 4 * 1024 * 1024
MOST_BYTES_OF_SNAPSHOTS = 64 * 1024 * 1024


def read_file(path: Path, most: int) -> bytes:
    """Return what a regular file holds; raises DocumentError for anything else, a link and a larger file too."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise DocumentError(_("It is a symbolic link.")) from error
        raise
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise DocumentError(_("It is no regular file."))
        if status.st_size > most:
            raise DocumentError(_("It is too large ({size} bytes).", size=status.st_size))
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(most)
    finally:
        os.close(descriptor)


def is_of_newer(path: Path, most: int = MOST_BYTES_OF_DOCUMENT) -> bool:
    """Return whether a newer version wrote the document; one that is missing or damaged is of nobody."""
    try:
        return is_newer(decode(read_file(path, most)))
    except (FileNotFoundError, NotADirectoryError, DocumentError):
        return False


def require_not_newer(path: Path, most: int = MOST_BYTES_OF_DOCUMENT) -> None:
    """Raise StoreError for a document that a newer version wrote, so that it is left alone."""
    if is_of_newer(path, most):
        raise of_newer(str(path))
