"""`import`: keeps files that a person has as backups of the devices that they are of."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from ha_device_backup_core.contract import DeviceInfo
from ha_device_backup_core.errors import DeviceBackupError
from ha_device_backup_core.manager.import_job import import_file
from ha_device_backup_core.plugins.registry import HandlerRegistry
from ha_device_backup_core.records import Backup, Outcome, Trigger
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.text import in_language

from .found_files import FoundFile, RefusedFile, look_at, of_one_kind, paths_below, put_together
from .installed import installed_handlers
from .jobs import backup_job
from .options import Json, StoreToFill
from .output import FAILED, Document, backup_document, error_document, fail, print_json, say, warn, what_it_holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A file, or several that belong together, in the store."""

    file: FoundFile
    title: str
    outcome: Outcome
    backup: Backup


def import_backups(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", exists=True, help="Files as the devices made them, and folders.")
    ],
    *,
    store: StoreToFill,
    unique_id: Annotated[
        str | None,
        typer.Option(metavar="ID", help="The device of the files that do not tell theirs; see `list` and `test`."),
    ] = None,
    made_at: Annotated[
        datetime | None, typer.Option(help="When they were made, in UTC; else their own times, or now.")
    ] = None,
    json: Json = False,
) -> None:
    """Keep files as backups of their devices, without any contact."""
    at = None if made_at is None else made_at.replace(tzinfo=UTC)
    try:
        registry = installed_handlers(store)
        files, closed = paths_below(paths)
        taken, refused = asyncio.run(_import(registry, files, store, unique_id, at))
    except DeviceBackupError as error:
        fail(error, document={"files": []} if json else None)
    refused = [*closed, *refused]
    if json:
        print_json(
            {
                "files": [*(_taken_document(file, store) for file in taken), *map(_refused_document, refused)],
                "error": None,
            }
        )
    else:
        _print(taken, refused)
    if not taken:
        raise typer.Exit(FAILED)


async def _import(
    registry: HandlerRegistry, paths: Sequence[Path], root: Path, unique_id: str | None, at: datetime | None
) -> tuple[list[Taken], list[RefusedFile]]:
    looked = [await look_at(registry, path, unique_id) for path in paths]
    known, mixed = of_one_kind([file for file in looked if isinstance(file, FoundFile)])
    found = await put_together(known)
    refused = [*(file for file in looked if isinstance(file, RefusedFile)), *mixed]
    taken: list[Taken] = []
    if not found:
        return taken, refused
    store = BackupStore(root)
    await store.open(write=True)
    try:
        for file in sorted(found, key=_age):
            try:
                taken.append(await _keep(store, file, at))
            except DeviceBackupError as error:
                refused += [RefusedFile(path=path, error=error) for path in file.paths]
    finally:
        await store.close()
    return taken, refused


async def _keep(store: BackupStore, file: FoundFile, at: datetime | None) -> Taken:
    newest = next(iter(await store.backups(file.key, limit=1)), None)
    record = await store.device(file.key)
    titles = (None if record is None else record.title, file.title)
    title = next(filter(None, titles), f"{in_language(file.registered.spec.name)} {file.key.unique_id}")
    info: DeviceInfo | None = file.device or (None if newest is None else newest.device)
    job = backup_job(store, file.registered, file.key, title, trigger=Trigger.IMPORTED)
    result = await import_file(job, file.artifact(), at or file.made_at, info=info)
    if result.backup is None:
        raise AssertionError("a file is kept, found again, or refused")
    return Taken(file=file, title=title, outcome=result.outcome, backup=result.backup)


def _age(file: FoundFile) -> tuple[float, tuple[Path, ...]]:
    """Return the key that sorts the oldest first, so that each is compared with the one before."""
    return (0.0 if file.made_at is None else file.made_at.timestamp()), file.paths


def _taken_document(taken: Taken, root: Path) -> Document:
    return {
        "paths": [str(path) for path in taken.file.paths],
        "outcome": taken.outcome,
        "kind": taken.file.key.kind,
        "unique_id": taken.file.key.unique_id,
        "title": taken.title,
        "backup": backup_document(taken.backup, root),
        "error": None,
    }


def _refused_document(refused: RefusedFile) -> Document:
    return {
        "paths": [str(refused.path)],
        "outcome": Outcome.FAILED,
        "kind": None,
        "unique_id": None,
        "title": None,
        "backup": None,
        "error": error_document(refused.error),
    }


def _print(taken: Sequence[Taken], refused: Sequence[RefusedFile]) -> None:
    for file in taken:
        names = " + ".join(str(path) for path in file.file.paths)
        say(f"{names}: {file.title}: {file.outcome}, {file.backup.id}, {what_it_holds(file.backup)}")
    for one in refused:
        warn(f"{one.path}: not taken. {one.error.detail_in() or one.error}")
    say(f"{len(taken)} taken, {len(refused)} not.")
