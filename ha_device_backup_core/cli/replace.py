"""`replace`: a device that took the place of another one goes on with its backups."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from ha_device_backup_core import DeviceBackupError, DeviceInfo
from ha_device_backup_core.host import (
    BackupNotFoundError,
    DeviceBackupManager,
    DeviceKey,
    DeviceRecord,
    DeviceSettings,
    HandlerRegistry,
)

from .installed import installed_handlers
from .managers import opened
from .options import ExistingStore, Json, Settings, entered_config
from .output import device_document, device_name, fail, print_json, say
from .person import person_at_terminal
from .restore_journal import unfinished_document, warn_of_unfinished
from .translation import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """Which device goes on with the backups of which one."""

    earlier: DeviceRecord
    device: DeviceInfo
    record: DeviceRecord
    """What is stored of it now."""


def replace(
    device: Annotated[str, typer.Argument(metavar="KIND:ID", help="The device that was replaced; see `list`.")],
    *,
    store: ExistingStore,
    settings: Settings = None,
    json: Json = False,
) -> None:
    """Let the device that answers go on with the backups of the one that it replaced."""
    try:
        earlier = asyncio.run(_stored(store, device))
        registry = installed_handlers(store)
        raw = entered_config(registry.get(earlier.key.kind).spec, settings or [])
        replaced = asyncio.run(_replace(store, registry, earlier, raw))
    except DeviceBackupError as error:
        fail(error, document={"device": None, "key": None, "unfinished_restore": None} if json else None)
    if json:
        print_json(
            {
                "device": device_document(replaced.device),
                "key": str(replaced.record.key),
                "unfinished_restore": unfinished_document(replaced.record),
                "error": None,
            }
        )
    else:
        say(
            _(
                "{device} goes on as {title}, {key}, with its backups.",
                device=device_name(replaced.device),
                title=earlier.title,
                key=str(replaced.record.key),
            )
        )
        warn_of_unfinished(replaced.record, store)


async def _stored(root: Path, device: str) -> DeviceRecord:
    async with opened(root, write=False) as manager:
        for record in await manager.stored.devices():
            if str(record.key) == device:
                return record
    raise BackupNotFoundError(
        _("{root} holds no backups of {device}; `list` shows what is there.", root=str(root), device=device)
    )


async def _replace(
    root: Path, registry: HandlerRegistry, earlier: DeviceRecord, config: Mapping[str, object]
) -> Replaced:
    kind = earlier.key.kind
    async with opened(root, registry, write=True) as manager:
        device = await manager.probe(kind, config, person=person_at_terminal())
        found = await manager.visits.key_of(kind, config, device)
        if found == earlier.key:
            raise DeviceBackupError(_("{device} itself answers there. Nothing was changed.", device=earlier.title))
        settings = DeviceSettings(key=earlier.key, title=earlier.title, config=config, schedule_enabled=False)
        await manager.add_device(settings)
        key = await manager.replace_device(earlier.key, found.unique_id, config)
        await _forget_what_is_done(manager, key)
        return Replaced(earlier=earlier, device=device, record=await manager.stored.device(key) or earlier)


async def _forget_what_is_done(manager: DeviceBackupManager, key: DeviceKey) -> None:
    """Await no restore of what is on the device already: a person may have put it there before."""
    if manager.status(key).unfinished_restore is None:
        return
    with suppress(DeviceBackupError):
        preview = await manager.plan_restore(key, person=person_at_terminal())
        if preview.plan.changes_nothing:
            await manager.dismiss_restore(key)
