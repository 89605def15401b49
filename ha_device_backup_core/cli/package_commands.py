"""Commands that handler packages bring, by the entry point group `ha_device_backup_commands`."""

from collections.abc import Callable, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import typer
from typer.core import TyperGroup

from .output import FAILED, say, warn
from .own_output import with_own_output
from .terminal import Terminal
from .translation import _

GROUP = "ha_device_backup_commands"

type PackageCommand = Callable[[Sequence[str], Callable[[str], None], Terminal], int]
"""Takes its arguments, what prints a line, and where it can ask; returns the exit status."""


class CommandsOfPackages(TyperGroup):
    """The commands of the core, and after them those of packages; one is imported when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - typer's own type has moved before
        """Return all names."""
        own = super().list_commands(ctx)
        return [*own, *sorted(_points().keys() - set(own))]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - typer's own type has moved before
        """Return a command, None for a name that none has."""
        if (own := super().get_command(ctx, cmd_name)) is not None:
            return own
        point = _points().get(cmd_name)
        return None if point is None else _command(point)


def _points() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}


def _command(point: EntryPoint) -> Any:  # noqa: ANN401 - typer's own type has moved before
    package = point.dist.name if point.dist is not None else point.value

    def run(ctx: typer.Context) -> None:
        raise typer.Exit(_loaded(point, package)(list(ctx.args), say, Terminal()))

    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    settings = {"allow_extra_args": True, "ignore_unknown_options": True}
    app.command(point.name, help=f"Comes with {package}.", context_settings=settings, add_help_option=False)(
        with_own_output(run)
    )
    return typer.main.get_command(app)


def _loaded(point: EntryPoint, package: str) -> PackageCommand:
    try:
        command: PackageCommand = point.load()
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        warn(
            _("The command “{name}” of {package} cannot be used: {error}", name=point.name, package=package, error=what)
        )
        raise typer.Exit(FAILED) from error
    return command
