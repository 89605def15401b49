"""`diff`: what differs between two backups, or between one and what the device holds now; old before new."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from ha_device_backup_core import (
    Artifact,
    DeviceBackupError,
    DeviceInfo,
    Text,
    WrongDeviceError,
)
from ha_device_backup_core.host import (
    BackupFile,
    Comparison,
    HandlerRegistry,
    UnreadableFileError,
    UnusableFileError,
    comparison_document,
    is_another,
    persons_language,
)

from .find_backup import choose_any_backup, choose_before
from .managers import without_store
from .options import Json, Settings, entered_config
from .output import FAILED, JsonDocument, backup_document, device_document, device_name, fail, print_json, say, warn
from .person import person_at_terminal
from .shown_changes import say_comparison
from .translation import _
from .wrong_usage import WrongUsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """One of the two that are compared."""

    artifact: Artifact
    name: Text
    document: JsonDocument

    @classmethod
    def of(cls, chosen: BackupFile) -> "_Side":
        """Return a backup of a store, or a file alone."""
        backup, document = chosen.backup, backup_document(chosen.backup, chosen.root)
        if chosen.is_bare:
            name = _("“{name}”", name=backup.path)
            return cls(artifact=chosen.artifact, name=name, document={**document, "id": None})
        name = _("backup {backup_id} of {device}", backup_id=backup.id, device=backup.device.name)
        return cls(artifact=chosen.artifact, name=name, document=document)

    @classmethod
    def now(cls, device: DeviceInfo, artifact: Artifact) -> "_Side":
        """Return what the device holds now."""
        name = _("what {device} holds now", device=device_name(device))
        return cls(artifact=artifact, name=name, document={"device": device_document(device)})


def diff(
    backups: Annotated[
        list[str],
        typer.Argument(metavar="BACKUP…", help="One or two: files, or ids with --store."),
    ],
    *,
    store: Annotated[
        Path | None, typer.Option(metavar="DIR", exists=True, file_okay=False, help="Where ids are looked up.")
    ] = None,
    device: Annotated[
        str | None, typer.Option(metavar="KIND:ID", help="Whose backup, where several devices have that id.")
    ] = None,
    now: Annotated[bool, typer.Option("--now", help="Compare with what the device holds now; see --set.")] = False,
    settings: Settings = None,
    json: Json = False,
) -> None:
    """Show what changed: from one backup to another, since the one before it, or up to now."""
    if len(backups) > 2 or (now and len(backups) > 1):
        raise WrongUsageError(_("Name two backups, or one: it is compared with the one before, or with --now."))
    if settings and not now:
        raise WrongUsageError(_("--set names a device, which is asked only with --now."))
    document: JsonDocument = {"before": None, "after": None, "files": []}
    try:
        found_backups = [choose_any_backup(named, store, device) for named in backups]
        chosen, registry = [backup for backup, _registry in found_backups], found_backups[-1][1]
        old, new = _sides(chosen, registry, settings or [], now=now)
        if old is None:
            _print_first(new, document, json=json)
            return
        document |= {"before": old.document, "after": new.document}
        found = asyncio.run(_compared(registry, chosen[0].backup.key.kind, old, new))
    except (UnreadableFileError, UnusableFileError) as error:
        if json:
            fail(error, document=document)
        # Its headline is one for files that are to be kept.
        warn(error.detail_in(persons_language()) or "")
        raise typer.Exit(FAILED) from error
    except DeviceBackupError as error:
        fail(error, document=document if json else None)
    if json:
        print_json({**document, **comparison_document(found), "error": None})
    else:
        _print(old, new, found)


def _sides(
    chosen: list[BackupFile], registry: HandlerRegistry, settings: list[str], *, now: bool
) -> tuple[_Side | None, _Side]:
    """Return old and new; without an old one the new one is the first backup of its device."""
    if now:
        return _Side.of(chosen[0]), asyncio.run(_fetched(registry, chosen[0], settings))
    if len(chosen) == 1:
        before = choose_before(chosen[0])
        return None if before is None else _Side.of(before), _Side.of(chosen[0])
    if len({one.backup.key.kind for one in chosen}) > 1:
        raise WrongUsageError(_("The two are of devices of different kinds."))
    old, new = chosen
    # When a file alone was made is not certain: it may have been copied since.
    if not (old.is_bare or new.is_bare):
        old, new = sorted(chosen, key=lambda one: (one.backup.taken_at, len(one.backup.id), one.backup.id))
    return _Side.of(old), _Side.of(new)


async def _fetched(registry: HandlerRegistry, chosen: BackupFile, settings: list[str]) -> _Side:
    key = chosen.backup.key
    config = entered_config(registry.get(key.kind).spec, settings)
    async with without_store(registry) as manager:
        fetched = await manager.visits.fetch(key.kind, config, person=person_at_terminal())
    if is_another(key.unique_id, fetched.device.unique_id):
        ours = fetched.device.unique_id or "?"
        raise WrongDeviceError(_("The backup is of {theirs}, this is {ours}.", theirs=key.unique_id, ours=ours))
    return _Side.now(fetched.device, fetched.artifact)


async def _compared(registry: HandlerRegistry, kind: str, old: _Side, new: _Side) -> Comparison:
    async with without_store(registry) as manager:
        return await manager.visits.compare(kind, old.artifact, new.artifact)


def _print_first(first: _Side, document: JsonDocument, *, json: bool) -> None:
    if json:
        print_json({**document, "after": first.document, "unchanged": 0, "more": 0, "counts": False, "error": None})
    else:
        say(_("There is none before {backup}: it is the first.", backup=first.name))


def _print(old: _Side, new: _Side, found: Comparison) -> None:
    say(_("From {old} to {new}:", old=old.name, new=new.name))
    say_comparison(found)
