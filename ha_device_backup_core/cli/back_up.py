"""`test` and `back-up`: one device, named by its configuration."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from ha_device_backup_core import DeviceBackupError, DeviceInfo
from ha_device_backup_core.host import HandlerRegistry, JobResult

from .installed import installed_handlers
from .jobs import DeviceToBackUp, failed, result_document, sentence
from .managers import opened, without_store
from .options import Json, Settings, StoreToFill, entered_config
from .output import device_document, device_name, fail, note_documents, print_json, say, status_of, warn, warn_of_trust
from .person import person_at_terminal

Kind = Annotated[str, typer.Argument(metavar="KIND", help="The kind of the handler; see `handlers`.")]


def show_device(kind: Kind, *, settings: Settings = None, json: Json = False) -> None:
    """Say who is there."""
    try:
        registry = installed_handlers()
        device = asyncio.run(_ask(registry, kind, entered_config(registry.get(kind).spec, settings or ())))
    except DeviceBackupError as error:
        fail(error, document={"device": None, "notices": []} if json else None)
    if json:
        document = {"device": device_document(device), "notices": note_documents(device.notices)}
        print_json({**document, "error": None})
    else:
        say(device_name(device))
        if device.unique_id is not None:
            say(f"ID: {device.unique_id}")
        for notice in device.notices:
            say(notice.text)


def back_up(
    kind: Kind,
    *,
    store: StoreToFill,
    settings: Settings = None,
    title: Annotated[str | None, typer.Option(help="What you call the device.")] = None,
    json: Json = False,
) -> None:
    """Make one backup of one device."""
    wanted = DeviceToBackUp(kind=kind, title=title, config={})
    try:
        registry = installed_handlers(store)
        raw = entered_config(registry.get(kind).spec, settings or ())
        wanted = DeviceToBackUp(kind=kind, title=title, config=raw)
        result = asyncio.run(_back_up(store, registry, wanted))
    except DeviceBackupError as error:
        result = failed(wanted, error)
    if json:
        print_json(result_document(result, store))
    else:
        (say if result.error is None else warn)(sentence(wanted, result))
        if result.error is not None:
            warn_of_trust(result.error)
    if result.error is not None:
        raise typer.Exit(status_of(result.error))


async def _ask(registry: HandlerRegistry, kind: str, config: Mapping[str, object]) -> DeviceInfo:
    async with without_store(registry) as manager:
        return await manager.probe(kind, config, person=person_at_terminal())


async def _back_up(root: Path, registry: HandlerRegistry, wanted: DeviceToBackUp) -> JobResult:
    async with opened(root, registry, write=True) as manager:
        return await manager.visits.back_up(wanted.kind, wanted.config, title=wanted.title, person=person_at_terminal())
