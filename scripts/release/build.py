"""Builds the distributions, each twice: from its sources, and from what is published of them."""

import os
import shutil
import tempfile
import tomllib
import zipfile
from pathlib import Path

from . import UV, run

CORE, HANDLERS = "core", "handlers"
PYPI_ORDER = (CORE, HANDLERS)
"""What others need comes first."""
WHEN = "1577836800"
"""Every file of a distribution has this time, 2020-01-01, so that the same sources make the same bytes."""


def projects(root: Path) -> dict[str, str]:
    """Return the names of the distributions with the folder that each belongs into: the agent's is the handlers'."""
    others = [root / "agent/pyproject.toml", *sorted(root.glob("handlers-*/pyproject.toml"))]
    return {_name(root / "pyproject.toml"): CORE, **{_name(file): HANDLERS for file in others}}


def build(root: Path, folder: Path) -> list[Path]:
    """Build all distributions into the folder and return them, core first."""
    os.environ.setdefault("SOURCE_DATE_EPOCH", WHEN)
    for name, place in projects(root).items():
        run(
            [*UV, "build", "--quiet", "--no-create-gitignore", f"--package={name}", f"--out-dir={folder / place}"], root
        )
    with tempfile.TemporaryDirectory() as other:
        run([*UV, "build", "--quiet", "--wheel", "--all-packages", f"--out-dir={other}"], root)
        for wheel in folder.glob("*/*.whl"):
            _compare(wheel, Path(other) / wheel.name)
    return [file for place in PYPI_ORDER for file in sorted((folder / place).iterdir())]


def _compare(published: Path, from_sources: Path) -> None:
    """Fail where the archive of sources, from which `uv build` makes what is published, lacks something."""
    differing = _members(published).items() ^ _members(from_sources).items()
    if differing:
        names = ", ".join(sorted({name for name, _ in differing}))
        raise SystemExit(f"{published.name} is another one when it is built from its archive of sources: {names}.")


def _members(wheel: Path) -> dict[str, int]:
    with zipfile.ZipFile(wheel) as archive:
        return {member.filename: member.CRC for member in archive.infolist()}


def _name(project: Path) -> str:
    return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["name"])


def copy_sources(root: Path, folder: Path) -> Path:
    """Copy what belongs to the repository, as a clone has it, and return the copy."""
    listed = run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], root)
    for name in filter(None, listed.split("\0")):
        source, copy = root / name, folder / name
        if source.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy)
    return folder
