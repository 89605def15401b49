"""Imports a module in a fresh interpreter and prints, as JSON, what that did beside reading installed files."""

import importlib
import json
import os
import subprocess
import sys

from .side_effects import watched

_SECONDS = 120


def acts_of_import(module: str) -> list[str]:
    """Return what the import of a module does to the world outside; an import that fails counts, too."""
    finished = subprocess.run(  # noqa: S603 - this very interpreter
        [sys.executable, "-m", __name__, module],
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


def main() -> None:
    """Import the module that the first argument names."""
    with watched() as seen:
        importlib.import_module(sys.argv[1])
    sys.stdout.write(f"\n{json.dumps(seen)}\n")


if __name__ == "__main__":
    main()
