"""The page in the oldest Home Assistant that is supported: every view, and a backup read, downloaded and put back."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from playwright.async_api import Page

from scripts.bootstrap.environments import OLDEST_HOME_ASSISTANT
from scripts.live.controllers import Controller, Model, simulated_controllers
from scripts.live.process import Runtime
from tests.simulators.wled import Chip

from .browser import browser_page, keep, open_path
from .home import Home, fresh_home
from .pages import Words
from .views import assert_accessible, assert_readable, missing_elements, open_view, panel, stored, views

pytestmark = pytest.mark.asyncio(loop_scope="session")

NAME = "Stairs"
LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1280, "light"), (360, "dark"))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stairs() -> AsyncIterator[Controller]:
    async with simulated_controllers([Model(NAME, "0.15.5", Chip.ESP32)]) as (started,):
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def home(work: Path, stairs: Controller) -> AsyncIterator[Home]:
    """Start it with two backups of the stairs."""
    runtime = Runtime(python=OLDEST_HOME_ASSISTANT.python)
    async with fresh_home(work / "oldest", [stairs], runtime=runtime) as started:
        stairs.change()
        await started.client.act("ha_device_backups.back_up", {"all": True})
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def page(home: Home) -> AsyncIterator[Page]:
    async with browser_page(home.client) as opened:
        yield opened


async def test_every_view_is_there(home: Home, page: Page) -> None:
    config = await home.client.command("get_config")
    assert OLDEST_HOME_ASSISTANT.name == f"homeassistant-{config['version']}"
    for view in views(await stored(home)):
        await page.set_viewport_size({"width": LOOKS[0][0], "height": 1000})
        await open_view(home, page, view)
        for width, scheme in LOOKS:
            await page.set_viewport_size({"width": width, "height": 1000})
            await page.emulate_media(color_scheme=scheme)
            await keep(page, f"oldest-{view['name']}-{width}-{scheme}")
            await assert_readable(page)
            await assert_accessible(page)
    assert await missing_elements(page) == []


async def test_a_backup_is_downloaded_and_put_back(home: Home, page: Page, stairs: Controller) -> None:
    words = Words("en")
    before = stairs.files()["presets.json"]
    stairs.change()
    await open_path(page, home.client, "/device-backups")
    await panel(page).get_by_text(NAME).first.click()
    newest = panel(page).locator("ol > li").first
    async with page.expect_download() as downloading:
        await newest.get_by_role("button", name=words("config_panel.device.download")).click()
    saved = Path(await (await downloading.value).path()).read_bytes()
    assert saved in [path.read_bytes() for path in home.store.rglob("*.zip")]
    await newest.get_by_role("button", name=words("config_panel.restore.action")).click()
    await panel(page).get_by_role("button", name=words("config_panel.restore.start"), exact=True).click()
    await panel(page).get_by_text(words("config_panel.end.proven")).wait_for(timeout=60_000)
    await keep(page, "oldest-restored")
    assert stairs.files()["presets.json"] == before
