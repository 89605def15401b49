"""Imports a module in a fresh interpreter and tells what that did beside reading installed files."""

import json
import os
import subprocess
import sys

from . import side_effects

_SECONDS = 120


def acts_of_import(module: str) -> list[str]:
    """Return what the import of a module does to the world outside; an import that fails counts, too."""
    finished = subprocess.run(  # noqa: S603 - this very interpreter
        # By its path: to import the package around it would take longer than all the rest.
        [sys.executable, "-P", side_effects.__file__, module],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "COVERAGE_PROCESS_START": ""},
        text=True,
        timeout=_SECONDS,
    )
    if finished.returncode:
        last = finished.stderr.strip().splitlines()[-1:]
        return [f"fails ({' '.join(last)})"]
    lines = [line for line in finished.stdout.splitlines() if line]
    acts: list[str] = json.loads(lines.pop())
    return acts + [f"prints {line!r}" for line in lines]
