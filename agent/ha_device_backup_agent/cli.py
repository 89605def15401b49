"""The command `ha-device-backup-agent`."""

import asyncio
import logging
import os
import sys
from collections.abc import Coroutine
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Never

import typer

from ha_device_backup_core import in_language
from ha_device_backup_core.host import plain

from .announcement import Announcing, announce
from .clients import Clients
from .data_folder import DataFolder, DataFolderError
from .identity import AgentIdentity, load_identity
from .own_kinds import DISTRIBUTION
from .pairing_window import WINDOW_SECONDS, PairingWindow
from .repository_commands import repository_app
from .server import DEFAULT_PORT, RUNNING, STATE, LargeData, Listening, serve
from .supervisor import SUPERVISOR, announce_to_supervisor, message_of, read_options, token_of_home_assistant

app = typer.Typer(
    name=DISTRIBUTION,
    help="Ask devices for Device Backups where Home Assistant cannot.",
    no_args_is_help=True,
    # A traceback with the values of variables would show secrets.
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
clients_app = typer.Typer(help="Who may use this agent.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(clients_app, name="clients")
app.add_typer(repository_app, name="repository")

Data = Annotated[Path, typer.Option("--data", help="The folder of data; the first start makes it.")]


def _examples(*lines: str) -> str:
    return "\b\n" + "\n".join(("Examples:", *(f"  {DISTRIBUTION} {line}" for line in lines)))


def _show_version(asked: bool) -> None:  # noqa: FBT001 - the value of the option
    if asked:
        typer.echo(f"{DISTRIBUTION} {version(DISTRIBUTION)}")
        raise typer.Exit


@app.callback()
def describe(
    *,
    shown_version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Ask devices for Device Backups where Home Assistant cannot."""


def main() -> None:
    """Run the command."""
    try:
        app()
    except DataFolderError as error:
        sys.exit(plain(str(error)))
    except OSError as error:
        sys.exit(plain(f"{error.filename or 'The network'}: {error.strerror}"))


@app.command(epilog=_examples("run --data agent", "run --data agent --large /srv/backups"))
def run(
    data: Data,
    *,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any that is free.")] = DEFAULT_PORT,
    host: Annotated[str | None, typer.Option(help="Listen at this address only.")] = None,
    name: Annotated[str | None, typer.Option(help="What people call it; by default the name of this machine.")] = None,
    large: Annotated[Path | None, typer.Option(help="The folder for large data; by default in that of data.")] = None,
    repository: Annotated[
        str | None,
        typer.Option(
            envvar="DEVICE_BACKUP_REPOSITORY",
            show_envvar=True,
            help="Where restic keeps large data: a folder, sftp:…, s3:…; by default in the folder for large data.",
        ),
    ] = None,
    announced: Annotated[
        bool, typer.Option("--announce/--no-announce", help="Tell the network that it is here (mDNS).")
    ] = True,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say more of what goes on.")] = False,
) -> None:
    """Serve until a signal comes."""
    _log(is_verbose=verbose)
    network = Announcing(host=host or None)
    asyncio.run(
        serve(
            data,
            host=host,
            port=port,
            name=name,
            large=LargeData(large=large, repository=repository),
            on_listening=_print_listening,
            announcing=(lambda listening: announce(listening, network)) if announced else None,
        )
    )


@app.command("app", hidden=True)
def run_as_app(
    data: Data,
    options: Annotated[Path, typer.Option(help="The options that the Supervisor wrote.")],
    token: Annotated[str, typer.Option(envvar="SUPERVISOR_TOKEN", show_envvar=False)],
    *,
    port: Annotated[int, typer.Option(min=0, max=65535)] = DEFAULT_PORT,
    supervisor: Annotated[str, typer.Option(help="Where the Supervisor answers.")] = SUPERVISOR,
) -> None:
    """Serve as the app of Home Assistant, which needs no code."""
    chosen = read_options(options)
    _log(is_verbose=chosen.is_verbose)

    def announce(listening: Listening) -> Coroutine[Any, Any, None]:
        message = message_of(listening, token_of_home_assistant(DataFolder(data)))
        return announce_to_supervisor(message, supervisor=supervisor, token=token)

    asyncio.run(
        serve(
            data,
            host=None,
            port=port,
            name=chosen.name,
            large=chosen.large,
            on_listening=_print_listening,
            announcing=announce,
        )
    )


@app.command(epilog=_examples("pair --data agent"))
def pair(data: Data) -> None:
    """Show a code with which one client can be paired within 15 minutes."""
    folder, identity = _known(data)
    code = PairingWindow(folder).open()
    typer.echo(f"Code:        {code}")
    typer.echo(f"Fingerprint: {identity.fingerprint}")
    typer.echo(f"Enter the code within {WINDOW_SECONDS // 60} minutes, and compare the fingerprint.")


@app.command(epilog=_examples("status --data agent"))
def status(data: Data) -> None:
    """Say what this agent is, and whether it runs."""
    folder, identity = _known(data)
    running = _is_running(folder)
    state = folder.read(STATE) or {}
    typer.echo(f"Name:        {plain(identity.name)}")
    typer.echo(f"Id:          {identity.agent_id}")
    typer.echo(f"Fingerprint: {identity.fingerprint}")
    typer.echo(f"Running:     {f'yes, at port {state.get("port")}' if running else 'no'}")
    typer.echo(f"Pairing:     {'open' if PairingWindow(folder).is_open else 'closed'}")
    typer.echo(f"Clients:     {len(Clients(folder).all())}")


@clients_app.command("list", epilog=_examples("clients list --data agent"))
def list_clients(data: Data) -> None:
    """Say who may use this agent."""
    folder, _ = _known(data)
    for client in Clients(folder).all():
        typer.echo(f"{client.client_id}  {client.paired_at}  {plain(client.name)}")


@clients_app.command(epilog=_examples("clients revoke 0123abcd --data agent"))
def revoke(data: Data, client_id: Annotated[str, typer.Argument(metavar="ID", help="As “clients list” says.")]) -> None:
    """Keep a client out from now on, and end its jobs."""
    folder, _ = _known(data)
    if not Clients(folder).revoke(client_id):
        _fail("There is no such client. See: clients list")
    typer.echo("It is out.")


def _log(*, is_verbose: bool) -> None:
    level = logging.DEBUG if is_verbose else logging.INFO
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")


def _known(data: Path) -> tuple[DataFolder, AgentIdentity]:
    folder = DataFolder(data)
    if not data.is_dir() or (identity := load_identity(folder)) is None:
        _fail(f"There is no agent in {data}. Start it first: ha-device-backup-agent run --data {data}")
    return folder, identity


def _is_running(folder: DataFolder) -> bool:
    descriptor = folder.try_lock(RUNNING)
    if descriptor is not None:
        os.close(descriptor)
    return descriptor is None


def _print_listening(listening: Listening) -> None:
    typer.echo(f"“{plain(listening.identity.name)}” listens at port {listening.port}.")
    typer.echo(f"Fingerprint: {listening.identity.fingerprint}")
    typer.echo(f"Kinds:       {', '.join(listening.registry.handlers) or 'none; install handler packages beside it'}")
    for problem in listening.registry.problems:
        typer.echo(plain(in_language(problem.message)), err=True)
    sys.stdout.flush()


def _fail(sentence: str) -> Never:
    typer.echo(plain(sentence), err=True)
    raise typer.Exit(1)
