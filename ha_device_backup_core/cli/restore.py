"""`restore`: puts a backup on a device, after everything that can be checked without touching it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, TextColumn

from ha_device_backup_core.contract import DeviceInfo
from ha_device_backup_core.errors import (
    DeviceBackupError,
    RestoreRejectedError,
    RestoreUnsupportedError,
    WrongDeviceError,
)
from ha_device_backup_core.identity import is_another
from ha_device_backup_core.jobs import runner
from ha_device_backup_core.jobs.needless_restore import nothing_to_do
from ha_device_backup_core.plugins.registry import HandlerRegistry, RegisteredHandler
from ha_device_backup_core.records import Backup, DeviceKey
from ha_device_backup_core.restore_records import FileChange, RestorePlan, RestoreReport
from ha_device_backup_core.text import Text, _, in_language, numbered

from .bare_backup import bare_backup
from .find_backup import ChosenBackup, bare_file, choose_backup
from .installed import handlers_for, installed_handlers
from .jobs import Target, back_up_target
from .options import Json, Settings, entered_config
from .output import (
    Document,
    backup_document,
    device_document,
    device_name,
    english,
    fail,
    gap_lines,
    print_json,
    progress_bar,
    say,
    warn,
)
from .person import person_at_terminal
from .restore_journal import RestoreJournal, opened_journal

_CHANGES = {
    FileChange.ADDED: "new",
    FileChange.CHANGED: "would be changed",
    FileChange.UNCHANGED: "is the same already",
    FileChange.UNKNOWN: "would be sent",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore:
    """What is put where."""

    registry: HandlerRegistry
    registered: RegisteredHandler
    config: Mapping[str, object] = field(repr=False)
    chosen: ChosenBackup
    safety_store: Path | None
    other_device: bool

    @property
    def expected_unique_id(self) -> str | None:
        """Return the identity that the device must have."""
        return None if self.other_device else self.chosen.backup.key.unique_id

    @property
    def target(self) -> Target:
        """Return the device that it is put on."""
        return Target(kind=self.registered.kind, title=None, config=self.config)


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
    document: Document = {"outcome": "failed", "device": None, "backup": None, "report": None}
    try:
        chosen, registry = _choose(backup, store, device)
        chosen = _only(chosen, registry, file)
        document["backup"] = backup_document(chosen.backup, chosen.root) | ({"id": None} if chosen.is_bare else {})
        job = _prepare(chosen, registry, settings or [], back_up_first, other_device=other_device)
        if plan:
            found, planned = asyncio.run(_plan(job))
        else:
            found, report = asyncio.run(_restore(job))
    except DeviceBackupError as error:
        if isinstance(error, WrongDeviceError):
            warn("If the hardware was replaced, add --other-device.")
        fail(error, document=document if json else None)
    document |= {"device": device_document(found), "error": None}
    if json and plan:
        print_json({**document, "outcome": "planned", "plan": _plan_document(planned)})
    elif json:
        outcome = "unchanged" if report.nothing_to_do else "restored"
        print_json({**document, "outcome": outcome, "report": _report_document(report)})
    elif plan:
        _print_plan(chosen, found, planned)
    else:
        _print_report(chosen, found, report)


def _choose(named: str, store: Path | None, device: str | None) -> tuple[ChosenBackup, HandlerRegistry]:
    """Return the backup, and the handlers that it is put back with; raises StoreError, RestoreRejectedError."""
    bare = bare_file(named)
    if bare is not None:
        registry = installed_handlers(store)
        return bare_backup(registry, bare), registry
    chosen = choose_backup(named, store, device)
    return chosen, handlers_for(chosen.backup)


def _only(chosen: ChosenBackup, registry: HandlerRegistry, files: list[str] | None) -> ChosenBackup:
    """Return the backup with only these files; raises RestoreRejectedError."""
    if not files:
        return chosen
    registered = registry.get(chosen.backup.key.kind)
    if not registered.can_restore:
        raise RestoreUnsupportedError(numbered(registered.spec.restore_guide))
    return replace(chosen, is_part=True, artifact=asyncio.run(runner.part(registered, chosen.artifact, tuple(files))))


def _prepare(
    chosen: ChosenBackup,
    registry: HandlerRegistry,
    settings: list[str],
    safety_store: Path | None,
    *,
    other_device: bool,
) -> Restore:
    registered = registry.get(chosen.backup.key.kind)
    if not registered.can_restore:
        raise RestoreUnsupportedError(numbered(registered.spec.restore_guide))
    if not (chosen.has_owner or other_device):
        raise RestoreRejectedError(
            _(
                "“{name}” does not tell which device it is of. If it belongs on this one, add --other-device.",
                name=chosen.backup.artifact.filename,
            )
        )
    return Restore(
        registry=registry,
        registered=registered,
        config=entered_config(registered.spec, settings),
        chosen=chosen,
        safety_store=safety_store,
        other_device=other_device,
    )


async def _plan(job: Restore) -> tuple[DeviceInfo, RestorePlan]:
    device = await _identify(job)
    return await runner.plan(
        job.registered,
        job.config,
        job.chosen.artifact,
        expected_unique_id=device.unique_id,
        person=person_at_terminal(),
    )


async def _restore(job: Restore) -> tuple[DeviceInfo, RestoreReport]:
    await runner.check(job.registered, job.chosen.artifact)
    device = await _identify(job)
    async with opened_journal(job.chosen, job.safety_store) as journal:
        key = job.target.key(job.registered.spec, device)
        if not await journal.is_unfinished(key) and (equal := await _nothing_to_do(job, device)) is not None:
            return device, equal
        safety = await _back_up_first(job, journal)
        return device, await _put_back(job, key, device, journal, safety)


async def _nothing_to_do(job: Restore, device: DeviceInfo) -> RestoreReport | None:
    return await nothing_to_do(
        job.registered,
        job.config,
        job.chosen.artifact,
        expected_unique_id=device.unique_id,
        person=person_at_terminal(),
    )


async def _put_back(
    job: Restore, key: DeviceKey, device: DeviceInfo, journal: RestoreJournal, safety: Backup | None
) -> RestoreReport:
    before = None

    async def begin() -> None:
        nonlocal before
        before = await journal.begin(key, device, job.chosen.backup, safety)

    with progress_bar(BarColumn(), TextColumn("{task.description}", markup=False)) as progress:
        task = progress.add_task("", total=None)

        def show(share: float | None, text: Text) -> None:
            progress.update(
                task, description=in_language(text), total=None if share is None else 1.0, completed=share or 0.0
            )

        try:
            report = await runner.restore(
                job.registered,
                job.config,
                job.chosen.artifact,
                show,
                expected_unique_id=device.unique_id,
                begin=begin,
                person=person_at_terminal(),
            )
        except RestoreRejectedError:
            await journal.end(key, before)
            raise
        except DeviceBackupError:
            await journal.tell(key)
            if job.chosen.is_part:
                warn("Name the same --file again to continue; without it all of the backup is put on.")
            raise
    await journal.end(key)
    return report


async def _identify(job: Restore) -> DeviceInfo:
    device = await runner.probe(job.registered, job.config, person=person_at_terminal())
    if is_another(job.expected_unique_id, device.unique_id):
        backup, ours = job.chosen.backup, device_name(device)
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
    return device


async def _back_up_first(job: Restore, journal: RestoreJournal) -> Backup | None:
    if job.safety_store is None or journal.store is None:
        return None
    result = await back_up_target(journal.store, job.registry, job.target)
    if result.error is not None:
        raise result.error
    if result.backup is None:
        return None
    return await journal.store.set_before_restore(result.backup.key, result.backup.id, datetime.now(UTC))


def _report_document(report: RestoreReport) -> Document:
    return {
        "proven": english(report.proven),
        "unproven": english(report.unproven),
        "needs": english(report.needs),
    }


def _plan_document(plan: RestorePlan) -> Document:
    return {
        "files": [
            {"name": file.name, "change": file.change.value, "details": english(file.details)} for file in plan.files
        ],
        "refused": english(plan.refused),
        "needs": english(plan.needs),
        "risks": english(plan.risks),
        "restarts": plan.restarts,
    }


def _print_plan(chosen: ChosenBackup, device: DeviceInfo, plan: RestorePlan) -> None:
    if plan.changes_nothing:
        say(f"{chosen.label}: nothing to do, {device_name(device)} holds all of it already.")
    else:
        say(f"{chosen.label} would be put on {device_name(device)}.")
    _say_gaps(chosen.backup)
    for file in plan.files:
        say(f"{file.name}: {_CHANGES[file.change]}")
        for text in english(file.details):
            say(f"  {text}")
    if plan.restarts and not plan.changes_nothing:
        say("The device restarts.")
    _say_each("Not put back", plan.refused)
    _say_each("Risk", plan.risks)
    _say_each("Left for you to do", plan.needs)


def _print_report(chosen: ChosenBackup, device: DeviceInfo, report: RestoreReport) -> None:
    if report.nothing_to_do:
        say(f"{chosen.label}: nothing to do, {device_name(device)} holds all of it already. Nothing was sent.")
    else:
        say(f"{chosen.label} was put on {device_name(device)}.")
    _say_gaps(chosen.backup)
    if not report.nothing_to_do:
        _say_each("Proven", report.proven)
    _say_each("Not proven", report.unproven)
    _say_each("Left for you to do", report.needs)


def _say_gaps(backup: Backup) -> None:
    if backup.gaps:
        say("This backup is not whole. Set by hand what it does not hold:")
    for line in gap_lines(backup):
        say(f"  {line}")


def _say_each(heading: str, texts: tuple[Text, ...]) -> None:
    for text in english(texts):
        say(f"{heading}: {text}")
