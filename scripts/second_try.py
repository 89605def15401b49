"""Runs pytest, and the few tests that failed once more, in processes of their own: any machine stalls once."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import pytest

from scripts.bootstrap.summary import second_report

FAILED = "v/cache/lastfailed"
"""Where pytest keeps the names of tests that failed, in the folder of its cache."""


def main(report: Path, cache: Path, most: int, arguments: Sequence[str]) -> int:
    """Return the exit status of pytest; this process becomes the second try of at most so many tests."""
    (cache / FAILED).unlink(missing_ok=True)
    options = [f"--override-ini=cache_dir={cache}", *arguments]
    status = pytest.main([f"--junit-xml={report}", *options])
    failed = json.loads((cache / FAILED).read_bytes()) if (cache / FAILED).is_file() else {}
    if status == pytest.ExitCode.TESTS_FAILED and 0 < len(failed) <= most:
        print(f"\nOnce more, from the beginning: {', '.join(failed)}\n", flush=True)
        _try_again(second_report(report), options)
    return status


def _try_again(report: Path, options: Sequence[str]) -> NoReturn:
    """Become the second pytest: nothing of the first is left in it, and whoever interrupts this process ends it."""
    only_failed = ["--last-failed", "--last-failed-no-failures=none"]
    if any(option.startswith("--cov=") for option in options):
        only_failed.append("--cov-append")
    if any(option.startswith("--numprocesses=") for option in options):
        only_failed.append("--numprocesses=1")  # one after the other, under the names that groups give them
    command = [sys.executable, "-m", "pytest", f"--junit-xml={report}", *options, *only_failed]
    os.execv(sys.executable, command)  # noqa: S606 - this very interpreter


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]))
