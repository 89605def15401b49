"""`import`: keeps files that a person has as backups of the devices that they are of."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from ha_device_backup_core import DeviceBackupError, in_language
from ha_device_backup_core.host import (
    Backup,
    DeviceBackupManager,
    DeviceSettings,
    FoundFile,
    HandlerRegistry,
    Outcome,
    RefusedFile,
    found_files,
    joined,
    persons_language,
)

from .installed import installed_handlers
from .managers import opened
from .options import Json, StoreToFill
from .output import (
    FAILED,
    OUTCOMES,
    JsonDocument,
    backup_document,
    error_document,
    fail,
    one_line,
    print_json,
    say,
    warn,
    what_it_holds,
)
from .translation import _
from .wrong_usage import WrongUsageError

_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""No configuration of that age is worth a backup: it is a slip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A file, or several that belong together, in the store."""

    file: FoundFile
    title: str
    outcome: Outcome
    backup: Backup


@dataclass(slots=True)
class Imports:
    """What became of the files, as far as the command came."""

    taken: list[Taken] = field(default_factory=list)
    refused: list[RefusedFile] = field(default_factory=list)


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
        datetime | None,
        typer.Option(
            help="When they were made, UTC or with a zone; else their own times, or before the recommended one."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Keep files as backups of their devices, without any contact."""
    at = None if made_at is None else _in_the_past(made_at)
    imports = Imports()
    try:
        registry = installed_handlers(store)
        asyncio.run(_import(registry, paths, store, unique_id, at, imports))
    except DeviceBackupError as error:
        if not json:
            _print_refused(imports.refused)
        fail(error, document=_document(imports, store) if json else None)
    if json:
        print_json({**_document(imports, store), "error": None})
    else:
        _print(imports)
    if not imports.taken:
        raise typer.Exit(FAILED)


def _in_the_past(made_at: datetime) -> datetime:
    """Return the time, in UTC where no zone is said; nothing can be kept as of one that no clock has shown."""
    at = made_at.replace(tzinfo=UTC) if made_at.tzinfo is None else made_at
    if not _EARLIEST <= at <= datetime.now(UTC):
        raise WrongUsageError(_("--made-at: it lies ahead, or before {year}.", year=_EARLIEST.year))
    return at.astimezone(UTC)


async def _import(
    registry: HandlerRegistry,
    paths: Sequence[Path],
    root: Path,
    unique_id: str | None,
    at: datetime | None,
    imports: Imports,
) -> None:
    found, refused = await found_files(registry, paths, unique_id)
    imports.refused += refused
    if not found:
        return
    async with opened(root, registry, write=True) as manager:
        for file in found:
            try:
                imports.taken.append(await _keep(manager, file, at))
            except DeviceBackupError as error:
                imports.refused += [RefusedFile(path=path, error=error) for path in file.paths]


async def _keep(manager: DeviceBackupManager, file: FoundFile, at: datetime | None) -> Taken:
    record = await manager.stored.device(file.key)
    titles = (None if record is None else record.title, file.title)
    title = next(filter(None, titles), f"{in_language(file.registered.spec.name)} {file.key.unique_id}")
    await manager.add_device(DeviceSettings(key=file.key, title=title, config={}, schedule_enabled=False))
    result = await manager.import_backup(
        file.key, file.artifact(), made_at=at or file.made_at, may_be_old=True, info=file.device
    )
    if result.backup is None:
        raise AssertionError("a file is kept, found again, or refused")
    return Taken(file=file, title=title, outcome=result.outcome, backup=result.backup)


def _document(imports: Imports, root: Path) -> JsonDocument:
    taken = [_taken_document(file, root) for file in imports.taken]
    return {"files": [*taken, *map(_refused_document, imports.refused)]}


def _taken_document(taken: Taken, root: Path) -> JsonDocument:
    return {
        "paths": [str(path) for path in taken.file.paths],
        "outcome": taken.outcome,
        "kind": taken.file.key.kind,
        "unique_id": taken.file.key.unique_id,
        "title": taken.title,
        "backup": backup_document(taken.backup, root),
        "error": None,
    }


def _refused_document(refused: RefusedFile) -> JsonDocument:
    return {
        "paths": [str(refused.path)],
        "outcome": Outcome.FAILED,
        "kind": None,
        "unique_id": None,
        "title": None,
        "backup": None,
        "error": error_document(refused.error),
    }


def _print(imports: Imports) -> None:
    for file in imports.taken:
        names = " + ".join(map(one_line, file.file.paths))
        what = joined([OUTCOMES[file.outcome], file.backup.id, what_it_holds(file.backup)], ", ")
        say(joined([names, file.title, what], ": "))
    _print_refused(imports.refused)
    say(_("{taken} taken, {refused} not.", taken=len(imports.taken), refused=len(imports.refused)))


def _print_refused(refused: Sequence[RefusedFile]) -> None:
    language = persons_language()
    for one in refused:
        why = one.error.detail_in(language) or one.error.in_language(language)
        warn(_("{path}: not taken. {why}", path=one_line(one.path), why=why))
