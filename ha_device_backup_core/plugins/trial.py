"""Imports packages in an interpreter of its own first: one that ends the interpreter must not end ours."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import BinaryIO, cast

from ..package_problems import ProblemKind
from ..text import _
from .entry_points import PackageEntry, find_entries
from .loader import IMPORT_SECONDS, PackageLoader
from .unusable import UnusableError

_survived: set[PackageEntry] = set()
"""What needs no second trial in this process."""


def try_packages(entries: Sequence[PackageEntry]) -> Mapping[PackageEntry, UnusableError]:
    """Return the packages that end the interpreter that imports them; blocking."""
    waiting = [entry for entry in entries if entry not in _survived]
    harmful: dict[PackageEntry, UnusableError] = {}
    while waiting:
        survived, words = _trial(waiting)
        _survived.update(waiting[:survived])
        if survived < len(waiting):
            harmful[waiting[survived]] = _ends_the_interpreter(waiting[survived], words)
        waiting = waiting[survived + 1 :]
    return harmful


def interpreter_environment() -> dict[str, str]:
    """Return the environment in which another interpreter finds what this one does."""
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def private_output() -> BinaryIO:
    """Return what was standard output until now, which from now on nobody else writes to."""
    output = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return cast(BinaryIO, output)


def _trial(entries: Sequence[PackageEntry]) -> tuple[int, str]:
    """Return how many packages were imported until the interpreter ended, and how it ended."""
    limit = (len(entries) + 1) * IMPORT_SECONDS
    try:
        finished = subprocess.run(  # noqa: S603 - this very interpreter
            [sys.executable, "-P", "-m", __name__, *(f"{entry.distribution}\n{entry.name}" for entry in entries)],
            capture_output=True,
            check=False,
            env=interpreter_environment(),
            # A signal that a package sends to all its relatives ends there.
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            timeout=limit,
        )
    except subprocess.TimeoutExpired as error:
        return _survivors(error.stdout or b""), f"{limit:g} s"
    return _survivors(finished.stdout), str(finished.returncode)


def _survivors(output: bytes) -> int:
    return output.count(b".")


def _ends_the_interpreter(entry: PackageEntry, words: str) -> UnusableError:
    return UnusableError(
        ProblemKind.IMPORT_FAILED,
        _(
            "{package} ends the whole program when it is imported ({words}), so it is not used. Uninstall"
            " it, and report this to its author.",
            package=entry.package,
            words=words,
        ),
    )


def main(wanted: Sequence[str]) -> None:
    """Import the packages one after the other, and write a dot for each that leaves the interpreter alive."""
    answers = private_output()
    found = {f"{entry.distribution}\n{entry.name}": entry for entry in find_entries()}
    loader = PackageLoader(IMPORT_SECONDS)
    for name in wanted:
        with suppress(UnusableError, KeyError):
            loader.load(found[name])
        answers.write(b".")
    # What a package left running must not keep this process.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
