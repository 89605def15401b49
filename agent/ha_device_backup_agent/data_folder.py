"""The folder of data: documents that are whole or not there, readable by nobody else."""

import contextlib
import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from ha_device_backup_core import Text
from ha_device_backup_core.host import sync_folder

from .translation import _

FOLDER_MODE = 0o700
FILE_MODE = 0o600
TEMPORARY = ".new-"
_LOCK_SECONDS = 10.0
_LOCK_PAUSE = 0.05


class DataFolderError(Exception):
    """The folder, or a document in it, cannot be used; the text says which."""

    def __init__(self, text: Text) -> None:
        """Keep the text, of which the log gets the English."""
        super().__init__(text)
        self.text = text


def of_another_version(path: Path) -> DataFolderError:
    """Return the error for a document of a form that this version does not write."""
    return DataFolderError(_("{path} is not what this version wrote.", path=str(path)))


class DataFolder:
    """Reads and writes documents by name."""

    def __init__(self, path: Path) -> None:
        """Take the folder; it is made where it is not there."""
        self.path = path

    def prepare(self) -> None:
        """Make the folder, keep others out, and remove what a writer that was killed left behind."""
        self.path.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
        self.path.chmod(FOLDER_MODE)
        for left in self.path.glob(f"{TEMPORARY}*"):
            left.unlink(missing_ok=True)

    def read(self, name: str) -> dict[str, object] | None:
        """Return a document, None where there is none; raises DataFolderError for what is none."""
        try:
            document = json.loads((self.path / name).read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise DataFolderError(_("{path} cannot be read.", path=str(self.path / name))) from error
        if not isinstance(document, dict):
            raise DataFolderError(_("{path} is not what the agent wrote.", path=str(self.path / name)))
        return document

    def write(self, name: str, document: Mapping[str, object]) -> None:
        """Replace a document as a whole; it is on the disk when this returns."""
        self.write_bytes(name, json.dumps(document, indent=2).encode() + b"\n")

    def write_bytes(self, name: str, content: bytes) -> None:
        """Replace a file as a whole."""
        temporary = self.path / f"{TEMPORARY}{secrets.token_hex(8)}"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, FILE_MODE)
        try:
            with os.fdopen(descriptor, "wb") as file:
                self._give(descriptor)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self.path / name)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(self.path)

    def remove(self, name: str) -> None:
        """Remove a document, if there is one."""
        (self.path / name).unlink(missing_ok=True)
        sync_folder(self.path)

    @contextlib.contextmanager
    def exclusively(self, name: str) -> Iterator[None]:
        """Be the only one for the block, among the server and the commands; for a moment only."""
        end = time.monotonic() + _LOCK_SECONDS
        while (descriptor := self.try_lock(name)) is None:
            if time.monotonic() > end:
                raise DataFolderError(_("{path} is in use.", path=str(self.path / name)))
            time.sleep(_LOCK_PAUSE)
        try:
            yield
        finally:
            os.close(descriptor)

    def try_lock(self, name: str) -> int | None:
        """Return what holds the lock until it is closed or the process ends, None where another one has it."""
        descriptor = os.open(self.path / name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, FILE_MODE)
        self._give(descriptor)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return descriptor

    def _give(self, descriptor: int) -> None:
        """Leave a file to who the folder is of: a command that root runs must not lock the server out."""
        # A file of somebody else may have been linked to this name.
        if os.geteuid() == 0 and os.fstat(descriptor).st_nlink == 1:
            owner = self.path.stat()
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
