"""Standard output belongs to the command alone: what handler packages print goes to standard error."""

import functools
import io
import os
import sys
from collections.abc import Callable
from typing import TextIO

_claimed: TextIO | None = None


def claim_descriptor() -> None:
    """Give what is written to descriptor 1, by C code and other processes too, to standard error from now on."""
    if sys.stdout is not sys.__stdout__ or not isinstance(sys.stdout, io.TextIOWrapper) or sys.stderr is None:
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
