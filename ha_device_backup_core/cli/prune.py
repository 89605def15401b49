"""`prune`: deletes the oldest backups of a store, as Home Assistant does after each backup."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.host import (
    DeviceBackupManager,
    DeviceRecord,
    RetentionPolicy,
    StoreError,
    persons_language,
)

from .managers import opened
from .options import ExistingStore, Json
from .output import FAILED, JsonDocument, error_document, fail, print_json, say, warn
from .translation import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What was deleted of a device, or would be."""

    record: DeviceRecord
    ids: tuple[str, ...] = ()
    error: DeviceBackupError | None = None


def prune(
    *,
    store: ExistingStore,
    keep: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Keep the newest N of each device; else 20 and the last of each month."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would be deleted, delete nothing.")] = False,
    json: Json = False,
) -> None:
    """Delete old backups; protected ones, the newest complete one and the last ones before an update stay."""
    policy = RetentionPolicy() if keep is None else RetentionPolicy(newest=keep, monthly=0)
    try:
        pruned, unread = asyncio.run(_prune(store, policy, dry_run=dry_run))
    except DeviceBackupError as error:
        fail(error, document={"devices": [], "dry_run": dry_run} if json else None)
    if json:
        problem = None if unread is None else error_document(unread)
        print_json({"devices": [_document(device) for device in pruned], "dry_run": dry_run, "error": problem})
    else:
        if unread is not None:
            warn(unread.in_language(persons_language()))
        _print(pruned, dry_run=dry_run)
    if unread is not None or any(device.error is not None for device in pruned):
        raise typer.Exit(FAILED)


async def _prune(root: Path, policy: RetentionPolicy, *, dry_run: bool) -> tuple[list[Pruned], StoreError | None]:
    async with opened(root, write=False) as reading:
        if not await reading.stored.devices():
            return [], await reading.stored.unreadable()
    async with opened(root, write=not dry_run) as manager:
        devices = await manager.stored.devices()
        pruned = [await _prune_device(manager, record, policy, dry_run=dry_run) for record in devices]
        return pruned, await manager.stored.unreadable()


async def _prune_device(
    manager: DeviceBackupManager, record: DeviceRecord, policy: RetentionPolicy, *, dry_run: bool
) -> Pruned:
    try:
        return Pruned(record=record, ids=tuple(await manager.stored.prune(record.key, policy, dry_run=dry_run)))
    except DeviceBackupError as error:
        return Pruned(record=record, error=error)


def _document(pruned: Pruned) -> JsonDocument:
    return {
        "kind": pruned.record.key.kind,
        "unique_id": pruned.record.key.unique_id,
        "title": pruned.record.title,
        "deleted": list(pruned.ids),
        "error": None if pruned.error is None else error_document(pruned.error),
    }


def _print(pruned: list[Pruned], *, dry_run: bool) -> None:
    for device in pruned:
        if device.error is not None:
            warn(f"{device.record.title}: {device.error.in_language(persons_language())}")
        for backup_id in device.ids:
            title = device.record.title
            say(
                _("{device}: {backup_id} would be deleted", device=title, backup_id=backup_id)
                if dry_run
                else _("{device}: {backup_id} deleted", device=title, backup_id=backup_id)
            )
    count = sum(len(device.ids) for device in pruned)
    say(_("Would be deleted: {count}.", count=count) if dry_run else _("Deleted: {count}.", count=count))
