"""The handlers that a command works with."""

import asyncio
import os
from collections.abc import Collection, Mapping
from pathlib import Path

from ha_device_backup_core.host import (
    KINDS_FOLDER,
    BackupFile,
    HandlerRegistry,
    HandlerScanner,
    Ownership,
    normal_name,
    try_packages,
)

from .managers import opened
from .options import expanded
from .translation import _
from .wrong_usage import WrongUsageError

RECIPES = "HA_DEVICE_BACKUP_RECIPES"
"""The environment variable that names a folder with files that describe kinds, recipes for example."""


def installed_handlers(store: Path | None = None) -> HandlerRegistry:
    """Return what is installed; where packages compete for a kind, that which made its backups in the store has it."""
    registry = _scan({}, store)
    kinds = {problem.handler_kind for problem in registry.problems if problem.handler_kind is not None}
    return _scan(asyncio.run(_makers(store, kinds)), store) if store is not None and kinds else registry


def handlers_for(chosen: BackupFile) -> HandlerRegistry:
    """Return what is installed, the kind of the backup with the package that made it."""
    backup = chosen.backup
    return _scan({backup.key.kind: backup.handler.distribution}, chosen.marked_store or chosen.root)


def _scan(makers: Mapping[str, str], store: Path | None) -> HandlerRegistry:
    owners = {kind: normal_name(package) for kind, package in makers.items() if package}
    folders = [*_named_folder(), *([store / KINDS_FOLDER] if store is not None else [])]
    return HandlerScanner(Ownership(owners=owners), folders=folders, trial=try_packages).scan()


def _named_folder() -> list[Path]:
    if not (named := os.environ.get(RECIPES)):
        return []
    if not (folder := expanded(named)).is_dir():
        raise WrongUsageError(_("{variable} names {path}, which is no folder.", variable=RECIPES, path=str(folder)))
    return [folder]


async def _makers(store: Path, kinds: Collection[str]) -> Mapping[str, str]:
    async with opened(store, write=False) as manager:
        return await manager.stored.makers(kinds)
