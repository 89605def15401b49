"""`list` and `verify`: what is in a store, and whether it is whole; neither takes the lock."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from ha_device_backup_core import DeviceBackupError, Text
from ha_device_backup_core.host import (
    Backup,
    DeviceBackupManager,
    DeviceKey,
    DeviceRecord,
    StoreError,
    VerifyReport,
    joined,
    offered_of,
)

from .managers import opened
from .options import ExistingStore, Json
from .output import (
    FAILED,
    JsonDocument,
    backup_document,
    device_document,
    fail,
    print_json,
    print_table,
    say,
    warn,
    what_it_holds,
)
from .restore_journal import unfinished_document, warn_of_unfinished
from .translation import _

type Stored = Sequence[tuple[DeviceRecord, Sequence[Backup]]]


def list_backups(*, store: ExistingStore, json: Json = False) -> None:
    """Show what is in a store."""
    try:
        stored, report = asyncio.run(_read(store))
    except DeviceBackupError as error:
        fail(error, document={"devices": [], "problems": []} if json else None)
    if json:
        print_json(
            {
                "devices": [stored_document(record, backups, store) for record, backups in stored],
                "problems": report.to_dict()["problems"],
                "error": None,
            }
        )
    else:
        print_stored(stored)
        for record, _backups in stored:
            warn_of_unfinished(record, store)
        _warn(report)
    _end(report)


def verify(*, store: ExistingStore, json: Json = False) -> None:
    """Read every backup and compare it with its digest."""
    try:
        report = asyncio.run(_verify(store))
    except DeviceBackupError as error:
        fail(error, document={"checked": 0, "problems": []} if json else None)
    if json:
        print_json({**report.to_dict(), "error": None})
    else:
        _warn(report)
        say(_("Backups checked: {count}. Problems: {problems}.", count=report.checked, problems=len(report.problems)))
    _end(report)


async def _read(root: Path) -> tuple[Stored, VerifyReport]:
    async with opened(root, write=False) as manager:
        devices = await manager.stored.devices()
        listed = [(record, await _backups(manager, record.key)) for record in devices]
        return listed, await manager.stored.verify()


async def _backups(manager: DeviceBackupManager, key: DeviceKey) -> Sequence[Backup]:
    """Return the backups of a device; where they cannot be read, `verify` says which and why."""
    try:
        return await manager.stored.list_backups(key)
    except StoreError:
        return []


async def _verify(root: Path) -> VerifyReport:
    async with opened(root, write=False) as manager:
        return await manager.stored.verify()


def stored_document(
    record: DeviceRecord, backups: Sequence[Backup], root: Path, *, place: str | None = None
) -> JsonDocument:
    """Return what is stored of a device for programs; `place` is where the store is, if it is no folder."""
    offered = offered_of(backups, record.unfinished_restore)
    return {
        "kind": record.key.kind,
        "unique_id": record.key.unique_id,
        "title": record.title,
        "unfinished_restore": unfinished_document(record),
        "backups": [
            {
                **backup_document(backup, root),
                **({} if place is None else {"path": f"{place}/{backup.path}"}),
                "recommended": backup.is_recommended(offered),
                "device": device_document(backup.device),
            }
            for backup in backups
        ],
    }


def print_stored(stored: Stored) -> None:
    """Print what is stored for people."""
    if not any(backups for _, backups in stored):
        say(_("There are no backups here."))
        return
    print_table(
        (
            _("Device"),
            _("Kind"),
            "ID",
            _("Backup"),
            _("Confirmed"),
            _("Bytes"),
            _("Version"),
            _("Complete"),
            _("Marks"),
        ),
        [
            (
                record.title,
                record.key.kind,
                record.key.unique_id,
                backup.id,
                "" if backup.confirmed is None else f"{backup.confirmed:%Y-%m-%d %H:%M} UTC",
                str(backup.artifact.size),
                backup.device.version or "",
                _("yes") if backup.whole else _("no"),
                joined([*_marks(backup, offered)], ", "),
            )
            for record, backups in stored
            for offered in (offered_of(backups, record.unfinished_restore),)
            for backup in backups
        ],
    )
    for record, backups in stored:
        if backups and not backups[0].can_be_recommended:
            what = what_it_holds(backups[0])
            say(_("{device}: {backup_id} is {what}", device=record.title, backup_id=backups[0].id, what=what))


def _marks(backup: Backup, offered: Backup | None) -> Iterator[Text]:
    """Return what stands out about a backup; the state before a restore is never called suspect."""
    if backup.is_recommended(offered):
        yield _("recommended")
    if backup.undoes is not None:
        yield _("before the restore of {date}", date=f"{backup.undoes:%Y-%m-%d %H:%M} UTC")
    elif backup.suspect:
        yield _("suspect")
    if backup.protected:
        yield _("protected")


def _warn(report: VerifyReport) -> None:
    for problem in report.problems:
        warn(joined([problem.path, problem.message], ": "))


def _end(report: VerifyReport) -> None:
    if report.problems:
        raise typer.Exit(FAILED)
