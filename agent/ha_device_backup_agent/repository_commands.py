"""The commands about the repository in which large folders are kept."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Never

import typer

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.host import plain

from .data_folder import DataFolder
from .server import RUNNING
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
    typer.echo(f"Repository: {plain(repository.location)}")
    typer.echo(f"Password:   in {repository.place.password_file}")
    noted = "yes" if repository.is_password_noted else "not yet; see: repository password"
    typer.echo(f"Noted:      {noted}")


@repository_app.command()
def password(
    data: Data,
    *,
    again: Annotated[bool, typer.Option("--again", help="Also where it was shown before.")] = False,
) -> None:
    """Show the password, once: keep it where you find it when the agent is gone."""
    repository = _known(data)
    if repository.is_password_noted and not again:
        _fail("It was shown before. To see it once more: repository password --again")
    try:
        secret = repository.place.password_file.read_text().strip()
    except FileNotFoundError:
        _fail(f"It is not in {repository.place.password_file} any more.")
    typer.echo(secret)
    typer.echo("Keep it apart from this machine. Without it nobody can read the repository, you neither.", err=True)
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
        _fail("Stop the agent first.")
    try:
        places = TreePlaces(folder, large=large, repository=repository)
        secret = typer.prompt("Password", hide_input=True, err=True).strip()
        asyncio.run(places.repository.take_over(secret))
    except DeviceBackupError as error:
        _fail(error.detail_in() or str(error))
    finally:
        os.close(lock)
    typer.echo(f"It is taken over: {plain(places.repository.location)}")


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
        _fail(error.detail_in() or str(error))
    typer.echo("It is whole, as far as it was read.")


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
        _fail(f"No backup of a large folder is in {kept}, so nothing is let go of.")
    try:
        asyncio.run(_forget(repository, named, days, really=yes))
    except DeviceBackupError as error:
        _fail(error.detail_in() or str(error))


async def _forget(repository: Repository, named: frozenset[str], days: int, *, really: bool) -> None:
    snapshots = await repository.snapshots()
    going = needless(snapshots, named, now=datetime.now(UTC), days=days)
    for snapshot in going:
        typer.echo(f"{snapshot.time[:19]}  {snapshot.snapshot_id}")
    typer.echo(f"{len(going)} of {len(snapshots)} states are needed by no backup and older than {days} days.")
    if going and really:
        await repository.forget(tuple(snapshot.snapshot_id for snapshot in going))
        await repository.prune()
        typer.echo("They are gone.")


def _known(data: Path) -> Repository:
    folder = DataFolder(data)
    known = folder.read(DOCUMENT) if data.is_dir() else None
    location = None if known is None else known.get("location")
    if not isinstance(location, str):
        _fail(f"There is no repository yet in {data}: the first backup of a large folder makes it.")
    return TreePlaces(folder, large=_large(known), repository=location).repository


def _large(known: object) -> Path | None:
    large = known.get("large") if isinstance(known, dict) else None
    return Path(large) if isinstance(large, str) else None


def _fail(sentence: str) -> Never:
    typer.echo(plain(sentence), err=True)
    raise typer.Exit(1)
