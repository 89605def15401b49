"""A person whose device is not listed installs the package that brings its handler, and goes on to add the device."""

from dataclasses import replace

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import async_get_persistent_notifications

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.flows import kinds, lasting
from custom_components.ha_device_backups.manager import async_get_manager
from custom_components.ha_device_backups.packages import catalogue
from custom_components.ha_device_backups.packages.catalogue import CatalogueEntry, read_catalogue
from custom_components.ha_device_backups.packages.package_manager import async_get_package_manager
from ha_device_backup_core.errors import StoreLockedError
from ha_device_backup_core.packages.requirement import PackageVersion
from tests.core.distributions import handler_source
from tests.integration.flow_steps import (
    FIRST,
    HANDLERS,
    INSTALL,
    check,
    opened,
    pick,
    placeholders_of,
    start,
    submit,
    suggested,
    until,
)

from .folder_installer import FolderInstaller

CLOCK = PackageVersion("flow-clock", "1.0")
TWO = handler_source("flow_one", name="One") + handler_source("flow_two", name="Two").replace(
    "return [Two]", "return [One, Two]"
)


def offer(hass: HomeAssistant, known: list[CatalogueEntry]) -> None:
    """Replace the catalogue."""
    hass.data[catalogue._CATALOGUE] = known


@pytest.fixture
def offered(hass: HomeAssistant, installer: FolderInstaller) -> list[CatalogueEntry]:
    """Offer a package with two kinds that is not installed."""
    found = CatalogueEntry(
        package=CLOCK,
        kinds=("flow_one", "flow_two"),
        name="Clocks",
        backs_up="The alarms",
        link="https://example.com/clock",
    )
    offer(hass, [found])
    return [found]


async def test_a_kind_of_the_catalogue_installs_its_package_and_goes_on(
    hass: HomeAssistant, installer: FolderInstaller, offered: list[CatalogueEntry]
) -> None:
    menu = await start(hass)
    wanted = {f"catalogue_{kind}": "Clocks (installs a package)" for kind in ("flow_one", "flow_two")}
    assert menu["menu_options"] == {**HANDLERS, **wanted, **FIRST}

    form = await pick(hass, menu, "catalogue_flow_two")
    assert (form["step_id"], form["errors"]) == ("confirm_install", None)
    assert placeholders_of(form) == {
        "plain_name": "Clocks",
        "backs_up": "The alarms",
        "package": "flow-clock 1.0",
        "link": "https://example.com/clock",
        "error": "",
    }
    refused = await submit(hass, form)
    assert (refused["step_id"], refused["errors"]) == ("confirm_install", {"base": "package"})
    assert placeholders_of(refused)["error"] == "There is no package Clocks. Check the spelling."

    installer.publish(CLOCK, TWO, "flow_one", "flow_two")
    device = await submit(hass, refused)
    assert (device["step_id"], placeholders_of(device)["name"]) == ("fields", "Two")
    assert (await start(hass))["menu_options"] == {
        **{f"handler_flow_{number.lower()}": number for number in ("One", "Two")},
        **HANDLERS,
        **FIRST,
    }


async def test_a_kind_whose_package_came_meanwhile(
    hass: HomeAssistant, installer: FolderInstaller, offered: list[CatalogueEntry]
) -> None:
    form = await pick(hass, await start(hass), "catalogue_flow_one")
    installer.publish(CLOCK, TWO, "flow_one", "flow_two")
    package_manager = await async_get_package_manager(hass, await async_get_manager(hass))
    await package_manager.async_install(CLOCK)

    assert placeholders_of(await submit(hass, form))["name"] == "One"


async def test_kinds_of_the_catalogue_are_found_by_search(
    hass: HomeAssistant, installer: FolderInstaller, offered: list[CatalogueEntry], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinds, "MENU_LENGTH", 1)
    form = await pick(hass, await start(hass), "other")
    assert form["data_schema"] is not None
    labels = [option["label"] for option in form["data_schema"].schema["kind"].config["options"]]
    assert labels == [
        "Anything with a URL",
        "Clocks",
        "Clocks (flow_two)",
        "FRITZ!Box (AVM)",
        "Tasmota",
        "WLED",
        INSTALL["install_package"],
    ]

    assert (await submit(hass, form, kind="Clocks"))["step_id"] == "confirm_install"
    again = await pick(hass, await start(hass), "other")
    assert (await submit(hass, again, kind="wled"))["step_id"] == "fields"


async def test_what_is_for_anything_is_found_last(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "MENU_LENGTH", 1)
    form = await pick(hass, await start(hass), "other")
    assert form["data_schema"] is not None
    labels = [option["label"] for option in form["data_schema"].schema["kind"].config["options"]]
    assert labels == ["FRITZ!Box (AVM)", "Tasmota", "WLED", "Anything with a URL", INSTALL["install_package"]]


async def test_a_package_is_installed_and_its_device_added(hass: HomeAssistant, installer: FolderInstaller) -> None:
    known = [replace(entry, package=PackageVersion(f"new-{entry.kinds[0]}", "1.0")) for entry in read_catalogue()]

    offer(hass, known)
    installer.publish(CLOCK, handler_source("flow_clock", name="FlowClock"), "flow_clock")
    form = await pick(hass, await start(hass), "install_package")
    assert (form["step_id"], form["errors"]) == ("install_package", None)
    assert "[Tasmota](https://github.com/ha-device-backups/" in placeholders_of(form)["catalogue"]
    assert form["data_schema"] is not None
    assert form["data_schema"].schema["package"].config["options"] == [
        {"value": "new-ssh==1.0", "label": "Devices with SSH"},
        {"value": "new-tasmota==1.0", "label": "Tasmota"},
        {"value": "new-http==1.0", "label": "Anything with a URL"},
    ]

    refused = await submit(hass, form, package="flow-clock")
    assert refused["errors"] == {"package": "package"}
    assert placeholders_of(refused)["error"].startswith("Enter the name and version of one package, such as ")
    assert placeholders_of(refused)["error"].endswith("You entered: flow-clock")

    unknown = await submit(hass, refused, package="flow-klock==1.0")
    assert "There is no package flow-klock" in placeholders_of(unknown)["error"]
    assert suggested(unknown) == {"package": "flow-klock==1.0"}

    device = await submit(hass, unknown, package="flow-clock==1.0")
    assert (device["step_id"], placeholders_of(device)["name"]) == ("fields", "FlowClock")
    options = await submit(hass, device)
    done = await submit(hass, options, schedule="default")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert (done["type"], done["title"]) == (FlowResultType.CREATE_ENTRY, "FlowClock")


async def test_what_takes_long_shows_that_it_goes_on(
    hass: HomeAssistant, installer: FolderInstaller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lasting, "PATIENCE", 0.0)
    installer.publish(CLOCK, handler_source("flow_clock"), "flow_clock")
    installer.go.clear()
    form = await pick(hass, await start(hass), "install_package")
    page = await hass.config_entries.flow.async_configure(form["flow_id"], {"package": "flow-clock==1.0"})
    check(page)
    assert (page["type"], placeholders_of(page)) == (FlowResultType.SHOW_PROGRESS, {"package": "flow-clock 1.0"})
    again = await hass.config_entries.flow.async_configure(page["flow_id"])
    assert again["type"] is FlowResultType.SHOW_PROGRESS

    installer.go.set()
    await until(lambda: _step_of(hass, page["flow_id"]) != "installing")
    result = await opened(hass, await hass.config_entries.flow.async_configure(page["flow_id"]))
    assert result["step_id"] == "fields"


@pytest.mark.parametrize(
    ("language", "told_end"),
    [
        ("en", ("Lamp 1.0 is installed", "Now add your device with “Add device” under “Device Backups”.")),
        (
            "de",
            (
                "Lamp 1.0 ist installiert",
                "Füge nun unter „Device Backups“ mit „Gerät hinzufügen“ dein Gerät hinzu.",
            ),
        ),
    ],
)
async def test_closing_the_page_does_not_end_it_and_its_end_is_told(
    hass: HomeAssistant,
    installer: FolderInstaller,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    told_end: tuple[str, str],
) -> None:
    hass.config.language = language
    monkeypatch.setattr(lasting, "PATIENCE", 0.0)
    installer.publish(CLOCK, handler_source("flow_clock"), "flow_clock")
    installer.go.clear()
    form = await pick(hass, await start(hass), "install_package")
    page = await hass.config_entries.flow.async_configure(form["flow_id"], {"package": "flow-clock==1.0"})
    hass.config_entries.flow.async_abort(page["flow_id"])

    installer.go.set()
    await until(lambda: _end_told(hass) is not None)
    assert _end_told(hass) == told_end
    manager = await async_get_manager(hass)
    assert "flow_clock" in manager.registry.handlers


async def test_a_failure_is_told_too_and_what_was_read_is_not(
    hass: HomeAssistant, installer: FolderInstaller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lasting, "PATIENCE", 0.0)
    installer.go.clear()
    form = await pick(hass, await start(hass), "install_package")
    page = await hass.config_entries.flow.async_configure(form["flow_id"], {"package": "flow-clock==1.0"})
    hass.config_entries.flow.async_abort(page["flow_id"])
    installer.go.set()
    await until(lambda: _end_told(hass) is not None)
    told_end = _end_told(hass)
    assert told_end is not None
    assert (told_end[0], told_end[1] != "") == ("flow-clock 1.0 was not installed", True)

    installer.publish(CLOCK, handler_source("flow_clock"), "flow_clock")
    installer.go.clear()
    form = await pick(hass, await start(hass), "install_package")
    page = await hass.config_entries.flow.async_configure(form["flow_id"], {"package": "flow-clock==1.0"})
    installer.go.set()
    await until(lambda: _step_of(hass, page["flow_id"]) != "installing")
    await opened(hass, await hass.config_entries.flow.async_configure(page["flow_id"]))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert _end_told(hass) is None


def _end_told(hass: HomeAssistant) -> tuple[str, str] | None:
    shown = async_get_persistent_notifications(hass).get(f"{DOMAIN}_installation of flow-clock")
    return None if shown is None else (str(shown["title"]), shown["message"])


async def test_a_package_with_several_kinds_asks_which(hass: HomeAssistant, installer: FolderInstaller) -> None:
    installer.publish(CLOCK, TWO, "flow_one", "flow_two")
    form = await pick(hass, await start(hass), "install_package")

    menu = await submit(hass, form, package="flow-clock==1.0")
    assert menu["step_id"] == "package_kinds"
    assert menu["menu_options"] == {"handler_flow_one": "One", "handler_flow_two": "Two"}
    assert placeholders_of(await pick(hass, menu, "handler_flow_two"))["name"] == "Two"


async def test_a_store_that_cannot_be_opened_ends_the_flow(
    hass: HomeAssistant, installer: FolderInstaller, monkeypatch: pytest.MonkeyPatch
) -> None:
    menu = await start(hass)

    async def locked(_: HomeAssistant) -> None:
        raise StoreLockedError

    with monkeypatch.context() as patch:
        patch.setattr("custom_components.ha_device_backups.flows.connect.async_get_manager", locked)
        assert (await pick(hass, menu, "install_package"))["reason"] == "store_locked"

    assert (await pick(hass, await start(hass), "install_package"))["step_id"] == "install_package"


def _step_of(hass: HomeAssistant, flow_id: str) -> str:
    return str(hass.config_entries.flow.async_get(flow_id)["step_id"])
