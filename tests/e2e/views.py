"""Every view of the page, as its sources name them, and what a person who sees or hears differently needs of each."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files

import pytest
from playwright.async_api import Error, Locator, Page, expect

from scripts.live.folder import INTEGRATION, ROOT

from .browser import GO, PATIENCE_MILLISECONDS, enter, text_of
from .home import Home

PAGE = "/device-backups"
SOURCES = ROOT / "frontend" / "src"
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
VIOLATIONS = """async element => {
  const { violations } = await axe.run(element, { resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.map(node =>
    `${id}: ${node.target.flat().at(-1)} ${node.html.slice(0, 120)} ${node.failureSummary.slice(0, 300)}`));
}"""
PATH = """async view => {
  const panels = document.querySelector("home-assistant").hass.panels;
  const page = await import(panels["device-backups"].config._panel_custom.module_url);
  return page.pathOf(view);
}"""
FOCUSED = """() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  if (element === document.body) return { name: "", visible: false };
  const visible = element?.matches(":focus-visible") ?? false;
  for (; element; element = element.getRootNode().host) {
    const name = (element.getAttribute("aria-label") ?? element.textContent).trim().replaceAll(/\\s+/g, " ");
    if (name) return { name, visible };
  }
  return { name: "", visible: false };
}"""
_TEXTS = json.loads((INTEGRATION / "translations" / "en.json").read_text(encoding="utf-8"))["config_panel"]
KEY = re.compile(rf"\b(?:{'|'.join(_TEXTS)})\.[a-z_]+\b")
"""The key of a text that has none."""
TABS = 40
DRAWN_ANEW = "No elements found for include"
"""What axe says of a view that was replaced while it looked."""
COLOUR_LOOKS = 6
"""More than any view needs until one is at what it is for."""
_VIEW = re.compile(r'\{\s*name: "(\w+)"((?:;\s*\w+: [^;}]+)*);?\s*\}')
_FIELD = re.compile(r"(\w+): ")


@dataclass(frozen=True, slots=True)
class Focus:
    """What has the keyboard."""

    name: str
    visible: bool


def views(values: Mapping[str, str | None]) -> Iterator[dict[str, str | None]]:
    """Return an address of each view; a field that has no value here wants one."""
    source = (SOURCES / "route.ts").read_text(encoding="utf-8")
    declared = source.partition("export type View =")[2].partition(";\n\n")[0]
    for name in json.loads(source.partition("WAYS = ")[2].partition(" as const")[0]):
        yield {"name": name}
    for name, fields in _VIEW.findall(declared):
        yield {"name": name, **{field: values[field] for field in _FIELD.findall(fields)}}


def elements() -> list[str]:
    """Return every element of Home Assistant that the page uses."""
    sources = "".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.ts"))
    return sorted(set(re.findall(r"<((?:ha|hass)-[a-z-]+)", sources)))


async def missing_elements(page: Page) -> list[str]:
    """Return which of them this Home Assistant has not, so that nothing would be seen of them."""
    there = await page.evaluate("tags => tags.filter(tag => customElements.get(tag))", elements())
    return sorted(set(elements()) - set(there))


async def stored(home: Home) -> dict[str, str | None]:
    """Return what an address of a view may name, of the one device of a home."""
    answer = await home.client.act("ha_device_backups.list_backups")
    (device,) = answer["devices"]
    newest, older = (backup["backup_id"] for backup in device["backups"][:2])
    return {"key": device["device_key"], "backup": older, "source": None, "older": older, "newer": newest}


def panel(page: Page) -> Locator:
    return page.locator("device-backups-panel")


async def go_to(page: Page, view: Mapping[str, str | None]) -> None:
    """Go from one view of the page to another."""
    await page.evaluate(GO, PAGE + (await page.evaluate(PATH, view)).removesuffix("/"))


async def open_view(home: Home, page: Page, view: Mapping[str, str | None]) -> None:
    """Go there, inside the page if it is shown already, and wait until nothing is being loaded any more."""
    if not await panel(page).count():
        await enter(page, home.client, PAGE)
    await panel(page).locator("h1").wait_for()
    await go_to(page, view)
    await panel(page).locator("h1").wait_for()
    await expect(panel(page).locator("ha-spinner")).to_have_count(0, timeout=PATIENCE_MILLISECONDS)


async def violations(page: Page) -> list[str]:
    """Return where the page breaks a rule of axe; the bar above it is Home Assistant's."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE)
    try:
        return list(await panel(page).locator("main").evaluate(VIOLATIONS))
    except Error as error:
        if DRAWN_ANEW not in error.message:
            raise
        return [DRAWN_ANEW]


async def assert_accessible(page: Page) -> None:
    """The page breaks none of the rules of axe, once Home Assistant has put on the colours of its theme."""
    found: list[str] = []
    for _ in range(COLOUR_LOOKS):
        found = await violations(page)
        if not found:
            return
        await page.wait_for_timeout(500)
    pytest.fail("\n".join(found))


async def assert_readable(page: Page) -> None:
    """Nothing is cut at the side, and no key and no gap is left in the texts."""
    overflow = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 1
    text = await text_of(panel(page))
    for unreadable in ("formatjs", "MISSING_VALUE", "Translation", "{", "component.", "undefined", "null"):
        assert unreadable not in text
    assert KEY.findall(text) == []


async def focus_of(page: Page) -> Focus:
    return Focus(**await page.evaluate(FOCUSED))


async def tab_to(page: Page, name: str) -> None:
    """Press Tab until what is called like that has the keyboard, and is seen to have it."""
    passed = []
    for _ in range(TABS):
        await page.keyboard.press("Tab")
        focus = await focus_of(page)
        if focus.name == name:
            assert focus.visible
            return
        passed.append(focus.name)
    raise AssertionError(f"{name} is not among {passed}")
