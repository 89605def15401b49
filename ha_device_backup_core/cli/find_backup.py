"""The backup that a command is told: a file, mostly with its meta file beside it, or an id in a store."""

import asyncio
from errno import ENAMETOOLONG
from pathlib import Path

from ha_device_backup_core.host import (
    Backup,
    BackupFile,
    BackupNotFoundError,
    DeviceBackupManager,
    DeviceRecord,
    HandlerRegistry,
    as_store_error,
    backup_at,
    bare_backup,
    bare_path,
    described_at,
)

from .installed import handlers_for, installed_handlers
from .managers import opened
from .options import device_key
from .translation import _
from .wrong_usage import WrongUsageError

_META = ".meta.json"


def choose_backup(named: str, store: Path | None, device: str | None) -> BackupFile:
    """Return the backup; raises StoreError."""
    path = _file_of(named)
    if path is not None:
        return backup_at(path)
    return asyncio.run(_from_store(_demanded(store, named), named, device))


def choose_place(named: str, store: Path | None, device: str | None) -> tuple[Path | None, Backup]:
    """Return the store that a backup is in, if any, and what is known of it, damaged or not; raises StoreError."""
    path = _file_of(named)
    if path is None:
        return store, asyncio.run(_known_in_store(_demanded(store, named), named, device))
    backup, folder = described_at(path), path.absolute().parent
    return folder.parent if folder.name == backup.key.folder else None, backup


def _file_of(named: str) -> Path | None:
    """Return the file of a backup that is named, None where it may be an id; raises StoreError."""
    path = Path(named.removesuffix(_META))
    try:
        if not path.name or path.is_dir():
            raise WrongUsageError(_("“{name}” is no file of a backup.", name=named))
        return path if path.exists() or path.with_name(path.name + _META).exists() else None
    except OSError as error:
        if error.errno != ENAMETOOLONG:
            raise as_store_error(error) from error
        return None


def _demanded(store: Path | None, named: str) -> Path:
    if store is None:
        raise WrongUsageError(_("There is no file {name}; to name a backup by its id, give its --store.", name=named))
    return store


def choose_any_backup(named: str, store: Path | None, device: str | None) -> tuple[BackupFile, HandlerRegistry]:
    """Return the backup, a file alone too, and the handlers that know it.

    Raises StoreError, UnreadableFileError, UnusableFileError.
    """
    bare = bare_path(named)
    if bare is not None:
        registry = installed_handlers(store)
        return asyncio.run(bare_backup(registry, bare)), registry
    chosen = choose_backup(named, store, device)
    return chosen, handlers_for(chosen)


def choose_before(chosen: BackupFile) -> BackupFile | None:
    """Return the backup of the same device before that one, None for the first; raises StoreError."""
    if chosen.store is None:
        raise WrongUsageError(_("{name} is in no store, so name the one before it, too.", name=chosen.backup.path))
    return asyncio.run(_before(chosen, chosen.store))


async def _from_store(root: Path, backup_id: str, device: str | None) -> BackupFile:
    async with opened(root, write=False) as manager:
        holder = await _holder(manager, root, backup_id, device)
        backup, artifact = await manager.stored.read_backup(holder.key, backup_id)
        return BackupFile(backup=backup, artifact=artifact, root=root)


async def _known_in_store(root: Path, backup_id: str, device: str | None) -> Backup:
    async with opened(root, write=False) as manager:
        holder = await _holder(manager, root, backup_id, device)
        return await manager.stored.backup(holder.key, backup_id)


async def _holder(manager: DeviceBackupManager, root: Path, backup_id: str, device: str | None) -> DeviceRecord:
    wanted = None if device is None else device_key(device)
    holders = await manager.stored.holders(backup_id)
    if not holders:
        raise BackupNotFoundError(
            _(
                "{root} holds no backup {backup_id}; `list` shows what is there.",
                root=str(root),
                backup_id=backup_id,
            )
        )
    holding = [record for record in holders if wanted in {None, record.key}]
    if not holding:
        raise BackupNotFoundError(
            _(
                "{device} has no backup {backup_id} in {root}; `list` shows what is there.",
                device=str(wanted),
                backup_id=backup_id,
                root=str(root),
            )
        )
    if len(holding) > 1:
        raise WrongUsageError(
            _(
                "Several devices have a backup {backup_id}; add --device with one of: {devices}.",
                backup_id=backup_id,
                devices=", ".join(f"{record.key} ({record.title})" for record in holding),
            )
        )
    return holding[0]


async def _before(chosen: BackupFile, root: Path) -> BackupFile | None:
    async with opened(root, write=False) as manager:
        before = await manager.stored.backup_before(chosen.backup.key, chosen.backup.id)
        if before is None:
            return None
        backup, artifact = await manager.stored.read_backup(before.key, before.id)
        return BackupFile(backup=backup, artifact=artifact, root=root)
