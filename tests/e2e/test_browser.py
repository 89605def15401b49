"""What is kept of a browser's pages for people to look at."""

from pathlib import Path

import pytest

from . import browser
from .browser import PICTURES, SHARED_BROWSER, browser_page, keep
from .home import Home

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Keep pictures elsewhere."""
    monkeypatch.setattr(browser, "SCREENSHOTS", tmp_path)
    return tmp_path


def names(kept: Path) -> list[str]:
    return sorted(path.name for path in kept.glob("*.png"))


@pytest.mark.parametrize(("asked", "expected"), [("", []), ("1", ["step.png"])])
async def test_pictures_of_steps_are_asked_for(
    home: Home, kept: Path, monkeypatch: pytest.MonkeyPatch, asked: str, expected: list[str]
) -> None:
    monkeypatch.setenv(PICTURES, asked)
    async with browser_page(home.client) as page:
        await keep(page, "step")
    assert names(kept) == expected


async def test_every_page_is_kept_where_a_test_fails_in_the_middle(home: Home, kept: Path) -> None:
    async def fail() -> None:
        async with browser_page(home.client) as page:
            await page.context.new_page()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    test = "test_browser.py-test_every_page_is_kept_where_a_test_fails_in_the_middle"
    assert names(kept) == [f"failed-{test}-1.png", f"failed-{test}-2.png"]


async def test_the_page_is_kept_where_a_test_has_failed(
    home: Home, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with browser_page(home.client):
        monkeypatch.setattr(SHARED_BROWSER, "test_has_failed", True)
    assert names(kept) == ["failed-test_browser.py-test_the_page_is_kept_where_a_test_has_failed-1.png"]
