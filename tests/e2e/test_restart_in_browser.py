"""Home Assistant is restarted while the page is open: it says so, and goes on by itself."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from scripts.live.controllers import Controller, Model, simulated_controllers
from tests.simulators.wled import Chip

from .browser import browser_page, keep
from .home import Home, fresh_home
from .test_lines_in_browser import CONNECTED, PATIENCE, SLOW_SECONDS, open_restore, proven, running, start, words
from .test_page_in_browser import named
from .views import assert_accessible, assert_readable, open_view, panel

pytestmark = pytest.mark.asyncio(loop_scope="session")

NAME = "Stairs"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stairs() -> AsyncIterator[Controller]:
    async with simulated_controllers([Model(NAME, "0.15.5", Chip.ESP32)]) as (started,):
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def home(work: Path, stairs: Controller) -> AsyncIterator[Home]:
    async with fresh_home(work / "restarts", [stairs]) as started:
        yield started


async def test_an_open_page_outlives_a_power_cut_of_home_assistant(home: Home, stairs: Controller) -> None:
    before = stairs.files()["presets.json"]
    async with browser_page(home.client) as page, browser_page(home.client, width=360) as other:
        stairs.change()
        await open_view(home, other, {"name": "power-cut"})
        await named(other, words("config_panel.power_cut.ask")).click()
        await panel(other).get_by_role("checkbox").wait_for(timeout=PATIENCE)
        await open_restore(home, page, stairs)
        stairs.wled.faults.delay = SLOW_SECONDS
        await start(page).click()
        await running(page).wait_for()
        await home.process.kill()
        stairs.wled.faults.delay = 0.0
        for one in (page, other):
            await one.wait_for_function(f"!{CONNECTED}", timeout=PATIENCE)
        await home.process.start()

        await panel(other).get_by_text(words("config_panel.power_cut.interrupted")).wait_for(timeout=PATIENCE)
        await assert_readable(other)
        await assert_accessible(other)
        await keep(other, "restarted-power-cut")
        await panel(page).get_by_text(words("config_panel.restore.interrupted")).wait_for(timeout=PATIENCE)
        await keep(page, "restarted-restore")
        await start(page).click(timeout=PATIENCE)
        await proven(page).wait_for(timeout=PATIENCE)
        assert stairs.files()["presets.json"] == before

        await named(other, words("config_panel.power_cut.ask")).click()
        await panel(other).get_by_text(words("config_panel.power_cut.all_well")).wait_for(timeout=PATIENCE)
