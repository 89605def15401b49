"""The page on a bad line: slow, cut, loaded again, left and come back to, at every step."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from scripts.live.controllers import Controller, Model, simulated_controllers
from tests.simulators.wled import Chip

from .browser import browser_page, keep
from .home import Home, fresh_home
from .line import Line
from .pages import NEAR_PIXELS, Words
from .test_page_in_browser import named
from .views import go_to, open_view, panel, stored, views

pytestmark = pytest.mark.asyncio(loop_scope="session")

NAME = "Stairs"
PATIENCE = 60_000
TOLD = {"restore": "restore.planning", "compare": "compare.running"}
"""What a view says while it waits, if it is more than that something is being loaded."""
CONNECTED = "document.querySelector('home-assistant').hass.connected"
MANY = """panel => {
  const [first] = panel.devices.values();
  const devices = Array.from({ length: 1000 }, (_, number) => {
    const name = `Lamp ${String(number).padStart(3, "0")}`;
    return { ...first, key: `wled:${number}`, title: name, reason: number % 3 ? null : "A long reason. ".repeat(9) };
  });
  panel.devices = new Map(devices.map(device => [device.key, device]));
}"""
"""A thousand devices, as far as the page knows; their rows differ in height."""
ROW = 700
BACK_AT = "([element, top, near]) => Math.abs(element.getBoundingClientRect().top - top) <= near"
SLOW_SECONDS = 2.0
"""For an answer of the device: a restore lasts longer than the browser takes to connect anew."""
words = Words("en")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stairs() -> AsyncIterator[Controller]:
    async with simulated_controllers([Model(NAME, "0.15.5", Chip.ESP32)]) as (started,):
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def home(work: Path, stairs: Controller) -> AsyncIterator[Home]:
    async with fresh_home(work / "lines", [stairs]) as started:
        stairs.change()
        await started.client.act("ha_device_backups.back_up", {"all": True})
        yield started


@pytest.fixture
def line() -> Line:
    return Line()


@pytest_asyncio.fixture(loop_scope="session")
async def page(home: Home, line: Line) -> AsyncIterator[Page]:
    async with browser_page(home.client) as opened:
        await line.lead(opened)
        yield opened


def start(page: Page) -> Locator:
    return named(page, words("config_panel.restore.start"))


def running(page: Page) -> Locator:
    return panel(page).get_by_role("heading", name=words("config_panel.restore.running"), exact=True)


def proven(page: Page) -> Locator:
    return panel(page).get_by_text(words("config_panel.end.proven"))


async def open_restore(home: Home, page: Page, stairs: Controller) -> None:
    await open_view(home, page, {"name": "restore", "key": f"wled:{stairs.mac}", "backup": None, "source": None})


async def restores(home: Home, stairs: Controller) -> int:
    """Return how many restores began: each has stored what was there before."""
    key = f"wled:{stairs.mac}"
    backups = (await home.client.command("ha_device_backups/backups/list", device_key=key))["backups"]
    return len({backup["undoes_restore_of"] for backup in backups if backup["undoes_restore_of"]})


async def cut(page: Page, line: Line) -> None:
    """Lose the connection, and wait for the next one."""
    await line.cut()
    for state in ("!", ""):
        await page.wait_for_function(
            f"{state}document.querySelector('home-assistant').hass.connected", timeout=PATIENCE
        )


async def test_every_view_says_that_it_loads(home: Home, page: Page, line: Line) -> None:
    await open_view(home, page, {"name": "overview"})
    for view in views(await stored(home)):
        if view["name"] == "overview":
            continue
        line.hold()
        await go_to(page, view)
        told = panel(page).locator("main [role=status]").filter(has=page.locator("ha-spinner"))
        await expect(told).to_have_text(words(f"config_panel.{TOLD.get(str(view['name']), 'loading')}"))
        await keep(page, f"slow-{view['name']}")
        line.release()
        await expect(told).to_have_count(0)
        await expect(panel(page).locator("main ha-alert[alert-type=error]")).to_have_count(0)


async def test_what_is_pressed_again_on_a_slow_line_is_done_once(home: Home, page: Page, line: Line) -> None:
    view = next(view for view in views(await stored(home)) if view["name"] == "device")
    await open_view(home, page, view)
    protect, no_longer = (words(f"config_panel.device.{key}") for key in ("protect", "unprotect"))
    working = panel(page).get_by_text(words("config_panel.working"), exact=True)
    for press, then in ((protect, no_longer), (no_longer, protect)):
        before = line.count("backups/protect")
        line.hold()
        for _ in range(3):
            await named(page, press).first.click()
        await expect(working).to_be_visible()
        assert line.count("backups/protect") - before == 1
        line.release()
        await named(page, then).first.wait_for()
        await expect(working).to_be_hidden()
    await expect(named(page, no_longer)).to_have_count(0)


async def test_a_restore_outlives_a_lost_line_at_every_step(
    home: Home, page: Page, line: Line, stairs: Controller
) -> None:
    before, count = stairs.files()["presets.json"], await restores(home, stairs)
    stairs.change()
    await open_view(home, page, {"name": "overview"})
    line.hold()
    restore = words("config_panel.overview.restore_device").format(name=NAME)
    await panel(page).get_by_role("button", name=restore).click()
    await panel(page).get_by_text(words("config_panel.restore.planning")).wait_for()
    await cut(page, line)
    await start(page).wait_for(timeout=PATIENCE)
    await cut(page, line)
    await start(page).wait_for(timeout=PATIENCE)

    stairs.wled.faults.delay = SLOW_SECONDS
    line.hold()
    await start(page).click()
    await expect(panel(page).get_by_text(words("config_panel.working"), exact=True)).to_be_visible()
    await cut(page, line)
    await running(page).wait_for(timeout=PATIENCE)
    await cut(page, line)
    await running(page).wait_for(timeout=PATIENCE)
    stairs.wled.faults.delay = 0.0
    await proven(page).wait_for(timeout=PATIENCE)
    await cut(page, line)
    await proven(page).wait_for()
    assert stairs.files()["presets.json"] == before
    assert await restores(home, stairs) == count + 1


async def test_back_and_reload_lead_to_the_same_at_every_step(home: Home, page: Page, stairs: Controller) -> None:
    before, count = stairs.files()["presets.json"], await restores(home, stairs)
    stairs.change()
    changed = stairs.files()["presets.json"]

    async def back_and_forth(there: Locator, back: Locator) -> None:
        """Load it again, leave it by Back, and come back to it."""
        await page.reload()
        await there.wait_for(timeout=PATIENCE)
        await page.go_back()
        await back.wait_for(timeout=PATIENCE)
        await page.go_forward()
        await there.wait_for(timeout=PATIENCE)

    overview = panel(page).get_by_role("heading", name=words("config_panel.overview.heading"), exact=True)
    await open_view(home, page, {"name": "overview"})
    restore = words("config_panel.overview.restore_device").format(name=NAME)
    await panel(page).get_by_role("button", name=restore).click()
    await start(page).wait_for(timeout=PATIENCE)
    await back_and_forth(start(page), overview)
    stairs.wled.faults.delay = SLOW_SECONDS
    await start(page).click()
    await running(page).wait_for()
    await back_and_forth(running(page), overview)
    stairs.wled.faults.delay = 0.0
    await proven(page).wait_for(timeout=PATIENCE)
    assert stairs.files()["presets.json"] == before
    ended = named(page, words("config_panel.restore.show_last"))
    await back_and_forth(ended, overview)
    await ended.click()
    await named(page, words("config_panel.end.undo")).click()
    chosen = panel(page).locator("select").first.locator("option:checked")
    await start(page).wait_for(timeout=PATIENCE)
    await back_and_forth(start(page), ended)
    await expect(chosen).to_contain_text(words("config_panel.label.before_restore"))
    await start(page).click()
    await proven(page).wait_for(timeout=PATIENCE)
    assert stairs.files()["presets.json"] == changed
    assert await restores(home, stairs) == count + 2


@pytest.mark.parametrize("width", [1280, 360])
async def test_back_leads_to_where_one_was_in_a_long_list(home: Home, page: Page, width: int) -> None:
    await page.set_viewport_size({"width": width, "height": 700})
    await open_view(home, page, {"name": "overview"})
    await panel(page).evaluate(MANY)
    name = f"Lamp {ROW}"
    row = panel(page).locator("a.device").filter(has_text=name)
    button = panel(page).get_by_role("button", name=words("config_panel.overview.restore_device").format(name=name))
    arrow = panel(page).locator("ha-icon-button-arrow-prev")
    await row.scroll_into_view_if_needed()
    for pressed, leave in ((row, page.go_back), (row, arrow.click), (button, page.go_back)):
        before = await pressed.evaluate("element => element.getBoundingClientRect().top")
        await pressed.focus()
        await page.keyboard.press("Enter")
        await panel(page).get_by_role("heading", name=name).wait_for()
        await expect(panel(page).locator("h1")).to_be_in_viewport()
        await leave()
        await expect(pressed).to_be_focused()
        await expect(pressed).to_be_in_viewport()
        await page.wait_for_function(BACK_AT, arg=[await pressed.element_handle(), before, NEAR_PIXELS])
    await keep(page, f"back-{width}")
