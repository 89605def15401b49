"""Makes what is published: `python -m scripts.release FOLDER`.

FOLDER gets `core/` and `handlers/` for PyPI, in that order, `assets/` for the release on GitHub, and `notes.md`.
Everything is checked; with a fault nothing of it may be published.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from .. import versions
from . import ROOT, run
from .archive import write_archive
from .build import build
from .checks import faults

NOTES = "notes.md"


def notes(changelog: str, version: str) -> str:
    """Return what the changelog says of one version."""
    for section in changelog.split("\n## ")[1:]:
        title, _, text = section.partition("\n")
        if title.split()[0] == version:
            return text.strip() + "\n"
    raise SystemExit(f"{versions.CHANGELOG} has nothing about {version}.")


def main(words: Sequence[str]) -> int:
    """Build and check; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.release", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args(words).folder.absolute()
    version = versions.current(ROOT)
    (folder / "assets").mkdir(parents=True)
    distributions = build(ROOT, folder)
    archive = write_archive(ROOT, folder / "assets")
    (folder / NOTES).write_text(
        notes((ROOT / versions.CHANGELOG).read_text(encoding="utf-8"), version), encoding="utf-8"
    )
    run([sys.executable, "-m", "twine", "check", "--strict", *distributions])
    found = [fault for file in distributions for fault in faults(file, version)]
    print("\n".join(found or [*(str(file.relative_to(folder)) for file in (*distributions, archive))]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
