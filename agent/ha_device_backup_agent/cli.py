"""The command `ha-device-backup-agent`."""

import asyncio
import errno
import logging
import os
import sys
from collections.abc import Coroutine
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer

from ha_device_backup_core import Text
from ha_device_backup_core.host import in_persons_language, joined, plain, system_words

from .announcement import Announcing, announce
from .clients import Clients
from .data_folder import DataFolder, DataFolderError
from .identity import AgentIdentity, load_identity
from .own_kinds import DISTRIBUTION
from .pairing_window import WINDOW_SECONDS, PairingWindow
from .repository_commands import repository_app
from .server import DEFAULT_PORT, RUNNING, STATE, LargeData, Listening, serve
from .supervisor import SUPERVISOR, announce_to_supervisor, message_of, read_options, token_of_home_assistant
from .terminal import fail, say, say_facts
from .translation import _

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
        sys.exit(plain(in_persons_language(error.text)))
    except OSError as error:
        sys.exit(plain(in_persons_language(_words_of(error))))


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
    say_facts([(_("Code"), code), (_("Fingerprint"), identity.fingerprint)])
    say(_("Enter the code within {minutes} minutes, and compare the fingerprint.", minutes=WINDOW_SECONDS // 60))


@app.command(epilog=_examples("status --data agent"))
def status(data: Data) -> None:
    """Say what this agent is, and whether it runs."""
    folder, identity = _known(data)
    state = folder.read(STATE) or {}
    say_facts(
        [
            (_("Name"), identity.name),
            (_("Id"), identity.agent_id),
            (_("Fingerprint"), identity.fingerprint),
            (_("Running"), _("yes, at port {port}", port=str(state.get("port"))) if _is_running(folder) else _("no")),
            (_("Pairing"), _("open") if PairingWindow(folder).is_open else _("closed")),
            (_("Clients"), str(len(Clients(folder).all()))),
        ]
    )


@clients_app.command("list", epilog=_examples("clients list --data agent"))
def list_clients(data: Data) -> None:
    """Say who may use this agent."""
    folder, _identity = _known(data)
    for client in Clients(folder).all():
        say(f"{client.client_id}  {client.paired_at}  {client.name}")


@clients_app.command(epilog=_examples("clients revoke 0123abcd --data agent"))
def revoke(data: Data, client_id: Annotated[str, typer.Argument(metavar="ID", help="As “clients list” says.")]) -> None:
    """Keep a client out from now on, and end its jobs."""
    folder, _identity = _known(data)
    if not Clients(folder).revoke(client_id):
        fail(_("There is no such client. See: {command}", command="clients list"))
    say(_("It is out."))


def _log(*, is_verbose: bool) -> None:
    level = logging.DEBUG if is_verbose else logging.INFO
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")


def _known(data: Path) -> tuple[DataFolder, AgentIdentity]:
    folder = DataFolder(data)
    if not data.is_dir() or (identity := load_identity(folder)) is None:
        command = f"{DISTRIBUTION} run --data {data}"
        fail(_("There is no agent in {path}. Start it first: {command}", path=str(data), command=command))
    return folder, identity


def _is_running(folder: DataFolder) -> bool:
    descriptor = folder.try_lock(RUNNING)
    if descriptor is not None:
        os.close(descriptor)
    return descriptor is None


def _print_listening(listening: Listening) -> None:
    say(_("“{name}” listens at port {port}.", name=listening.identity.name, port=listening.port))
    kinds = ", ".join(listening.registry.handlers)
    say_facts(
        [
            (_("Fingerprint"), listening.identity.fingerprint),
            (_("Kinds"), kinds or _("none; install handler packages beside it")),
        ]
    )
    for problem in listening.registry.problems:
        say(problem.message, beside=True)
    sys.stdout.flush()


def _words_of(error: OSError) -> Text:
    if error.errno == errno.EADDRINUSE:
        return _("Another program listens at this port. Stop it, or choose another port with --port.")
    return joined([error.filename or _("The network"), system_words(error)], ": ")
