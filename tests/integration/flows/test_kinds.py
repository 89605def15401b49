"""The menu of kinds, and the search among many."""

from pathlib import Path

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from custom_components.ha_device_backups.flows import kinds
from custom_components.ha_device_backups.manager import async_get_manager
from tests.core.example_device import ExampleDevice
from tests.simulators.wled.server import SimulatedWled

from .. import acme
from ..flow_steps import FIRST, HANDLERS, choose, pick, placeholders_of, start, submit, suggested
from .test_config_flow import acme_input, finish


async def test_problems_of_handler_packages_are_told(hass: HomeAssistant, tmp_path: Path) -> None:
    with acme.broken_installed(tmp_path / "site-packages"):
        menu = await start(hass)

    assert "broken-device-backup 0.9" in placeholders_of(menu)["problems"]
    assert r"\*no\* good" in placeholders_of(menu)["problems"]
    assert menu["menu_options"] == HANDLERS | FIRST


def test_kinds_with_a_package_of_their_own_come_before_those_of_a_package_for_many() -> None:
    packages = {"adguard": "recipes", "evcc": "recipes", "pihole": "recipes", "tasmota": "tasmota", "wled": "wled"}
    assert kinds.in_order(packages, {"pihole"}) == ["pihole", "tasmota", "wled", "adguard", "evcc"]


async def test_many_kinds_are_found_by_search(
    hass: HomeAssistant, acme_handler: None, boiler: ExampleDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinds, "MENU_LENGTH", 1)
    menu = await start(hass)
    assert menu["menu_options"] == {"handler_fritzbox": "FRITZ!Box", "other": "Other …", **FIRST}

    search = await pick(hass, menu, "other")
    refused = await submit(hass, search, kind="Toaster")
    assert refused["errors"] == {"kind": "not_listed"}
    assert suggested(refused) == {"kind": ""}
    last = "Anything with a URL; Not listed: install a package"
    assert placeholders_of(refused)["last"] == last

    form = await submit(hass, refused, kind="ACME heating")
    await finish(hass, await submit(hass, form, **acme_input(boiler)))


async def test_of_many_kinds_those_that_are_probably_there_come_first(
    hass: HomeAssistant, acme_handler: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinds, "MENU_LENGTH", 1)
    monkeypatch.setattr(kinds, "discovered_kinds", lambda _: {"wled"})
    menu = await start(hass)
    assert menu["menu_options"] == {"handler_wled": "WLED", "other": "Other …", **FIRST}
    assert (await pick(hass, menu, "other"))["step_id"] == "other"


async def test_among_many_kinds_a_package_can_be_installed(
    hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinds, "MENU_LENGTH", 1)
    with acme.broken_installed(tmp_path / "site-packages"):
        search = await pick(hass, await start(hass), "other")
    assert "broken-device-backup 0.9" in placeholders_of(search)["problems"]
    assert (await submit(hass, search, kind=FIRST["install_package"]))["step_id"] == "install_package"


async def test_without_any_handler_one_can_be_installed(
    hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = await async_get_manager(hass)
    with monkeypatch.context() as patch:
        patch.setattr(manager.handlers, "registry", type(manager.registry)())
        menu = (await start(hass))["menu_options"]
        assert isinstance(menu, dict)
        assert list(menu.items()) == [
            ("catalogue_ha-device-backup-ssh", "Devices with SSH (installs a package)"),
            ("catalogue_tasmota", "Tasmota (installs a package)"),
            ("catalogue_http", "Anything with a URL (installs a package)"),
            ("other", "Other …"),
            *FIRST.items(),
        ]

    both = (await start(hass))["menu_options"]
    assert isinstance(both, dict)
    assert (both, list(both)) == (HANDLERS | FIRST, [*HANDLERS, *FIRST])


async def test_a_handler_that_vanished_meanwhile_is_told(
    hass: HomeAssistant, wled: SimulatedWled, monkeypatch: pytest.MonkeyPatch
) -> None:
    menu = await start(hass)
    manager = await async_get_manager(hass)
    with monkeypatch.context() as patch:
        patch.setattr(manager.handlers, "registry", type(manager.registry)())
        gone = await pick(hass, menu, "handler_wled")
    assert (gone["type"], gone["reason"]) == (FlowResultType.ABORT, "handler_unavailable")

    form = await choose(hass, "wled")
    await finish(hass, await submit(hass, form, host=wled.host, port=wled.port))
