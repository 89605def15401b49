"""The config flow as people see it: a real browser, in English and in German."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from ha_device_backup_wled.handler import WledHandler
from scripts.live.controllers import Controller, Model, simulated_controllers
from scripts.live.folder import free_port
from scripts.live.waiting import until
from tests.simulators.wled import PIN, Chip

from .browser import browser_page, keep, open_path
from .home import Home
from .pages import ADD_PAGE, Words, assert_error_at, assert_readable, dialog, field, go_on

pytestmark = pytest.mark.asyncio(loop_scope="session")

WRONG_PIN = "4096"
MODELS = {
    "en": Model("Stairs", "0.15.5", Chip.ESP32, pin=PIN),
    "de": Model("Treppe", "16.0.0", Chip.ESP32_S3, pin=PIN),
}


@pytest.fixture(params=["en", "de"])
def words(request: pytest.FixtureRequest) -> Words:
    return Words(request.param)


@pytest_asyncio.fixture(loop_scope="session")
async def page(home: Home, words: Words) -> AsyncIterator[Page]:
    async with browser_page(home.client, words.language) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def controller(words: Words) -> AsyncIterator[Controller]:
    async with simulated_controllers([MODELS[words.language]]) as (started,):
        yield started


async def test_add_with_mistakes_until_the_first_backup(
    home: Home, page: Page, words: Words, controller: Controller
) -> None:
    spec = WledHandler.spec
    pin, address, port_field = (spec.field(key) for key in ("pin", "host", "port"))
    assert pin is not None
    assert address is not None
    assert port_field is not None
    name, prefix = words.of_handler(spec.name), f"add-{words.language}"

    await open_path(page, home.client, ADD_PAGE)
    await page.get_by_role("button", name="OK").click()
    await dialog(page).get_by_text(name, exact=True).wait_for()
    await keep(page, f"{prefix}-1-choose")
    await dialog(page).get_by_text(name, exact=True).click()

    host = field(page, words("config.step.fields.data.host"))
    port = field(page, words("config.step.fields.data.port"), number=True)
    secret = dialog(page).locator("input[name=option_1]")
    await host.wait_for()
    await assert_readable(page, words("config.step.fields.data.host"))
    for text in (
        words.of_handler(address.help),
        words.of_handler(port_field.help),
        words.of_handler(pin.label),
        words.of_handler(pin.help),
    ):
        await expect(dialog(page)).to_contain_text(text)
    await keep(page, f"{prefix}-2-fields")

    await host.fill(controller.wled.host)
    await port.fill(str(free_port()))
    await go_on(page).click()
    await assert_error_at(page, words("config.error.cannot_connect").split(".")[0], host)
    await assert_readable(page, words("config.step.fields.data.host"))
    await keep(page, f"{prefix}-3-wrong-address")

    await port.fill(str(controller.wled.port))
    await secret.fill(WRONG_PIN)
    await go_on(page).click()
    await assert_error_at(page, words("config.error.authentication").split(".")[0], secret)
    await assert_readable(page, words("config.step.fields.data.host"))
    await keep(page, f"{prefix}-4-wrong-pin")

    controller.forget_attempts()
    await secret.fill(PIN)
    await go_on(page).click()
    await dialog(page).get_by_text(controller.name).first.wait_for()
    await assert_readable(page, controller.name)
    for omitted in spec.omits:
        await expect(dialog(page)).to_contain_text(words.of_handler(omitted))
    await keep(page, f"{prefix}-5-options")

    await go_on(page).click()
    await wait_for_first_backup(home, controller)
    await keep(page, f"{prefix}-6-added")


async def wait_for_first_backup(home: Home, controller: Controller) -> None:
    """Return once the store has a backup of it."""

    async def stored() -> bool:
        return controller.mac in {backup.unique_id for backup in home.newest()}

    await until(stored, bool, seconds=60)


async def test_device_page_is_readable(home: Home, page: Page, words: Words) -> None:
    devices = await home.client.command("config/device_registry/list")
    device = next(device for device in devices if device["name"] == home.controllers[0].name)

    await open_path(page, home.client, f"/config/devices/device/{device['id']}")
    names = Words("en")  # of entities: in the language of the home, not of the person
    for path in ("entity.button.back_up.name", "entity.sensor.last_backup.name", "entity.event.backup.name"):
        await page.get_by_text(names(path), exact=True).first.wait_for()
    await keep(page, f"device-{words.language}")


async def test_integration_page_shows_no_error(home: Home, page: Page, words: Words) -> None:
    await open_path(page, home.client, "/config/integrations/integration/ha_device_backups")
    for controller in home.controllers:
        await page.get_by_text(controller.name).first.wait_for()
    await keep(page, f"integration-{words.language}")
    assert await page.locator("ha-alert[alert-type=error]").count() == 0
