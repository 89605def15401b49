"""The page for everybody: every view in light and dark, wide and on a phone, in each language; by keyboard alone."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from scripts.live.controllers import Controller, Model, simulated_controllers
from tests.handlers_http.recipe.test_loader import GOOD
from tests.simulators.wled import Chip

from .browser import browser_page, enter, keep
from .home import Home, fresh_home
from .pages import Words
from .views import (
    assert_accessible,
    assert_readable,
    focus_of,
    missing_elements,
    open_view,
    panel,
    stored,
    tab_to,
    views,
    violations,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")

NAME = "Stairs"
WIDTHS = (1280, 360)
PATIENCE = 60_000
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WEARS = "dark => document.querySelector('home-assistant').hass.themes.darkMode === dark"
DRAWN = "() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stairs() -> AsyncIterator[Controller]:
    models = [Model(NAME, "0.15.5", Chip.ESP32), Model("Porch", "0.14.4", Chip.ESP32)]
    async with simulated_controllers(models) as (started, _):
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def home(work: Path, stairs: Controller) -> AsyncIterator[Home]:
    """Start a Home Assistant that has two backups of the stairs, and a doubt about the newer one."""
    async with fresh_home(work / "everybody", [stairs]) as started:
        stairs.change()
        await started.client.act("ha_device_backups.back_up", {"all": True})
        yield started


@pytest.fixture(params=["en", "de"])
def words(request: pytest.FixtureRequest) -> Words:
    return Words(request.param)


@pytest_asyncio.fixture(loop_scope="session")
async def page(home: Home, words: Words) -> AsyncIterator[Page]:
    async with browser_page(home.client, words.language) as opened:
        yield opened


async def test_home_assistant_has_every_element_that_the_page_uses(home: Home) -> None:
    async with browser_page(home.client) as page:
        await enter(page, home.client, "/device-backups")
        await panel(page).locator("h1").wait_for()
        assert await missing_elements(page) == []


@pytest.mark.parametrize("words", [Words("en"), Words("de"), Words("nl")], ids=["en", "de", "nl"])
async def test_every_view_is_for_everybody(home: Home, page: Page, words: Words) -> None:
    found = {}
    for view in views(await stored(home)):
        await page.set_viewport_size({"width": WIDTHS[0], "height": 1000})
        await open_view(home, page, view)
        for width in WIDTHS:
            await page.set_viewport_size({"width": width, "height": 1000})
            for scheme in SCHEMES:
                await page.emulate_media(color_scheme=scheme)
                await wear(page, scheme)
                name = f"view-{view['name']}-{words.language}-{width}-{scheme}"
                await keep(page, name)
                await assert_readable(page)
                found[name] = await violations(page)
    broken = sorted({f"{name}: {one}" for name, several in found.items() for one in several})
    assert not broken, "\n".join(broken)
    assert len(found) > len(WIDTHS) * len(SCHEMES)


async def wear(page: Page, scheme: str) -> None:
    """Wait until Home Assistant has put on the colours, and they are drawn."""
    await page.wait_for_function(WEARS, arg=scheme == "dark")
    await page.evaluate(DRAWN)


async def test_a_backup_is_put_back_by_keyboard_alone(home: Home, page: Page, words: Words, stairs: Controller) -> None:
    before = stairs.files()["presets.json"]
    stairs.change()
    await enter(page, home.client, "/device-backups")
    await panel(page).get_by_text(NAME).first.wait_for()
    await tab_to(page, words("config_panel.overview.restore_device").format(name=NAME))
    await page.keyboard.press("Enter")
    await panel(page).get_by_role("heading", name=words("config_panel.plan.heading"), exact=True).wait_for()
    heading = words("config_panel.restore.heading").format(name=NAME)
    assert (await focus_of(page)).name == heading
    await tab_to(page, words("config_panel.restore.start"))
    await page.keyboard.press("Enter")
    told = panel(page).get_by_role("status").filter(has_text=words("config_panel.restore.done").partition("{")[0])
    await told.wait_for(timeout=60_000, state="attached")
    assert stairs.files()["presets.json"] == before
    assert (await focus_of(page)).name == heading, "the button that began it is gone"
    await assert_accessible(page)
    await tab_to(page, words("config_panel.end.to_device"))
    await page.keyboard.press("Enter")
    await panel(page).locator("ol > li").first.wait_for()
    assert (await focus_of(page)).name == NAME


async def test_backups_are_compared_downloaded_and_kept_by_keyboard_alone(home: Home, page: Page, words: Words) -> None:
    await enter(page, home.client, "/device-backups")
    row = panel(page).locator("a.device")
    await row.wait_for()
    await tab_to(page, " ".join((await row.inner_text()).split()))
    await page.keyboard.press("Enter")
    await panel(page).locator("ol > li").first.wait_for()
    await tab_to(page, words("config_panel.device.download"))
    async with page.expect_download() as downloading:
        await page.keyboard.press("Enter")
    assert (await downloading.value).suggested_filename.endswith(".zip")

    await tab_to(page, words("config_panel.device.compare"))
    await page.keyboard.press("Enter")
    await panel(page).locator("select").nth(1).wait_for()
    assert (await focus_of(page)).name == words("config_panel.compare.heading").format(name=NAME)
    await page.go_back()

    delete = words("config_panel.device.delete")
    dialog = panel(page).get_by_role("dialog")
    await tab_to(page, delete)
    for leave in ("Escape", "Enter"):
        await page.keyboard.press("Enter")
        await dialog.wait_for()
        await assert_accessible(page)
        seen = set()
        for _ in range(6):
            seen.add((await focus_of(page)).name)
            await page.keyboard.press("Tab")
        assert seen <= {words("config_panel.cancel"), words("config_panel.question.delete_needed.action"), ""}
        await dialog.get_by_role("button", name=words("config_panel.cancel")).focus()
        await page.keyboard.press(leave)
        await dialog.wait_for(state="detached")
        assert (await focus_of(page)).name == delete, f"left by {leave}"
    protect, no_longer = (words(f"config_panel.device.{key}") for key in ("protect", "unprotect"))
    await page.keyboard.press("Shift+Tab")
    assert (await focus_of(page)).name == protect
    await page.keyboard.press("Enter")
    await expect(panel(page).get_by_role("button", name=no_longer)).to_have_count(1)
    assert (await focus_of(page)).name == no_longer
    await page.keyboard.press("Enter")
    await expect(panel(page).get_by_role("button", name=no_longer)).to_have_count(0)


async def test_what_a_power_cut_took_is_put_back_by_keyboard_alone(
    home: Home, page: Page, words: Words, stairs: Controller
) -> None:
    before = stairs.files()["presets.json"]
    stairs.change()
    await open_by_keyboard(home, page, words, "power_cut")
    asking = panel(page).locator(".tools ha-button")
    await expect(asking).to_be_enabled()
    await press(page, await asking.inner_text())
    found = panel(page).get_by_role("checkbox")
    await found.wait_for(timeout=PATIENCE)
    await tab_to(page, words("config_panel.power_cut.choose").format(name=NAME))
    if not await found.is_checked():
        await page.keyboard.press("Space")
    await press(page, words("config_panel.power_cut.restore").format(count=1))
    await panel(page).get_by_role("dialog").wait_for()
    await press(page, words("config_panel.question.put_back.action"))
    await panel(page).get_by_text(words("config_panel.power_cut.step.restored"), exact=True).wait_for(timeout=PATIENCE)
    await assert_accessible(page)
    assert stairs.files()["presets.json"] == before


async def test_files_and_snapshots_are_chosen_by_keyboard_alone(
    home: Home, page: Page, words: Words, tmp_path: Path
) -> None:
    await home.client.make_backup("Evening")
    (tmp_path / "mine").mkdir()
    notes = tmp_path / "mine" / "Notes"
    notes.write_text("no backup", encoding="utf-8")
    await open_by_keyboard(home, page, words, "import")
    for choose, file in (("files", notes), ("folder", notes.parent)):
        await choose_file(page, words(f"config_panel.import.{choose}"), file)
        refused = panel(page).get_by_text(words("config_panel.import.outcome.refused"), exact=True)
        await refused.wait_for(timeout=PATIENCE)

    await open_by_keyboard(home, page, words, "snapshots")
    look = panel(page).get_by_role("button", name=words("config_panel.snapshots.open")).first
    await look.wait_for()
    await press(page, str(await look.get_attribute("aria-label")))
    await panel(page).get_by_text(words("config_panel.snapshots.present")).first.wait_for(timeout=PATIENCE)
    await assert_accessible(page)
    await press(page, words("config_panel.snapshots.close"))
    await choose_file(page, words("config_panel.snapshots.file"), notes)
    await panel(page).locator("ha-alert[alert-type=error]").wait_for(timeout=PATIENCE)


async def test_packages_and_recipes_are_handled_by_keyboard_alone(
    home: Home, page: Page, words: Words, tmp_path: Path
) -> None:
    await open_by_keyboard(home, page, words, "packages")
    await tab_to(page, words("config_panel.packages.any_text"))
    dialog = panel(page).get_by_role("dialog")
    await page.keyboard.type("nothing")
    await page.keyboard.press("Enter")
    await expect(dialog).to_have_count(0)
    await page.keyboard.type("==1.0")
    await page.keyboard.press("Enter")
    await dialog.wait_for()
    await page.keyboard.press("Escape")
    await dialog.wait_for(state="detached")
    assert (await focus_of(page)).name == words("config_panel.packages.any_text")

    recipe = tmp_path / "pump.toml"
    recipe.write_text(GOOD, encoding="utf-8")
    await choose_file(page, words("config_panel.packages.add_recipe"), recipe)
    heading = panel(page).get_by_role(
        "heading", name=words("config_panel.packages.question_recipe").format(name="Pump")
    )
    await expect(heading).to_be_focused()
    await press(page, words("config_panel.packages.take"))
    await panel(page).get_by_text("pump.toml").wait_for(timeout=PATIENCE)
    await press(page, words("config_panel.packages.remove_named").format(name="Pump"))
    await dialog.wait_for()
    await press(page, words("config_panel.question.remove_recipe.action"))
    await panel(page).get_by_text(words("config_panel.packages.recipes_none")).wait_for(timeout=PATIENCE)


async def open_by_keyboard(home: Home, page: Page, words: Words, way: str) -> None:
    """Go to one of the views about all devices; its heading has the keyboard then."""
    await enter(page, home.client, "/device-backups")
    await panel(page).locator("a.device").first.wait_for()
    await press(page, words(f"config_panel.way.{way}"))
    heading = panel(page).get_by_role("heading", name=words(f"config_panel.way.{way}"), exact=True)
    await expect(heading).to_be_focused()


async def press(page: Page, name: str) -> None:
    """Go there by Tab and press Enter."""
    await tab_to(page, name)
    await page.keyboard.press("Enter")


async def choose_file(page: Page, name: str, file: Path) -> None:
    """Press what opens the browser's list of files, and choose one of them."""
    async with page.expect_file_chooser() as choosing:
        await press(page, name)
    await (await choosing.value).set_files(file)
