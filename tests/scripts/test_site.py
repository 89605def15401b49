"""Where pages are on the site, and where their links lead; `scripts/test docs` builds it and follows every link."""

from pathlib import Path

import pytest

from scripts.site.__main__ import asked_of_others, write_content
from scripts.site.links import ADDRESS, for_the_site
from scripts.site.pages import NAVIGATION, UnplacedPageError, place_of, places, sections, title_of

pytestmark = pytest.mark.once
ROOT = Path(__file__).parents[2]
PAGES = ("docs/README.md", "docs/using.md", "docs/kinds/wled.md", "handlers-wled/README.md", "CHANGELOG.md")
SECTIONS = """
[[section]]
title = "Home"
pages = ["docs/README.md", "docs/u*.md"]
[[section]]
title = "More"
pages = ["docs/*.md", "handlers-*.md", "CHANGELOG.md"]
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for page in PAGES:
        (tmp_path / page).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / page).write_text(f"# `{page}`\n")
    (tmp_path / "docs/images").mkdir()
    (tmp_path / "docs/images/page.png").write_bytes(b"")
    (tmp_path / NAVIGATION).write_text(SECTIONS)
    return tmp_path


def test_every_page_of_ours_has_one_place() -> None:
    """Say in `docs/navigation.toml` where a new page belongs."""
    pages = [page for section in sections(ROOT) for page in section.pages]
    assert len(pages) == len(set(pages))
    written = {page.relative_to(ROOT) for page in (ROOT / "docs").glob("*.md")}
    assert written - set(pages) == set()
    assert [section.title for section in sections(ROOT) if not section.pages] == []
    assert len(set(places(ROOT).values())) == len(pages)
    assert [page for page in pages if not title_of((ROOT / page).read_text())] == []


def test_a_page_is_where_its_name_or_the_first_pattern_puts_it(repository: Path) -> None:
    assert [(section.title, [page.as_posix() for page in section.pages]) for section in sections(repository)] == [
        ("Home", ["docs/README.md", "docs/using.md"]),
        ("More", ["docs/kinds/wled.md", "handlers-wled/README.md", "CHANGELOG.md"]),
    ]


def test_a_page_without_a_place_is_named(repository: Path) -> None:
    navigation = repository / NAVIGATION
    navigation.write_text(SECTIONS.replace('"CHANGELOG.md"', '"docs/gone.md"'))
    with pytest.raises(UnplacedPageError, match=r"belong: CHANGELOG\.md\."):
        sections(repository)
    navigation.write_text(SECTIONS.replace('"CHANGELOG.md"', '"CHANGELOG.md", "docs/gone.md"'))
    with pytest.raises(UnplacedPageError, match=r"not there: docs/gone\.md\."):
        sections(repository)
    navigation.write_text(SECTIONS)
    assert len(sections(repository)) == 2


@pytest.mark.parametrize(
    ("page", "place"),
    [
        ("docs/README.md", "index.md"),
        ("docs/using.md", "using.md"),
        ("docs/kinds/wled.md", "kinds/wled.md"),
        ("handlers-wled/README.md", "handlers-wled.md"),
        ("handlers-ssh/docs/linux.md", "handlers-ssh-linux.md"),
        ("CHANGELOG.md", "changelog.md"),
    ],
)
def test_places(page: str, place: str) -> None:
    assert place_of(Path(page)) == Path(place)


@pytest.mark.parametrize(
    ("page", "written", "expected"),
    [
        ("docs/using.md", "[a](README.md)", "[a](index.md)"),
        ("docs/using.md", "[a](kinds/wled.md#b)", "[a](kinds/wled.md#b)"),
        ("docs/using.md", "[a](../handlers-wled/README.md)", "[a](handlers-wled.md)"),
        ("docs/kinds/wled.md", "[a](../../handlers-wled/README.md#b)", "[a](../handlers-wled.md#b)"),
        ("docs/kinds/wled.md", "![a](../images/page.png)", "![a](../images/page.png)"),
        ("handlers-wled/README.md", f"[a]({ADDRESS}/blob/main/docs/using.md#b)", "[a](using.md#b)"),
        ("docs/using.md", "[a](../SECURITY.md)", f"[a]({ADDRESS}/blob/main/SECURITY.md)"),
        ("docs/using.md", "[a](images)", f"[a]({ADDRESS}/tree/main/docs/images)"),
        ("docs/using.md", "[a](https://example.org/x.md) [b](#c)", "[a](https://example.org/x.md) [b](#c)"),
        ("docs/using.md", "`[a](README.md)` [b](README.md)", "`[a](README.md)` [b](index.md)"),
        ("docs/using.md", "```sh\n[a](README.md)\n```\n", "```sh\n[a](README.md)\n```\n"),
    ],
)
def test_links(page: str, written: str, expected: str, repository: Path) -> None:
    assert for_the_site(written, Path(page), places(repository), repository) == expected


def test_what_is_built_from(repository: Path, tmp_path: Path) -> None:
    write_content(repository, tmp_path / "site")
    settings = (tmp_path / "site/zensical.toml").read_text()
    assert 'nav = [{"Home" = [{"docs/README.md" = "index.md"}, {"docs/using.md" = "using.md"}]}, {"More" = ' in settings
    assert (tmp_path / "site/content/images/page.png").is_file()
    assert (tmp_path / "site/content/kinds/wled.md").read_text() == "# `docs/kinds/wled.md`\n"


def test_pages_that_load_something_from_elsewhere_are_named(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text('<link rel="canonical" href="https://a/"><script src="x.js"></script><a href="https://b/">b</a>')
    assert asked_of_others(tmp_path) == []
    page.write_text('<script async src="https://c.example/x.js"></script>')
    assert asked_of_others(tmp_path) == ['index.html: <script async src="https://c.example/x.js']
