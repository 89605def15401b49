"""A browser in front of a Home Assistant of a test."""

import contextlib
import json
import os
import shutil
import time
from collections.abc import AsyncIterator
from typing import Any

from playwright.async_api import Browser, BrowserContext, Locator, Page, Playwright, async_playwright, expect
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as NotInTimeError

from scripts.live.client import HomeAssistantClient
from scripts.live.folder import ROOT

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
"""The same engine without the windows around it, which nobody sees here, takes half the processor time."""
SCREENSHOTS = ROOT / "artifacts" / "screenshots"
PICTURES = "PICTURES"
"""The variable of the environment that asks for a picture of each step; else there are only those of what failed."""
MOST_IDLE = 4
"""Contexts that wait for another test; each has a process and what it read."""
OPTIONS = ("--no-sandbox", "--disable-gpu", "--process-per-site")
ANCHOR = "/manifest.json"
KEPT_BY_PAGES = "local_storage,indexeddb,cookies,cache_storage,websql,file_systems"
WIDE, HEIGHT = 1280, 1000
LOCALES = {"en": "en-US", "de": "de-DE", "nl": "nl-NL"}
PATIENCE_MILLISECONDS = 20_000
START_MILLISECONDS = 60_000
"""For all of Home Assistant's user interface, which a browser reads for the first time."""
expect.set_options(timeout=PATIENCE_MILLISECONDS)
UNDIMMED = """addEventListener("DOMContentLoaded", () =>
  document.documentElement.style.setProperty("--ha-dialog-scrim-backdrop-filter", "none"))"""
"""Behind a dialog Home Assistant darkens all that is seen, in each picture anew: most of what a dialog takes here."""
FASTER = 1000
READY = """() => {const h = document.querySelector('home-assistant')?.hass;
  return h && h.connected && h.states && h.user && h.translationMetadata &&
    !document.querySelector('#ha-launch-screen')}"""

BELONGS_TO = """([refreshToken, language]) => {
  const hass = document.querySelector("home-assistant")?.hass;
  return hass?.auth.data.refresh_token === refreshToken && hass.language === language;
}"""
GO = """path => {
  if (location.pathname === path) return;
  history.pushState(null, "", path);
  window.dispatchEvent(new CustomEvent("location-changed", { detail: { replace: false } }));
}"""
"""As a link inside Home Assistant does."""
HAS_DIALOG = "history.state?.dialog"
RESTING_PLACE = "/config/dashboard"
COUNT_CLICKS = "window.clicks = 0; addEventListener('click', event => window.clicks += event.isTrusted, true)"
"""Those of the person, not what the page does to have a file saved."""
TEXT = """element => {
  const of = node => node.nodeType === Node.TEXT_NODE ? node.data
    : node.nodeName === 'STYLE' || node.nodeName === 'SCRIPT' ? ''
    : [node.shadowRoot, ...node.childNodes].filter(Boolean).map(of).join(' ');
  return of(element);
}"""


class SharedBrowser:
    """One browser for all tests of a process; who opens it finds nothing that others left, but what is cached."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._idle: dict[tuple[str, str], BrowserContext] = {}
        self.test_has_failed = False
        """The one that runs."""

    @contextlib.asynccontextmanager
    async def context(self, url: str, language: str) -> AsyncIterator[BrowserContext]:
        """Lend a context in front of a Home Assistant, which has read its user interface before if possible."""
        context = self._idle.pop((url, language), None) or await self._new_context(url, language)
        for (earlier_url, _), earlier in self._idle.items():
            if earlier_url != url:  # a home that has ended: its pages would ask for it again and again
                await _close_pages(earlier)
        try:
            yield context
        finally:
            if (url, language) in self._idle or not await _emptied(context, url):
                await context.close()
            else:
                self._idle[url, language] = context

    async def close(self) -> None:
        """End it."""
        self._idle.clear()
        if self._browser is not None:
            await self._browser.close()
        if self._playwright is not None:
            await self._playwright.stop()
        self._playwright = self._browser = None

    async def _new_context(self, url: str, language: str) -> BrowserContext:
        while len(self._idle) > MOST_IDLE:
            await self._idle.pop(next(iter(self._idle))).close()
        browser = await self._running()
        context = await browser.new_context(
            locale=LOCALES[language],
            service_workers="block",
            viewport={"width": WIDE, "height": HEIGHT},
            # Without a graphics card each picture of what moves costs processor time.
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        await context.add_init_script(UNDIMMED)
        await context.add_init_script(COUNT_CLICKS)
        # It keeps the process alive in which the next pages of this Home Assistant find all that was compiled.
        await (await context.new_page()).goto(f"{url}{ANCHOR}")
        return context

    async def _running(self) -> Browser:
        """Return the browser; one that crashed is started anew."""
        if self._playwright is None:
            self._playwright = await async_playwright().start()
        if self._browser is None or not self._browser.is_connected():
            self._idle.clear()
            self._browser = await self._playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        return self._browser


async def _emptied(context: BrowserContext, url: str) -> bool:
    """Forget what the pages kept; return whether the context can be used again."""
    try:
        anchor = context.pages[0]
        session = await context.new_cdp_session(anchor)
        await session.send("Storage.clearDataForOrigin", {"origin": url, "storageTypes": KEPT_BY_PAGES})
        await session.detach()
    except PlaywrightError:
        return False
    return True


SHARED_BROWSER = SharedBrowser()


@contextlib.asynccontextmanager
async def browser_page(
    client: HomeAssistantClient, language: str = "en", *, width: int = WIDE, shared: bool = False
) -> AsyncIterator[Page]:
    """Open a page in which the person of the client is logged in, with a profile in that language.

    One that is shared has the user interface open already where an earlier test left it at rest: as people leave it.
    """
    tokens = {
        **client.tokens,
        "hassUrl": client.url,
        "clientId": f"{client.url}/",
        "expires": int(time.time() * 1000) + client.tokens["expires_in"] * 1000,
    }
    async with SHARED_BROWSER.context(client.url, language) as context:
        page = await _left(context, client, language) if shared else None
        await client.command("frontend/set_user_data", key="language", value={"language": language})
        kept = {"hassTokens": json.dumps(tokens), "selectedLanguage": json.dumps(language)}
        await context.pages[0].evaluate("kept => Object.assign(localStorage, kept)", kept)
        page = page or await _new_page(context)
        await page.set_viewport_size({"width": width, "height": HEIGHT})
        failed = True
        try:
            yield page
            failed = SHARED_BROWSER.test_has_failed
        finally:
            if failed:
                await _keep_all(context)
            if failed or not shared or not await _at_rest(page):
                await _close_pages(context)


async def _new_page(context: BrowserContext) -> Page:
    await _close_pages(context)
    page = await context.new_page()
    await _hold_still(page)
    return page


async def _close_pages(context: BrowserContext) -> None:
    """Close all but the first."""
    for page in context.pages[1:]:
        with contextlib.suppress(PlaywrightError):  # a browser that crashed
            await page.close()


async def _left(context: BrowserContext, client: HomeAssistantClient, language: str) -> Page | None:
    """Return the page that was left at rest, if it is of the same person, who still speaks the same language."""
    with contextlib.suppress(PlaywrightError):
        for page in context.pages[1:]:
            if await page.evaluate(BELONGS_TO, [client.tokens["refresh_token"], language]):
                await page.emulate_media(color_scheme="null")
                return page
    return None


async def _at_rest(page: Page) -> bool:
    """Leave what is shown, as by a link; return whether nothing of it is left."""
    with contextlib.suppress(PlaywrightError):
        if page.context.pages[1:] == [page] and not await page.evaluate(HAS_DIALOG):
            await page.evaluate(GO, RESTING_PLACE)
            await page.locator("ha-config-dashboard").wait_for()
            return True
    return False


async def _hold_still(page: Page) -> None:
    """Let what moves be there at once, and what turns while one waits stand still.

    Without a graphics card each of their pictures costs processor time.
    """
    session = await page.context.new_cdp_session(page)

    async def hold(started: dict[str, Any]) -> None:
        animation = started["animation"]
        if animation["type"] != "CSSAnimation" or animation["source"].get("iterations") is not None:
            return  # JSON knows no infinity: it names none
        animations = [animation["id"]]
        with contextlib.suppress(PlaywrightError):  # it may be gone already, and the page, too
            await session.send("Animation.seekAnimations", {"animations": animations, "currentTime": 0})
            await session.send("Animation.setPaused", {"animations": animations, "paused": True})

    session.on("Animation.animationStarted", hold)
    await session.send("Animation.enable")
    await session.send("Animation.setPlaybackRate", {"playbackRate": FASTER})


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


async def enter(page: Page, client: HomeAssistantClient, path: str) -> None:
    """Go to a page of the user interface, inside it where it is shown already and no dialog covers it."""
    if page.url.startswith(client.url) and not await page.evaluate(HAS_DIALOG):
        await page.evaluate(GO, path)
    else:
        await open_path(page, client, path)


async def text_of(element: Locator) -> str:
    """Return the text of an element and of all that its shadow roots hold."""
    return str(await element.evaluate(TEXT))


async def keep(page: Page, name: str) -> None:
    """Keep a picture of the page for people to look at, if they ask for pictures."""
    if os.environ.get(PICTURES):
        await page.wait_for_timeout(400)
        await _picture(page, name)


async def _keep_all(context: BrowserContext) -> None:
    """Keep a picture of each page of the test that runs, as they are."""
    running, _, _ = os.environ["PYTEST_CURRENT_TEST"].rpartition(" ")
    test = running.rpartition("/")[2].partition("@")[0]  # behind it stands who runs it
    for number, page in enumerate(context.pages[1:], 1):
        with contextlib.suppress(PlaywrightError):  # it may be what failed
            await _picture(page, f"failed-{test.replace('::', '-')}-{number}")


async def _picture(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=SCREENSHOTS / f"{name}.png")
