"""Packages come, stay, change and go while Home Assistant runs."""

import site
from datetime import timedelta
from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.manager import async_get_manager
from custom_components.ha_device_backups.packages import package_manager
from custom_components.ha_device_backups.packages.package_manager import PackageManager, async_get_package_manager
from ha_device_backup_core.manager import DeviceBackupManager
from ha_device_backup_core.packages.requirement import PackageError, PackageRecord, PackageVersion
from ha_device_backup_core.records import DeviceKey
from tests.core.package_home import PackageHome
from tests.integration.flow_steps import has_handler, waits_for_handler
from tests.simulators.wheels import write_wheel

pytestmark = pytest.mark.xdist_group("packages")

KEY = f"{DOMAIN}.packages"
LAMP = DeviceKey("keeper_lamp", "keeper_lamp-1")


def lamp_entry() -> MockConfigEntry:
    """Return the entry of a device whose handler comes in a package."""
    return MockConfigEntry(
        domain=DOMAIN,
        title="Lamp",
        unique_id="keeper_lamp:keeper_lamp-1",
        data={"kind": "keeper_lamp", "unique_id": "keeper_lamp-1", "config": {}},
    )


@pytest.fixture
async def manager(hass: HomeAssistant) -> DeviceBackupManager:
    return await async_get_manager(hass)


@pytest.fixture
async def keeper(hass: HomeAssistant, packages: PackageHome, manager: DeviceBackupManager) -> PackageManager:
    return await async_get_package_manager(hass, manager)


async def settle(hass: HomeAssistant) -> None:
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_package_comes_with_what_it_needs_and_goes_with_it(
    hass: HomeAssistant,
    packages: PackageHome,
    keeper: PackageManager,
    manager: DeviceBackupManager,
    hass_storage: dict[str, Any],
) -> None:
    before = packages.versions()
    write_wheel(packages.index.folder, "keeper-helper", entry_points="")
    packages.publish("keeper-lamp", requires=("keeper-helper", "aiohttp"))
    package = PackageVersion("keeper-lamp", "1.0")

    record = await keeper.async_install(package)

    assert record == PackageRecord(package=package, kinds=("keeper_lamp",))
    assert keeper.records == [record]
    assert manager.registry.get("keeper_lamp").distribution == "keeper-lamp"
    assert packages.versions() == {**before, "keeper-lamp": "1.0", "keeper-helper": "1.0"}
    assert hass_storage[KEY]["data"] == {
        "packages": [{"requirement": "keeper-lamp==1.0", "kinds": ["keeper_lamp"]}],
        "dependencies": ["keeper-helper"],
        "owners": {},
        "loaded": {},
        "newest": {},
        "looked_at": "1970-01-01T00:00:00+00:00",
    }

    entry = lamp_entry()
    entry.add_to_hass(hass)
    assert await async_setup_component(hass, DOMAIN, {})
    await settle(hass)
    assert has_handler(entry)

    await keeper.async_remove("keeper-lamp")
    await settle(hass)
    assert packages.versions() == before
    assert "keeper_lamp" not in manager.registry.handlers
    stored = hass_storage[KEY]["data"]
    assert (keeper.records, stored["packages"], stored["dependencies"]) == ([], [], [])
    assert stored["owners"]["keeper_lamp"] == "keeper-lamp"
    assert waits_for_handler(entry)
    assert len(await manager.stored.list_backups(LAMP)) == 1

    await keeper.async_install(package)
    await settle(hass)
    assert has_handler(entry)


@pytest.mark.once
async def test_packages_come_back_after_an_update_of_home_assistant(
    hass: HomeAssistant, packages: PackageHome, hass_storage: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hass.config, "skip_pip", False)
    packages.publish("keeper-lamp")
    packages.index.is_down = True
    hass_storage[KEY] = {
        "version": 1,
        "minor_version": 1,
        "key": KEY,
        "data": {
            "packages": [
                {"requirement": "keeper-lamp==1.0", "kinds": ["keeper_lamp"]},
                {"requirement": "--index-url https://example.com", "kinds": []},
            ],
            "dependencies": [],
        },
    }
    entry = lamp_entry()
    entry.add_to_hass(hass)

    assert await async_setup_component(hass, DOMAIN, {})
    await settle(hass)

    issues = ir.async_get(hass).issues
    assert waits_for_handler(entry)
    handler_missing = issues[DOMAIN, f"handler_missing_{entry.entry_id}"]
    assert handler_missing.translation_placeholders == {
        "name": "Lamp",
        "plain_name": "Lamp",
        "problem": "“keeper-lamp” is installed again as soon as possible.",
        "page": "[Open the packages](/device-backups/packages)",
    }
    missing = issues[DOMAIN, "packages_missing"]
    assert missing.translation_placeholders is not None
    assert "keeper-lamp" in missing.translation_placeholders["packages"]
    assert "cannot be reached" in missing.translation_placeholders["packages"]

    packages.index.is_down = False
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=61))
    await settle(hass)

    assert has_handler(entry)
    left = {issue for domain, issue in ir.async_get(hass).issues if domain == DOMAIN}
    assert left == set()
    assert packages.versions()["keeper-lamp"] == "1.0"


@pytest.mark.once
async def test_bad_update_whose_predecessor_is_gone_leaves_nothing_bad_behind(
    packages: PackageHome, keeper: PackageManager
) -> None:
    before = packages.versions()
    packages.publish("keeper-lamp")
    await keeper.async_install(PackageVersion("keeper-lamp", "1.0"))
    (packages.index.folder / "keeper_lamp-1.0-py3-none-any.whl").unlink()
    write_wheel(packages.index.folder, "keeper-lamp", "1.1", source="raise OSError")

    with pytest.raises(PackageError) as caught:
        await keeper.async_install(PackageVersion("keeper-lamp", "1.1"))
    assert caught.value.reason == "unusable"
    assert packages.versions() == before
    assert [record.package.version for record in keeper.records] == ["1.0"]

    packages.publish("keeper-lamp")
    await keeper.async_restore()
    assert packages.versions() == {**before, "keeper-lamp": "1.0"}


@pytest.mark.once
async def test_update_runs_after_a_restart_and_a_bad_one_leaves_what_is_there(
    hass: HomeAssistant,
    packages: PackageHome,
    keeper: PackageManager,
    manager: DeviceBackupManager,
    set_up: MockConfigEntry,
) -> None:
    packages.publish("keeper-lamp")
    await keeper.async_install(PackageVersion("keeper-lamp", "1.0"))
    before = packages.versions()

    write_wheel(packages.index.folder, "keeper-lamp", "1.1", source="raise OSError", requires=["no-handler-here"])
    write_wheel(packages.index.folder, "no-handler-here", entry_points="")
    with pytest.raises(PackageError) as caught:
        await keeper.async_install(PackageVersion("keeper-lamp", "1.1"))
    assert caught.value.reason == "unusable"
    assert packages.versions() == before
    assert [record.package.version for record in keeper.records] == ["1.0"]

    packages.publish("keeper-lamp", "1.2")
    await keeper.async_install(PackageVersion("keeper-lamp", "1.2"))
    assert packages.versions() == {**before, "keeper-lamp": "1.2"}
    assert manager.registry.get("keeper_lamp").version == "1.0"
    issue = ir.async_get(hass).issues[DOMAIN, "restart_needed"]
    assert issue.translation_placeholders == {
        "packages": "- Lamp 1.2",
        "page": "[Open the packages](/device-backups/packages)",
    }

    await keeper.async_install(PackageVersion("keeper-lamp", "1.0"))
    assert (DOMAIN, "restart_needed") not in ir.async_get(hass).issues


def test_packages_go_where_home_assistant_puts_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("UV_SYSTEM_PYTHON", "UV_PYTHON"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(package_manager, "is_virtual_env", lambda: False)
    assert package_manager.home_assistant_installer().folder == site.getusersitepackages()
    monkeypatch.setattr(package_manager, "is_virtual_env", lambda: True)
    installer = package_manager.home_assistant_installer()
    assert installer.folder == ""
    assert installer.limits is not None
    assert "aiohttp==" in installer.limits.read_text(encoding="utf-8")
    monkeypatch.setattr(package_manager, "is_virtual_env", lambda: False)
    monkeypatch.setenv("UV_PYTHON", "/usr/bin/python3")
    assert package_manager.home_assistant_installer().folder == ""
