"""The pages that few people see: certificates, a new login, a slow device; in English and in German."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from playwright.async_api import Page

from scripts.live.process import HomeAssistantError
from scripts.live.waiting import until
from tests.core.example_device import Answer, ExampleDevice, certificate
from tests.core.example_device import running as running_device
from tests.integration import acme

from .browser import browser_page, keep, open_path
from .home import Home, fresh_home
from .pages import Words, assert_error_at, assert_readable, begin_to_add, dialog, field, go_on

pytestmark = pytest.mark.asyncio(loop_scope="session")

INTEGRATION_PAGE = "/config/integrations/integration/ha_device_backups"
RECONFIGURE = re.compile("^(Reconfigure|Neu konfigurieren|Neukonfigurieren)$")
PASSWORD = "the first password"
NEW_PASSWORD = "the second password"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def home(work: Path) -> AsyncIterator[Home]:
    """Start a Home Assistant with the handler of a third party."""
    async with fresh_home(work / "third-party", [], prepare=acme.install) as started:
        yield started


@pytest.fixture(params=["en", "de"])
def words(request: pytest.FixtureRequest) -> Words:
    return Words(request.param)


@pytest_asyncio.fixture(loop_scope="session")
async def page(home: Home, words: Words) -> AsyncIterator[Page]:
    async with browser_page(home.client, words.language) as opened:
        yield opened


async def backed_up(home: Home) -> set[str]:
    return {backup.unique_id for backup in home.newest()} if home.store.is_dir() else set()


async def test_certificates_a_slow_device_and_a_new_login(home: Home, page: Page, words: Words, tmp_path: Path) -> None:
    language = words.language
    name = {"en": "ACME heating", "de": "ACME-Heizung"}[language]
    boiler = f"Boiler {language}"
    device = ExampleDevice(password=PASSWORD, info={"id": f"boiler-{language}", "name": boiler, "version": "1.2"})
    context, fingerprint = certificate(tmp_path)
    async with running_device(device, context):
        await begin_to_add(home, page, words, name)
        await field(page, words("config.step.fields.data.host")).fill("127.0.0.1")
        await field(page, words("config.step.fields.data.port"), number=True).fill(str(device.port))
        await field(page, words("config.step.fields.data.password")).fill(PASSWORD)
        await field(page, {"en": "Plant number", "de": "Anlagennummer"}[language]).fill("77")
        await field(page, "Circuits", number=True).fill("2")
        await dialog(page).get_by_role("switch").first.click(force=True)
        await keep(page, f"acme-{language}-1-fields")
        await go_on(page).click()

        await dialog(page).get_by_text(words("config.step.certificate.title"), exact=True).wait_for()
        await assert_readable(page, fingerprint[:8].upper())
        await keep(page, f"acme-{language}-2-certificate")

        answered = asyncio.Event()
        device.faults["/info"] = slow(device, answered)
        await go_on(page).click()
        progress = words("config.progress.connect").format(name=name, instruction="").strip()
        await dialog(page).get_by_text(progress).wait_for()
        await keep(page, f"acme-{language}-3-progress")
        device.faults.clear()
        answered.set()

        await dialog(page).get_by_text(boiler).first.wait_for()
        await assert_readable(page, boiler)
        await keep(page, f"acme-{language}-4-options")
        await go_on(page).click()
        await until(lambda: backed_up(home), lambda keys: device.info["id"] in keys, seconds=30)

        device.password = NEW_PASSWORD
        await press_until_refused(home, boiler)
        await log_in_again(home, page, words, boiler)

    other_context, other_fingerprint = certificate(tmp_path)
    async with running_device(device, other_context):
        await reconfigure(home, page, words, device, boiler)
        await dialog(page).get_by_text(words("config.step.certificate_changed.title"), exact=True).wait_for()
        await assert_readable(page, fingerprint[:8].upper())
        await assert_readable(page, other_fingerprint[:8].upper())
        await keep(page, f"acme-{language}-7-certificate-changed")
        await go_on(page).click()
        await dialog(page).get_by_text(words("config.abort.reconfigure_successful")).wait_for()


def slow(device: ExampleDevice, until_then: asyncio.Event) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        await until_then.wait()
        return await device.answer(request)

    return answer


async def press_until_refused(home: Home, title: str) -> None:
    """Let the device refuse the stored password; a press during the first backup still joins that one."""
    button = next(
        state["entity_id"]
        for state in await home.client.states()
        if state["entity_id"].startswith("button.") and state["attributes"]["friendly_name"].startswith(title)
    )

    async def refused() -> bool:
        try:
            await home.client.act("button.press", {"entity_id": button}, response=False)
        except HomeAssistantError as error:
            return "refused the login" in str(error)
        return False

    await until(refused, bool, seconds=30)


async def log_in_again(home: Home, page: Page, words: Words, title: str) -> None:
    async def asked() -> list[str]:
        flows = await home.client.command("config_entries/flow/progress")
        return [flow["step_id"] for flow in flows if flow["context"].get("source") == "reauth"]

    await until(asked, bool, seconds=30)
    await open_path(page, home.client, INTEGRATION_PAGE)
    await page.get_by_text(title).first.wait_for()
    await keep(page, f"acme-{words.language}-5-needs-attention")
    await page.get_by_role(
        "button", name=re.compile("^(Reconfigure|Neu konfigurieren|Neukonfigurieren)$")
    ).first.click()
    await dialog(page).get_by_text(words("config.step.reauth_confirm.title").format(plain_name=title)).wait_for()
    secret = field(page, words("config.step.reauth_confirm.data.password"))
    await secret.fill("a wrong password")
    await go_on(page).click()
    await assert_error_at(page, words("config.error.authentication").split(".")[0], secret)
    await assert_readable(page, words("config.step.reauth_confirm.data.password"))
    await keep(page, f"acme-{words.language}-6-log-in-again")
    await secret.fill(NEW_PASSWORD)
    await go_on(page).click()
    await dialog(page).get_by_text(words("config.abort.reauth_successful")).wait_for()


async def reconfigure(home: Home, page: Page, words: Words, device: ExampleDevice, name: str) -> None:
    await open_path(page, home.client, INTEGRATION_PAGE)
    row = page.locator("ha-config-entry-row").filter(has_text=name).first
    await row.wait_for()
    await row.locator("ha-dropdown").first.locator("ha-icon-button[slot=trigger]").click()
    await row.locator("ha-dropdown-item[value=reconfigure]").click()
    port = field(page, words("config.step.reconfigure.data.port"), number=True)
    await port.wait_for()
    await port.fill(str(device.port))
    await go_on(page).click()
