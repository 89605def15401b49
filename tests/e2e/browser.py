"""A browser in front of a Home Assistant of a test."""

import contextlib
import json
import time
from collections.abc import AsyncIterator

from playwright.async_api import Browser, Locator, Page, Playwright, async_playwright, expect
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as NotInTimeError

from scripts.live.client import HomeAssistantClient
from scripts.live.folder import ROOT

CHROMIUM = "/usr/bin/chromium"
SCREENSHOTS = ROOT / "artifacts" / "screenshots"
LOCALES = {"en": "en-US", "de": "de-DE", "nl": "nl-NL"}
PATIENCE_MILLISECONDS = 20_000
START_MILLISECONDS = 60_000
"""For all of Home Assistant's user interface, which a browser reads for the first time."""
expect.set_options(timeout=PATIENCE_MILLISECONDS)
READY = """() => {const h = document.querySelector('home-assistant')?.hass;
  return h && h.connected && h.states && h.user && h.translationMetadata &&
    !document.querySelector('#ha-launch-screen')}"""

TEXT = """element => {
  const of = node => node.nodeType === Node.TEXT_NODE ? node.data
    : node.nodeName === 'STYLE' || node.nodeName === 'SCRIPT' ? ''
    : [node.shadowRoot, ...node.childNodes].filter(Boolean).map(of).join(' ');
  return of(element);
}"""


class SharedBrowser:
    """One browser for all tests of a process: what pages keep is kept apart by their contexts."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    async def get(self) -> Browser:
        """Return the browser; one that crashed is started anew."""
        if self._playwright is None:
            self._playwright = await async_playwright().start()
        if self._browser is None or not self._browser.is_connected():
            self._browser = await self._playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
            )
        return self._browser

    async def close(self) -> None:
        """End it."""
        if self._browser is not None:
            await self._browser.close()
        if self._playwright is not None:
            await self._playwright.stop()
        self._playwright = self._browser = None


SHARED_BROWSER = SharedBrowser()


@contextlib.asynccontextmanager
async def browser_page(client: HomeAssistantClient, language: str = "en", *, width: int = 1280) -> AsyncIterator[Page]:
    """Open a browser in which the person of the client is logged in, with a profile in that language."""
    await client.command("frontend/set_user_data", key="language", value={"language": language})
    tokens = {
        **client.tokens,
        "hassUrl": client.url,
        "clientId": f"{client.url}/",
        "expires": int(time.time() * 1000) + client.tokens["expires_in"] * 1000,
    }
    browser = await SHARED_BROWSER.get()
    context = await browser.new_context(
        locale=LOCALES[language], service_workers="block", viewport={"width": width, "height": 1000}
    )
    try:
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        await context.add_init_script(
            f"localStorage.setItem('hassTokens', {json.dumps(json.dumps(tokens))});"
            f"localStorage.setItem('selectedLanguage', {json.dumps(json.dumps(language))});"
        )
        yield await context.new_page()
    finally:
        await context.close()


async def _go_to(page: Page, url: str) -> None:
    """Navigate; a page that was on its way elsewhere may cut that off once."""
    try:
        await page.goto(url, wait_until="domcontentloaded", timeout=START_MILLISECONDS)
    except PlaywrightError as error:
        if "ERR_ABORTED" not in str(error):
            raise
        await page.goto(url, wait_until="domcontentloaded", timeout=START_MILLISECONDS)


async def open_path(page: Page, client: HomeAssistantClient, path: str) -> None:
    """Go to a page of the user interface and wait until it is there; what does not come is asked for once more."""
    await _go_to(page, client.url + path)
    try:
        await page.wait_for_function(READY, timeout=START_MILLISECONDS)
    except NotInTimeError:
        await page.reload(wait_until="domcontentloaded", timeout=START_MILLISECONDS)
        await page.wait_for_function(READY, timeout=START_MILLISECONDS)


async def text_of(element: Locator) -> str:
    """Return the text of an element and of all that its shadow roots hold."""
    return str(await element.evaluate(TEXT))


async def keep(page: Page, name: str) -> None:
    """Keep a picture of the page for people to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    await page.wait_for_timeout(400)
    await page.screenshot(path=SCREENSHOTS / f"{name}.png")
