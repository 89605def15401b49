"""Handler packages in the user interface: installed on the way to a device, updated and removed; in two languages."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from scripts import versions
from scripts.live.folder import ROOT
from scripts.live.waiting import until

from .authors import UPDATE, Simulator, publish_package
from .browser import browser_page, keep, open_path
from .fresh_python import FreshPython
from .home import Home, wait_for_kinds
from .pages import ADD_PAGE, Words, assert_error_at, assert_readable, dialog, field, go_on

pytestmark = pytest.mark.asyncio(loop_scope="session")

INTEGRATION_PAGE = "/config/integrations/integration/ha_device_backups"
KINDS = {"en": ("rain_gauge", "Rain gauge"), "de": ("wetterstation", "Wetterstation")}
VERSION = "0.1.0"
HTTP, HTTP_VERSION = "ha-device-backup-http", versions.current(ROOT)
GEAR = 1
"""Among the buttons of a row, behind the one that folds it."""
SECONDS = 30
INSTALL_SECONDS = 90


@pytest.fixture(params=["en", "de"])
def words(request: pytest.FixtureRequest) -> Words:
    return Words(request.param)


@pytest_asyncio.fixture(loop_scope="session")
async def page(bare_home: Home, words: Words) -> AsyncIterator[Page]:
    async with browser_page(bare_home.client, words.language) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def package(work: Path, fresh_python: FreshPython, words: Words) -> str:
    return await asyncio.to_thread(publish_package, work, *KINDS[words.language], fresh_python.index.folder)


async def test_install_add_update_and_remove(
    bare_home: Home, fresh_python: FreshPython, page: Page, words: Words, package: str
) -> None:
    before = await asyncio.to_thread(fresh_python.versions)
    await open_path(page, bare_home.client, ADD_PAGE)
    await page.get_by_role("button", name="OK").click()
    await dialog(page).get_by_text(words("common.menu_install")).click()
    await install(page, words, package, fresh_python)
    await add(bare_home, page, words)
    assert await asyncio.to_thread(fresh_python.versions) == {**before, package: VERSION}

    await open_packages(bare_home, page, words)
    _, title = KINDS[words.language]
    await shown(page, f"{title} {VERSION}")
    await picture(page, words, "6-list")
    await update(page, words, title, fresh_python)
    await look_at_restart(bare_home, page, words, title)
    assert await asyncio.to_thread(fresh_python.versions) == {**before, package: UPDATE}

    await open_packages(bare_home, page, words)
    await remove(page, words, title)
    (entry_id,) = await until(lambda: waiting(bare_home), bool, seconds=SECONDS)
    assert await asyncio.to_thread(fresh_python.versions) == before
    kind, _ = KINDS[words.language]
    assert kind in {backup.kind for backup in bare_home.newest()}
    await bare_home.client.delete(f"/api/config/config_entries/entry/{entry_id}")


@pytest.mark.parametrize("words", ["de"], indirect=True)
async def test_a_kind_is_found_by_its_name_before_its_package_is_there(
    bare_home: Home, fresh_python: FreshPython, page: Page, words: Words
) -> None:
    before = await asyncio.to_thread(fresh_python.versions)
    await open_path(page, bare_home.client, ADD_PAGE)
    await page.get_by_role("button", name="OK").click()
    await dialog(page).get_by_text(words("common.menu_other"), exact=True).click()
    box = dialog(page).locator("ha-selector-select")
    await box.click()
    await box.locator("ha-input-search input").fill("Pi-hole")
    found = page.get_by_text(words("common.menu_catalogue").format(name="Pi-hole 6"))
    await found.wait_for()
    await picture(page, words, "13-found")
    await found.click()
    await go_on(page).click()

    await shown(page, words("config.step.confirm_install.title").format(plain_name="Pi-hole 6"))
    await shown(page, f"{HTTP} {HTTP_VERSION}")
    await picture(page, words, "14-confirm")
    await go_on(page).click()
    title = words("config.step.fields.title").format(plain_name="Pi-hole 6")
    await shown(page, title, seconds=INSTALL_SECONDS)
    await picture(page, words, "15-its-form")
    assert await asyncio.to_thread(fresh_python.versions) == {**before, HTTP: HTTP_VERSION}

    await bare_home.client.command("ha_device_backups/packages/remove", package=HTTP)

    async def installed() -> Mapping[str, str]:
        return await asyncio.to_thread(fresh_python.versions)

    await until(installed, lambda there: there == before, seconds=SECONDS)


async def picture(page: Page, words: Words, name: str) -> None:
    await keep(page, f"packages-{words.language}-{name}")


async def shown(page: Page, text: str, *, seconds: float = 20) -> None:
    await dialog(page).get_by_text(text).filter(visible=True).first.wait_for(timeout=seconds * 1000)
    await assert_readable(page, text)


async def pick(page: Page, requirement: str) -> None:
    """Type what is in no list, and take it."""
    box = dialog(page).locator("ha-selector-select")
    await box.click()
    await box.locator("ha-input-search input").fill(requirement)
    await page.get_by_text(f'"{requirement}"').click()


async def install(page: Page, words: Words, package: str, python: FreshPython) -> None:
    box = dialog(page).locator("ha-selector-select")
    await shown(page, words("config.step.install_package.description").split("**")[1])
    await shown(page, words("config.step.install_package.data_description.package"))
    await expect(box.locator("ha-picker-field")).not_to_contain_text("==")
    await picture(page, words, "1-form")
    await pick(page, f"{package}s=={VERSION}")
    await go_on(page).click()
    await assert_error_at(page, words("common.package_not_found").format(name=f"{package}s"), box)
    await shown(page, words("common.catalogue").partition("\n")[0])
    await picture(page, words, "2-wrong-name")

    await pick(page, f"{package}=={VERSION}")
    progress = words("config.progress.installing").format(package=f"{package} {VERSION}")
    with python.index.silent():
        await go_on(page).click()
        await shown(page, progress)
        await picture(page, words, "3-progress")


async def add(home: Home, page: Page, words: Words) -> None:
    kind, name = KINDS[words.language]
    simulator = Simulator()
    async with simulator.running() as device:
        host = field(page, words("config.step.fields.data.host"))
        await host.wait_for(timeout=INSTALL_SECONDS * 1000)
        await host.fill("127.0.0.1")
        await field(page, words("config.step.fields.data.port"), number=True).fill(str(device.port))
        await field(page, words("config.step.fields.data.password")).fill(simulator.password)
        await shown(page, name)
        await picture(page, words, "4-fields")
        await go_on(page).click()
        await shown(page, "Cellar")
        await picture(page, words, "5-options")
        await go_on(page).click()
        await wait_for_kinds(home, kind)


async def open_packages(home: Home, page: Page, words: Words) -> None:
    """Go by the gear of the entry of the integration itself."""
    await open_path(page, home.client, INTEGRATION_PAGE)
    title = page.get_by_text("Device Backups", exact=True)
    await page.locator("ha-config-entry-row").filter(has=title).locator("ha-icon-button").nth(GEAR).click()
    await shown(page, words("options.step.init.title"))
    await dialog(page).get_by_text("Device Backups", exact=True).wait_for()
    await dialog(page).get_by_text(words("options.step.init.menu_options.packages"), exact=True).click()
    await dialog(page).get_by_text(words("options.step.packages.menu_options.update_package")).wait_for()


async def update(page: Page, words: Words, title: str, python: FreshPython) -> None:
    await dialog(page).get_by_text(words("options.step.packages.menu_options.update_package")).click()
    number = field(page, words("options.step.update_package.data.version"))
    await number.fill("0.9.0")
    await go_on(page).click()
    await assert_error_at(page, words("common.package_version_not_found").format(name=title, version="0.9.0"), number)
    await picture(page, words, "7-no-such-version")

    await number.fill(UPDATE)
    with python.index.silent():
        await go_on(page).click()
        await shown(page, words("config.progress.installing").format(package=f"{title} {UPDATE}"))
    installed, _ = words("options.abort.package_waits").format(package=f"{title} {UPDATE}", running="").split(". ")
    await shown(page, installed, seconds=INSTALL_SECONDS)
    await picture(page, words, "8-updated")


async def look_at_restart(home: Home, page: Page, words: Words, title: str) -> None:
    await open_path(page, home.client, "/config/repairs")
    await page.get_by_text(words("issues.restart_needed.title")).click()
    await shown(page, f"{title} {UPDATE}")
    await picture(page, words, "9-restart")


async def remove(page: Page, words: Words, title: str) -> None:
    await shown(page, words("common.package_update_waits").format(package=f"{title} {UPDATE}", version=UPDATE))
    await picture(page, words, "10-update-waits")
    await dialog(page).get_by_text(words("options.step.packages.menu_options.remove_package")).click()
    choice = words("common.package_choice").format(package=f"{title} {UPDATE}", devices="1")
    await shown(page, choice)
    await picture(page, words, "11-remove")
    await go_on(page).click()
    await shown(page, words("options.abort.package_removed").format(package=title))
    await picture(page, words, "12-removed")


async def waiting(home: Home) -> list[str]:
    """Return the ids of the entries whose devices wait for their handlers."""
    issues = (await home.client.command("repairs/list_issues"))["issues"]
    told = [str(issue["issue_id"]) for issue in issues if issue["domain"] == "ha_device_backups"]
    return [issue.removeprefix("handler_missing_") for issue in told if issue.startswith("handler_missing_")]
