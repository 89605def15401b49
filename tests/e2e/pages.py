"""What tests see of a flow in the browser: its texts in a language, its fields, its errors."""

import json
import re
from collections.abc import Mapping
from typing import Any, Literal

from playwright.async_api import Locator, Page, expect

from ha_device_backup_core.text import Text, in_language
from scripts.live.folder import INTEGRATION

from .browser import PATIENCE_MILLISECONDS, open_path, text_of
from .home import Home

DASHBOARD = "/config/integrations/dashboard"
ADD_PAGE = f"{DASHBOARD}/add?domain=ha_device_backups"
INTEGRATION_PAGE = "/config/integrations/integration/ha_device_backups"
NOTIFICATIONS = re.compile("^(Notifications|Benachrichtigungen)")
NEAR_PIXELS = 60
ENDS_IN_DOTS = """element => {
  const found = [];
  const look = one => {
    if (one.localName === 'ha-selector-select') return;
    if (one.clientWidth > 0 && getComputedStyle(one).textOverflow === 'ellipsis' && one.scrollWidth > one.clientWidth) {
      found.push(one.innerText || one.className);
    }
    for (const inner of [...one.children, ...(one.shadowRoot?.children ?? [])]) look(inner);
  };
  look(element);
  return found;
}"""
"""But for what is chosen in a list: Home Assistant cuts that, and the list shows it whole."""
NARROW = 870
"""Pixels below which Home Assistant hides its sidebar."""


class Words:
    """The texts of a language, as the translations and the handler have them."""

    def __init__(self, language: str) -> None:
        path = INTEGRATION / "translations" / f"{language}.json"
        self.language = language
        self._texts: Mapping[str, Any] = json.loads(path.read_text())

    def __call__(self, path: str) -> str:
        value: Any = self._texts
        for key in path.split("."):
            value = value[key]
        return str(value)

    def of_handler(self, text: Text) -> str:
        return in_language(text, self.language)


def dialog(page: Page) -> Locator:
    return page.locator("dialog-data-entry-flow")


def go_on(page: Page) -> Locator:
    """The button that sends the form, whatever the step calls it."""
    return dialog(page).get_by_role("button", name=re.compile(r"^(Next|Submit|Weiter|Absenden|OK)$"))


def field(page: Page, label: str, *, number: bool = False) -> Locator:
    """The box under a label; labels of required fields end in an asterisk."""
    role: Literal["spinbutton", "textbox"] = "spinbutton" if number else "textbox"
    return dialog(page).get_by_role(role, name=re.compile(rf"^{re.escape(label)}\*?$"))


async def assert_readable(page: Page, expected: str) -> None:
    """The expected text is on the screen, and no key, no placeholder and no error of the formatter."""
    await expect(dialog(page)).to_contain_text(expected, timeout=PATIENCE_MILLISECONDS)
    text = await text_of(dialog(page))
    for unreadable in ("option_1", "formatjs", "MISSING_VALUE", "Translation [", "{", "component."):
        assert unreadable not in text


async def assert_error_at(page: Page, message: str, box: Locator) -> None:
    """The message stands right above that box, and nowhere else."""
    alert = dialog(page).locator("ha-alert").filter(has_text=message)
    await expect(alert).to_have_count(1, timeout=PATIENCE_MILLISECONDS)
    above, below = await alert.bounding_box(), await box.bounding_box()
    assert above is not None
    assert below is not None
    assert 0 <= below["y"] - (above["y"] + above["height"]) < NEAR_PIXELS


async def assert_within(page: Page) -> None:
    """Nothing of the dialog is cut at the side or ends in dots, and nothing in it is unreadable."""
    cut = await dialog(page).evaluate(ENDS_IN_DOTS)
    assert cut == [], cut
    surface = dialog(page).locator("ha-dialog, ha-adaptive-dialog, wa-dialog").first
    overflow = await surface.evaluate("element => element.scrollWidth - element.clientWidth")
    assert overflow <= 1
    text = await text_of(dialog(page))
    for unreadable in ("formatjs", "MISSING_VALUE", "Translation [", "{", "component.", "\\"):
        assert unreadable not in text, text


def notification(page: Page, title: str) -> Locator:
    return page.locator("notification-item").filter(has_text=title)


async def open_notifications(home: Home, page: Page) -> None:
    """Open the drawer; on a phone the sidebar has to be opened first."""
    await open_path(page, home.client, "/profile")
    if page.viewport_size is not None and page.viewport_size["width"] < NARROW:
        await page.locator("ha-menu-button").first.click()
    await page.get_by_text(NOTIFICATIONS).first.click()


async def open_gear(home: Home, page: Page, title: str) -> None:
    """Go to the page of Device Backups, and open the gear of an entry."""
    await open_path(page, home.client, INTEGRATION_PAGE)
    row = page.locator("ha-config-entry-row").filter(has_text=title)
    await row.first.wait_for()
    await row.get_by_role("button", name=re.compile("^(Configure|Konfigurieren)$")).first.click()


async def begin_to_add(home: Home, page: Page, words: Words, choice: str) -> None:
    """Find a kind that stands in no menu by its name."""
    await open_path(page, home.client, ADD_PAGE)
    await page.get_by_role("button", name="OK").click()
    await dialog(page).get_by_text(words("common.menu_other"), exact=True).click()
    await choose(page, choice)
    await go_on(page).click()


async def choose(page: Page, choice: str) -> None:
    """Choose from a long list by typing what one wants."""
    box = dialog(page).locator("ha-selector-select")
    await box.click()
    await box.locator("ha-input-search input").fill(choice)
    await page.get_by_text(f'"{choice}"').wait_for()
    await page.keyboard.press("Enter")
    await expect(box.locator("ha-picker-field")).to_contain_text(choice)
    await expect(box.locator("ha-input-search input")).to_have_count(0)
