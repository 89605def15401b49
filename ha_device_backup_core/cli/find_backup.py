"""The backup that a command is told: a file, mostly with its meta file beside it, or an id in a store."""

import asyncio
from errno import ENAMETOOLONG
from pathlib import Path

import typer

from ha_device_backup_core.host import (
    BackupFile,
    BackupNotFoundError,
    HandlerRegistry,
    as_store_error,
    backup_at,
    bare_backup,
    bare_path,
)

from .installed import handlers_for, installed_handlers
from .managers import opened
from .words import _

_META = ".meta.json"


def choose_backup(named: str, store: Path | None, device: str | None) -> BackupFile:
    """Return the backup; raises StoreError."""
    path = Path(named.removesuffix(_META))
    try:
        if not path.name or path.is_dir():
            raise typer.BadParameter(f"“{named}” is no file of a backup.")
        if path.exists() or path.with_name(path.name + _META).exists():
            return backup_at(path)
    except OSError as error:
        if error.errno != ENAMETOOLONG:
            raise as_store_error(error) from error
    if store is None:
        raise typer.BadParameter(f"There is no file {named}; to name a backup by its id, give its --store.")
    return asyncio.run(_from_store(store, named, device))


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
        raise typer.BadParameter(f"{chosen.backup.path} is in no store, so name the one before it, too.")
    return asyncio.run(_before(chosen, chosen.store))


async def _from_store(root: Path, backup_id: str, device: str | None) -> BackupFile:
    async with opened(root, write=False) as manager:
        holding = [record for record in await manager.stored.holders(backup_id) if device in {None, str(record.key)}]
        if not holding:
            raise BackupNotFoundError(
                _(
                    "{root} holds no backup {backup_id}; `list` shows what is there.",
                    root=str(root),
                    backup_id=backup_id,
                )
            )
        if len(holding) > 1:
            raise typer.BadParameter(
                f"Several devices have a backup {backup_id}; add --device with one of: "
                f"{', '.join(f'{record.key} ({record.title})' for record in holding)}."
            )
        backup, artifact = await manager.stored.read_backup(holding[0].key, backup_id)
        return BackupFile(backup=backup, artifact=artifact, root=root)


async def _before(chosen: BackupFile, root: Path) -> BackupFile | None:
    async with opened(root, write=False) as manager:
        before = await manager.stored.backup_before(chosen.backup.key, chosen.backup.id)
        if before is None:
            return None
        backup, artifact = await manager.stored.read_backup(before.key, before.id)
        return BackupFile(backup=backup, artifact=artifact, root=root)
