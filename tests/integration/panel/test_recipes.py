"""Recipes on the page: looked at with every mistake, taken, updated and removed."""

from pathlib import Path

import pytest
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.ha_device_backups.panel.package_work import async_package_work
from ha_device_backup_core.errors import StoreError
from ha_device_backup_core.manager import DeviceBackupManager
from tests.handlers_http.recipe.test_loader import GOOD

from .client import OpenPage, open_page
from .recipes import recipe_file


@pytest.fixture
def kinds(hass: HomeAssistant, set_up: MockConfigEntry) -> Path:
    return Path(hass.config.path(".storage", "ha_device_backups", "kinds"))


async def taken(page: OpenPage, watching: OpenPage, content: str) -> str | None:
    """Take a recipe, and return what went wrong."""
    await page.result("recipes/keep", **recipe_file("..-My pump.TOML", content))
    error: str | None = (await watching.until(lambda state: state["last"] and not state["now"]))["last"]["error"]
    return error


async def test_a_recipe_is_looked_at_taken_updated_and_removed(
    hass: HomeAssistant, kinds: Path, hass_ws_client: WebSocketGenerator
) -> None:
    watching, page = await open_page(hass, hass_ws_client), await open_page(hass, hass_ws_client)
    assert (await watching.follow("packages/subscribe"))["recipes"] == []
    assert await page.result("recipes/look", **recipe_file("..-My pump.TOML", GOOD)) == {
        "name": "Pump",
        "kind": "pump",
        "is_update": False,
        "facts": [
            "You are asked for: URL, Trusted certificate",
            "It connects to the address that you enter and nowhere else.",
            "To read, it sends: POST /login",
            "It keeps: settings.json",
            "It puts nothing back by itself: it tells a person how.",
        ],
        "mistakes": [],
    }
    assert not kinds.exists()
    assert await taken(page, watching, GOOD) is None
    assert (kinds / "pump.toml").read_text() == GOOD

    newer = GOOD.replace('name = "Pump"', 'name = "Pool pump"')
    shown = await page.result("recipes/look", **recipe_file("pump.toml", newer))
    assert (shown["is_update"], shown["facts"][-1]) == (
        True,
        "It replaces pump.toml, which is here already. Your devices and their backups stay.",
    )
    assert await taken(page, watching, newer) is None
    again = await open_page(hass, hass_ws_client)
    assert (await again.follow("packages/subscribe"))["recipes"] == [
        {"file": "pump.toml", "kind": "pump", "name": "Pool pump", "devices": 0, "problem": None}
    ]
    await page.result("recipes/remove", file="no such.toml")
    await page.result("recipes/remove", file="pump.toml")
    state = await watching.until(lambda state: state["last"] and state["last"]["what"] == "remove")
    assert state["last"] == {"what": "remove", "package": "Pool pump", "error": None}
    assert list(kinds.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "begins"),
    [
        (
            "pump.toml",
            "format = 1\nkind = 3\nname = 4\n",
            ["recipe.toml:1", "recipe.toml:2: kind: "],
        ),
        ("pump.toml", GOOD.replace('"pump"', '"wled"'), ["It describes “wled”, which ha-device-backup-wled"]),
        ("pump", GOOD, ["The name of the file has to end in what it is"]),
    ],
)
async def test_each_mistake_is_told_and_nothing_is_taken(
    hass: HomeAssistant,
    kinds: Path,
    hass_ws_client: WebSocketGenerator,
    name: str,
    content: str,
    begins: list[str],
) -> None:
    page = await open_page(hass, hass_ws_client)
    shown = await page.result("recipes/look", **recipe_file(name, content))
    assert shown["facts"] == []
    for begin in begins:
        assert any(mistake.startswith(begin) for mistake in shown["mistakes"]), shown["mistakes"]
    refused = await page.ask("recipes/keep", **recipe_file(name, content))
    assert shown["mistakes"][0] in refused["error"]["message"]
    assert not kinds.exists()
    assert (await page.result("recipes/look", **recipe_file("pump.toml", GOOD)))["mistakes"] == []


async def test_mistakes_are_told_in_the_language_of_the_page(
    hass: HomeAssistant, kinds: Path, hass_ws_client: WebSocketGenerator
) -> None:
    page = await open_page(hass, hass_ws_client)
    wrong = recipe_file("pump.toml", GOOD.replace("POST /login", "LOGIN /login"))
    shown = await page.result("recipes/look", **wrong, language="de")
    (mistake,) = shown["mistakes"]
    assert ": open.request: es gibt keine Methode „LOGIN“; es gibt " in mistake


@pytest.mark.parametrize("content", ["no base64!", "IyMj" * (1024 * 1024 // 3 + 1)])
async def test_what_is_no_such_file_is_refused(
    hass: HomeAssistant, kinds: Path, hass_ws_client: WebSocketGenerator, content: str
) -> None:
    page = await open_page(hass, hass_ws_client)
    refused = await page.ask("recipes/look", name="pump.toml", content=content)
    assert refused["error"]["code"] == "unreadable_file"


async def test_a_store_that_takes_nothing_and_work_that_goes_on_are_told(
    hass: HomeAssistant, kinds: Path, hass_ws_client: WebSocketGenerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    watching, page = await open_page(hass, hass_ws_client), await open_page(hass, hass_ws_client)
    await watching.follow("packages/subscribe")

    async def fail(*_: object) -> None:
        raise StoreError("no room")

    with monkeypatch.context() as broken:
        broken.setattr(DeviceBackupManager, "keep_kind_file", fail)
        error = await taken(page, watching, GOOD)
        assert error is not None
        assert "no room" in error
    with monkeypatch.context() as broken:
        broken.setattr(async_package_work(hass), "begin", lambda *_: False)
        busy = await page.ask("recipes/keep", language="de", **recipe_file("pump.toml", GOOD))
    assert "Warte, bis das fertig ist" in busy["error"]["message"]
    assert await taken(page, watching, GOOD) is None
