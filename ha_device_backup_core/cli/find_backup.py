"""The backup that `restore` is told: a file with its meta file beside it, or an id in a store."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import typer

from ha_device_backup_core.contract import Artifact
from ha_device_backup_core.errors import BackupNotFoundError
from ha_device_backup_core.records import Backup
from ha_device_backup_core.store.files import MOST_BYTES_OF_META, read_file
from ha_device_backup_core.store.names import META_SUFFIX, id_order
from ha_device_backup_core.store.reader import StoreReader, artifact_of
from ha_device_backup_core.store.root import require_readable
from ha_device_backup_core.store.serialization import DocumentError, decode, stored_backup
from ha_device_backup_core.store.store_errors import as_store_error, damaged, of_newer
from ha_device_backup_core.text import _


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenBackup:
    """A backup, compared with its digest, and the folder that its path starts from."""

    backup: Backup
    artifact: Artifact
    root: Path
    is_bare: bool = False
    """Whether it is a file alone, known by its content, as a browser downloads it."""
    is_part: bool = False
    """Whether the artifact holds only the files that the person chose."""
    has_owner: bool = True
    """Whether it tells which device it is of."""

    @property
    def label(self) -> str:
        """Return what it is called at the beginning of a sentence."""
        name = (
            f"“{self.backup.artifact.filename}”"
            if self.is_bare
            else f"Backup {self.backup.id} of {self.backup.device.name}"
        )
        return f"A part of {name[0].lower()}{name[1:]}" if self.is_part else name


def bare_file(named: str) -> Path | None:
    """Return the path of a file without a meta file beside it, None for everything else."""
    path = Path(named)
    is_bare = path.is_file() and not path.name.endswith(META_SUFFIX)
    return path if is_bare and not path.with_name(path.name + META_SUFFIX).exists() else None


def choose_backup(named: str, store: Path | None, device: str | None) -> ChosenBackup:
    """Return the backup; raises StoreError."""
    path = Path(named.removesuffix(META_SUFFIX))
    if not path.name or path.is_dir():
        raise typer.BadParameter(f"“{named}” is no file of a backup.")
    try:
        if path.exists() or path.with_name(path.name + META_SUFFIX).exists():
            return _from_file(path)
        if store is None:
            raise typer.BadParameter(f"There is no file {named}; to name a backup by its id, give its --store.")
        return _from_store(store, named, device)
    except OSError as error:
        raise as_store_error(error) from error


def choose_before(chosen: ChosenBackup) -> ChosenBackup | None:
    """Return the backup of the same device before that one, None for the first; raises StoreError."""
    backup = chosen.backup
    inside = "/" in backup.path
    if not inside and chosen.root.name != backup.key.folder:
        raise typer.BadParameter(f"{backup.path} is in no store, so name the one before it, too.")
    reader = _reader(chosen.root if inside else chosen.root.parent)
    try:
        names = reader.names(backup.key.folder)
        older = [files.id for files in names.backups if id_order(files.id) < id_order(backup.id)]
        if not older:
            return None
        before = reader.backup(backup.key, older[0])
        return ChosenBackup(backup=before, artifact=reader.read(backup.key, before.id), root=reader.root)
    except OSError as error:
        raise as_store_error(error) from error


def _from_file(path: Path) -> ChosenBackup:
    root = path.absolute().parent
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
    return ChosenBackup(backup=backup, artifact=_artifact(backup, root), root=root)


def _from_store(root: Path, backup_id: str, device: str | None) -> ChosenBackup:
    require_readable(root)
    reader = _reader(root)
    devices = [record for record in reader.devices() if device is None or str(record.key) == device]
    holding = [record for record in devices if reader.names(record.key.folder).find(backup_id) is not None]
    if not holding:
        for folder in reader.folders():
            reader.document(folder)  # a folder that cannot be read may be the one
        raise BackupNotFoundError(
            _("{root} holds no backup {backup_id}; `list` shows what is there.", root=str(root), backup_id=backup_id)
        )
    if len(holding) > 1:
        raise typer.BadParameter(
            f"Several devices have a backup {backup_id}; add --device with one of: "
            f"{', '.join(f'{record.key} ({record.title})' for record in holding)}."
        )
    backup = reader.backup(holding[0].key, backup_id)
    return ChosenBackup(backup=backup, artifact=reader.read(backup.key, backup_id), root=root)


def _artifact(backup: Backup, root: Path) -> Artifact:
    if not backup.known:
        raise of_newer(backup.path)
    return artifact_of(backup, _reader(root).content(backup))


def _reader(root: Path) -> StoreReader:
    return StoreReader(root, lambda: datetime.now(UTC))
