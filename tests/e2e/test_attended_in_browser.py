"""A backup with a person at the device: followed behind the gear, wide in English and on a phone in German."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from ha_device_backup_fritzbox.second_factor import CONFIRMATION_ABSENT
from scripts.live.boxes import RunningBox, simulated_box
from scripts.live.waiting import until

from .boxes import SECONDS, add_box, asked, entity_of, state_of, stored
from .browser import PATIENCE_MILLISECONDS, browser_page, keep, text_of
from .home import Home, lent
from .pages import Words, assert_within, dialog, go_on, notification, open_gear, open_notifications

pytestmark = pytest.mark.asyncio(loop_scope="session")

WIDTHS = {"en": 1280, "de": 360}
"""One language wide, the other on a phone."""
LEFT = re.compile(r"\b[0-3]:[0-5]\d\smin\b")
CLICKS = 2
"""From the page of Device Backups: the gear, and "Back up now"."""


@pytest_asyncio.fixture(loop_scope="session")
async def box() -> AsyncIterator[RunningBox]:
    async with simulated_box(confirmation=True) as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def home(empty_home: Home) -> AsyncIterator[Home]:
    async with lent(empty_home):
        yield empty_home


@pytest_asyncio.fixture(loop_scope="session")
async def entry(home: Home, box: RunningBox) -> dict[str, Any]:
    """Add the box; nobody confirms its first backup, which is incomplete."""
    return await add_box(home, box)


@pytest_asyncio.fixture(loop_scope="session")
async def page(home: Home, words: Words, entry: dict[str, Any]) -> AsyncIterator[Page]:
    async with browser_page(home.client, words.language, width=WIDTHS[words.language]) as opened:
        yield opened


def option(page: Page, words: Words, path: str) -> Locator:
    return dialog(page).get_by_text(words(f"options.step.{path}"), exact=True)


async def start(home: Home, page: Page, words: Words, box: RunningBox) -> None:
    """Open the gear of the box, and start the backup."""
    await open_gear(home, page, box.name)
    back_up = option(page, words, "init.menu_options.back_up")
    await back_up.wait_for()
    await assert_within(page)
    await keep(page, f"attended-{words.language}-1-gear")
    await back_up.click()


async def read_instruction(page: Page, box: RunningBox) -> None:
    await until(lambda: asked(box), bool, seconds=SECONDS)
    await expect(dialog(page)).to_contain_text("*14048")
    await expect(dialog(page)).to_contain_text(LEFT)
    await assert_within(page)


async def test_the_instruction_and_the_result_are_shown_in_place(
    home: Home, page: Page, words: Words, box: RunningBox, entry: dict[str, Any]
) -> None:
    state = await entity_of(home, entry, "state")
    await start(home, page, words, box)
    assert await page.evaluate("window.clicks") == CLICKS
    await read_instruction(page, box)
    await keep(page, f"attended-{words.language}-2-instruction")
    shown = await until(
        lambda: state_of(home, state), lambda now: now["attributes"]["waits_until"] is not None, seconds=SECONDS
    )
    assert shown["state"] == "needs_you"
    assert "*14048" in shown["attributes"]["reason"]
    await expect_countdown(page)

    box.press_button()
    done = words("options.abort.backed_up").format(name=box.name)
    await expect(dialog(page)).to_contain_text(done)
    await assert_within(page)
    await keep(page, f"attended-{words.language}-3-backed-up")
    assert [backup["whole"] for backup in await stored(home, box)] == [True, False]
    await until(lambda: state_of(home, state), lambda now: now["state"] == "ok", seconds=SECONDS)
    assert await page.evaluate("window.clicks") == CLICKS


async def expect_countdown(page: Page) -> None:
    """The time that is left becomes less by itself."""
    before = LEFT.search(await text_of(dialog(page)))
    assert before is not None
    await expect(dialog(page)).not_to_contain_text(before.group(), timeout=PATIENCE_MILLISECONDS)
    await expect(dialog(page)).to_contain_text(LEFT)


async def test_what_nobody_confirmed_is_tried_again(
    home: Home, page: Page, words: Words, box: RunningBox, entry: dict[str, Any]
) -> None:
    await start(home, page, words, box)
    await read_instruction(page, box)
    box.pass_time()
    title = words("options.step.not_backed_up.title")
    await dialog(page).get_by_text(title).first.wait_for()
    told = dialog(page).get_by_text(words.of_handler(CONFIRMATION_ABSENT))
    await expect(told).to_have_count(1)
    await assert_within(page)
    await keep(page, f"attended-{words.language}-4-nobody-confirmed")

    await option(page, words, "not_backed_up.menu_options.back_up").click()
    await read_instruction(page, box)
    box.press_button()
    await expect(dialog(page)).to_contain_text(words("options.abort.backed_up").format(name=box.name))
    assert [backup["whole"] for backup in await stored(home, box)] == [True, False]


async def test_a_closed_form_leaves_the_instruction_in_the_notifications(
    home: Home, page: Page, words: Words, box: RunningBox, entry: dict[str, Any]
) -> None:
    await start(home, page, words, box)
    await read_instruction(page, box)
    await dialog(page).get_by_role("button", name=re.compile("^(Close|Schließen)$")).first.click()
    await expect(dialog(page).get_by_text("*14048")).to_have_count(0)
    # Home Assistant goes back in the history of the browser, which would end a way to another page.
    await page.wait_for_function("!history.state?.dialog")
    await keep(page, f"attended-{words.language}-5-closed")
    await open_notifications(home, page)
    shown = notification(page, words("common.person_needed_title").format(name=box.name))
    await shown.wait_for()
    await expect(shown).to_contain_text("*14048")
    await keep(page, f"attended-{words.language}-6-notification")
    assert await asked(box)

    box.press_button()
    backups = await until(lambda: stored(home, box), lambda them: len(them) > 1, seconds=SECONDS)
    assert [backup["whole"] for backup in backups] == [True, False]
    done = notification(page, words("common.backup_complete_title").format(name=box.name))
    await open_notifications(home, page)
    await done.wait_for()
    await keep(page, f"attended-{words.language}-7-backed-up-meanwhile")


async def test_a_backup_is_downloaded(
    home: Home, page: Page, words: Words, box: RunningBox, entry: dict[str, Any]
) -> None:
    (backup,) = await stored(home, box)
    await open_gear(home, page, box.name)
    await option(page, words, "init.menu_options.download").click()
    await dialog(page).get_by_text(words("options.step.download.title")).first.wait_for()
    await assert_within(page)
    await keep(page, f"download-{words.language}-1-choose")
    await go_on(page).click()
    link = dialog(page).locator("a[href*='/download/']")
    await link.wait_for()
    await assert_within(page)
    await keep(page, f"download-{words.language}-2-link")
    async with page.expect_download() as started:
        await link.click()
    download = await started.value
    assert download.suggested_filename == await link.inner_text()
    assert download.suggested_filename.startswith(f"fritzbox {box.name.replace('!', '_')} ")
    assert Path(await download.path()).read_bytes() == (home.store / backup["path"]).read_bytes()
