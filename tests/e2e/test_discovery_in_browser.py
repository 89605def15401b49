"""A device of somebody else's package is found on the network, and others are added at once, in a real browser."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from zeroconf import ServiceInfo
from zeroconf.asyncio import AsyncZeroconf

from scripts.live.controllers import simulated_controllers
from scripts.live.folder import INTEGRATION, free_port
from scripts.live.waiting import until
from tests.core.example_device import ExampleDevice
from tests.core.example_device import running as running_device
from tests.integration import acme

from .browser import browser_page, keep, open_path
from .home import Home, fresh_home
from .known_controllers import know_controllers, know_device
from .loopback import zeroconf_of_this_machine
from .pages import ADD_PAGE, DASHBOARD, Words, assert_readable, dialog, go_on

pytestmark = pytest.mark.asyncio(loop_scope="session")

FOUND = f"acme-lamp-{free_port()}"
KNOWN = {"Garage": "a0b1c2000001", "Hall": "a0b1c2000002"}


@asynccontextmanager
async def announced(name: str, port: int) -> AsyncIterator[None]:
    """Be a device that announces itself by mDNS, on this machine only."""
    network, service = AsyncZeroconf(interfaces=["127.0.0.1"]), "_acmelamp._tcp.local."
    info = ServiceInfo(
        service,
        f"{name}.{service}",
        addresses=[socket.inet_aton("127.0.0.1")],
        port=port,
        properties={"id": name},
        server=f"{name}.local.",
    )
    sent = await network.async_register_service(info)
    try:
        yield
    finally:
        await sent
        await network.async_close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def lamps() -> AsyncIterator[list[ExampleDevice]]:
    """Start a lamp that announces itself and one that another integration has."""
    found = ExampleDevice(info={"id": FOUND, "name": FOUND, "version": "1"})
    known = ExampleDevice(info={"id": "lamp-2", "name": "Desk lamp", "version": "1"})
    async with running_device(found), running_device(known):
        yield [found, known]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def home(work: Path, lamps: list[ExampleDevice]) -> AsyncIterator[Home]:
    """Start a Home Assistant that knows devices of two kinds and hears what is announced on this machine."""

    def prepare(folder: Path) -> None:
        acme.install(folder)
        know_controllers(folder, KNOWN)
        know_device(folder, "acme_lamps", "Desk lamp", {"host": "127.0.0.1", "port": lamps[1].port})

    integrations = (INTEGRATION, zeroconf_of_this_machine(work / "integrations"))
    async with (
        simulated_controllers(1) as controllers,
        fresh_home(work / "discovering", controllers, integrations=integrations, prepare=prepare) as started,
    ):
        yield started


async def titles(home: Home, *, source: str) -> set[str]:
    entries = await home.client.command("config_entries/get", domain="ha_device_backups")
    return {entry["title"] for entry in entries if entry["source"] == source}


async def test_a_device_on_the_network_has_a_card(home: Home, lamps: list[ExampleDevice]) -> None:
    english = Words("en")
    async with announced(FOUND, lamps[0].port), browser_page(home.client) as page:
        await open_path(page, home.client, DASHBOARD)
        card = page.locator("ha-config-flow-card").filter(has_text=FOUND)
        await card.wait_for()
        await keep(page, "discovery-en-1-card")
        await card.get_by_role("button", name=re.compile("Add")).click()
        await dialog(page).get_by_text(FOUND).first.wait_for()
        await assert_readable(page, english("config.step.fields.data.host"))
        await keep(page, "discovery-en-2-fields")
        await go_on(page).click()
        await (
            dialog(page)
            .get_by_text(english("config.step.device_options.title").format(plain_name=FOUND))
            .first.wait_for()
        )
        await go_on(page).click()
        await until(lambda: titles(home, source="zeroconf"), {FOUND}.__eq__, seconds=20)

    async with asyncio.timeout(20):
        while "GET /config" not in lamps[0].requests:
            await asyncio.sleep(0.1)


async def test_all_that_home_assistant_knows_is_added_at_once(home: Home) -> None:
    german = Words("de")
    async with browser_page(home.client, "de") as page:
        await open_path(page, home.client, ADD_PAGE)
        await page.get_by_role("button", name="OK").click()
        await page.get_by_text("Eine weitere Instanz von Device Backups einrichten").click()
        await dialog(page).get_by_text(german("common.menu_everything").format(count="3"), exact=True).wait_for()
        await keep(page, "discovery-de-1-menu")
        await dialog(page).get_by_text(german("common.menu_everything").format(count="3"), exact=True).click()
        await dialog(page).get_by_text("Garage").first.wait_for()
        await assert_readable(page, german("config.step.everything.title").format(count="3"))
        await keep(page, "discovery-de-2-everything")
        await go_on(page).click()
        await dialog(page).get_by_text(german("config.abort.imported").format(count="3"), exact=True).wait_for()
        await keep(page, "discovery-de-3-done")

        await page.locator("ha-config-flow-card").first.wait_for(state="detached")

    assert await titles(home, source="import") == {"Desk lamp", *KNOWN}
