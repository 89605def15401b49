"""Controllers that Home Assistant already has are taken over, by the card and by the menu, in a real browser."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from scripts.live.controllers import simulated_controllers

from .browser import browser_page, keep, open_path
from .home import Home, fresh_home
from .known_controllers import know_controllers
from .pages import ADD_PAGE, DASHBOARD, Words, assert_readable, dialog, go_on

pytestmark = pytest.mark.asyncio(loop_scope="session")

KNOWN = {"Garage": "a0b1c2000001", "Hall": "a0b1c2000002", "Pergola": "a0b1c2000003"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def home(work: Path) -> AsyncIterator[Home]:
    """Start a Home Assistant whose own WLED integration has controllers that are switched off."""
    async with (
        simulated_controllers(1) as controllers,
        fresh_home(work / "household", controllers, prepare=lambda folder: know_controllers(folder, KNOWN)) as started,
    ):
        yield started


async def titles(home: Home, *, source: str) -> set[str]:
    entries = await home.client.command("config_entries/get", domain="ha_device_backups")
    return {entry["title"] for entry in entries if entry["source"] == source}


async def test_import_by_the_card_and_later_what_was_left_out(home: Home) -> None:
    english, german = Words("en"), Words("de")
    title = english("common.card").format(name="WLED")

    async with browser_page(home.client) as page:
        await open_path(page, home.client, DASHBOARD)
        await page.get_by_text(title, exact=True).wait_for()
        await keep(page, "import-en-1-card")
        card = page.locator("ha-config-flow-card").filter(has_text=title)
        await card.get_by_role("button", name=re.compile("Add")).click()
        await dialog(page).get_by_text("Garage").first.wait_for()
        await assert_readable(page, english("config.step.known_devices.data.devices"))
        await keep(page, "import-en-2-choose")

        boxes = dialog(page).get_by_role("checkbox")
        await expect(boxes).to_have_count(len(KNOWN))
        for box in (boxes.nth(1), boxes.nth(2)):
            await box.click(force=True)  # The check mark in front of it takes the click.
        await go_on(page).click()
        await dialog(page).get_by_text(english("config.abort.imported").format(count="1"), exact=True).wait_for()
        await keep(page, "import-en-3-done")

    assert await titles(home, source="import") == {"Garage"}
    assert await titles(home, source="ignore") == {"Hall", "Pergola"}

    async with browser_page(home.client, "de") as page:
        await open_path(page, home.client, ADD_PAGE)
        await page.get_by_role("button", name="OK").click()
        await dialog(page).get_by_text(german("common.menu_import").format(name="WLED", count="2"), exact=True).click()
        await dialog(page).get_by_text("Pergola").first.wait_for()
        await assert_readable(page, german("config.step.known_devices.data.devices"))

        await go_on(page).click()
        await dialog(page).get_by_text(german("config.error.none_chosen")).wait_for()
        await keep(page, "import-de-1-none-chosen")

        await dialog(page).get_by_role("checkbox").nth(1).click(force=True)
        await go_on(page).click()
        await dialog(page).get_by_text(german("config.abort.imported").format(count="1"), exact=True).wait_for()
        await keep(page, "import-de-2-done")

    assert await titles(home, source="import") == {"Garage", "Pergola"}
    assert await titles(home, source="ignore") == {"Hall"}
