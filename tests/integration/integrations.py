"""Every integration of this repository: the product, the template for authors, those for measurements."""

import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(
    file.parent
    for pattern in ("custom_components/*/manifest.json", "docs/**/manifest.json", "benchmarks/*/manifest.json")
    for file in ROOT.glob(pattern)
)

of_each_integration = pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)


def content(file: Path) -> dict[str, Any]:
    """Return what a JSON file says, nothing where there is none."""
    said: dict[str, Any] = json.loads(file.read_text()) if file.is_file() else {}
    return said
