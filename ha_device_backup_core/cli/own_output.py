"""Standard output belongs to the command alone: what handler packages print goes to standard error."""

import functools
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

import typer

from ha_device_backup_core.host import in_persons_language, system_words

from .translation import _

_claimed: TextIO | None = None


def open_what_is_closed() -> None:
    """Let no file take the place of a standard stream that is closed: what is printed would end up in it."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - for as long as it runs


def claim_descriptor() -> None:
    """Give what is written to descriptor 1, by C code and other processes too, to standard error from now on."""
    if sys.stdout is not sys.__stdout__ or not isinstance(sys.stdout, io.TextIOWrapper):
        return
    sys.stdout.flush()
    own = open(os.dup(1), "w", encoding=sys.stdout.encoding, errors=sys.stdout.errors)  # noqa: PTH123, SIM115 - no file
    os.dup2(sys.stderr.fileno(), 1)
    sys.stdout = own


def with_own_output[**P, T](command: Callable[P, T]) -> Callable[P, T]:
    """Return the command, during and after which `sys.stdout` is standard error for everybody else."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        global _claimed
        _claimed, sys.stdout = sys.stdout, sys.stderr
        return command(*args, **kwargs)

    return run


def own_output() -> TextIO:
    """Return where the command itself prints."""
    return sys.stdout if _claimed is None else _claimed


def write(text: str) -> None:
    """Print a text and a line break; where it cannot be written, the command ends here."""
    output = own_output()
    try:
        typer.echo(text, file=output)
    except OSError as error:
        _give_up(output, error)
        raise typer.Exit(1) from error


def write_beside(text: str) -> None:
    """Print a text and a line break beside the output; work goes on where nobody can read it."""
    try:
        typer.echo(text, err=True)
    except OSError:
        _throw_away(sys.stderr)


@contextmanager
def ending_unwritten() -> Iterator[None]:
    """End with status 1 where something else, as a help, could not be written."""
    try:
        yield
    except OSError as error:
        unwritten = [stream for stream in {own_output(), sys.stdout, sys.stderr} if not _is_written(stream)]
        if not unwritten:
            raise
        for stream in unwritten:
            _give_up(stream, error)
        sys.exit(1)


def _is_written(output: TextIO) -> bool:
    """Return whether nothing is left that cannot be written."""
    try:
        output.flush()
    except OSError:
        return False
    return True


def _give_up(output: TextIO, error: OSError) -> None:
    """Say why where somebody reads on; what was not written is thrown away."""
    _throw_away(output)
    if not isinstance(error, BrokenPipeError):
        write_beside(in_persons_language(_("The output cannot be written. {why}", why=system_words(error))))


def _throw_away(output: TextIO) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), output.fileno())
