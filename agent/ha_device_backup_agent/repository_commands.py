"""The commands about the repository in which large folders are kept."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.host import in_persons_language

from .data_folder import DataFolder
from .server import RUNNING
from .terminal import fail, say, say_facts
from .translation import _
from .trees.kept import named_snapshots, needless
from .trees.places import TreePlaces
from .trees.repository import DOCUMENT, Repository

repository_app = typer.Typer(
    help="Where large folders are kept, and how they are got back without this agent.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Data = Annotated[Path, typer.Option("--data", help="The folder of data of the agent.")]


@repository_app.command()
def show(data: Data) -> None:
    """Say where it is, and what opens it."""
    repository = _known(data)
    not_yet = _("not yet; see: {command}", command="repository password")
    say_facts(
        [
            (_("Repository"), repository.location),
            (_("Password"), _("in {path}", path=str(repository.place.password_file))),
            (_("Noted"), _("yes") if repository.is_password_noted else not_yet),
        ]
    )


@repository_app.command()
def password(
    data: Data,
    *,
    again: Annotated[bool, typer.Option("--again", help="Also where it was shown before.")] = False,
) -> None:
    """Show the password, once: keep it where you find it when the agent is gone."""
    repository = _known(data)
    if repository.is_password_noted and not again:
        fail(_("It was shown before. To see it once more: {command}", command="repository password --again"))
    try:
        secret = repository.place.password_file.read_text().strip()
    except FileNotFoundError:
        fail(_("It is not in {path} any more.", path=str(repository.place.password_file)))
    typer.echo(secret)
    say(_("Keep it apart from this machine. Without it nobody can read the repository, you neither."), beside=True)
    repository.note_password()


@repository_app.command("open")
def take_over(
    data: Data,
    *,
    large: Annotated[Path | None, typer.Option(help="The folder for large data, as for “run”.")] = None,
    repository: Annotated[
        str | None, typer.Option(envvar="DEVICE_BACKUP_REPOSITORY", help="Where it is, as for “run”.")
    ] = None,
) -> None:
    """Take over the repository of an agent that is gone; the password is asked for."""
    folder = DataFolder(data)
    folder.prepare()
    lock = folder.try_lock(RUNNING)
    if lock is None:
        fail(_("Stop the agent first."))
    try:
        places = TreePlaces(folder, large=large, repository=repository)
        secret = typer.prompt(in_persons_language(_("Password")), hide_input=True, err=True).strip()
        asyncio.run(places.repository.take_over(secret))
    except DeviceBackupError as error:
        fail(error)
    finally:
        os.close(lock)
    say(_("It is taken over: {where}", where=places.repository.location))


@repository_app.command()
def check(
    data: Data,
    share: Annotated[str, typer.Option(help="How much of the data is read, such as 10% or 2G.")] = "5%",
) -> None:
    """Check it, and read a share of its data."""
    repository = _known(data)
    try:
        asyncio.run(repository.check(share))
    except DeviceBackupError as error:
        fail(error)
    say(_("It is whole, as far as it was read."))


@repository_app.command()
def forget(
    data: Data,
    kept: Annotated[Path, typer.Option(help="Home Assistant's folder .storage/ha_device_backups, or a copy of it.")],
    days: Annotated[int, typer.Option(min=1, help="Only what is older than so many days.")] = 90,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without this it is only told.")] = False,
) -> None:
    """Let go of states of folders that no backup in Home Assistant names any more."""
    repository = _known(data)
    named = named_snapshots(kept)
    if not named:
        fail(_("No backup of a large folder is in {path}, so nothing is let go of.", path=str(kept)))
    try:
        asyncio.run(_forget(repository, named, days, really=yes))
    except DeviceBackupError as error:
        fail(error)


async def _forget(repository: Repository, named: frozenset[str], days: int, *, really: bool) -> None:
    snapshots = await repository.snapshots()
    going = needless(snapshots, named, now=datetime.now(UTC), days=days)
    for snapshot in going:
        say(f"{snapshot.time[:19]}  {snapshot.snapshot_id}")
    say(
        _(
            "Needed by no backup and older than {days} days: {count} of {total} states.",
            days=days,
            count=len(going),
            total=len(snapshots),
        )
    )
    if going and really:
        await repository.forget(tuple(snapshot.snapshot_id for snapshot in going))
        await repository.prune()
        say(_("They are gone."))


def _known(data: Path) -> Repository:
    folder = DataFolder(data)
    known = folder.read(DOCUMENT) if data.is_dir() else None
    location = None if known is None else known.get("location")
    if not isinstance(location, str):
        fail(_("There is no repository yet in {path}: the first backup of a large folder makes it.", path=str(data)))
    return TreePlaces(folder, large=_large(known), repository=location).repository


def _large(known: object) -> Path | None:
    large = known.get("large") if isinstance(known, dict) else None
    return Path(large) if isinstance(large, str) else None
