"""What a release is made of, and how it is checked before anybody gets it."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
UV = (sys.executable, "-m", "uv")


def run(arguments: Sequence[str | Path], folder: Path = ROOT) -> str:
    """Run a program and return what it printed; what goes wrong ends the release."""
    done = subprocess.run(list(map(str, arguments)), cwd=folder, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout
