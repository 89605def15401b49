"""What a person wrote on the command line and no command can do."""

from typing import IO, Any

import typer

from ha_device_backup_core import Text
from ha_device_backup_core.host import in_persons_language

from .output import warn
from .translation import _


class WrongUsageError(typer.BadParameter):
    """The command ends with status 2; the text says what to write instead."""

    def __init__(self, text: Text) -> None:
        """Say it in the language of the person."""
        super().__init__(in_persons_language(text))
        self.text = text

    def show(self, file: IO[Any] | None = None) -> None:
        """Print what is wrong and where the help is; the words of typer around it would be English."""
        del file
        warn(self.message)
        if self.ctx is not None:
            warn(_("Help: {command}", command=f"{self.ctx.command_path} --help"))
