"""`test` and `back-up`: one device, named by its configuration."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from ha_device_backup_core.contract import DeviceInfo
from ha_device_backup_core.errors import DeviceBackupError
from ha_device_backup_core.jobs import runner
from ha_device_backup_core.plugins.registry import HandlerRegistry
from ha_device_backup_core.store import BackupStore

from .installed import installed_handlers
from .jobs import Result, Target, back_up_target, failed
from .options import Json, Settings, StoreToFill, entered_config
from .output import device_document, device_name, english, fail, note_documents, print_json, say, status_of, warn
from .person import person_at_terminal

Kind = Annotated[str, typer.Argument(metavar="KIND", help="The kind of the handler; see `handlers`.")]


def show_device(kind: Kind, *, settings: Settings = None, json: Json = False) -> None:
    """Say who is there."""
    try:
        registered = installed_handlers().get(kind)
        raw = entered_config(registered.spec, settings or ())
        device: DeviceInfo = asyncio.run(runner.probe(registered, raw, person=person_at_terminal()))
    except DeviceBackupError as error:
        fail(error, document={"device": None, "notices": []} if json else None)
    if json:
        document = {"device": device_document(device), "notices": note_documents(device.notices)}
        print_json({**document, "error": None})
    else:
        say(device_name(device))
        if device.unique_id is not None:
            say(f"ID: {device.unique_id}")
        for text in english([notice.text for notice in device.notices]):
            say(text)


def back_up(
    kind: Kind,
    *,
    store: StoreToFill,
    settings: Settings = None,
    title: Annotated[str | None, typer.Option(help="What you call the device.")] = None,
    json: Json = False,
) -> None:
    """Make one backup of one device."""
    registry = installed_handlers(store)
    try:
        raw = entered_config(registry.get(kind).spec, settings or ())
    except DeviceBackupError as error:
        result = failed(Target(kind=kind, title=title, config={}), error)
    else:
        result = asyncio.run(_back_up(store, registry, Target(kind=kind, title=title, config=raw)))
    if json:
        print_json(result.document(store))
    else:
        (say if result.error is None else warn)(result.sentence())
    if result.error is not None:
        raise typer.Exit(status_of(result.error))


async def _back_up(root: Path, registry: HandlerRegistry, target: Target) -> Result:
    store = BackupStore(root)
    try:
        await store.open(write=True)
    except DeviceBackupError as error:
        return failed(target, error)
    try:
        return await back_up_target(store, registry, target, person=person_at_terminal())
    finally:
        await store.close()
