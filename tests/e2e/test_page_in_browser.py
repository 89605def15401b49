"""The page in the sidebar: found, read, and used to give a backup back; wide in English, on a phone in German."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from scripts.live.controllers import Controller, Model, simulated_controllers
from tests.simulators.wled import Chip

from .browser import browser_page, enter, keep, open_path
from .home import Home, with_devices
from .pages import Words
from .views import assert_accessible, assert_readable, panel

pytestmark = pytest.mark.asyncio(loop_scope="session")

WIDTHS = {"en": 1280, "de": 360}
NARROW = 870
NAME = "Stairs"
SPEAK = """language => document.querySelector("home-assistant").dispatchEvent(
  new CustomEvent("hass-language-select", { detail: language, bubbles: true, composed: true }))"""
"""What the profile does when somebody picks another language."""
RESTORE_CLICKS = 3
"""From the sidebar: the page, "Restore" of the device, "Put it back"."""
OLDER_CLICKS = 4
"""With the device between, and "Restore" of its backup."""
DOWNLOAD_CLICKS = 3
"""The page, the device, "Download"."""


@pytest_asyncio.fixture(loop_scope="session")
async def stairs() -> AsyncIterator[Controller]:
    async with simulated_controllers([Model(NAME, "0.15.5", Chip.ESP32)]) as (started,):
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def home(empty_home: Home, stairs: Controller) -> AsyncIterator[Home]:
    async with with_devices(empty_home, [stairs]) as filled:
        yield filled


@pytest_asyncio.fixture(loop_scope="session")
async def page(home: Home, words: Words) -> AsyncIterator[Page]:
    async with browser_page(home.client, words.language, width=WIDTHS[words.language], shared=True) as opened:
        yield opened


def named(page: Page, text: str) -> Locator:
    return panel(page).get_by_role("button", name=text, exact=True)


async def open_from_sidebar(home: Home, page: Page, words: Words) -> None:
    """Begin where a person begins."""
    await enter(page, home.client, "/config/dashboard")
    await page.locator("ha-config-dashboard").wait_for()
    if WIDTHS[words.language] < NARROW:
        await page.locator("ha-menu-button").first.click()
    await page.evaluate("window.clicks = 0")
    await page.locator("ha-sidebar").get_by_text(words("common.page_title"), exact=True).click()
    await panel(page).get_by_text(words("config_panel.overview.heading"), exact=True).wait_for()
    await expect(panel(page).locator("ha-top-app-bar-fixed [slot=title]")).to_have_text(words("common.page_title"))


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
    await panel(page).get_by_role("heading", name=words("config_panel.plan.heading"), exact=True).wait_for()
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
    running = panel(page).get_by_role("heading", name=words("config_panel.restore.running"), exact=True)
    await named(page, words("config_panel.restore.start")).click()
    await running.wait_for()
    await page.reload()
    await running.wait_for()
    await assert_accessible(page)
    await keep(page, f"page-{words.language}-6-running")
    stairs.wled.faults.delay = 0.0
    await panel(page).get_by_text(words("config_panel.end.proven")).wait_for(timeout=60_000)
    assert stairs.files()["presets.json"] == before


async def test_two_pages_a_double_click_and_ways_out_in_the_middle_are_one_restore(
    home: Home, page: Page, words: Words, stairs: Controller
) -> None:
    before = stairs.files()["presets.json"]
    stairs.change()
    key = f"wled:{stairs.mac}"
    other = await page.context.new_page()
    start, running = (words(f"config_panel.{of}") for of in ("restore.start", "restore.running"))
    for one in (other, page):
        await open_path(one, home.client, f"/device-backups/device/{key}/restore")
        await named(one, start).wait_for(timeout=60_000)
    stairs.wled.faults.delay = 0.5
    await named(page, start).dblclick()
    for one in (page, other):
        await panel(one).get_by_role("heading", name=running, exact=True).wait_for()
    await open_path(page, home.client, "/device-backups")
    await panel(page).get_by_text(words("config_panel.busy.restore"), exact=True).first.wait_for()
    await page.go_back()
    await panel(page).get_by_role("heading", name=running, exact=True).wait_for()
    another = Words("de" if words.language == "en" else "en")
    await other.evaluate(SPEAK, another.language)
    await panel(other).get_by_role("heading", name=another("config_panel.restore.running"), exact=True).wait_for()
    await keep(other, f"page-{words.language}-8-two-pages")
    stairs.wled.faults.delay = 0.0
    # The language is the person's: Home Assistant takes it over on each of their pages.
    for one in (page, other):
        await panel(one).get_by_text(another("config_panel.end.proven")).wait_for(timeout=60_000)
    assert stairs.files()["presets.json"] == before
    backups = (await home.client.command("ha_device_backups/backups/list", device_key=key))["backups"]
    assert len([one for one in backups if one["undoes_restore_of"]]) == 1


async def test_what_is_not_there_is_told(home: Home, page: Page, words: Words) -> None:
    for path in ("/device/wled:nobody", "/device/wled:nobody/restore"):
        await open_path(page, home.client, f"/device-backups{path}")
        await panel(page).get_by_role("heading").first.wait_for()
        await assert_readable(page)
        await assert_accessible(page)


async def test_the_only_backup_is_deleted_only_on_purpose(home: Home, page: Page, words: Words) -> None:
    (file,) = home.store.rglob("*.zip")
    await open_from_sidebar(home, page, words)
    await panel(page).get_by_text(NAME).first.click()
    delete = panel(page).locator("ol > li").get_by_role("button", name=words("config_panel.device.delete"))
    nevertheless = words("config_panel.question.delete_needed.action")
    dialog = panel(page).get_by_role("dialog")
    await delete.click()
    await page.keyboard.press("Escape")
    await dialog.wait_for(state="detached")
    await delete.click()
    await dialog.get_by_role("button", name=nevertheless, exact=True).wait_for()
    await assert_readable(page)
    await assert_accessible(page)
    await keep(page, f"page-{words.language}-7-delete")
    await dialog.get_by_role("button", name=words("config_panel.cancel")).click()
    await dialog.wait_for(state="detached")
    assert file.is_file()

    await delete.click()
    await dialog.get_by_role("button", name=nevertheless, exact=True).click()
    await panel(page).get_by_text(words("config_panel.device.no_backups")).wait_for()
    assert not file.exists()
