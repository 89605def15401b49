"""Runs the sessions of the noxfile."""

import contextlib
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from .commands import Command, started

TESTS = ("e2e", "core-3.14")
"""First what waits for a browser and for Home Assistant two thirds of its time, last what can use both processors."""
BESIDE = ("lint", "typing", "build", "template", "api", "page", "docs", "real_servers", "integration", "core-3.13")
"""What fills the time in which the first row waits."""
OLDEST_PYTHON = frozenset({"build", "core", "page", "template"})
"""Parts that run in the oldest Python of the core, all of it or some."""
PARTS = (*BESIDE[:-1], "core", "e2e", "nightly")


def _reports(folder: Path) -> dict[str, str]:
    return {"TEST_REPORTS": str(folder)}


def _nox(nox: Path, reports: Path, parts: Sequence[str]) -> Command:
    return [nox, "--report", reports / f"{parts[0]}.sessions.json", "--sessions", *parts]


@contextlib.contextmanager
def _beside(nox: Path, reports: Path, parts: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    """Run sessions at the same time as the body, and show afterwards what they printed."""
    names = ", ".join(parts)
    with tempfile.TemporaryFile("w+") as printed:
        with started(_nox(nox, reports, parts), extra=_reports(reports), to=printed) as process:
            print(f"Beside the tests: {names}; what they say follows below.", flush=True)
            yield process
            process.wait()
        printed.seek(0)
        print(f"\n{f' {names} ':-^80}\n{printed.read()}", flush=True)


def _here(nox: Path, reports: Path, parts: Sequence[str]) -> int:
    with started(_nox(nox, reports, parts), extra=_reports(reports)) as process:
        return process.wait()


def run(nox: Path, parts: Sequence[str], reports: Path) -> bool:
    """Run the named sessions one after the other, or all of them in two rows; return whether all went well."""
    if parts:
        return _here(nox, reports, parts) == 0
    with _beside(nox, reports, BESIDE) as others:
        status = _here(nox, reports, TESTS)
    return status == 0 and others.returncode == 0
