"""The worst day in a browser: a controller that was reset, and one that was replaced; wide and on a phone."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from scripts.live.controllers import Controller, Model, simulated_controllers
from scripts.live.waiting import until
from tests.simulators.wled import Chip

from .browser import browser_page, keep, open_path
from .home import Home, with_devices
from .pages import (
    INTEGRATION_PAGE,
    Words,
    assert_within,
    dialog,
    field,
    go_on,
    notification,
    open_gear,
    open_notifications,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")

REPAIRS = "/config/repairs"
SECONDS = 60
WIDTHS = {"en": 1280, "de": 360}
"""One language wide, the other on a phone."""
KNOWN_OPTION = {"looks_reset": "accept", "another_device": "moved"}
NAMES = {"en": "Stairs", "de": "Treppe"}
CLICKS = 6
"""From the page of Device Backups: menu, Reconfigure, address, choice, confirmation, plan."""


@pytest_asyncio.fixture(loop_scope="session")
async def controllers(words: Words) -> AsyncIterator[list[Controller]]:
    """Start the controller of the stairs, and its replacement."""
    models = [Model(NAMES[words.language], "0.15.5", Chip.ESP32), Model("WLED", "0.15.5", Chip.ESP32)]
    async with simulated_controllers(models) as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def home(empty_home: Home, controllers: list[Controller]) -> AsyncIterator[Home]:
    """Return a Home Assistant that has backed up the stairs."""
    async with with_devices(empty_home, controllers[:1]) as filled:
        yield filled


@pytest_asyncio.fixture(loop_scope="session")
async def page(home: Home, words: Words) -> AsyncIterator[Page]:
    async with browser_page(home.client, words.language, width=WIDTHS[words.language]) as opened:
        yield opened


async def issues(home: Home) -> list[str]:
    found = await home.client.command("repairs/list_issues")
    return [issue["translation_key"] for issue in found["issues"] if issue["domain"] == "ha_device_backups"]


async def open_repair(home: Home, page: Page, words: Words, kind: str) -> None:
    title = words(f"issues.{kind}.title").format(name=NAMES[words.language], plain_name=NAMES[words.language])
    await open_path(page, home.client, REPAIRS)
    await page.get_by_text(title).first.click()
    known = KNOWN_OPTION[kind]
    await dialog(page).get_by_text(words(f"issues.{kind}.fix_flow.step.start.menu_options.{known}")).first.wait_for()


async def restore(page: Page, words: Words, kind: str, picture: str) -> None:
    """Confirm the plan, and read what came of it."""
    await dialog(page).get_by_text(words(f"issues.{kind}.fix_flow.step.plan.title")).first.wait_for()
    await expect(dialog(page)).to_contain_text("presets.json")
    await assert_within(page)
    await keep(page, f"{picture}-2-plan")
    await go_on(page).click()
    await dialog(page).get_by_text(words(f"issues.{kind}.fix_flow.step.restored.title")).first.wait_for(timeout=60_000)
    await assert_within(page)
    await keep(page, f"{picture}-3-restored")
    await go_on(page).click()


async def test_a_reset_controller_gets_its_configuration_back(
    home: Home, page: Page, words: Words, controllers: list[Controller]
) -> None:
    stairs = controllers[0]
    before = stairs.files()
    stairs.wipe()
    await home.client.act("ha_device_backups.back_up", {"all": True})
    await until(lambda: issues(home), lambda found: "looks_reset" in found, seconds=SECONDS)
    await open_repair(home, page, words, "looks_reset")
    await assert_within(page)
    await keep(page, f"reset-{words.language}-1-looks-reset")
    option = words("issues.looks_reset.fix_flow.step.start.menu_options.restore").partition("{")[0].strip()
    await dialog(page).get_by_text(option).first.click()
    await restore(page, words, "looks_reset", f"reset-{words.language}")
    await until(lambda: issues(home), lambda found: not found, seconds=SECONDS)
    assert stairs.files()["presets.json"] == before["presets.json"]


async def test_the_gear_puts_a_backup_back_whether_its_window_stays_open_or_not(
    home: Home, page: Page, words: Words, controllers: list[Controller]
) -> None:
    stairs, name = controllers[0], NAMES[words.language]
    before = stairs.files()
    stairs.wipe()
    await home.client.act("ha_device_backups.back_up", {"all": True})
    await open_gear(home, page, name)
    await dialog(page).get_by_text(words("options.step.init.menu_options.restore"), exact=True).click()
    await dialog(page).get_by_text(words("common.mark_recommended")).first.wait_for()
    await assert_within(page)
    await keep(page, f"gear-{words.language}-1-choose")
    await go_on(page).click()
    await dialog(page).get_by_text(words("options.step.plan.title")).first.wait_for()
    await assert_within(page)
    await keep(page, f"gear-{words.language}-2-plan")
    await go_on(page).click()
    progress = dialog(page).get_by_text(words("options.progress.restoring").partition(".")[0])
    await progress.first.wait_for()
    await open_path(page, home.client, REPAIRS)
    told = notification(page, words("common.event_restored").format(name=name))
    await until(lambda: presets(stairs), lambda found: found == before["presets.json"], seconds=SECONDS)
    await open_notifications(home, page)
    await told.wait_for(timeout=60_000)
    await expect(told).to_contain_text(words("common.mark_undoes").partition("{")[0].strip())
    await keep(page, f"gear-{words.language}-3-told")


async def presets(controller: Controller) -> bytes | None:
    return controller.files().get("presets.json")


async def test_who_backs_up_a_reset_controller_is_led_to_the_repair(
    home: Home, page: Page, words: Words, controllers: list[Controller]
) -> None:
    name = NAMES[words.language]
    controllers[0].wipe()
    await open_gear(home, page, name)
    await dialog(page).get_by_text(words("options.step.init.menu_options.back_up"), exact=True).click()
    told = words("options.abort.looks_reset")
    await expect(dialog(page)).to_contain_text(told.partition("{name} ")[2].partition(" {reason}")[0])
    await expect(dialog(page)).to_contain_text(words("common.recommended_is").partition("{date}")[0])
    await assert_within(page)
    await keep(page, f"reset-{words.language}-0-backed-up")
    await dialog(page).get_by_role("link", name=told.partition("[")[2].partition("]")[0]).click()
    await page.get_by_text(words("issues.looks_reset.title").format(plain_name=name)).first.click()
    await dialog(page).get_by_text(words("issues.looks_reset.fix_flow.step.start.menu_options.accept")).first.wait_for()


async def test_a_replacement_goes_on_with_the_history(
    home: Home, page: Page, words: Words, controllers: list[Controller]
) -> None:
    stairs, new = controllers
    before = stairs.files()
    new.wipe()
    await new.take_the_place_of(stairs)
    await home.client.act("ha_device_backups.back_up", {"all": True})
    await until(lambda: issues(home), lambda found: "another_device" in found, seconds=SECONDS)
    await open_repair(home, page, words, "another_device")
    await assert_within(page)
    await keep(page, f"replaced-{words.language}-1-another-device")
    option = words("issues.another_device.fix_flow.step.start.menu_options.replaced")
    await dialog(page).get_by_text(option).first.click()
    await dialog(page).get_by_text(words("issues.another_device.fix_flow.step.replaced.title")).first.wait_for()
    await assert_within(page)
    await keep(page, f"replaced-{words.language}-1b-confirm")
    await go_on(page).click()
    await restore(page, words, "another_device", f"replaced-{words.language}")
    await until(lambda: issues(home), lambda found: not found, seconds=SECONDS)
    assert new.files()["presets.json"] == before["presets.json"]


async def test_a_replacement_at_another_address_goes_on_with_the_history(
    home: Home, page: Page, words: Words, controllers: list[Controller]
) -> None:
    stairs, new = controllers
    before, picture = stairs.files(), f"replaced-elsewhere-{words.language}"
    new.wipe()
    await stairs.wled.stop()
    await open_path(page, home.client, INTEGRATION_PAGE)
    await page.evaluate("window.clicks = 0")
    row = page.locator("ha-config-entry-row").filter(has_text=NAMES[words.language]).first
    await row.locator("ha-dropdown").first.locator("ha-icon-button[slot=trigger]").click()
    await row.locator("ha-dropdown-item[value=reconfigure]").click()
    await field(page, words("config.step.reconfigure.data.port"), number=True).fill(str(new.wled.port))
    await go_on(page).click()
    await dialog(page).get_by_text(words("config.step.other_device.title")).first.wait_for()
    await expect(dialog(page)).to_contain_text(NAMES[words.language])
    await expect(dialog(page)).to_contain_text("WLED (")
    await assert_within(page)
    await keep(page, f"{picture}-1-another-device")
    option = words("config.step.other_device.menu_options.replaced").partition(":")[0]
    await dialog(page).get_by_text(option).first.click()
    await dialog(page).get_by_text(words("config.step.replaced.title")).first.wait_for()
    await expect(dialog(page)).to_contain_text(NAMES[words.language])
    await assert_within(page)
    await keep(page, f"{picture}-2-confirm")
    await go_on(page).click()
    await dialog(page).get_by_text(words("config.step.plan.title")).first.wait_for()
    await expect(dialog(page)).to_contain_text("presets.json")
    await assert_within(page)
    await keep(page, f"{picture}-3-plan")
    await go_on(page).click()
    await dialog(page).get_by_text(words("common.report_proven")).first.wait_for(timeout=60_000)
    await assert_within(page)
    await keep(page, f"{picture}-4-restored")
    assert await page.evaluate("window.clicks") == CLICKS

    assert new.files()["presets.json"] == before["presets.json"]
    assert new.wled.device.name == NAMES[words.language]
    await home.client.act("ha_device_backups.back_up", {"all": True})
    assert [backup.unique_id for backup in home.newest()] == [new.mac]
    assert await issues(home) == []
