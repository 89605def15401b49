"""The views about all devices: Home Assistant's backups, after a power cut, files from elsewhere, packages."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page

from scripts.live.archive import find_archive
from scripts.live.controllers import Controller, Model, simulated_controllers
from tests.handlers_http.recipe.test_loader import GOOD
from tests.simulators.wled import Chip

from .browser import browser_page, keep, open_path
from .home import Home, with_devices
from .pages import Words
from .test_page_in_browser import WIDTHS, named, open_from_sidebar
from .views import assert_accessible, assert_readable, panel

pytestmark = pytest.mark.asyncio(loop_scope="session")

NAME, OTHER = "Stairs", "Attic"
KEY = "the key of the emergency kit"
SNAPSHOT_CLICKS = 6
"""From the sidebar: the page, "Home Assistant backups", "Look inside", the key, "Restore", "Put it back"."""
POWER_CUT_CLICKS = 5
"""The page, "After a power cut", "Ask all devices", "Put back", and yes."""
PATIENCE = 60_000


@pytest_asyncio.fixture(loop_scope="session")
async def lamps() -> AsyncIterator[list[Controller]]:
    models = [Model(NAME, "0.15.5", Chip.ESP32), Model(OTHER, "0.15.5", Chip.ESP32)]
    async with simulated_controllers(models) as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def home(empty_home: Home, lamps: list[Controller]) -> AsyncIterator[Home]:
    async with with_devices(empty_home, lamps) as filled:
        yield filled


@pytest_asyncio.fixture(loop_scope="session")
async def page(home: Home, words: Words) -> AsyncIterator[Page]:
    async with browser_page(home.client, words.language, width=WIDTHS[words.language], shared=True) as opened:
        if words.language == "de":
            await opened.emulate_media(color_scheme="dark")
        yield opened


async def open_way(home: Home, page: Page, words: Words, way: str) -> None:
    """Go to one of the views from the sidebar."""
    await open_from_sidebar(home, page, words)
    await panel(page).get_by_role("link", name=words(f"config_panel.way.{way}"), exact=True).click()
    await panel(page).get_by_role("heading", name=words(f"config_panel.way.{way}"), exact=True).wait_for()


async def test_a_device_is_taken_out_of_an_encrypted_backup(
    home: Home, page: Page, words: Words, lamps: list[Controller]
) -> None:
    stairs = lamps[0]
    before = stairs.files()["presets.json"]
    await home.client.command("backup/config/update", create_backup={"password": KEY})
    await home.client.make_backup("Evening", password=KEY)
    stairs.change()
    await home.client.act("ha_device_backups.back_up", {"all": True})
    await open_way(home, page, words, "snapshots")
    await panel(page).get_by_text("Evening").wait_for()
    await assert_readable(page)
    await assert_accessible(page)
    await keep(page, f"ways-{words.language}-1-snapshots")
    await panel(page).get_by_role("button", name=words("config_panel.snapshots.open")).first.click()
    own = named(page, words("config_panel.snapshots.own_key"))
    await own.wait_for()
    await assert_readable(page)
    await assert_accessible(page)
    await keep(page, f"ways-{words.language}-2-key")
    await own.click()
    card = panel(page).locator("ha-card").filter(has_text=NAME)
    await card.get_by_text(words("config_panel.snapshots.present")).first.wait_for()
    await assert_readable(page)
    await assert_accessible(page)
    await keep(page, f"ways-{words.language}-3-devices")
    await card.get_by_role("button", name=words("config_panel.restore.action"), exact=True).first.click()
    await named(page, words("config_panel.restore.start")).click()
    await panel(page).get_by_text(words("config_panel.end.proven")).wait_for(timeout=PATIENCE)
    assert await page.evaluate("window.clicks") == SNAPSHOT_CLICKS
    assert stairs.files()["presets.json"] == before


async def test_the_file_of_a_home_assistant_that_is_gone(
    home: Home, page: Page, words: Words, lamps: list[Controller], tmp_path: Path
) -> None:
    archive = find_archive(home.folder, await home.client.make_backup("Evening", password=KEY))
    file = archive.rename(tmp_path / "old home.tar")
    entries = await home.client.command("config_entries/get", domain="ha_device_backups")
    entry = next(entry["entry_id"] for entry in entries if entry["title"] == OTHER)
    await home.client.delete(f"/api/config/config_entries/entry/{entry}")
    key = f"wled:{lamps[1].mac}"
    (stored,) = (await home.client.command("ha_device_backups/backups/list", device_key=key))["backups"]
    named_backup = {"device_key": key, "backup_id": stored["backup_id"]}
    await home.client.command("ha_device_backups/backups/delete", **named_backup, even_if_needed=True)
    await open_way(home, page, words, "snapshots")
    await panel(page).locator("input[type=file]").set_input_files(file)
    password = panel(page).locator("input[type=password]")
    told = panel(page).locator("form ha-alert")
    asked = await told.inner_text()
    await password.fill("wrong")
    await password.press("Enter")
    await told.filter(has_not_text=asked).wait_for()
    await password.fill(KEY)
    await password.press("Enter")
    card = panel(page).locator("ha-card").filter(has_text=OTHER)
    await card.get_by_text(words("config_panel.snapshots.unknown_device")).wait_for()
    await assert_readable(page)
    await assert_accessible(page)
    await keep(page, f"ways-{words.language}-4-unknown-device")
    await card.get_by_role("button", name=words("config_panel.snapshots.take_all")).first.click()
    await card.get_by_text(words("config_panel.snapshots.present")).first.wait_for()
    await page.reload()
    await card.get_by_text(words("config_panel.snapshots.present")).first.wait_for()
    await named(page, words("config_panel.snapshots.close")).click()
    await panel(page).get_by_text(words("config_panel.snapshots.file_text")).wait_for()


async def test_after_a_power_cut_what_was_lost_is_put_back(
    home: Home, page: Page, words: Words, lamps: list[Controller]
) -> None:
    stairs, attic = lamps
    before = stairs.files()["presets.json"]
    stairs.wipe()
    attic.change()
    changed = attic.files()["presets.json"]
    await open_way(home, page, words, "power_cut")
    await named(page, words("config_panel.power_cut.ask")).click()
    put_back = named(page, words("config_panel.power_cut.restore").format(count=1))
    await put_back.wait_for()
    ticks = panel(page).get_by_role("checkbox")
    chosen = {name: words("config_panel.power_cut.choose").format(name=name) for name in (NAME, OTHER)}
    assert await panel(page).get_by_role("checkbox", name=chosen[NAME]).is_checked()
    assert not await panel(page).get_by_role("checkbox", name=chosen[OTHER]).is_checked()
    assert await ticks.count() == 2
    await assert_readable(page)
    await assert_accessible(page)
    await keep(page, f"ways-{words.language}-5-power-cut")
    await put_back.click()
    dialog = panel(page).get_by_role("dialog")
    await dialog.get_by_text(NAME).wait_for()
    await keep(page, f"ways-{words.language}-6-question")
    await dialog.get_by_role("button", name=words("config_panel.question.put_back.action"), exact=True).click()
    assert await page.evaluate("window.clicks") == POWER_CUT_CLICKS
    await page.reload()
    await panel(page).get_by_text(words("config_panel.power_cut.step.restored"), exact=True).wait_for(timeout=PATIENCE)
    await assert_readable(page)
    await assert_accessible(page)
    await keep(page, f"ways-{words.language}-7-restored")
    assert stairs.files()["presets.json"] == before
    assert attic.files()["presets.json"] == changed


async def test_files_from_elsewhere_are_taken(home: Home, page: Page, words: Words, tmp_path: Path) -> None:
    stored = next(home.store.rglob("*.zip"))
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "Download").write_bytes(stored.read_bytes())
    (folder / "Notes").write_text("no backup")
    await open_way(home, page, words, "import")
    await keep(page, f"ways-{words.language}-8-import")
    await panel(page).locator("#folder").set_input_files(folder)
    await panel(page).get_by_text(words("config_panel.import.outcome.refused"), exact=True).wait_for(timeout=PATIENCE)
    await assert_readable(page)
    await assert_accessible(page)
    await keep(page, f"ways-{words.language}-9-imported")


async def test_packages_are_listed(home: Home, page: Page, words: Words) -> None:
    await open_way(home, page, words, "packages")
    await panel(page).get_by_text(words("common.package_origin_integration")).first.wait_for()
    await keep(page, f"ways-{words.language}-10-packages")
    await panel(page).locator("form input").fill("nothing==never")
    await panel(page).locator("form input").press("Enter")
    dialog = panel(page).get_by_role("dialog")
    await dialog.get_by_role("button", name=words("config_panel.question.install.action"), exact=True).click()
    await panel(page).locator("ha-alert").first.wait_for()
    await assert_readable(page)
    await assert_accessible(page)


async def test_every_way_has_an_address(home: Home, page: Page, words: Words) -> None:
    for way in ("snapshots", "power-cut", "import", "packages"):
        await open_path(page, home.client, f"/device-backups/{way}")
        heading = words(f"config_panel.way.{way.replace('-', '_')}")
        await panel(page).get_by_role("heading", name=heading, exact=True).wait_for()


async def test_a_recipe_is_added_updated_and_removed(home: Home, page: Page, words: Words, tmp_path: Path) -> None:
    await open_way(home, page, words, "packages")
    recipes = panel(page).locator("device-backups-recipes")
    chooser, file = recipes.locator("input[type=file]"), tmp_path / "pump.toml"
    file.write_text("format = 1\nkind = 3\nname = 4\n", encoding="utf-8")
    await chooser.set_input_files(file)
    await recipes.get_by_text("recipe.toml:2: kind: ").wait_for()
    await assert_readable(page)
    await assert_accessible(page)
    await keep(page, f"ways-{words.language}-11-mistakes")
    for name in ("Pump", "Pool pump"):
        file.write_text(GOOD.replace('name = "Pump"', f'name = "{name}"'), encoding="utf-8")
        await chooser.set_input_files(file)
        await recipes.get_by_text("POST /login").wait_for()
        await assert_accessible(page)
        await keep(page, f"ways-{words.language}-12-recipe")
        await recipes.get_by_role("button", name=words("config_panel.packages.take"), exact=True).click()
        kept = words("config_panel.packages.recipe_kept").format(package=name)
        await panel(page).get_by_text(kept).wait_for(timeout=PATIENCE)
    await recipes.get_by_text("pump.toml").wait_for()
    await assert_readable(page)
    await assert_accessible(page)
    await recipes.scroll_into_view_if_needed()
    await keep(page, f"ways-{words.language}-13-recipes")
    remove = words("config_panel.packages.remove_named").format(name="Pool pump")
    await recipes.get_by_role("button", name=remove, exact=True).click()
    action = words("config_panel.question.remove_recipe.action")
    await recipes.get_by_role("dialog").get_by_role("button", name=action, exact=True).click()
    await recipes.get_by_text(words("config_panel.packages.recipes_none")).wait_for(timeout=PATIENCE)


async def test_the_arrow_leads_to_where_one_came_from(
    home: Home, page: Page, words: Words, lamps: list[Controller]
) -> None:
    lamps[1].change()
    await open_way(home, page, words, "power_cut")
    ask, ask_again = (named(page, words(f"config_panel.power_cut.{name}")) for name in ("ask", "ask_again"))
    await ask.or_(ask_again).click()
    differs = panel(page).get_by_role("link", name=words("config_panel.power_cut.what_differs")).first
    arrow = panel(page).locator("ha-icon-button-arrow-prev")
    compared = words("config_panel.compare.heading").format(name=OTHER)
    await differs.wait_for(timeout=PATIENCE)
    for leave in (arrow.click, page.go_back, lambda: press_on(page, arrow)):
        await differs.click()
        await panel(page).get_by_role("heading", name=compared).wait_for()
        await leave()
        await panel(page).get_by_role("heading", name=words("config_panel.way.power_cut"), exact=True).wait_for()
    await differs.click()
    await panel(page).get_by_role("heading", name=compared).wait_for()
    await page.reload()
    await panel(page).get_by_role("heading", name=compared).wait_for()
    await arrow.click()
    await panel(page).get_by_role("heading", name=words("config_panel.way.power_cut"), exact=True).wait_for()
    await differs.wait_for()
    address = await differs.get_attribute("href")
    assert address is not None
    await open_path(page, home.client, address)
    await panel(page).get_by_role("heading", name=compared).wait_for()
    await arrow.click()
    await panel(page).get_by_role("heading", name=OTHER, exact=True).wait_for()


async def press_on(page: Page, element: Locator) -> None:
    """Do it by the keyboard."""
    await element.locator("button").focus()
    await page.keyboard.press("Enter")
