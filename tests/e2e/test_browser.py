"""What is kept of a browser's pages for people to look at."""

from pathlib import Path

import pytest

from . import browser
from .browser import PICTURES, RESTING_PLACE, SHARED_BROWSER, browser_page, keep, open_path
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


async def test_a_shared_page_comes_back_at_rest_and_one_of_a_failure_never(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with browser_page(home.client, shared=True) as first:
        await open_path(first, home.client, "/profile")
        await first.emulate_media(color_scheme="dark")
    async with browser_page(home.client, "de"):
        pass
    async with browser_page(home.client, shared=True) as second:
        assert second is not first, "it spoke German meanwhile"
        await open_path(second, home.client, "/profile")
        await second.emulate_media(color_scheme="dark")
    async with browser_page(home.client, shared=True) as third:
        assert third is second
        assert third.url == home.client.url + RESTING_PLACE
        assert await third.evaluate("matchMedia('(prefers-color-scheme: light)').matches")
        monkeypatch.setattr(SHARED_BROWSER, "test_has_failed", True)
    assert third.is_closed()
    monkeypatch.undo()
    async with browser_page(home.client, shared=True) as fourth:
        await open_path(fourth, home.client, "/profile")
    async with browser_page(home.client) as own:
        assert own is not fourth
    assert own.is_closed()
