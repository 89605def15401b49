"""The ways to the page: from a repair, a notification and the service; and onto a replacement. Wide, and on a phone."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from scripts.live.controllers import Controller, Model, simulated_controllers
from scripts.live.flows import add_device
from scripts.live.waiting import until
from tests.simulators.wled import Chip

from .browser import browser_page, keep, open_path
from .home import Home, with_devices
from .pages import NARROW, Words, dialog, notification, open_notifications
from .views import assert_accessible, assert_readable, panel

pytestmark = pytest.mark.asyncio(loop_scope="session")

WIDTHS = {"en": 1280, "de": 360}
NAME = "Stairs"
NEW = "New stairs"
SECONDS = 60
REPLACEMENT_CLICKS = 7
"""At most, from the sidebar: with the two in a list that the browser itself opens."""
CLICKS_IN_LIST = 2


@pytest_asyncio.fixture(loop_scope="session")
async def controllers() -> AsyncIterator[list[Controller]]:
    models = [Model(NAME, "0.15.5", Chip.ESP32), Model(NEW, "0.15.5", Chip.ESP32)]
    async with simulated_controllers(models) as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def home(empty_home: Home, controllers: list[Controller]) -> AsyncIterator[Home]:
    async with with_devices(empty_home, controllers[:1]) as filled:
        yield filled


@pytest_asyncio.fixture(loop_scope="session")
async def page(home: Home, words: Words) -> AsyncIterator[Page]:
    async with browser_page(home.client, words.language, width=WIDTHS[words.language], shared=True) as opened:
        yield opened


def link(words: Words, key: str) -> str:
    """Return what a link of the texts is called."""
    return words(f"common.{key}").partition("]")[0].removeprefix("[")


async def issues(home: Home) -> list[str]:
    found = await home.client.command("repairs/list_issues")
    return [issue["translation_key"] for issue in found["issues"] if issue["domain"] == "ha_device_backups"]


async def put_back(page: Page, words: Words) -> None:
    await panel(page).get_by_role("button", name=words("config_panel.restore.start"), exact=True).click()
    await panel(page).get_by_text(words("config_panel.end.proven")).wait_for(timeout=60_000)


async def test_a_repair_and_a_notification_lead_to_the_right_backup(
    home: Home, page: Page, words: Words, controllers: list[Controller]
) -> None:
    stairs = controllers[0]
    before = stairs.files()["presets.json"]
    stairs.wipe()
    await home.client.act("ha_device_backups.back_up", {"all": True})
    await until(lambda: issues(home), lambda found: "looks_reset" in found, seconds=SECONDS)
    repair = words("issues.looks_reset.title").format(plain_name=NAME)
    for name in ("page_compare", "page_link"):
        await open_path(page, home.client, "/config/repairs")
        await page.get_by_text(repair).first.click()
        await keep(page, f"ways-{words.language}-1-repair")
        await dialog(page).get_by_role("link", name=link(words, name)).click()
        await panel(page).locator("h1").wait_for()
        await dialog(page).locator("ha-dialog").first.wait_for(state="hidden")
        await expect(panel(page).locator("ha-spinner")).to_have_count(0)
        await assert_accessible(page)
    await assert_readable(page)
    chosen = panel(page).locator("select").first.locator("option:checked")
    await expect(chosen).to_contain_text(words("config_panel.label.recommended"))
    await keep(page, f"ways-{words.language}-2-restore")
    await put_back(page, words)
    assert stairs.files()["presets.json"] == before
    await until(lambda: issues(home), lambda found: not found, seconds=SECONDS)

    await open_notifications(home, page)
    told = notification(page, words("common.event_restored").format(name=NAME))
    await told.get_by_role("link", name=link(words, "page_undo")).click()
    chosen = panel(page).locator("select").first.locator("option:checked")
    await expect(chosen).to_contain_text(words("config_panel.label.before_restore"))


async def test_the_service_leads_to_the_page(home: Home, page: Page, words: Words) -> None:
    devices = await home.client.command("config/device_registry/list")
    (service,) = [
        device for device in devices if device["entry_type"] == "service" and device["name"] == "Device Backups"
    ]
    await open_path(page, home.client, f"/config/devices/device/{service['id']}")
    await page.locator("ha-config-device-page a[href='/device-backups']").first.click()
    await panel(page).get_by_text(NAME).first.wait_for()


async def test_a_backup_of_what_is_gone_is_put_on_its_replacement(
    home: Home, page: Page, words: Words, controllers: list[Controller]
) -> None:
    stairs, new = controllers
    before = stairs.files()["presets.json"]
    await stairs.wled.stop()
    new.wipe()
    await add_device(home.client, new.answers)
    await open_path(page, home.client, "/config/dashboard")
    if WIDTHS[words.language] < NARROW:
        await page.locator("ha-menu-button").first.click()
    await page.evaluate("window.clicks = 0")
    await page.locator("ha-sidebar").get_by_text(words("common.page_title"), exact=True).click()
    named = re.compile(words("config_panel.overview.restore_device").replace("{name}", "WLED.*"))
    await panel(page).get_by_role("button", name=named).click()
    await keep(page, f"ways-{words.language}-3-replacement")
    await panel(page).locator("select").nth(1).select_option(label=NAME)
    await panel(page).get_by_role("heading", name=words("config_panel.plan.heading"), exact=True).wait_for()
    await assert_readable(page)
    await keep(page, f"ways-{words.language}-4-plan")
    await put_back(page, words)
    await keep(page, f"ways-{words.language}-5-replaced")
    assert await page.evaluate("window.clicks") + CLICKS_IN_LIST <= REPLACEMENT_CLICKS
    assert new.files()["presets.json"] == before
