"""The files of the app, as Home Assistant and Docker read them."""

import json
import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
APP = ROOT / "agent/app"


def instructions() -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile with what follows each."""
    lines = [line for line in (APP / "Dockerfile").read_text().splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in joined.splitlines() if line)]


def entry_point() -> list[str]:
    """Return what the image starts."""
    ((_, words),) = [one for one in instructions() if one[0] == "ENTRYPOINT"]
    found: list[str] = json.loads(words)
    return found


def document(file: Path) -> dict[str, Any]:
    """Return what a YAML file holds."""
    found: dict[str, Any] = yaml.safe_load(file.read_text())
    return found
