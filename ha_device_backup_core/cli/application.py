"""All commands of `ha-device-backup`."""

import logging
from collections.abc import Callable
from importlib.metadata import version
from typing import Annotated

import typer

from .back_up import back_up, show_device
from .diff import diff
from .examples import shown_examples
from .extract import extract
from .handlers import handlers
from .import_files import import_backups
from .list_and_verify import list_backups, verify
from .own_output import with_own_output
from .package_commands import CommandsOfPackages
from .protect import accept, protect
from .prune import prune
from .replace import replace
from .restore import restore
from .run import run

app = typer.Typer(
    name="ha-device-backup",
    cls=CommandsOfPackages,
    help="Collect, check, keep and restore configuration backups of the devices around a home.",
    no_args_is_help=True,
    # A traceback with the values of variables would show secrets.
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _show_version(asked: bool) -> None:  # noqa: FBT001 - the value of the option
    if asked:
        typer.echo(f"ha-device-backup {version('ha-device-backup-core')}")
        raise typer.Exit


@app.callback()
def main(
    *,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show what handlers log, errors above all.")] = False,
    shown_version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Collect, check, keep and restore configuration backups of the devices around a home."""
    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.CRITICAL, format="%(levelname)s %(name)s: %(message)s"
    )


COMMANDS: dict[str, Callable[..., None]] = {
    "handlers": handlers,
    "test": show_device,
    "back-up": back_up,
    "run": run,
    "list": list_backups,
    "verify": verify,
    "diff": diff,
    "restore": restore,
    "replace": replace,
    "protect": protect,
    "accept": accept,
    "import": import_backups,
    "prune": prune,
    "extract": extract,
}
for name, command in COMMANDS.items():
    app.command(name, epilog=shown_examples(name))(with_own_output(command))
