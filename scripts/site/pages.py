"""Which page of the repository is where on the site, and in which order a reader meets them."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

NAVIGATION = Path("docs/navigation.toml")
HOME = "index.md"


class UnplacedPageError(Exception):
    """A page is in no section of the navigation, or a section names what is not there."""


@dataclass(frozen=True, slots=True)
class ReaderSection:
    """The pages for one reader, as paths in the repository."""

    title: str
    pages: tuple[Path, ...]


def sections(root: Path) -> tuple[ReaderSection, ...]:
    """Return the navigation; each page is where its name or the first pattern that fits puts it."""
    declared = tomllib.loads((root / NAVIGATION).read_text(encoding="utf-8"))["section"]
    there = sorted(_all_pages(root), key=lambda page: page.with_suffix("").as_posix())
    patterns = [pattern for section in declared for pattern in section["pages"]]
    homes = {page: _home(page.as_posix(), patterns) for page in there}
    if lost := [page.as_posix() for page, home in homes.items() if home is None]:
        raise UnplacedPageError(f"Say in {NAVIGATION} where these pages belong: {', '.join(lost)}.")
    if gone := sorted(set(patterns) - set(homes.values()) - {name for name in patterns if "*" in name}):
        raise UnplacedPageError(f"{NAVIGATION} names pages that are not there: {', '.join(gone)}.")
    return tuple(
        ReaderSection(
            section["title"], tuple(page for name in section["pages"] for page in there if homes[page] == name)
        )
        for section in declared
    )


def places(root: Path) -> Mapping[Path, Path]:
    """Return where on the site each page of the navigation is."""
    return {page: place_of(page) for section in sections(root) for page in section.pages}


def place_of(page: Path) -> Path:
    """Return where a page is on the site: those in `docs` at its top, those of packages beside them."""
    if page == Path("docs/README.md"):
        return Path(HOME)
    if page.parts[0] == "docs":
        return page.relative_to("docs")
    name = "-".join(part for part in page.with_suffix("").parts if part not in {"docs", "README"})
    return Path(f"{name.lower()}.md")


def title_of(text: str) -> str:
    """Return what a page calls itself, without marks."""
    found = re.search(r"^# (.+)$", text, re.MULTILINE)
    return found[1].replace("`", "") if found else ""


def _home(page: str, patterns: list[str]) -> str | None:
    """Return what puts a page where it is: its own name before any pattern."""
    if page in patterns:
        return page
    return next((pattern for pattern in patterns if fnmatchcase(page, pattern)), None)


def _all_pages(root: Path) -> Iterator[Path]:
    """Return all that is written for readers; the pages of templates belong to what authors copy."""
    for pattern in ("CHANGELOG.md", "docs/*.md", "docs/kinds/*.md", "handlers-*/*.md", "handlers-*/docs/*.md"):
        yield from (page.relative_to(root) for page in root.glob(pattern))
