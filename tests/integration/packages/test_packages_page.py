"""Handler packages on the page: listed, installed, updated and removed; it goes on whoever looks."""

from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from ha_device_backup_core.host import PackageVersion
from tests.core.distributions import handler_source
from tests.integration.panel.client import OpenPage, open_page

from .folder_installer import FolderInstaller


@pytest.fixture
def clock(installer: FolderInstaller, set_up: MockConfigEntry) -> FolderInstaller:
    """Return an installer with two versions of a package."""
    for version in ("1.0", "1.1"):
        source = handler_source("list_clock", name="Clock")
        installer.publish(PackageVersion("list-clock", version), source, "list_clock")
    return installer


type State = dict[str, Any]


async def ended(watching: OpenPage) -> State:
    """Return what is shown when it is done."""
    state: State = await watching.until(lambda state: state["last"] and not state["now"])
    return state


def own(state: State) -> list[tuple[str, str, str | None]]:
    return [(one["name"], one["version"], one["waits"]) for one in state["packages"] if one["is_own"]]


async def test_a_package_is_installed_updated_and_removed(
    hass: HomeAssistant, clock: FolderInstaller, hass_ws_client: WebSocketGenerator
) -> None:
    watching, page = await open_page(hass, hass_ws_client), await open_page(hass, hass_ws_client)
    first = await watching.follow("packages/subscribe")
    assert (own(first), first["absent"], first["now"], first["last"]) == ([], False, None, None)
    assert {"ha-device-backup-wled"} <= {one["name"] for one in first["packages"]}
    assert all(one["origin"] for one in first["packages"])

    await page.result("packages/install", package="list-clock==1.0")
    begun = await watching.until(lambda state: state["now"])
    assert begun["now"] == {"what": "install", "package": "list-clock 1.0", "error": None}
    state = await ended(watching)
    assert own(await _listed(watching, state, "1.0")) == [("list-clock", "1.0", None)]

    await page.result("packages/install", package="list-clock==1.1")
    state = await watching.until(lambda state: not state["now"] and any(one["waits"] for one in state["packages"]))
    assert own(state) == [("list-clock", "1.0", "1.1")]

    await page.result("packages/remove", package="ha-device-backup-wled")
    await page.result("packages/remove", package="list-clock")
    state = await watching.until(lambda state: state["last"] and state["last"]["what"] == "remove")
    assert own(state) == []


async def _listed(watching: OpenPage, state: State, version: str) -> State:
    while [one[1] for one in own(state)] != [version]:
        state = await watching.event()
    return state


@pytest.mark.parametrize("wanted", ["list-clock", "list-clock>=1", "git+https://example.com/x", "nothing-such==9.9"])
async def test_what_cannot_be_installed_is_told_in_words(
    hass: HomeAssistant, clock: FolderInstaller, hass_ws_client: WebSocketGenerator, wanted: str
) -> None:
    watching, page = await open_page(hass, hass_ws_client), await open_page(hass, hass_ws_client)
    await watching.follow("packages/subscribe", language="de")
    await page.result("packages/install", package=wanted)
    state = await ended(watching)
    assert (state["last"]["package"], own(state)) == (wanted.replace("==", " "), [])
    assert state["last"]["error"]
    await page.result("packages/install_again")
    await watching.until(lambda state: state["last"] and state["last"]["what"] == "install_again")
    await page.result("packages/install", package="list-clock==1.0")
    assert own(await _listed(watching, await watching.event(), "1.0")) == [("list-clock", "1.0", None)]
