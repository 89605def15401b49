"""What the page does not do for a person, and that it does it once the reason is gone."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from scripts.live.archive import find_archive
from scripts.live.client import add_person, logged_in
from scripts.live.controllers import Model, simulated_controllers
from scripts.live.folder import INTEGRATION
from tests.simulators.wled import Chip

from .browser import browser_page, keep, open_path
from .home import Home, fresh_home
from .pages import Words
from .views import assert_accessible, assert_readable, panel

pytestmark = pytest.mark.asyncio(loop_scope="session")

NAME = "Stairs"
GUEST = "guest"
PATH = "/device-backups"
PATIENCE = 60_000
NO_ROOM = """
import pathlib, shutil
real, full = shutil.disk_usage, pathlib.Path(__file__).with_name("full")
shutil.disk_usage = lambda path: real(path)._replace(free=0) if full.exists() else real(path)
setup = lambda hass, config: True
"""
"""An integration: while there is a file of that name, the disk is full."""
DOMAIN = "no_room"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def home(work: Path) -> AsyncIterator[Home]:
    no_room = work / DOMAIN
    no_room.mkdir()
    manifest = {"domain": DOMAIN, "name": "No room", "requirements": [], "version": "1.0"}
    (no_room / "manifest.json").write_text(json.dumps(manifest))
    (no_room / "__init__.py").write_text(NO_ROOM)
    async with (
        simulated_controllers([Model(NAME, "0.15.5", Chip.ESP32)]) as controllers,
        fresh_home(work / "refused", controllers, integrations=(INTEGRATION, no_room), extra=f"{DOMAIN}:\n") as started,
    ):
        yield started


@pytest.fixture
def full(home: Home) -> Path:
    """Return the file that makes the disk full."""
    return home.folder / "custom_components" / DOMAIN / "full"


async def panels(page: Page) -> set[str]:
    """Return what the sidebar may offer to that person."""
    return set(await page.evaluate("Object.keys(document.querySelector('home-assistant').hass.panels)"))


async def test_only_administrators_have_it(home: Home) -> None:
    await add_person(home.client, GUEST)
    title = Words("en")("common.page_title")
    async with logged_in(home.client.url, fresh=False, username=GUEST) as client, browser_page(client) as page:
        await open_path(page, client, PATH)
        await page.locator("ha-sidebar").wait_for(state="attached")
        await keep(page, "refused-guest")
        assert PATH[1:] not in await panels(page)
        await expect(page.locator("ha-sidebar").get_by_text(title, exact=True)).to_have_count(0)
        await expect(panel(page)).to_have_count(0)
    async with browser_page(home.client) as page:
        await open_path(page, home.client, PATH)
        await panel(page).get_by_text(NAME).first.wait_for()
        assert PATH[1:] in await panels(page)
        await expect(page.locator("ha-sidebar").get_by_text(title, exact=True)).to_have_count(1)


@pytest.mark.parametrize("language", ["en", "de"])
async def test_a_file_for_which_there_is_no_room(home: Home, full: Path, language: str) -> None:
    words = Words(language)
    await home.client.command("config/core/update", language=language)
    file = find_archive(home.folder, await home.client.make_backup("Evening"))
    async with browser_page(home.client, language, width=360) as page:
        await open_path(page, home.client, f"{PATH}/snapshots")
        chooser, alert = panel(page).locator("input[type=file]"), panel(page).locator("ha-alert")
        await chooser.wait_for(state="attached")
        full.touch()
        await chooser.set_input_files(file)
        await alert.filter(has_text=words("exceptions.store_full.message").partition(" {")[0]).wait_for()
        await assert_readable(page)
        await assert_accessible(page)
        await keep(page, f"refused-full-{language}")

        full.unlink()
        await chooser.set_input_files(file)
        present = words("config_panel.snapshots.present")
        await panel(page).locator("ha-card").filter(has_text=NAME).get_by_text(present).first.wait_for(timeout=PATIENCE)
        await expect(alert).to_have_count(0)
        await panel(page).get_by_role("button", name=words("config_panel.snapshots.close"), exact=True).click()
