"""What a store knows of a restore by this command: noted before the device is changed, until it ended well."""

import asyncio
import shlex
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from ha_device_backup_core.host import (
    Backup,
    DeviceBackupManager,
    DeviceKey,
    DeviceRecord,
    HandlerRegistry,
    StoreError,
    UnfinishedRestore,
    as_store_error,
    persons_language,
)

from .managers import opened
from .output import JsonDocument, warn
from .translation import _

_COMMAND = "ha-device-backup restore"


@asynccontextmanager
async def noting_manager(
    registry: HandlerRegistry, root: Path | None, *, required: bool
) -> AsyncIterator[DeviceBackupManager]:
    """Lend the manager of the store in which a restore is noted.

    Raises StoreError where the store is required. Another one may be in use by Home Assistant, on a read-only medium or
    missing, which prevents no restore: it is noted in a store that is thrown away.
    """
    async with AsyncExitStack() as stack:
        manager: DeviceBackupManager | None = None
        if root is not None:
            try:
                manager = await stack.enter_async_context(opened(root, registry, write=True))
            except StoreError as error:
                if required:
                    raise
                warn(
                    _(
                        "If this restore is cut off, {root} will not tell of it: {reason}",
                        root=str(root),
                        reason=error.in_language(persons_language()),
                    )
                )
        if manager is None:
            manager = await stack.enter_async_context(throwaway_manager(registry))
        yield manager


@asynccontextmanager
async def throwaway_manager(registry: HandlerRegistry) -> AsyncIterator[DeviceBackupManager]:
    """Lend the manager of an empty store that is thrown away; raises StoreError where there is no place for one."""
    try:
        folder = TemporaryDirectory(prefix="ha-device-backup-", ignore_cleanup_errors=True)
    except OSError as error:
        raise as_store_error(error) from error
    with folder:
        async with opened(Path(folder.name), registry, write=True) as manager:
            yield manager


def print_unfinished(root: Path, backup: Backup) -> None:
    """Say of the devices on which the backup was being put that this did not end well, if it was begun."""
    with suppress(StoreError):
        for record in asyncio.run(_unfinished(root, backup)):
            warn_of_unfinished(record, root)


async def _unfinished(root: Path, backup: Backup) -> list[DeviceRecord]:
    async with opened(root, write=False) as manager:
        return [
            record
            for record in await manager.stored.devices()
            if (restore := record.unfinished_restore) is not None
            and (restore.source, restore.backup_id) == (backup.key, backup.id)
        ]


def unfinished_document(record: DeviceRecord) -> JsonDocument | None:
    """Return for programs what was begun on the device and did not end well."""
    restore = record.unfinished_restore
    if restore is None:
        return None
    return {
        "source": str(restore.source),
        "backup_id": restore.backup_id,
        "safety_backup_id": restore.safety_backup_id,
        "begun_at": restore.begun_at.isoformat(),
        "awaits_replacement": restore.awaits_replacement,
        "files": list(restore.files),
    }


def warn_of_unfinished(record: DeviceRecord, root: Path) -> None:
    """Say what was begun on the device and did not end well, and how to go on with it or undo it."""
    restore = record.unfinished_restore
    if restore is None:
        return
    if restore.awaits_replacement:
        warn(
            _(
                "{title} was replaced, and backup {backup_id} was not put on the new device yet.",
                title=record.title,
                backup_id=restore.backup_id,
            )
        )
        warn(_("Do it: {command}", command=_command(restore.backup_id, root, record.key)))
        return
    warn(
        _(
            "Backup {backup_id} was being put on {title} ({begun_at} UTC), and that did not end well. The device may"
            " hold only a part of it.",
            backup_id=restore.backup_id,
            title=record.title,
            begun_at=f"{restore.begun_at:%Y-%m-%d %H:%M}",
        )
    )
    warn(_("Continue: {command}", command=_again(restore, root, record.key)))
    if restore.safety_backup_id is None:
        warn(_("It cannot be undone: what was on the device before was not backed up."))
    else:
        warn(_("Undo: {command}", command=_command(restore.safety_backup_id, root, record.key)))


def _again(restore: UnfinishedRestore, root: Path, target: DeviceKey) -> str:
    """Return the command that puts on the target what was to be put on it, and no other files."""
    bare = f'{_COMMAND} "{restore.backup_id}" --store "{root}" --set …'
    whole = bare if Path(restore.backup_id).is_absolute() else _command(restore.backup_id, root, restore.source)
    files = "".join(f" --file {_quoted(name)}" for name in restore.files)
    return f"{whole}{files}{'' if restore.source == target else ' --other-device'}"


def _quoted(name: str) -> str:
    """Return a name for a shell; double quotes are right in every one of them, as long as none reads on inside."""
    return shlex.quote(name) if set(name) & set('"$`\\!') else f'"{name}"'


def _command(backup_id: str, root: Path, source: DeviceKey) -> str:
    return f'{_COMMAND} {backup_id} --store "{root}" --device "{source}" --set …'
