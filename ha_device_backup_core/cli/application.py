"""All commands of `ha-device-backup`."""

import logging
from typing import Annotated

import typer

from .devices import back_up, show_device
from .fleet import run
from .handlers import handlers
from .importing import import_backup
from .marking import accept, protect
from .restoring import restore
from .stored import list_backups, verify

app = typer.Typer(
    name="ha-device-backup",
    help="Collect, check, keep and restore configuration backups of the devices around a home.",
    no_args_is_help=True,
    add_completion=False,
    # A traceback with the values of variables would show secrets.
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def main(
    *,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show what handlers log, errors above all.")] = False,
) -> None:
    """Collect, check, keep and restore configuration backups of the devices around a home."""
    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.CRITICAL, format="%(levelname)s %(name)s: %(message)s"
    )


app.command("handlers")(handlers)
app.command("test")(show_device)
app.command("back-up")(back_up)
app.command("run")(run)
app.command("list")(list_backups)
app.command("verify")(verify)
app.command("restore")(restore)
app.command("protect")(protect)
app.command("accept")(accept)
app.command("import")(import_backup)
