"""What the commands of packages may do at a terminal: ask the person, and fetch a backup that is stored nowhere."""

import asyncio
import getpass
import sys
from collections.abc import Mapping

import typer

from ha_device_backup_core import Artifact, DeviceBackupHandler, Text
from ha_device_backup_core.host import (
    HandlerRegistry,
    RegisteredHandler,
    in_persons_language,
    persons_language,
    plain,
)

from .managers import without_store
from .output import warn


class Terminal:
    """The terminal of one command."""

    @property
    def language(self) -> str:
        """The language of the person, as the system says."""
        return persons_language()

    def ask(self, question: Text, *, is_secret: bool = False) -> str | None:
        """Return what the person answers, None where nobody does any more."""
        prompt = f"{plain(in_persons_language(question))} "
        if is_secret and sys.stdin.isatty():
            return getpass.getpass(prompt, stream=sys.stderr)
        typer.echo(prompt, err=True, nl=False)
        line = sys.stdin.readline()
        if not line:
            typer.echo("", err=True)
        return line.removesuffix("\n").removesuffix("\r") if line else None

    def warn(self, text: Text) -> None:
        """Say something beside the output."""
        warn(text)

    def fetch(self, handler: type[DeviceBackupHandler], config: Mapping[str, object]) -> Artifact:
        """Return what a device holds now, as a job would get it; raises DeviceBackupError."""
        return asyncio.run(_fetch(handler, config))


async def _fetch(handler: type[DeviceBackupHandler], config: Mapping[str, object]) -> Artifact:
    registered = RegisteredHandler(handler=handler, distribution=handler.__module__, version="")
    async with without_store(HandlerRegistry(handlers={registered.kind: registered})) as manager:
        return (await manager.visits.fetch(registered.kind, config)).artifact
