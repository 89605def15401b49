"""The visible steps: all that changes what a reader of the folders can see goes through here, and through the gate."""

import os
from contextlib import suppress
from pathlib import Path

from ha_device_backup_core.errors import StoreError

from .gate import StepGuard
from .names import META_SUFFIX, temporary_name

DIRECTORY_MODE = 0o700
FILE_MODE = 0o600
_CHUNK = 1024 * 1024


class AtomicFiles:
    """Changes folders in small steps, each of which passes the gate."""

    def __init__(self, guard: StepGuard) -> None:
        """Take what says when a step may be made."""
        self._guard = guard

    def make_folder(self, path: Path) -> None:
        """Create a private folder."""
        with self._guard.step():
            path.mkdir(DIRECTORY_MODE)
        sync_folder(path.parent)

    def write_temporary(self, target: Path, content: bytes, *, lasting: bool = True) -> Path:
        """Write the content to the temporary file of the target, safe on the disk if it is to last; return its path."""
        temporary = target.with_name(temporary_name(target.name))
        try:
            with self._guard.step():
                descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, FILE_MODE)
            try:
                self._fill(descriptor, content)
                if lasting:
                    os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except BaseException:
            self.cleanup(temporary)
            raise
        return temporary

    def rename(self, temporary: Path, target: Path) -> None:
        """Give a temporary file its name."""
        with self._guard.step():
            temporary.replace(target)

    def write(self, target: Path, content: bytes, *, lasting: bool = True) -> None:
        """Replace a file as a whole, safe on the disk if it is to last."""
        temporary = self.write_temporary(target, content, lasting=lasting)
        try:
            self.rename(temporary, target)
        except BaseException:
            self.cleanup(temporary)
            raise
        if lasting:
            sync_folder(target.parent)

    def link(self, source: Path, target: Path) -> None:
        """Give a file a second name; raises OSError where the file system has no such thing."""
        with self._guard.step():
            target.hardlink_to(source)

    def add_backup(self, artifact: Path, content: bytes, meta: bytes) -> None:
        """Store both files of a backup: the artifact is safe on the disk before the meta file makes it count."""
        meta_file = artifact.with_name(artifact.name + META_SUFFIX)
        temporary: list[Path] = []
        try:
            temporary.extend((self.write_temporary(artifact, content), self.write_temporary(meta_file, meta)))
            self.rename(temporary[0], artifact)
            sync_folder(artifact.parent)
            self.rename(temporary[1], meta_file)
        except BaseException:
            if not meta_file.exists():
                self.cleanup(artifact, *temporary)
            raise
        sync_folder(artifact.parent)

    def remove_backup(self, artifact: Path) -> None:
        """Remove both files of a backup as one step; if it is interrupted, what is left is known to be a leftover."""
        meta_file = artifact.with_name(artifact.name + META_SUFFIX)
        doomed = meta_file.with_name(temporary_name(meta_file.name))
        with self._guard.step():
            try:
                meta_file.replace(doomed)
            except OSError:  # it is gone, or a full disk has no room for the longer name
                meta_file.unlink(missing_ok=True)
            artifact.unlink(missing_ok=True)
            doomed.unlink(missing_ok=True)

    def remove(self, *paths: Path) -> None:
        """Remove files, in order and as one step; those that are not there are no error."""
        with self._guard.step():
            for path in paths:
                path.unlink(missing_ok=True)

    def remove_folder(self, path: Path) -> None:
        """Remove an empty folder."""
        with self._guard.step():
            path.rmdir()

    def cleanup(self, *paths: Path) -> None:
        """Remove what a failure left behind, as far as that is possible."""
        with suppress(OSError, StoreError):
            self.remove(*paths)

    def set_mode(self, path: Path, mode: int) -> None:
        """Change who may use the path, where it differs and the file system can tell people apart."""
        if path.stat().st_mode & 0o777 != mode:
            with self._guard.step(), suppress(PermissionError):
                path.chmod(mode)

    def _fill(self, descriptor: int, content: bytes) -> None:
        rest = memoryview(content)
        while rest:
            with self._guard.step():
                written = os.write(descriptor, rest[:_CHUNK])
            rest = rest[written:]


def sync_folder(path: Path) -> None:
    """Make the names in the folder safe on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
