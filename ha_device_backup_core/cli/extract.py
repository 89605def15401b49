"""`extract`: takes the backups of devices out of a backup that Home Assistant made of itself."""

import asyncio
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from ha_device_backup_core import DeviceBackupError, Text, in_language
from ha_device_backup_core.host import (
    KINDS_FOLDER,
    Backup,
    BackupNotFoundError,
    DeviceInSnapshot,
    DeviceKey,
    DeviceRecord,
    Extracted,
    Snapshot,
    SnapshotError,
    SnapshotInfo,
    SnapshotPasswordError,
    SnapshotProblem,
    as_store_error,
    found_devices,
    in_persons_language,
    joined,
    kind_files_in,
    read_snapshot,
    require_store_to_fill,
)
from ha_device_backup_core.host import extract as extract_into

from .list_and_verify import print_stored, stored_document
from .managers import opened
from .options import Json, device_key, regular_file, resolve_value
from .output import FAILED, JsonDocument, fail, print_json, say, warn
from .translation import _
from .wrong_usage import WrongUsageError

_MOST_PROBLEMS = 20
"""Problems that are printed; programs get all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What is taken out of which file."""

    file: Path
    only: DeviceKey | None
    password: str | None


def extract(
    snapshot: Annotated[
        Path,
        typer.Argument(
            metavar="SNAPSHOT.tar",
            exists=True,
            dir_okay=False,
            callback=regular_file,
            help="A backup that Home Assistant made.",
        ),
    ],
    *,
    to: Annotated[
        Path | None,
        typer.Option(metavar="DIR", file_okay=False, help="The store to fill: a new folder, an empty one, or a store."),
    ] = None,
    device: Annotated[str | None, typer.Option(metavar="KIND:ID", help="Only the backups of this device.")] = None,
    password: Annotated[
        str | None, typer.Option(metavar="@FILE", help="The file with the password of Home Assistant's backup.")
    ] = None,
    list_only: Annotated[bool, typer.Option("--list", help="Show what is in it, take nothing.")] = False,
    json: Json = False,
) -> None:
    """Take the backups of devices out of a Home Assistant backup, without restoring Home Assistant."""
    if (to is None) != list_only:
        raise WrongUsageError(_("Name the store to fill with --to DIR, or show what is in it with --list."))
    wanted = _Wanted(file=snapshot, only=None if device is None else device_key(device), password=_password(password))
    document: JsonDocument = {"snapshot": None, "devices": [], "other_stores": [], "problems": []}
    try:
        if to is not None:
            require_store_to_fill(to)
        with TemporaryDirectory(prefix="ha-device-backup-") as staging:
            found = _read(wanted, Path(staging))
            document |= {"snapshot": _info_document(found.info), "other_stores": list(found.others)}
            for place in found.others if not json else ():
                warn(_("There is another store of backups in it, which is left alone: {place}", place=place))
            if to is None:
                _show(found, _required(wanted, found), document, json=json)
            else:
                _print_result(found, _extracted(found, _required(wanted, found), to), to, document, json=json)
    except OSError as error:
        fail(as_store_error(error), document=document if json else None)
    except DeviceBackupError as error:
        fail(error, document=document if json else None)


def _password(entered: str | None) -> str | None:
    if entered is None:
        return None
    if not entered.startswith("@"):
        warn(_("Others on this machine can see the password; better write --password @FILE."))
    return resolve_value("password", entered, Path())


def _read(wanted: _Wanted, staging: Path) -> Snapshot:
    """Read it; where it turns out to be encrypted, whoever sits at the terminal is asked."""
    try:
        return read_snapshot(wanted.file, staging / "1", password=wanted.password, only=wanted.only)
    except SnapshotPasswordError:
        if wanted.password is not None or not sys.stdin.isatty():
            raise
    entered = str(typer.prompt(in_persons_language(_("Password")), hide_input=True, err=True))
    return read_snapshot(wanted.file, staging / "2", password=entered, only=wanted.only)


def _required(wanted: _Wanted, found: Snapshot) -> Iterator[DeviceInSnapshot]:
    """Return the devices that were found; raises an error where there are none, and nothing tells why."""
    devices = found_devices(found)
    first = next(devices, None)
    if first is not None:
        return chain([first], devices)
    if found.problems:
        return iter(())
    if wanted.only is not None:
        raise BackupNotFoundError(
            _(
                "{file} holds no backup of {device}; --list shows what is in it.",
                file=str(wanted.file),
                device=str(wanted.only),
            )
        )
    raise SnapshotError(_("There are no backups of devices in it."))


def _extracted(found: Snapshot, devices: Iterator[DeviceInSnapshot], to: Path) -> Extracted:
    """Fill the store as soon as there is something to put into it."""
    problems = list(found.problems)
    for device in devices:
        if device.backups:
            extracted = asyncio.run(_fill(found, chain([device], devices), to))
            return Extracted(devices=extracted.devices, problems=(*problems, *extracted.problems))
        problems += device.problems
    return Extracted(devices=(), problems=tuple(problems))


async def _fill(found: Snapshot, devices: Iterable[DeviceInSnapshot], to: Path) -> Extracted:
    """Take what describes kinds as well: without it nothing could put a backup of such a device back."""
    async with opened(to, write=True) as manager:
        present = {file.name for file in kind_files_in(to / KINDS_FOLDER)}
        for file in kind_files_in(found.root / KINDS_FOLDER):
            if file.fault is None and file.name not in present:
                await manager.keep_kind_file(file.name, file.content)
        return await extract_into(found, devices, manager.stored)


def _show(found: Snapshot, devices: Iterable[DeviceInSnapshot], document: JsonDocument, *, json: bool) -> None:
    problems = list(found.problems)
    shown: list[tuple[DeviceRecord, tuple[Backup, ...]]] = []
    for device in devices:
        problems += device.problems
        if device.record is not None:
            shown.append((device.record, device.backups[::-1]))
    if json:
        stored = [stored_document(record, backups, found.root, place=found.place) for record, backups in shown]
        print_json({**document, "devices": stored, "problems": _problem_documents(problems), "error": None})
    else:
        _say_info(found)
        print_stored(shown)
        _warn(problems)
    _end(problems)


def _print_result(found: Snapshot, extracted: Extracted, to: Path, document: JsonDocument, *, json: bool) -> None:
    if json:
        devices = [
            {
                "kind": device.record.key.kind,
                "unique_id": device.record.key.unique_id,
                "title": device.record.title,
                "taken": list(device.taken),
                "present": list(device.present),
            }
            for device in extracted.devices
        ]
        problems = _problem_documents(extracted.problems)
        print_json({**document, "devices": devices, "problems": problems, "store": str(to.absolute()), "error": None})
    else:
        _say_info(found)
        for device in extracted.devices:
            taken = [_("backups taken: {count}", count=len(device.taken))]
            there = [_("there already: {count}", count=len(device.present))] if device.present else []
            say(joined([f"{device.record.title} ({device.record.key})", joined([*taken, *there], ", ")], ": "))
        if not extracted.devices:
            say(_("Nothing was taken."))
        _warn(extracted.problems)
    _end(extracted.problems)


def _say_info(found: Snapshot) -> None:
    info = found.info
    facts: list[Text] = [_("made {date}", date=info.date)] if info.date else []
    facts += [f"Home Assistant {info.version}"] if info.version else []
    name: Text = info.name or _("A backup of Home Assistant")
    about = joined([name, joined(["(", joined(facts, ", "), ")"], "")], " ") if facts else name
    say(_("{snapshot}, from {place}:", snapshot=about, place=found.place))


def _info_document(info: SnapshotInfo) -> JsonDocument:
    return {
        "id": info.id,
        "name": info.name,
        "date": info.date,
        "homeassistant_version": info.version,
        "protected": info.protected,
    }


def _problem_documents(problems: Sequence[SnapshotProblem]) -> list[JsonDocument]:
    return [{"path": problem.path, "message": in_language(problem.message)} for problem in problems]


def _warn(problems: Sequence[SnapshotProblem]) -> None:
    for problem in problems[:_MOST_PROBLEMS]:
        warn(joined([problem.path, problem.message], ": ") if problem.path else problem.message)
    if len(problems) > _MOST_PROBLEMS:
        warn(_("… and {count} more problems", count=len(problems) - _MOST_PROBLEMS))


def _end(problems: Sequence[SnapshotProblem]) -> None:
    if problems:
        raise typer.Exit(FAILED)
