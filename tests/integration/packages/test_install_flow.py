"""A person whose device is not listed installs the package that brings its handler, and goes on to add the device."""

from dataclasses import replace

import pytest
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import async_get_persistent_notifications

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.flows import kinds, lasting
from custom_components.ha_device_backups.manager import async_get_manager
from custom_components.ha_device_backups.packages import catalogue
from custom_components.ha_device_backups.packages.catalogue import CatalogueEntry, CatalogueKind, read_catalogue
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

CLOCK, OTHERS = PackageVersion("flow-clock", "1.0"), PackageVersion("flow-others", "1.0")
TWO = handler_source("flow_one", name="One") + handler_source("flow_two", name="Two").replace(
    "return [Two]", "return [One, Two]"
)


def offer(hass: HomeAssistant, known: list[CatalogueEntry]) -> None:
    """Replace the catalogue."""
    hass.data[catalogue._CATALOGUE] = known


def renamed() -> list[CatalogueEntry]:
    """Return the catalogue with packages that are not installed."""
    known = read_catalogue()
    return [replace(one, package=PackageVersion(f"new-{one.package.name.rpartition('-')[2]}", "1.0")) for one in known]


@pytest.fixture
def offered(hass: HomeAssistant, installer: FolderInstaller) -> CatalogueEntry:
    """Offer a package with three kinds that is not installed, the last of which it has in no version of these tests."""
    found = CatalogueEntry(
        package=CLOCK,
        kinds={
            "flow_one": CatalogueKind(name="One", maker=""),
            "flow_two": CatalogueKind(name="Two", maker="Acme"),
            "flow_three": CatalogueKind(name="Three", maker=""),
        },
        name="Clocks",
        backs_up="The alarms",
        link="https://example.com/clock",
    )
    offer(hass, [found])
    return found


def labels_of(form: ConfigFlowResult) -> list[str]:
    """Return what a form lets a person search among."""
    assert form["data_schema"] is not None
    return [option["label"] for option in form["data_schema"].schema["kind"].config["options"]]


async def search(hass: HomeAssistant, kind: str) -> ConfigFlowResult:
    """Find a kind that no menu shows."""
    return await submit(hass, await pick(hass, await start(hass), "other"), kind=kind)


async def test_a_kind_of_the_catalogue_installs_its_package_and_goes_on(
    hass: HomeAssistant, installer: FolderInstaller, offered: CatalogueEntry
) -> None:
    menu = await start(hass)
    package = {"catalogue_flow-clock": "Clocks (installs a package)"}
    assert menu["menu_options"] == {**HANDLERS, **package, "other": "Other …", **FIRST}

    found = await pick(hass, menu, "other")
    assert labels_of(found) == [
        "Anything with a URL",
        "FRITZ!Box (AVM)",
        "One (installs a package)",
        "Tasmota",
        "Three (installs a package)",
        "Two (Acme) (installs a package)",
        "WLED",
        INSTALL["install_package"],
    ]
    form = await submit(hass, found, kind="Two (Acme) (installs a package)")
    assert (form["step_id"], form["errors"]) == ("confirm_install", None)
    assert placeholders_of(form) == {
        "name": "Two",
        "plain_name": "Two",
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


@pytest.mark.parametrize("entered", ["Two (Acme)", "flow_two"])
async def test_who_types_a_kind_need_not_type_that_it_is_to_be_installed(
    hass: HomeAssistant, offered: CatalogueEntry, entered: str
) -> None:
    assert placeholders_of(await search(hass, entered))["plain_name"] == "Two"


async def test_of_a_package_that_was_chosen_itself_the_kind_is_chosen_afterwards(
    hass: HomeAssistant, installer: FolderInstaller, offered: CatalogueEntry
) -> None:
    installer.publish(CLOCK, TWO, "flow_one", "flow_two")
    form = await pick(hass, await start(hass), "catalogue_flow-clock")
    assert placeholders_of(form)["plain_name"] == "Clocks"

    menu = await submit(hass, form)
    assert menu["menu_options"] == {"handler_flow_one": "One", "handler_flow_two": "Two"}


async def test_a_kind_that_the_package_does_not_bring_leads_to_those_that_it_brings(
    hass: HomeAssistant, installer: FolderInstaller, offered: CatalogueEntry
) -> None:
    installer.publish(CLOCK, TWO, "flow_one", "flow_two")

    menu = await submit(hass, await search(hass, "Three"))

    assert menu["menu_options"] == {"handler_flow_one": "One", "handler_flow_two": "Two"}
    assert placeholders_of(await pick(hass, menu, "handler_flow_two"))["name"] == "Two"


async def test_a_kind_whose_package_came_meanwhile(
    hass: HomeAssistant, installer: FolderInstaller, offered: CatalogueEntry
) -> None:
    package = await pick(hass, await start(hass), "catalogue_flow-clock")
    one, three = await search(hass, "One"), await search(hass, "Three")
    await installed(hass, installer, CLOCK, TWO, "flow_one", "flow_two")

    assert placeholders_of(await submit(hass, one))["name"] == "One"
    for form in (package, three):
        menu = await submit(hass, form)
        assert menu["menu_options"] == {"handler_flow_one": "One", "handler_flow_two": "Two"}


async def test_a_kind_that_the_package_of_another_author_brings(
    hass: HomeAssistant, installer: FolderInstaller, offered: CatalogueEntry
) -> None:
    form = await search(hass, "One")
    await installed(hass, installer, OTHERS, handler_source("flow_one", name="Theirs"), "flow_one")
    assert placeholders_of(await submit(hass, form))["name"] == "Theirs"

    labels = labels_of(await pick(hass, await start(hass), "other"))
    assert {"Theirs", "Three (installs a package)"} < set(labels)
    assert "One (installs a package)" not in labels
    installer.publish(CLOCK, TWO, "flow_one", "flow_two")
    refused = await submit(hass, await search(hass, "Two (Acme)"))
    assert placeholders_of(refused)["error"] == (
        "Clocks 1.0 backs up the same devices (flow_one) as flow-others 1.0, so it was removed again. "
        "If you want it instead, remove flow-others 1.0 first."
    )


async def installed(
    hass: HomeAssistant, installer: FolderInstaller, package: PackageVersion, source: str, *kinds: str
) -> None:
    """Install a package behind the back of a flow."""
    installer.publish(package, source, *kinds)
    package_manager = await async_get_package_manager(hass, await async_get_manager(hass))
    await package_manager.async_install(package)


async def test_each_kind_is_found_by_its_name_in_the_language_of_the_person(hass: HomeAssistant) -> None:
    hass.config.language = "de"
    offer(hass, renamed())

    labels = labels_of(await pick(hass, await start(hass), "other"))

    assert {
        "Linux-Rechner (SSH) (installiert ein Paket)",
        "Philips Hue Bridge (Signify) (installiert ein Paket)",
        "Pi-hole 6 (installiert ein Paket)",
    } < set(labels)
    assert labels[-2] == "Alles mit einer URL"


async def test_what_is_for_anything_is_found_last(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "MENU_LENGTH", 1)
    labels = labels_of(await pick(hass, await start(hass), "other"))
    assert labels == ["FRITZ!Box (AVM)", "Tasmota", "WLED", "Anything with a URL", INSTALL["install_package"]]


async def test_a_package_is_installed_and_its_device_added(hass: HomeAssistant, installer: FolderInstaller) -> None:
    offer(hass, renamed())
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
