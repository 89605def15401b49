"""An agent as people see it: paired by its code, asked for a device, killed and back; on a phone in German."""

import json
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from ha_device_backup_wled import WledHandler
from scripts.live.client import DOMAIN
from scripts.live.waiting import until
from tests.agent.agents import HOST, AgentProcess, agent_process
from tests.simulators.wled import SimulatedWled

from .browser import browser_page, keep, open_path
from .home import Home, fresh_home
from .pages import ADD_PAGE, Words, assert_error_at, assert_readable, assert_within, choose, dialog, field, go_on
from .views import assert_readable as assert_page_readable
from .views import open_view, panel

pytestmark = pytest.mark.asyncio(loop_scope="session")

WIDTHS = {"en": 1280, "de": 360}
SECONDS = 60
NAME = "Barn"
PRESETS = "/presets.json"


@pytest.fixture(params=["en", "de"])
def words(request: pytest.FixtureRequest) -> Words:
    return Words(request.param)


@pytest.fixture
def cellar(tmp_path: Path) -> Iterator[AgentProcess]:
    with agent_process(tmp_path / "agent") as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def barn() -> AsyncIterator[SimulatedWled]:
    async with SimulatedWled(name=NAME) as controller:
        yield controller


@pytest_asyncio.fixture(loop_scope="session")
async def home(tmp_path: Path, words: Words) -> AsyncIterator[Home]:
    async with fresh_home(tmp_path / "home", []) as started:
        await started.client.command("config/core/update", language=words.language)
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def page(home: Home, words: Words) -> AsyncIterator[Page]:
    async with browser_page(home.client, words.language, width=WIDTHS[words.language]) as opened:
        yield opened


async def test_from_the_code_to_a_restore(
    home: Home, page: Page, words: Words, cellar: AgentProcess, barn: SimulatedWled
) -> None:
    await pair(home, page, words, cellar)
    await add_device(home, page, words, barn)
    await be_told_that_the_agent_is_away(home, page, words, cellar)
    cellar.start()
    await put_back(home, page, words, barn)


def presets(barn: SimulatedWled) -> object:
    return json.loads(barn.device.files.read(PRESETS) or b"null")


async def begin(home: Home, page: Page, choice: str) -> None:
    await open_path(page, home.client, ADD_PAGE)
    await page.get_by_role("button", name="OK").click()
    await dialog(page).get_by_text(choice, exact=True).click()


def shown(cellar: AgentProcess) -> dict[str, str]:
    """Return what the command shows that people run at the agent."""
    output, errors = cellar.command("pair").communicate(timeout=SECONDS)
    assert not errors
    return {name: value.strip() for name, _, value in (line.partition(":") for line in output.splitlines())}


async def pair(home: Home, page: Page, words: Words, cellar: AgentProcess) -> None:
    """A wrong code is told at its box; the fingerprint is the one that the agent shows."""
    await begin(home, page, words("common.menu_agent"))
    await field(page, words("config.step.agent.data.host")).fill(HOST)
    await field(page, words("config.step.agent.data.port"), number=True).fill(str(cellar.port))
    await assert_within(page)
    await keep(page, f"agent-{words.language}-1-address")
    await go_on(page).click()

    told = shown(cellar)
    code = field(page, words("config.step.agent_code.data.code"))
    await code.fill("2222-2222-2222-2222")
    for group in told["Fingerprint"].split():
        await expect(dialog(page)).to_contain_text(group)
    await assert_readable(page, f"{HOST}:{cellar.port}")
    await assert_within(page)
    await keep(page, f"agent-{words.language}-2-code")
    await go_on(page).click()
    await assert_error_at(page, words("config.error.agent_code"), code)
    await keep(page, f"agent-{words.language}-3-wrong-code")
    await code.fill(told["Code"])
    await go_on(page).click()
    await dialog(page).get_by_text("Cellar").first.wait_for()
    await keep(page, f"agent-{words.language}-4-paired")


async def entry_states(home: Home) -> set[str]:
    """Return how the entries are: an agent that does not answer yet is offered nowhere."""
    return {entry["state"] for entry in await home.client.command("config_entries/get", domain=DOMAIN)}


async def add_device(home: Home, page: Page, words: Words, barn: SimulatedWled) -> None:
    await until(partial(entry_states, home), lambda states: states == {"loaded"}, seconds=SECONDS)
    await begin(home, page, words("common.menu_agent_kinds").format(agent="Cellar"))
    await keep(page, f"agent-{words.language}-5-kinds")
    await choose(page, words.of_handler(WledHandler.spec.name))
    await go_on(page).click()
    await field(page, words("config.step.fields.data.host")).fill(HOST)
    await field(page, words("config.step.fields.data.port"), number=True).fill(str(barn.port))
    await assert_within(page)
    await keep(page, f"agent-{words.language}-6-fields")
    await go_on(page).click()
    await dialog(page).get_by_text(NAME).first.wait_for()
    await assert_within(page)
    await keep(page, f"agent-{words.language}-7-options")
    await go_on(page).click()
    await until(lambda: stored(home), bool, seconds=SECONDS)


async def stored(home: Home) -> list[str]:
    return [backup.kind for backup in home.newest()] if home.store.is_dir() else []


async def be_told_that_the_agent_is_away(home: Home, page: Page, words: Words, cellar: AgentProcess) -> None:
    """The plan says who does not answer, in words of the person."""
    cellar.kill()
    await open_view(home, page, {"name": "overview"})
    await ask_for_the_plan(page, words)
    await panel(page).get_by_text(words("exceptions.agent_away.message").partition("{")[0].strip()).first.wait_for()
    await assert_page_readable(page)
    await keep(page, f"agent-{words.language}-8-away")


async def ask_for_the_plan(page: Page, words: Words) -> None:
    restore = words("config_panel.overview.restore_device").format(name=NAME)
    await panel(page).get_by_role("button", name=restore).click()


async def put_back(home: Home, page: Page, words: Words, barn: SimulatedWled) -> None:
    before = presets(barn)
    barn.device.files.write(PRESETS, b'{"0":{}}')
    await open_view(home, page, {"name": "overview"})
    await ask_for_the_plan(page, words)
    await panel(page).get_by_role("heading", name=words("config_panel.plan.heading"), exact=True).wait_for()
    await assert_page_readable(page)
    await keep(page, f"agent-{words.language}-9-plan")
    await panel(page).get_by_role("button", name=words("config_panel.restore.start"), exact=True).dblclick()
    await panel(page).get_by_text(words("config_panel.end.proven")).wait_for(timeout=SECONDS * 1000)
    await assert_page_readable(page)
    await keep(page, f"agent-{words.language}-10-restored")
    assert presets(barn) == before
