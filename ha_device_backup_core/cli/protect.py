"""`protect` and `accept`: what a person says about a backup."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.host import Backup, DeviceBackupManager

from .find_backup import choose_backup, choose_place
from .managers import opened
from .options import Json
from .output import JsonDocument, backup_document, fail, print_json, say
from .translation import _
from .wrong_usage import WrongUsageError

type _Change = Callable[[DeviceBackupManager, Backup], Awaitable[Backup]]

Named = Annotated[str, typer.Argument(metavar="BACKUP", help="A file of a store, or an id with --store.")]
InStore = Annotated[
    Path | None, typer.Option(metavar="DIR", exists=True, file_okay=False, help="Where the id is looked up.")
]
OfDevice = Annotated[
    str | None, typer.Option(metavar="KIND:ID", help="Whose backup, where several devices have that id.")
]


def protect(
    backup: Named,
    *,
    store: InStore = None,
    device: OfDevice = None,
    off: Annotated[bool, typer.Option("--off", help="Take the protection away.")] = False,
    json: Json = False,
) -> None:
    """Keep a backup from being deleted."""

    def change(manager: DeviceBackupManager, chosen: Backup) -> Awaitable[Backup]:
        return manager.stored.protect(chosen.key, chosen.id, protected=not off)

    changed = _change(backup, store, device, change, intact=not off, json=json)
    if not json:
        backup_id, name = changed.id, changed.device.name
        say(
            _("Backup {backup_id} of {device} is no longer protected.", backup_id=backup_id, device=name)
            if off
            else _("Backup {backup_id} of {device} is protected.", backup_id=backup_id, device=name)
        )


def accept(backup: Named, *, store: InStore = None, device: OfDevice = None, json: Json = False) -> None:
    """Say that a backup is right as it is: no longer suspect, and complete with what it lacks."""
    changed = _change(
        backup, store, device, lambda manager, chosen: manager.stored.accept(chosen.key, chosen.id), json=json
    )
    if not json:
        say(
            _(
                "Backup {backup_id} of {device} counts as right from now on.",
                backup_id=changed.id,
                device=changed.device.name,
            )
        )


def _change(
    named: str, store: Path | None, device: str | None, change: _Change, *, json: bool, intact: bool = True
) -> Backup:
    """Mark a backup; a damaged one only where `intact` is not asked for."""
    document: JsonDocument = {"backup": None}
    try:
        if intact:
            choose_backup(named, store, device)
        root, backup = choose_place(named, store, device)
        if root is None:
            raise WrongUsageError(
                _("{name} is in no folder of a store; give the --store and the id of the backup.", name=named)
            )
        changed = asyncio.run(_changed(root, backup, change))
    except DeviceBackupError as error:
        fail(error, document=document if json else None)
    if json:
        print_json({"backup": backup_document(changed, root), "error": None})
    return changed


async def _changed(root: Path, backup: Backup, change: _Change) -> Backup:
    async with opened(root, write=True) as manager:
        return await change(manager, backup)
