"""A backup that a person names by its file, with or without the meta file that a store keeps beside it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ha_device_backup_core.errors import BackupNotFoundError
from ha_device_backup_core.records import Backup, BackupCopy
from ha_device_backup_core.store.files import MOST_BYTES_OF_META, read_file
from ha_device_backup_core.store.json_documents import DocumentError, decode
from ha_device_backup_core.store.names import META_SUFFIX
from ha_device_backup_core.store.reader import StoreReader, artifact_of
from ha_device_backup_core.store.root import is_marked
from ha_device_backup_core.store.serialization import stored_backup
from ha_device_backup_core.store.store_errors import as_store_error, damaged, of_newer
from ha_device_backup_core.text import _


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupFile(BackupCopy):
    """A backup, and the folder that its path starts from."""

    root: Path
    is_bare: bool = False
    """Whether it is a file alone, known by its content, as a browser downloads it."""
    has_owner: bool = True
    """Whether it tells which device it is of."""

    @property
    def store(self) -> Path | None:
        """Return the store that it is in, None for a copy elsewhere."""
        if "/" in self.backup.path:
            return self.root
        return self.root.parent if self.root.name == self.backup.key.folder else None

    @property
    def marked_store(self) -> Path | None:
        """Return the store that it is in, if that shows that it is one."""
        return self.store if self.store is not None and is_marked(self.store) else None


def backup_at(path: Path) -> BackupFile:
    """Return the backup in a file with its meta file beside it; raises BackupNotFoundError, StoreError."""
    root, backup = path.absolute().parent, described_at(path)
    try:
        content = StoreReader(root, lambda: datetime.now(UTC)).content(backup)
    except OSError as error:
        raise as_store_error(error) from error
    return BackupFile(backup=backup, artifact=artifact_of(backup, content), root=root)


def described_at(path: Path) -> Backup:
    """Return what the meta file beside a file tells, damaged or not; raises BackupNotFoundError, StoreError."""
    meta = path.with_name(path.name + META_SUFFIX)
    try:
        backup = stored_backup(decode(read_file(meta, MOST_BYTES_OF_META)), path=path.name)
    except FileNotFoundError as error:
        raise BackupNotFoundError(
            _(
                "{meta} is not there; it tells what {name} is a backup of. Name the backup by its id and its --store.",
                meta=str(meta),
                name=path.name,
            )
        ) from error
    except DocumentError as error:
        raise damaged(str(meta), error.why) from error
    except OSError as error:
        raise as_store_error(error) from error
    if not backup.is_readable:
        raise of_newer(backup.path)
    return backup


def bare_path(named: str) -> Path | None:
    """Return the path of a file without a meta file beside it, None for everything else."""
    path = Path(named)
    try:
        is_bare = path.is_file() and not path.name.endswith(META_SUFFIX)
        return path if is_bare and not path.with_name(path.name + META_SUFFIX).exists() else None
    except OSError:
        return None
