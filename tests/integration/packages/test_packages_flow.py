"""One place for all handler packages: the settings of Device Backups."""

import asyncio
from typing import Any

import pytest
from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import EVENT_DATA_ENTRY_FLOW_PROGRESSED, FlowResultType
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events, async_mock_service

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.entries import service_entry
from custom_components.ha_device_backups.flows import lasting
from custom_components.ha_device_backups.manager import async_get_manager
from custom_components.ha_device_backups.packages.package_manager import async_get_package_manager
from ha_device_backup_core.packages.requirement import PackageVersion
from tests.core.distributions import handler_source
from tests.integration.flow_steps import check, placeholders_of, suggested, until
from tests.integration.router import answer as answer_repair
from tests.integration.router import open_repair

from .folder_installer import FolderInstaller

CLOCK = PackageVersion("list-clock", "1.0")


@pytest.fixture
def clock(installer: FolderInstaller, set_up: MockConfigEntry) -> FolderInstaller:
    """Return an installer with three versions of a package."""
    for version in ("1.0", "1.1"):
        source = handler_source("list_clock", name="Clock")
        installer.publish(PackageVersion("list-clock", version), source, "list_clock")
    return installer


def _service(hass: HomeAssistant) -> ConfigEntry:
    service = service_entry(hass)
    assert service is not None
    return service


async def open_packages(hass: HomeAssistant) -> ConfigFlowResult:
    menu = await hass.config_entries.options.async_init(_service(hass).entry_id)
    check(menu, "options")
    assert menu["menu_options"] == ["defaults", "packages", "recipes"]
    return await pick(hass, menu, "packages")


async def pick(hass: HomeAssistant, menu: ConfigFlowResult, option: str) -> ConfigFlowResult:
    return await answer(hass, menu, next_step_id=option)


async def answer(hass: HomeAssistant, page: ConfigFlowResult, **user_input: Any) -> ConfigFlowResult:  # noqa: ANN401
    result = await hass.config_entries.options.async_configure(page["flow_id"], user_input)
    check(result, "options")
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


def choices(form: ConfigFlowResult) -> dict[str, str]:
    assert form["data_schema"] is not None
    options = form["data_schema"].schema["package"].config["options"]
    return {option["value"]: option["label"] for option in options}


async def test_the_end_of_a_long_installation_is_there_for_the_browser_that_asks(
    hass: HomeAssistant, clock: FolderInstaller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lasting, "PATIENCE", 0.0)
    clock.go.clear()
    form = await pick(hass, await open_packages(hass), "install_package")
    flow_id = form["flow_id"]
    page = await hass.config_entries.options.async_configure(flow_id, {"package": "list-clock==1.0"})
    # A browser asks for the page as soon as it is shown, and again when it is told of a change.
    for _ in range(3):
        page = await hass.config_entries.options.async_configure(flow_id)
        assert page["type"] is FlowResultType.SHOW_PROGRESS
    changes = async_capture_events(hass, EVENT_DATA_ENTRY_FLOW_PROGRESSED)

    clock.go.set()
    await until(lambda: bool(changes))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(changes) == 1
    done = await hass.config_entries.options.async_configure(flow_id)
    assert (done["type"], done["reason"]) == (FlowResultType.ABORT, "package_installed")


async def test_packages_are_installed_updated_and_removed(hass: HomeAssistant, clock: FolderInstaller) -> None:
    menu = await open_packages(hass)
    assert menu["menu_options"] == ["install_package"]
    assert placeholders_of(menu)["packages"].splitlines() == [
        "- **FRITZ!Box 0.1.0** · comes with Device Backups",
        "- **Anything with a URL 0.1.0** · came with another integration, or by hand",
        "- **Devices with SSH 0.1.0** · came with another integration, or by hand",
        "- **Tasmota 0.1.0** · came with another integration, or by hand",
        "- **WLED 0.1.0** · comes with Device Backups",
    ]
    done = await answer(hass, await pick(hass, menu, "install_package"), package="list-clock==1.0")
    assert (done["type"], done["reason"]) == (FlowResultType.ABORT, "package_installed")
    assert placeholders_of(done) == {"package": "Clock 1.0", "running": "Clock 1.0"}

    menu = await open_packages(hass)
    assert menu["menu_options"] == ["install_package", "update_package", "remove_package"]
    assert placeholders_of(menu)["packages"].splitlines()[-1] == "- **Clock 1.0** · installed here"
    done = await answer(hass, await pick(hass, menu, "update_package"), package="list-clock", version="1.1")
    assert (done["reason"], placeholders_of(done)["running"]) == ("package_waits", "Clock 1.0")
    menu = await open_packages(hass)
    assert placeholders_of(menu)["packages"].splitlines()[-2:] == [
        "- **Clock 1.0** · installed here",
        "  - Clock 1.1 runs after the next restart of Home Assistant",
    ]

    form = await pick(hass, menu, "remove_package")
    assert choices(form) == {"list-clock": "Clock 1.1 (devices: 0)"}
    done = await answer(hass, form, package="list-clock")
    assert (done["reason"], placeholders_of(done)) == ("package_removed", {"package": "Clock"})
    assert (await open_packages(hass))["menu_options"] == ["install_package"]


async def test_what_goes_wrong_is_told_where_it_was_asked_for(hass: HomeAssistant, clock: FolderInstaller) -> None:
    form = await pick(hass, await open_packages(hass), "install_package")
    refused = await answer(hass, form, package="list-klock==1.0")
    assert (refused["step_id"], refused["errors"]) == ("install_package", {"package": "package"})
    await answer(hass, refused, package="list-clock==1.0")

    form = await pick(hass, await open_packages(hass), "update_package")
    refused = await answer(hass, form, package="list-clock", version="newest")
    assert (refused["step_id"], refused["errors"]) == ("update_package", {"version": "package"})
    refused = await answer(hass, refused, package="list-clock", version="9")
    assert (refused["step_id"], refused["errors"]) == ("update_package", {"version": "package"})
    assert suggested(refused) == {"package": "list-clock", "version": "9"}
    done = await answer(hass, refused, package="list-clock", version="1.1")
    assert done["reason"] == "package_waits"

    clock.stuck = True
    form = await pick(hass, await open_packages(hass), "remove_package")
    refused = await answer(hass, form, package="list-clock")
    assert (refused["step_id"], refused["errors"]) == ("remove_package", {"package": "package"})
    assert "could not be removed" in placeholders_of(refused)["error"]
    clock.stuck = False
    assert (await answer(hass, refused, package="list-clock"))["reason"] == "package_removed"


async def test_the_list_can_be_seen_while_something_is_installed(hass: HomeAssistant, clock: FolderInstaller) -> None:
    manager = await async_get_manager(hass)
    package_manager = await async_get_package_manager(hass, manager)
    clock.go.clear()
    installing = hass.async_create_task(package_manager.async_install(CLOCK))
    await until(lambda: clock.waiting)

    async with asyncio.timeout(10):
        menu = await hass.config_entries.options.async_init(_service(hass).entry_id)
        page = await hass.config_entries.options.async_configure(menu["flow_id"], {"next_step_id": "packages"})
    assert page["menu_options"] == ["install_package"]

    clock.go.set()
    assert (await installing).package == CLOCK
    await hass.async_block_till_done(wait_background_tasks=True)
    assert (await open_packages(hass))["menu_options"] == ["install_package", "update_package", "remove_package"]


async def test_a_restart_is_one_click_away(hass: HomeAssistant, clock: FolderInstaller) -> None:
    await answer(hass, await pick(hass, await open_packages(hass), "install_package"), package="list-clock==1.0")
    form = await pick(hass, await open_packages(hass), "update_package")
    await answer(hass, form, package="list-clock", version="1.1")
    assert (DOMAIN, "restart_needed") in ir.async_get(hass).issues

    repair = await open_repair(hass, "restart_needed")
    failed = await answer_repair(hass, repair, {}, "restart_needed")
    assert (failed["type"], failed["reason"]) == (FlowResultType.ABORT, "failed")

    restarts = async_mock_service(hass, "homeassistant", "restart")
    repair = await open_repair(hass, "restart_needed")
    restarted = await answer_repair(hass, repair, {}, "restart_needed")
    assert (restarted["type"], len(restarts)) == (FlowResultType.CREATE_ENTRY, 1)


async def test_what_is_missing_is_installed_again_by_a_click(hass: HomeAssistant, clock: FolderInstaller) -> None:
    await answer(hass, await pick(hass, await open_packages(hass), "install_package"), package="list-clock==1.0")
    manager = await async_get_manager(hass)
    package_manager = await async_get_package_manager(hass, manager)
    assert "install_again" not in (await open_packages(hass))["menu_options"]
    clock.lose(CLOCK)
    clock.unreachable = True
    await package_manager.async_restore()
    issue = ir.async_get(hass).issues[DOMAIN, "packages_missing"]
    assert issue.translation_placeholders is not None
    assert "list-clock" not in issue.translation_placeholders["packages"].replace("**Clock**", "")

    repair = await open_repair(hass, "packages_missing")
    failed = await answer_repair(hass, repair, {}, "packages_missing")
    assert (failed["type"], failed["reason"]) == (FlowResultType.ABORT, "still_missing")
    menu = await open_packages(hass)
    assert menu["menu_options"] == ["install_package", "install_again", "update_package", "remove_package"]
    page = await pick(hass, menu, "install_again")
    assert page["menu_options"] == menu["menu_options"]

    clock.unreachable = False
    assert (await pick(hass, page, "install_again"))["menu_options"] == [
        "install_package",
        "update_package",
        "remove_package",
    ]
    assert (DOMAIN, "packages_missing") not in ir.async_get(hass).issues

    clock.lose(CLOCK)
    clock.unreachable = True
    await package_manager.async_restore()
    repair = await open_repair(hass, "packages_missing")
    clock.unreachable = False
    assert (await answer_repair(hass, repair, {}, "packages_missing"))["type"] is FlowResultType.CREATE_ENTRY
