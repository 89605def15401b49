"""What the commands print, in the language of who sits at the terminal."""

from collections.abc import Sequence
from typing import Never

import typer

from ha_device_backup_core import DeviceBackupError, Text
from ha_device_backup_core.host import in_persons_language, persons_language, plain


def say(text: Text, *, beside: bool = False) -> None:
    """Print a sentence; `beside` the output, on standard error, if asked."""
    typer.echo(plain(in_persons_language(text)), err=beside)


def say_facts(facts: Sequence[tuple[Text, Text]]) -> None:
    """Print what is called how, a fact a line, in two columns."""
    names = [f"{in_persons_language(name)}:" for name, _fact in facts]
    width = max(map(len, names))
    for name, (_name, fact) in zip(names, facts, strict=True):
        say(f"{name:{width}} {in_persons_language(fact)}")


def fail(reason: Text | DeviceBackupError) -> Never:
    """Say why the command cannot be done, and end it."""
    if isinstance(reason, DeviceBackupError):
        language = persons_language()
        reason = reason.detail_in(language) or reason.in_language(language)
    say(reason, beside=True)
    raise typer.Exit(1)
