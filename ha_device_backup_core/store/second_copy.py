"""The second copy: the newest backups of each device, in a folder that the person named, with the layout of the store."""

import hashlib
from pathlib import Path

from ..errors import StoreDamagedError, StoreError
from ..records import Backup, DeviceKey
from .layout import DEVICE_FILE, META_SUFFIX
from .reader import StoreReader, read_file
from .steps import VisibleSteps


class SecondCopy:
    """Copies backups out of the store; blocking."""

    def __init__(self, folder: Path, reader: StoreReader, steps: VisibleSteps) -> None:
        """Take the folder, which has to exist: where a mount is missing, nothing is written in its place."""
        self._folder = folder
        self._reader = reader
        self._steps = steps

    def update(self, key: DeviceKey) -> None:
        """Copy the newest backup and the newest whole one, where the copy lacks them; raises StoreError, OSError."""
        if not self._folder.is_dir():
            raise StoreError(f"The folder for the second copy, {self._folder}, is not there.")
        root = self._reader.root.resolve()
        if self._folder.resolve().is_relative_to(root):
            raise StoreError("The folder for the second copy lies inside the store. Choose another one.")
        summary = self._reader.summary(key)
        if summary is None:
            return
        wanted = {backup.id: backup for backup in (summary.newest_whole, summary.newest) if backup is not None}
        for backup in wanted.values():
            self._copy(backup)
        if wanted:
            target = self._folder / key.folder / DEVICE_FILE
            self._steps.write(target, read_file(self._reader.root / key.folder / DEVICE_FILE))

    def remove(self, key: DeviceKey, names: list[str]) -> None:
        """Remove what retention removed from the store."""
        folder = self._folder / key.folder
        for name in names:
            self._steps.remove(folder / (name + META_SUFFIX), folder / name)

    def _copy(self, backup: Backup) -> None:
        target = self._folder / backup.path
        meta = target.with_name(target.name + META_SUFFIX)
        if meta.exists():
            if hashlib.sha256(read_file(target)).hexdigest() != backup.artifact.sha256:
                raise StoreDamagedError(f"The second copy of {backup.path} differs. Move it away.")
            return
        content = self._reader.content(backup)
        document = read_file((self._reader.root / backup.path).with_name(meta.name))
        if not target.parent.exists():
            self._steps.make_folder(target.parent)
        self._steps.write(target, content)
        self._steps.write(meta, document)


def export(reader: StoreReader, steps: VisibleSteps, key: DeviceKey, backup_id: str, folder: Path) -> Path:
    """Copy a backup with its meta file into the folder; return the path of the copy."""
    backup = reader.backup(key, backup_id)
    content = reader.content(backup)
    document = read_file(reader.root / (backup.path + META_SUFFIX))
    if not folder.is_dir():
        if not folder.parent.is_dir():
            raise StoreError(f"The folder {folder} is not there.")
        steps.make_folder(folder)
    target = folder / backup.path.replace("/", "_")
    steps.write(target, content)
    steps.write(target.with_name(target.name + META_SUFFIX), document)
    return target
