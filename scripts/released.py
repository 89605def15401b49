"""What was released, as the tags tell it."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
TAGS = "v[0-9]*"


def newest_release(root: Path = ROOT) -> str | None:
    """Return the newest tag of a version, None where nothing was released."""
    tags = subprocess.run(
        ["git", "tag", "--list", TAGS, "--sort=-version:refname"], cwd=root, capture_output=True, check=True, text=True
    )
    return next(iter(tags.stdout.split()), None)
