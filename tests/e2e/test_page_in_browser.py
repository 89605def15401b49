"""The page in the sidebar: found, read, and used to give a backup back; wide in English, on a phone in German."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from scripts.live.controllers import Controller, Model, simulated_controllers
from tests.simulators.wled import Chip

from .browser import browser_page, keep, open_path, text_of
from .home import Home, fresh_home
from .pages import Words

pytestmark = pytest.mark.asyncio(loop_scope="session")

WIDTHS = {"en": 1280, "de": 360}
NARROW = 870
NAME = "Stairs"
COUNT_CLICKS = "window.clicks ??= 0; addEventListener('click', event => window.clicks += event.isTrusted, true)"
"""Those of the person, not what the page does to have a file saved."""
RESTORE_CLICKS = 3
"""From the sidebar: the page, "Restore" of the device, "Put it back"."""
OLDER_CLICKS = 4
"""With the device between, and "Restore" of its backup."""
DOWNLOAD_CLICKS = 3
"""The page, the device, "Download"."""


@pytest.fixture(params=["en", "de"])
def words(request: pytest.FixtureRequest) -> Words:
    return Words(request.param)


@pytest_asyncio.fixture(loop_scope="session")
async def stairs() -> AsyncIterator[Controller]:
    async with simulated_controllers([Model(NAME, "0.15.5", Chip.ESP32)]) as (started,):
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def home(tmp_path: Path, stairs: Controller, words: Words) -> AsyncIterator[Home]:
    async with fresh_home(tmp_path / "page", [stairs]) as started:
        await started.client.command("config/core/update", language=words.language)
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def page(home: Home, words: Words) -> AsyncIterator[Page]:
    async with browser_page(home.client, words.language, width=WIDTHS[words.language]) as opened:
        await opened.add_init_script(COUNT_CLICKS)
        yield opened


def panel(page: Page) -> Locator:
    return page.locator("device-backups-panel")


def named(page: Page, text: str) -> Locator:
    return panel(page).get_by_role("button", name=text, exact=True)


async def open_from_sidebar(home: Home, page: Page, words: Words) -> None:
    """Begin where a person begins."""
    await open_path(page, home.client, "/config/dashboard")
    if WIDTHS[words.language] < NARROW:
        await page.locator("ha-menu-button").first.click()
    await page.evaluate("window.clicks = 0")
    await page.locator("ha-sidebar").get_by_text(words("common.page_title"), exact=True).click()
    await panel(page).get_by_text(words("config_panel.overview.heading")).wait_for()


async def assert_readable(page: Page) -> None:
    """Nothing is cut at the side, and no key and no gap is left in the texts."""
    overflow = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 1
    text = await text_of(panel(page))
    for unreadable in ("formatjs", "MISSING_VALUE", "Translation", "{", "component.", "undefined", "null"):
        assert unreadable not in text
    assert not re.search(r"\b[a-z_]+\.[a-z_]+\b", text.replace(".json", "")), text


async def test_the_newest_backup_is_put_back(home: Home, page: Page, words: Words, stairs: Controller) -> None:
    before = stairs.files()["presets.json"]
    await open_from_sidebar(home, page, words)
    await panel(page).get_by_text(NAME).first.wait_for()
    await assert_readable(page)
    await keep(page, f"page-{words.language}-1-overview")
    stairs.change()
    assert stairs.files()["presets.json"] != before

    await (
        panel(page).get_by_role("button", name=words("config_panel.overview.restore_device").format(name=NAME)).click()
    )
    await panel(page).get_by_text(words("config_panel.plan.heading")).wait_for()
    await assert_readable(page)
    await keep(page, f"page-{words.language}-2-plan")
    await named(page, words("config_panel.restore.start")).click()
    await panel(page).get_by_text(words("config_panel.end.proven")).wait_for(timeout=60_000)
    assert await page.evaluate("window.clicks") == RESTORE_CLICKS
    await assert_readable(page)
    await keep(page, f"page-{words.language}-3-restored")
    assert stairs.files()["presets.json"] == before

    await named(page, words("config_panel.end.undo")).click()
    chosen = panel(page).locator("select").first.locator("option:checked")
    await expect(chosen).to_contain_text(words("config_panel.label.before_restore"))
    await named(page, words("config_panel.restore.start")).click()
    await panel(page).get_by_text(words("config_panel.end.proven")).wait_for(timeout=60_000)
    assert stairs.files()["presets.json"] != before


async def test_an_older_backup_is_read_compared_downloaded_and_put_back(
    home: Home, page: Page, words: Words, stairs: Controller
) -> None:
    before = stairs.files()["presets.json"]
    stairs.change()
    await home.client.act("ha_device_backups.back_up", {"all": True})
    await open_from_sidebar(home, page, words)
    await panel(page).get_by_text(NAME).first.click()
    older = panel(page).locator("ol > li").nth(1)
    async with page.expect_download() as downloading:
        await older.get_by_role("button", name=words("config_panel.device.download")).click()
    download = await downloading.value
    assert await page.evaluate("window.clicks") == DOWNLOAD_CLICKS
    assert download.suggested_filename.endswith(".zip")
    assert Path(await download.path()).read_bytes() in [path.read_bytes() for path in home.store.rglob("*.zip")]
    await assert_readable(page)
    await keep(page, f"page-{words.language}-4-device")

    compare = words("config_panel.device.compare")
    await panel(page).get_by_role("button", name=compare).first.click()
    await panel(page).get_by_text("Change 1").first.wait_for()
    await assert_readable(page)
    await keep(page, f"page-{words.language}-5-compare")
    await page.go_back()

    clicks = await page.evaluate("window.clicks")
    await older.get_by_role("button", name=words("config_panel.restore.action")).click()
    await named(page, words("config_panel.restore.start")).click()
    await panel(page).get_by_text(words("config_panel.end.proven")).wait_for(timeout=60_000)
    assert await page.evaluate("window.clicks") - clicks + 2 == OLDER_CLICKS
    assert stairs.files()["presets.json"] == before


async def test_a_restore_goes_on_while_the_page_is_loaded_again(
    home: Home, page: Page, words: Words, stairs: Controller
) -> None:
    before = stairs.files()["presets.json"]
    stairs.change()
    await open_from_sidebar(home, page, words)
    restore = words("config_panel.overview.restore_device").format(name=NAME)
    await panel(page).get_by_role("button", name=restore).click()
    stairs.wled.faults.delay = 0.3
    await named(page, words("config_panel.restore.start")).click()
    await panel(page).get_by_text(words("config_panel.restore.running")).wait_for()
    await page.reload()
    await panel(page).get_by_text(words("config_panel.restore.running")).wait_for()
    await keep(page, f"page-{words.language}-6-running")
    stairs.wled.faults.delay = 0.0
    await panel(page).get_by_text(words("config_panel.end.proven")).wait_for(timeout=60_000)
    assert stairs.files()["presets.json"] == before


@pytest.mark.parametrize("path", ["", "/device/wled:nobody", "/device/wled:nobody/restore"])
async def test_every_view_is_accessible(home: Home, page: Page, words: Words, path: str) -> None:
    await open_path(page, home.client, f"/device-backups{path}")
    await panel(page).get_by_role("heading").first.wait_for()
    await assert_readable(page)


async def test_the_only_backup_is_deleted_only_on_purpose(home: Home, page: Page, words: Words) -> None:
    (file,) = home.store.rglob("*.zip")
    await open_from_sidebar(home, page, words)
    await panel(page).get_by_text(NAME).first.click()
    delete = panel(page).locator("ol > li").get_by_role("button", name=words("config_panel.device.delete"))
    sure, nevertheless = (words(f"config_panel.question.{key}.action") for key in ("delete", "delete_needed"))
    dialog = panel(page).get_by_role("dialog")
    await delete.click()
    await page.keyboard.press("Escape")
    await dialog.wait_for(state="detached")
    await delete.click()
    await dialog.get_by_role("button", name=sure, exact=True).click()
    await dialog.get_by_text(words("config_panel.question.delete_needed.heading")).wait_for()
    await assert_readable(page)
    await keep(page, f"page-{words.language}-7-delete")
    await dialog.get_by_role("button", name=words("config_panel.cancel")).click()
    await dialog.wait_for(state="detached")
    assert file.is_file()

    await delete.click()
    await dialog.get_by_role("button", name=sure, exact=True).click()
    await dialog.get_by_role("button", name=nevertheless, exact=True).click()
    await panel(page).get_by_text(words("config_panel.device.no_backups")).wait_for()
    assert not file.exists()
