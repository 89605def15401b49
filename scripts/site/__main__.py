"""Builds the site: `python -m scripts.site FOLDER`. What leads nowhere ends it."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from .links import for_the_site
from .pages import UnplacedPageError, place_of, places, sections, title_of

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
LOADED = r"<(?:script|img|iframe|source)\b[^>]*\bsrc|<link\b[^>]*\bhref"
ELSEWHERE = re.compile(rf"""(?:{LOADED})=["']?(?:https?:)?//[^"'>\s]+""")


def write_content(root: Path, folder: Path) -> None:
    """Write each page with links that lead somewhere on the site, pictures, and the settings."""
    content = folder / "content"
    where = places(root)
    for page, place in where.items():
        text = for_the_site((root / page).read_text(encoding="utf-8"), page, where, root)
        (content / place).parent.mkdir(parents=True, exist_ok=True)
        (content / place).write_text(text, encoding="utf-8")
    shutil.copytree(root / "docs/images", content / "images")
    shutil.copy(HERE / "site.css", content)
    settings = (HERE / "zensical.toml").read_text(encoding="utf-8")
    navigation = ", ".join(_navigation(root))
    (folder / "zensical.toml").write_text(settings.replace("nav = []", f"nav = [{navigation}]", 1), encoding="utf-8")


def _navigation(root: Path) -> Iterator[str]:
    for section in sections(root):
        entries = [_entry(root, page) for page in section.pages]
        yield f"{{{json.dumps(section.title)} = [{', '.join(entries)}]}}"


def _entry(root: Path, page: Path) -> str:
    title = title_of((root / page).read_text(encoding="utf-8"))
    return f"{{{json.dumps(title, ensure_ascii=False)} = {json.dumps(place_of(page).as_posix())}}}"


def asked_of_others(site: Path) -> list[str]:
    """Return what the pages would load from elsewhere: a reader of ours is nobody else's business."""
    return [
        f"{page.relative_to(site)}: {found[0]}"
        for page in sorted(site.rglob("*.html"))
        for found in ELSEWHERE.finditer(page.read_text(encoding="utf-8"))
        if 'rel="canonical"' not in found[0]
    ]


def main(folder: Path) -> int:
    """Build the site and return the exit status."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        write_content(ROOT, folder)
    except UnplacedPageError as error:
        print(error, file=sys.stderr)
        return 1
    zensical = Path(sys.executable).with_name("zensical")
    plain = {**os.environ, "NO_COLOR": "1"}
    built = subprocess.run([zensical, "build", "--strict", "--clean"], cwd=folder, env=plain, check=False)
    if built.returncode:
        print(
            "See above: pages are those of docs/, with their links as on the site.",
            file=sys.stderr,
        )
        return built.returncode
    if loaded := asked_of_others(folder / "site"):
        print("Pages load what is elsewhere:", *loaded, sep="\n", file=sys.stderr)
        return 1
    pages = len(list((folder / "site").rglob("index.html")))
    print(f"{pages} pages are in {folder / 'site'}; every link leads somewhere.")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
