"""A FRITZ!Box as people see it: added, confirmed at the box, logged in again; in English and in German."""

import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from ha_device_backup_core import Text
from ha_device_backup_fritzbox.handler import FritzBoxHandler
from ha_device_backup_fritzbox.translation import _
from ha_device_backup_fritzbox.users import wrong_login
from scripts.live.boxes import RunningBox, simulated_box
from scripts.live.waiting import until
from tests.simulators.fritzbox import EXPORT_PASSWORD, PASSWORD

from .boxes import SECONDS, asked, flows_of, stored
from .browser import browser_page, keep, open_path
from .home import Home, fresh_home
from .pages import (
    ADD_PAGE,
    INTEGRATION_PAGE,
    NOTIFICATIONS,
    Words,
    assert_error_at,
    assert_readable,
    dialog,
    field,
    go_on,
    notification,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")

SPEC = FritzBoxHandler.spec
SERIALS = {"en": "2C3AFD0000E1", "de": "2C3AFD0000D1"}
MODELS = {"en": "FRITZ!Box 7590", "de": "FRITZ!Box 6690 Cable"}
ATTENDED = _(
    "This FRITZ!Box exports its settings only after a confirmation at the box. Schedules back up phone books, barred "
    "numbers and call diversions. For the settings, press “Back up now” from time to time when you are near it."
)
NEW_PASSWORD = "canary-login after a change 4712"


@pytest_asyncio.fixture(loop_scope="session")
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    """Start a Home Assistant without devices, and without what an earlier test, or try, left."""
    async with fresh_home(tmp_path / "home", []) as started:
        yield started


@pytest.fixture(params=["en", "de"])
def words(request: pytest.FixtureRequest) -> Words:
    return Words(request.param)


@pytest_asyncio.fixture(loop_scope="session")
async def page(home: Home, words: Words) -> AsyncIterator[Page]:
    # Instructions are shown to all people at home, in the language of the home.
    await home.client.command("config/core/update", language=words.language)
    async with browser_page(home.client, words.language) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def box(words: Words) -> AsyncIterator[RunningBox]:
    """Start a box that wants a confirmation."""
    language = words.language
    async with simulated_box(confirmation=True, serial=SERIALS[language], model=MODELS[language]) as started:
        yield started


def text_of_field(key: str) -> Mapping[str, Text]:
    declared = SPEC.field(key)
    assert declared is not None
    return {"label": declared.label, "help": declared.help}


async def test_add_confirm_and_log_in_again(home: Home, page: Page, words: Words, box: RunningBox) -> None:
    await enter_the_fields(home, page, words, box)
    await trust_and_finish(page, words, box)
    await until(lambda: stored(home, box), bool, seconds=SECONDS)
    await back_up_with_a_person(home, page, words, box)
    await log_in_again(home, page, words, box)


async def enter_the_fields(home: Home, page: Page, words: Words, box: RunningBox) -> None:
    prefix = f"fritzbox-{words.language}"
    await open_path(page, home.client, ADD_PAGE)
    await page.get_by_role("button", name="OK").click()
    await dialog(page).get_by_text("FRITZ!Box", exact=True).click()
    host = field(page, words("config.step.fields.data.host"))
    password = field(page, words("config.step.fields.data.password"))
    await host.wait_for()
    await assert_readable(page, words("config.step.fields.data.username"))
    for key in ("export_password", "tls"):
        await expect(dialog(page)).to_contain_text(words.of_handler(text_of_field(key)["label"]))
    for key in ("host", "username", "password", "export_password", "tls", "port"):
        await expect(dialog(page)).to_contain_text(words.of_handler(text_of_field(key)["help"]))
    await keep(page, f"{prefix}-1-fields")

    await host.fill(box.fritz.host)
    await field(page, words("config.step.fields.data.port"), number=True).fill(str(box.fritz.encrypted_port))
    await field(page, words("config.step.fields.data.username")).fill(str(box.answers["username"]))
    await password.fill("a wrong password")
    await field(page, words.of_handler(text_of_field("export_password")["label"])).fill(EXPORT_PASSWORD)
    await go_on(page).click()

    await dialog(page).get_by_text(words("config.step.certificate.title"), exact=True).wait_for()
    for start in range(0, len(box.certificate), 8):
        await expect(dialog(page)).to_contain_text(box.certificate[start : start + 8].upper())
    assert box.fritz.logins == 0
    await keep(page, f"{prefix}-2-certificate")
    await go_on(page).click()

    await assert_error_at(page, words("config.error.authentication").split(".")[0], password)
    await expect(dialog(page)).to_contain_text(words.of_handler(wrong_login(0, ())).split(".")[0])
    await assert_readable(page, words("config.step.fields.data.username"))
    assert box.fritz.logins == 1
    await keep(page, f"{prefix}-3-wrong-password")
    box.pass_time()
    await password.fill(PASSWORD)
    await go_on(page).click()


async def trust_and_finish(page: Page, words: Words, box: RunningBox) -> None:
    await dialog(page).get_by_text(box.name).first.wait_for()
    await assert_readable(page, box.name)
    for told in (ATTENDED, *SPEC.omits):
        await expect(dialog(page)).to_contain_text(words.of_handler(told))
    await keep(page, f"fritzbox-{words.language}-4-options")
    await go_on(page).click()


async def back_up_with_a_person(home: Home, page: Page, words: Words, box: RunningBox) -> None:
    prefix = f"fritzbox-{words.language}"
    devices = await home.client.command("config/device_registry/list")
    device = next(device for device in devices if device["name"] == box.name)
    await open_path(page, home.client, f"/config/devices/device/{device['id']}")
    button = page.get_by_role("button", name=re.compile("^(Press|Drücken|Ausführen)$")).first
    await button.wait_for()
    await keep(page, f"{prefix}-5-incomplete")
    await button.click()

    await until(lambda: asked(box), bool, seconds=SECONDS)
    await page.get_by_text(NOTIFICATIONS).first.click()
    shown = notification(page, words("common.person_needed_title").format(name=box.name))
    await shown.wait_for()
    await expect(shown).to_contain_text("*14048")
    await keep(page, f"{prefix}-6-press-a-button")

    box.press_button()
    await until(lambda: stored(home, box), lambda backups: len(backups) > 1, seconds=SECONDS)
    # The drawer closes whenever it is empty, as it is while the export is fetched.
    await open_path(page, home.client, f"/config/devices/device/{device['id']}")
    await page.get_by_text(NOTIFICATIONS).first.click()
    done = notification(page, words("common.backup_complete_title").format(name=box.name))
    await done.wait_for()
    await keep(page, f"{prefix}-7-whole")
    assert [backup["whole"] for backup in await stored(home, box)] == [True, False]


async def log_in_again(home: Home, page: Page, words: Words, box: RunningBox) -> None:
    box.set_password(NEW_PASSWORD)
    await home.client.act("ha_device_backups.back_up", {"all": True})
    await until(lambda: flows_of(home, "reauth"), bool, seconds=SECONDS)
    await open_path(page, home.client, INTEGRATION_PAGE)
    await page.get_by_text(box.name).first.wait_for()
    await page.get_by_role(
        "button", name=re.compile("^(Reconfigure|Neu konfigurieren|Neukonfigurieren)$")
    ).first.click()
    password = field(page, words("config.step.reauth_confirm.data.password"))
    await password.wait_for()
    await assert_readable(page, words("config.step.reauth_confirm.data.password"))
    await keep(page, f"fritzbox-{words.language}-8-log-in-again")
    box.pass_time()
    await password.fill(NEW_PASSWORD)
    await go_on(page).click()
    await expect(dialog(page)).to_contain_text(words("config.abort.reauth_successful"), timeout=1000 * SECONDS)
    backups = await until(lambda: stored(home, box), lambda them: len(them) > 1, seconds=SECONDS)
    assert [backup["whole"] for backup in backups] == [True, False]
