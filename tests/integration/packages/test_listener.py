"""What other integrations bring is there without a restart, and a core that does not fit is told."""

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockModule, mock_integration

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.issues import package_issues
from custom_components.ha_device_backups.listeners import packages as watch
from custom_components.ha_device_backups.manager import async_get_manager
from ha_device_backup_core.plugins.registry import HandlerRegistry, HandlerScanner
from tests.core.distributions import handler_source
from tests.integration.flow_steps import HANDLERS, INSTALL, has_handler, start, until, waits_for_handler

from .folder_installer import FolderInstaller


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "COOLDOWN", 0.01)


async def load_integration(hass: HomeAssistant, domain: str, *, built_in: bool = False) -> None:
    """Load an integration with a requirement, which is there already."""
    module = MockModule(domain, partial_manifest={"requirements": ["another-clock==1.0"]})
    mock_integration(hass, module, built_in=built_in)
    assert await async_setup_component(hass, domain, {})


async def test_a_package_of_another_integration_is_there_without_a_restart(
    hass: HomeAssistant, installer: FolderInstaller, set_up: MockConfigEntry
) -> None:
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Clock",
        unique_id="another_clock:another_clock-1",
        data={"kind": "another_clock", "unique_id": "another_clock-1", "config": {}},
    )
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert waits_for_handler(entry)

    installer.site.install("another-clock", handler_source("another_clock", name="AnotherClock"))
    await load_integration(hass, "another_clock_brand")
    await until(lambda: has_handler(entry))

    menu = (await start(hass))["menu_options"]
    assert menu == {"handler_another_clock": "AnotherClock", **HANDLERS, **INSTALL}
    await hass.async_block_till_done(wait_background_tasks=True)

    installer.site.remove("another-clock")
    await load_integration(hass, "yet_another_brand")
    await until(lambda: waits_for_handler(entry))
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_integrations_of_home_assistant_are_nothing_to_look_at(
    hass: HomeAssistant, installer: FolderInstaller, set_up: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = await async_get_manager(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    before = manager.registry
    await load_integration(hass, "a_built_in_one", built_in=True)
    hass.bus.async_fire("component_loaded", {"component": "not_loaded_at_all"})
    await hass.async_block_till_done(wait_background_tasks=True)

    assert manager.registry is before


async def test_where_home_assistant_runs_already_packages_are_looked_for_once(
    hass: HomeAssistant, wled_entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    scans = list[HandlerRegistry]()
    scan = HandlerScanner.scan

    def noted(self: HandlerScanner) -> HandlerRegistry:
        scans.append(scan(self))
        return scans[-1]

    monkeypatch.setattr(HandlerScanner, "scan", noted)
    needy = {"needy 1.0": ["ha-device-backup-core>=9"]}
    monkeypatch.setattr(package_issues, "requirements_of", lambda _: needy)
    wled_entry.add_to_hass(hass)
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done(wait_background_tasks=True)

    assert scans == [(await async_get_manager(hass)).registry]
    assert (DOMAIN, "core_mismatch") in ir.async_get(hass).issues


async def test_another_core_on_disk_is_told_until_it_fits_again(
    hass: HomeAssistant, set_up: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = await async_get_manager(hass)
    key = (DOMAIN, "core_mismatch")
    assert key not in ir.async_get(hass).issues

    with monkeypatch.context() as patch:
        patch.setattr(package_issues, "installed_core", lambda: "9.0")
        await package_issues.async_check_core(hass, manager)
    placeholders = ir.async_get(hass).issues[key].translation_placeholders
    assert placeholders == {
        "faults": "- Version 9.0 was installed while version 0.1.0 was running. Restart Home Assistant.",
        "page": "[Open the packages](/device-backups/packages)",
    }

    await package_issues.async_check_core(hass, manager)
    assert key not in ir.async_get(hass).issues
