"""Pictures of the page for the documentation, of a home in which something has happened."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from scripts.live.controllers import Controller, simulated_controllers

from .browser import browser_page, keep
from .home import Home, fresh_home
from .pages import Words
from .views import open_view, panel

pytestmark = pytest.mark.asyncio(loop_scope="session")

WINDOW = {"width": 1180, "height": 620}


@pytest_asyncio.fixture(loop_scope="session")
async def household() -> AsyncIterator[list[Controller]]:
    async with simulated_controllers() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def home(tmp_path_factory: pytest.TempPathFactory, household: list[Controller]) -> AsyncIterator[Home]:
    """Start a home with a backup of itself, in which a preset was changed, and the garden fence was reset."""
    async with fresh_home(tmp_path_factory.mktemp("pictures") / "home", household) as started:
        household[0].change()
        household[2].wipe()
        await started.client.act("ha_device_backups.back_up", {"all": True})
        await started.client.make_backup("Evening")
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def page(home: Home) -> AsyncIterator[Page]:
    async with browser_page(home.client, width=WINDOW["width"]) as opened:
        await opened.set_viewport_size({"width": WINDOW["width"], "height": WINDOW["height"]})
        yield opened


async def test_the_page_of_a_home(home: Home, page: Page, household: list[Controller]) -> None:
    words = Words("en")
    bookshelf, fence = (f"wled:{controller.mac}" for controller in (household[0], household[2]))
    await open_view(home, page, {"name": "overview"})
    await expect(panel(page).locator("a.device")).to_have_count(len(household))
    await keep(page, "picture-overview")
    await open_view(home, page, {"name": "restore", "key": fence, "backup": None, "source": None})
    await panel(page).get_by_role("button", name=words("config_panel.restore.start"), exact=True).wait_for()
    await keep(page, "picture-restore")
    await open_view(home, page, {"name": "device", "key": bookshelf})
    await panel(page).get_by_role("button", name=words("config_panel.device.compare")).first.click()
    await panel(page).get_by_text("Change 1").first.wait_for()
    await keep(page, "picture-compare")
