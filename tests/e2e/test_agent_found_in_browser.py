"""An agent that announces itself has one card, is paired from it, and is followed where it moves."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from ha_device_backup_agent.announcement import announce
from ha_device_backup_agent.data_folder import DataFolder
from ha_device_backup_agent.identity import load_identity
from ha_device_backup_agent.server import Listening
from ha_device_backup_core.plugins.registry import HandlerRegistry
from scripts.live.client import DOMAIN
from scripts.live.folder import INTEGRATION, free_port
from scripts.live.waiting import until
from tests.agent.agents import AgentProcess, agent_process
from tests.agent.test_announcement import Loopback

from .browser import browser_page, keep, open_path
from .home import Home, fresh_home
from .loopback import zeroconf_of_this_machine
from .pages import DASHBOARD, Words, assert_readable, assert_within, field, go_on
from .test_agent_in_browser import shown

pytestmark = pytest.mark.asyncio(loop_scope="session")

SECONDS = 60


@pytest.fixture
def cellar(tmp_path: Path) -> Iterator[AgentProcess]:
    with agent_process(tmp_path / "agent") as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    integrations = (INTEGRATION, zeroconf_of_this_machine(tmp_path / "integrations"))
    async with fresh_home(tmp_path / "home", [], integrations=integrations) as started:
        yield started


@asynccontextmanager
async def announced(cellar: AgentProcess) -> AsyncIterator[None]:
    """Announce the agent on this machine alone, where it does not announce itself."""
    identity = load_identity(DataFolder(cellar.folder))
    assert identity is not None
    listening = Listening(identity=identity, port=cellar.port, registry=HandlerRegistry(handlers={}))
    task = asyncio.create_task(announce(listening, Loopback()))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def entries(home: Home) -> list[tuple[str, str, str]]:
    """Return the agents that Home Assistant has, with how each was found and whether it works."""
    listed = await home.client.command("config_entries/get", domain=DOMAIN)
    return [(one["title"], one["source"], one["state"]) for one in listed if one["title"] == "Cellar"]


async def test_it_is_paired_from_its_card_and_followed(home: Home, cellar: AgentProcess) -> None:
    words = Words("en")
    async with browser_page(home.client, "en") as page:
        async with announced(cellar):
            await open_path(page, home.client, DASHBOARD)
            card = page.locator("ha-config-flow-card").filter(has_text="Cellar")
            await card.wait_for()
            assert await card.count() == 1
            await keep(page, "agent-found-en-1-card")
            await card.get_by_role("button", name=re.compile("Add")).click()
            told = shown(cellar)
            code = field(page, words("config.step.agent_code.data.code"))
            await code.wait_for()
            await assert_readable(page, f"127.0.0.1:{cellar.port}")
            await assert_within(page)
            await keep(page, "agent-found-en-2-code")
            await code.fill(told["Code"])
            await go_on(page).click()
            await until(lambda: entries(home), [("Cellar", "zeroconf", "loaded")].__eq__, seconds=SECONDS)
            await card.wait_for(state="detached")

        cellar.stop()
        cellar.port = free_port()
        cellar.start()
        async with announced(cellar):
            await until(lambda: port(home, cellar), bool, seconds=SECONDS)
            await until(lambda: entries(home), [("Cellar", "zeroconf", "loaded")].__eq__, seconds=SECONDS)
            assert await card.count() == 0


async def port(home: Home, cellar: AgentProcess) -> bool:
    """Return whether Home Assistant has the new port in its diagnostics, where no secret is."""
    listed = await home.client.command("config_entries/get", domain=DOMAIN)
    (entry,) = (one["entry_id"] for one in listed if one["title"] == "Cellar")
    told = await home.client.text(f"/api/diagnostics/config_entry/{entry}")
    return str(cellar.port) in told
