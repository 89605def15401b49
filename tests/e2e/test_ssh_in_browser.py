"""A computer with SSH as people see it: added by a key made for it, backed up, put back; on a phone in German."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from ha_device_backup_ssh import ssh_handlers
from scripts.live.waiting import until
from tests.simulators.ssh import SimulatedLinux

from .browser import browser_page, keep
from .home import Home, fresh_home
from .pages import Words, assert_readable, assert_within, begin_to_add, dialog, field, go_on
from .views import assert_readable as assert_page_readable
from .views import open_view, panel

pytestmark = pytest.mark.asyncio(loop_scope="session")

(HANDLER,) = (handler for handler in ssh_handlers() if handler.spec.kind == "linux_ssh")
SPEC = HANDLER.spec
(FILES,) = (declared.label for declared in SPEC.fields if declared.key == "files")
WIDTHS = {"en": 1280, "de": 360}
SECONDS = 60


@pytest.fixture(params=["en", "de"])
def words(request: pytest.FixtureRequest) -> Words:
    return Words(request.param)


@pytest_asyncio.fixture(loop_scope="session")
async def computer() -> AsyncIterator[SimulatedLinux]:
    async with SimulatedLinux() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def home(tmp_path: Path, words: Words) -> AsyncIterator[Home]:
    async with fresh_home(tmp_path / "ssh", []) as started:
        await started.client.command("config/core/update", language=words.language)
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def page(home: Home, words: Words) -> AsyncIterator[Page]:
    async with browser_page(home.client, words.language, width=WIDTHS[words.language]) as opened:
        yield opened


async def test_from_the_first_form_to_a_restore(home: Home, page: Page, words: Words, computer: SimulatedLinux) -> None:
    await enter_the_fields(home, page, words, computer)
    await trust_and_put_the_key(page, words, computer)
    await until(lambda: stored(home), bool, seconds=SECONDS)
    await put_back(home, page, words, computer)


async def stored(home: Home) -> list[str]:
    return [backup.kind for backup in home.newest()] if home.store.is_dir() else []


async def enter_the_fields(home: Home, page: Page, words: Words, computer: SimulatedLinux) -> None:
    """All is in one form; what few people need is folded away."""
    await begin_to_add(home, page, words, words.of_handler(SPEC.name))
    host = field(page, words("config.step.fields.data.host"))
    await host.wait_for()
    await assert_readable(page, words("config.step.fields.sections.advanced.name"))
    await assert_within(page)
    await keep(page, f"ssh-{words.language}-1-fields")
    await host.fill("127.0.0.1")
    await field(page, words("config.step.fields.data.port"), number=True).fill(str(computer.port))
    await field(page, words("config.step.fields.data.username")).fill(computer.username)
    await field(page, words.of_handler(FILES)).fill(str(computer.settings))
    await keep(page, f"ssh-{words.language}-2-filled")
    await go_on(page).click()


async def trust_and_put_the_key(page: Page, words: Words, computer: SimulatedLinux) -> None:
    await dialog(page).get_by_text(words("config.step.host_key.title")).wait_for()
    await expect(dialog(page)).to_contain_text(computer.fingerprint)
    await assert_within(page)
    await keep(page, f"ssh-{words.language}-3-host-key")
    await go_on(page).click()

    await dialog(page).get_by_text(words("config.step.key_pair.title")).wait_for()
    await assert_within(page)
    await keep(page, f"ssh-{words.language}-4-key")
    line = await dialog(page).locator("ha-markdown pre").inner_text()
    assert line.split()[0] == "ssh-ed25519"
    assert computer.commands == []
    computer.authorized.add(line.split()[1])
    await go_on(page).click()

    await (
        dialog(page).get_by_text(words("config.step.device_options.title").format(plain_name="cellar")).first.wait_for()
    )
    for omitted in SPEC.omits:
        await expect(dialog(page)).to_contain_text(words.of_handler(omitted))
    await assert_within(page)
    await keep(page, f"ssh-{words.language}-5-options")
    await go_on(page).click()


async def put_back(home: Home, page: Page, words: Words, computer: SimulatedLinux) -> None:
    """A file that was changed and one that was deleted are as they were, with their rights."""
    changed, deleted = computer.settings / "pump.conf", computer.settings / "network/wifi.conf"
    before = (changed.read_bytes(), deleted.read_bytes(), deleted.stat().st_mode)
    changed.write_text("hour=7\n")
    deleted.unlink()

    await open_view(home, page, {"name": "overview"})
    restore = words("config_panel.overview.restore_device").format(name="cellar")
    await panel(page).get_by_role("button", name=restore).click()
    await panel(page).get_by_role("heading", name=words("config_panel.plan.heading"), exact=True).wait_for()
    await panel(page).get_by_text("pump.conf").first.wait_for()
    await assert_page_readable(page)
    await keep(page, f"ssh-{words.language}-6-plan")
    start = words("config_panel.restore.start")
    await panel(page).get_by_role("button", name=start, exact=True).click()
    # The Wi-Fi of the device is put back, too, so the page asks once more.
    await panel(page).get_by_role("dialog").get_by_role("button", name=start, exact=True).click()
    await panel(page).get_by_text(words("config_panel.end.proven")).wait_for(timeout=SECONDS * 1000)
    await assert_page_readable(page)
    await keep(page, f"ssh-{words.language}-7-restored")
    assert (changed.read_bytes(), deleted.read_bytes(), deleted.stat().st_mode) == before
