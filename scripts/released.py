"""What was released, as the tags tell it, and what could have been."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
TAGS = "v[0-9]*"
PUBLISHING = "docs/publishing.md"
"""Came with all that a release needs."""


def newest_release(root: Path = ROOT) -> str | None:
    """Return the newest tag of a version, None where nothing was released."""
    return next(iter(_git(root, "tag", "--list", TAGS, "--sort=-version:refname").split()), None)


def first_publishable(root: Path = ROOT) -> str | None:
    """Return the first commit that could have been released, None where the clone does not reach back to it."""
    if _git(root, "rev-parse", "--is-shallow-repository").strip() == "true":
        return None
    return next(reversed(_git(root, "log", "--diff-filter=A", "--format=%H", "--", PUBLISHING).split()), None)


def _git(root: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=root, capture_output=True, check=True, text=True).stdout
