"""Makes the pictures of the documentation anew: `.tools/homeassistant-2026.11.0/bin/python -m scripts.pictures`.

It runs the tests in the browser that take them, and writes them to `docs/images`, small enough for a repository.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from PIL import Image

from scripts.live.folder import ROOT

SCREENSHOTS: Final = ROOT / "artifacts/screenshots"
IMAGES: Final = ROOT / "docs/images"
PICTURES: Final[Mapping[str, str]] = {
    "page-overview": "picture-overview",
    "page-restore": "picture-restore",
    "page-compare": "picture-compare",
    "device-page": "device-en",
    "install-package": "packages-en-1-form",
}
TESTS: Final = (
    "tests/e2e/test_pictures.py",
    "tests/e2e/test_config_flow_in_browser.py",
    "tests/e2e/test_packages_in_browser.py",
)
ENGLISH: Final = "pictures or en"
COLORS: Final = 128
LARGEST_BYTES: Final = 150_000


def write(source: Path, target: Path) -> int:
    """Write a picture with few colors, which those of a page are; return its size."""
    with Image.open(source) as picture:
        picture.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE).save(target, optimize=True)
    return target.stat().st_size


def main() -> int:
    """Take all pictures, and return an exit status."""
    taken = subprocess.run(
        [sys.executable, "-m", "pytest", "--quiet", "-k", ENGLISH, *TESTS],
        cwd=ROOT,
        env=os.environ | {"PICTURES": "1"},
        check=False,
    ).returncode
    if taken:
        return taken
    sizes = {name: write(SCREENSHOTS / f"{of}.png", IMAGES / f"{name}.png") for name, of in PICTURES.items()}
    for name, size in sizes.items():
        print(f"docs/images/{name}.png: {size} bytes")
    return int(max(sizes.values()) > LARGEST_BYTES)


if __name__ == "__main__":
    sys.exit(main())
