"""`diff`: what differs between two backups, or between one and what the device holds now; old before new."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from ha_device_backup_core.changes import Comparison, comparison_document
from ha_device_backup_core.contract import Artifact, DeviceInfo
from ha_device_backup_core.errors import DeviceBackupError, WrongDeviceError
from ha_device_backup_core.identity import is_another
from ha_device_backup_core.jobs.comparing import changes
from ha_device_backup_core.plugins.registry import HandlerRegistry
from ha_device_backup_core.store.names import id_order
from ha_device_backup_core.text import _

from .find_backup import ChosenBackup, choose_backup, choose_before
from .installed import handlers_for
from .jobs import Target, fetch_target
from .options import Json, Settings, entered_config
from .output import Document, backup_document, device_document, device_name, fail, print_json, say
from .person import person_at_terminal
from .shown_changes import say_comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """One of the two that are compared."""

    artifact: Artifact
    name: str
    document: Document

    @classmethod
    def of(cls, chosen: ChosenBackup) -> "_Side":
        """Return a stored backup."""
        backup = chosen.backup
        name = f"backup {backup.id} of {backup.device.name}"
        return cls(artifact=chosen.artifact, name=name, document=backup_document(backup, chosen.root))

    @classmethod
    def now(cls, device: DeviceInfo, artifact: Artifact) -> "_Side":
        """Return what the device holds now."""
        name = f"what {device_name(device)} holds now"
        return cls(artifact=artifact, name=name, document={"device": device_document(device)})


def diff(
    backups: Annotated[
        list[str],
        typer.Argument(metavar="BACKUP…", help="One or two: files of a store, or ids with --store."),
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
        raise typer.BadParameter("Name two backups, or one: it is compared with the one before, or with --now.")
    if settings and not now:
        raise typer.BadParameter("--set names a device, which is asked only with --now.")
    document: Document = {"before": None, "after": None, "files": []}
    try:
        chosen = [choose_backup(named, store, device) for named in backups]
        old, new, registry = _sides(chosen, settings or [], now=now)
        if old is None:
            _tell_first(new, document, json=json)
            return
        document |= {"before": old.document, "after": new.document}
        registered = registry.get(chosen[0].backup.key.kind)
        found = asyncio.run(changes(registered, old.artifact, new.artifact))
    except DeviceBackupError as error:
        fail(error, document=document if json else None)
    if json:
        print_json({**document, **comparison_document(found), "error": None})
    else:
        _print(old, new, found)


def _sides(
    chosen: list[ChosenBackup], settings: list[str], *, now: bool
) -> tuple[_Side | None, _Side, HandlerRegistry]:
    """Return old and new; without an old one the new one is the first backup of its device."""
    registry = handlers_for(chosen[-1].backup)
    if now:
        return _Side.of(chosen[0]), asyncio.run(_fetched(registry, chosen[0], settings)), registry
    if len(chosen) == 1:
        before = choose_before(chosen[0])
        return None if before is None else _Side.of(before), _Side.of(chosen[0]), registry
    if len({one.backup.key.kind for one in chosen}) > 1:
        raise typer.BadParameter("The two are of devices of different kinds.")
    old, new = sorted(chosen, key=lambda one: (one.backup.taken_at, id_order(one.backup.id)))
    return _Side.of(old), _Side.of(new), registry


async def _fetched(registry: HandlerRegistry, chosen: ChosenBackup, settings: list[str]) -> _Side:
    key = chosen.backup.key
    config = entered_config(registry.get(key.kind).spec, settings)
    target = Target(kind=key.kind, title=None, config=config)
    fetched = await fetch_target(registry, target, person=person_at_terminal())
    if is_another(key.unique_id, fetched.device.unique_id):
        ours = fetched.device.unique_id or "?"
        raise WrongDeviceError(_("The backup is of {theirs}, this is {ours}.", theirs=key.unique_id, ours=ours))
    return _Side.now(fetched.device, fetched.artifact)


def _tell_first(first: _Side, document: Document, *, json: bool) -> None:
    if json:
        print_json({**document, "after": first.document, "unchanged": 0, "more": 0, "counts": False, "error": None})
    else:
        say(f"There is none before {first.name}: it is the first.")


def _print(old: _Side, new: _Side, found: Comparison) -> None:
    say(f"From {old.name} to {new.name}:")
    say_comparison(found)
