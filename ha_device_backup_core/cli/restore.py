"""`restore`: puts a backup on a device, after everything that can be checked without touching it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, TextColumn

from ha_device_backup_core import (
    DeviceBackupError,
    DeviceInfo,
    FileChange,
    RestorePlan,
    RestoreRejectedError,
    RestoreReport,
    Text,
    WrongDeviceError,
)
from ha_device_backup_core.host import (
    Backup,
    BackupFile,
    DeviceKey,
    HandlerRegistry,
    UnreadableFileError,
    UnusableFileError,
    in_persons_language,
    is_another,
    is_assigned,
    joined,
    plain,
)

from .find_backup import choose_any_backup
from .managers import opened, without_store
from .options import Json, Settings, entered_config
from .output import (
    JsonDocument,
    backup_document,
    device_document,
    device_name,
    fail,
    gap_lines,
    print_json,
    progress_bar,
    say,
)
from .person import person_at_terminal
from .restore_journal import noting_manager, print_unfinished, throwaway_manager
from .translation import _

_CHANGES = {
    FileChange.ADDED: _("new"),
    FileChange.CHANGED: _("would be changed"),
    FileChange.UNCHANGED: _("is the same already"),
    FileChange.UNKNOWN: _("would be sent"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore:
    """What is put where."""

    registry: HandlerRegistry
    config: Mapping[str, object] = field(repr=False)
    chosen: BackupFile
    files: tuple[str, ...]
    """Those that the person chose, none where all of it is put back."""
    store: Path | None
    """Where it is noted."""
    back_up_first: bool
    other_device: bool

    @property
    def kind(self) -> str:
        """Return the kind of the device."""
        return self.chosen.backup.key.kind

    @property
    def label(self) -> Text:
        """Return what the backup is called at the beginning of a sentence."""
        backup = self.chosen.backup
        if self.chosen.is_bare:
            name = backup.artifact.filename
            return _("A part of “{name}”", name=name) if self.files else _("“{name}”", name=name)
        if self.files:
            return _("A part of backup {backup_id} of {device}", backup_id=backup.id, device=backup.device.name)
        return _("Backup {backup_id} of {device}", backup_id=backup.id, device=backup.device.name)


def restore(  # noqa: PLR0913 - the options of a command
    backup: Annotated[str, typer.Argument(metavar="BACKUP", help="A file of a store, or an id with --store.")],
    *,
    settings: Settings = None,
    store: Annotated[
        Path | None, typer.Option(metavar="DIR", exists=True, file_okay=False, help="Where the id is looked up.")
    ] = None,
    device: Annotated[
        str | None, typer.Option(metavar="KIND:ID", help="Whose backup, where several devices have that id.")
    ] = None,
    other_device: Annotated[
        bool, typer.Option("--other-device", help="Put it on another device than it is of: the hardware was replaced.")
    ] = False,
    back_up_first: Annotated[
        Path | None,
        typer.Option(metavar="DIR", file_okay=False, help="Store what is on the device now there; stop if that fails."),
    ] = None,
    file: Annotated[
        list[str] | None,
        typer.Option("--file", metavar="NAME", help="Put back only this file of it, as --plan names it. Repeat."),
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Tell what would be done, change nothing.")] = False,
    json: Json = False,
) -> None:
    """Put a backup back on its device."""
    document: JsonDocument = {"outcome": "failed", "device": None, "backup": None, "report": None}
    try:
        chosen, registry = _choose(backup, store, device)
        chosen = asyncio.run(_to_put_back(chosen, registry, file or []))
        document["backup"] = backup_document(chosen.backup, chosen.root) | ({"id": None} if chosen.is_bare else {})
        if not (chosen.has_owner or other_device):
            raise RestoreRejectedError(_whose(chosen))
        job = Restore(
            registry=registry,
            config=entered_config(registry.get(chosen.backup.key.kind).spec, settings or []),
            chosen=chosen,
            files=tuple(file or ()),
            store=back_up_first or chosen.marked_store or store,
            back_up_first=back_up_first is not None,
            other_device=other_device,
        )
        if plan:
            found, planned = asyncio.run(_plan(job))
        else:
            found, report = _put_back(job)
    except DeviceBackupError as error:
        advice = _("If the hardware was replaced, add --other-device.") if isinstance(error, WrongDeviceError) else None
        fail(error, document=document if json else None, advice=advice)
    document |= {"device": device_document(found), "error": None}
    if json and plan:
        print_json({**document, "outcome": "planned", "plan": planned.to_dict()})
    elif json:
        outcome = "unchanged" if report.nothing_to_do else "restored"
        print_json({**document, "outcome": outcome, "report": report.to_dict()})
    elif plan:
        _print_plan(job, found, planned)
    else:
        _print_report(job, found, report)


def _choose(named: str, store: Path | None, device: str | None) -> tuple[BackupFile, HandlerRegistry]:
    """Return the backup, and the handlers that it is put back with; raises StoreError, RestoreRejectedError."""
    try:
        return choose_any_backup(named, store, device)
    except (UnreadableFileError, UnusableFileError) as error:
        raise RestoreRejectedError(error.detail) from error


async def _to_put_back(chosen: BackupFile, registry: HandlerRegistry, files: list[str]) -> BackupFile:
    """Return the backup with what is put back of it; raises RestoreRejectedError, RestoreUnsupportedError."""
    async with without_store(registry) as manager:
        artifact = await manager.visits.part(chosen.backup.key.kind, chosen.artifact, files)
    return replace(chosen, artifact=artifact)


async def _plan(job: Restore) -> tuple[DeviceInfo, RestorePlan]:
    person = person_at_terminal()
    async with (
        throwaway_manager(job.registry) as manager,
        manager.visits.begin(job.kind, job.config, person=person) as visit,
    ):
        await _require_same(job, visit.device)
        preview = await manager.visits.plan_restore(visit, job.chosen, person=person)
        return preview.device, preview.plan


def _put_back(job: Restore) -> tuple[DeviceInfo, RestoreReport]:
    """Put it on; whatever cut that off, the way on and the way back are said."""
    try:
        return asyncio.run(_restore(job))
    except (DeviceBackupError, KeyboardInterrupt):
        if job.store is not None:
            print_unfinished(job.store, job.chosen.backup)
        raise


async def _restore(job: Restore) -> tuple[DeviceInfo, RestoreReport]:
    person = person_at_terminal()
    async with (
        noting_manager(job.registry, job.store, required=job.back_up_first) as manager,
        manager.visits.begin(job.kind, job.config, person=person) as visit,
    ):
        await _require_same(job, visit.device)
        with progress_bar(BarColumn(), TextColumn("{task.description}", markup=False)) as progress:
            task = progress.add_task("", total=None)

            def show(share: float | None, text: Text) -> None:
                progress.update(
                    task,
                    description=plain(in_persons_language(text)),
                    total=None if share is None else 1.0,
                    completed=share or 0.0,
                )

            result = await manager.visits.restore(
                visit, job.chosen, safety_backup=job.back_up_first, progress=show, person=person, files=job.files
            )
    if result.report is None:
        raise AssertionError("a restore ends with a report, or with an error")
    return visit.device, result.report


async def _require_same(job: Restore, device: DeviceInfo) -> None:
    """Raise WrongDeviceError where another device answers than the backup is of."""
    backup, ours = job.chosen.backup, device_name(device)
    if job.other_device:
        return
    if await _is_known_as_another(job, device):
        raise WrongDeviceError(
            _(
                "The backup is of {theirs}, which told no id, and {ours} answers, which has backups of its own.",
                theirs=backup.device.name,
                ours=ours,
            )
        )
    if not is_another(backup.key.unique_id, device.unique_id):
        return
    raise WrongDeviceError(
        _("“{theirs}” is not of {ours}.", theirs=backup.device.name, ours=ours)
        if job.chosen.is_bare
        else _(
            "The backup is of {theirs} ({their_id}), and {ours}, {our_id}, answers.",
            theirs=backup.device.name,
            their_id=backup.key.unique_id,
            ours=ours,
            our_id=device.unique_id or "",
        )
    )


async def _is_known_as_another(job: Restore, device: DeviceInfo) -> bool:
    """Return whether a device with backups of its own answers for one that never told its id."""
    backup, root = job.chosen.backup, job.chosen.marked_store or job.store
    if root is None or device.unique_id is None or not is_assigned(backup.key.unique_id) or job.chosen.is_bare:
        return False
    async with opened(root, write=False) as manager:
        own = await manager.stored.list_backups(DeviceKey(job.kind, device.unique_id))
        # Where the device only tells its id late, the backup has become one of its own by now.
        apart = await manager.stored.list_backups(backup.key)
    return bool(own) and backup.id in {each.id for each in apart}


def _whose(chosen: BackupFile) -> Text:
    return _(
        "“{name}” does not tell which device it is of. If it belongs on this one, add --other-device.",
        name=chosen.backup.artifact.filename,
    )


def _print_plan(job: Restore, device: DeviceInfo, plan: RestorePlan) -> None:
    name = device_name(device)
    if plan.changes_nothing:
        say(_("{backup}: nothing to do, {device} holds all of it already.", backup=job.label, device=name))
    else:
        say(_("{backup} would be put on {device}.", backup=job.label, device=name))
    _say_gaps(job.chosen.backup)
    for file in plan.files:
        say(joined([file.name, _CHANGES[file.change]], ": "))
        for text in file.details:
            say(joined(["  ", text], ""))
    if plan.restarts and not plan.changes_nothing:
        say(_("The device restarts."))
    _say_each(_("Not put back"), plan.refused)
    _say_each(_("Risk"), plan.risks)
    _say_each(_("Left for you to do"), plan.needs)


def _print_report(job: Restore, device: DeviceInfo, report: RestoreReport) -> None:
    name = device_name(device)
    if report.nothing_to_do:
        say(
            _(
                "{backup}: nothing to do, {device} holds all of it already. Nothing was sent.",
                backup=job.label,
                device=name,
            )
        )
    else:
        say(_("{backup} was put on {device}.", backup=job.label, device=name))
    _say_gaps(job.chosen.backup)
    if not report.nothing_to_do:
        _say_each(_("Proven"), report.proven)
    _say_each(_("Not proven"), report.unproven)
    _say_each(_("Left for you to do"), report.needs)


def _say_gaps(backup: Backup) -> None:
    if backup.gaps:
        say(_("This backup is incomplete. Set by hand what it does not hold:"))
    for line in gap_lines(backup):
        say(joined(["  ", line], ""))


def _say_each(heading: Text, texts: tuple[Text, ...]) -> None:
    for text in texts:
        say(joined([heading, text], ": "))
