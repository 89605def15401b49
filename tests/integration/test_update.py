"""A newer version of a package is told and installed, and nothing is asked too often."""

from datetime import timedelta
from typing import Any

import pytest
from homeassistant.components.update import DOMAIN as UPDATE
from homeassistant.core import Context, HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError, Unauthorized
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser, async_fire_time_changed

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.manager import async_get_manager
from custom_components.ha_device_backups.packages.package_manager import PackageManager, async_get_package_manager
from ha_device_backup_core.packages.release import best_address, release_url
from ha_device_backup_core.packages.requirement import PackageVersion
from tests.core.distributions import handler_source

from .packages.conftest import installer
from .packages.folder_installer import FolderInstaller

__all__ = ["installer"]

ENTITY = "update.device_backups_watch_package"


@pytest.fixture
async def package_manager(
    hass: HomeAssistant, installer: FolderInstaller, monkeypatch: pytest.MonkeyPatch, set_up: MockConfigEntry
) -> PackageManager:
    """Return the package_manager of a home where one package was installed, of which there are two versions."""
    for version in ("1.0", "1.1"):
        source = handler_source("update_watch", name="Watch")
        installer.publish(PackageVersion("update-watch", version), source, "update_watch")
    found = await async_get_package_manager(hass, await async_get_manager(hass))
    await found.async_install(PackageVersion("update-watch", "1.0"))
    await hass.async_block_till_done(wait_background_tasks=True)
    return found


def shown(hass: HomeAssistant) -> State:
    state = hass.states.get(ENTITY)
    assert state is not None, hass.states.async_entity_ids(UPDATE)
    return state


async def install(hass: HomeAssistant, context: Context | None = None, **data: Any) -> None:  # noqa: ANN401
    await hass.services.async_call(UPDATE, "install", {"entity_id": ENTITY, **data}, blocking=True, context=context)
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_a_newer_version_is_told_installed_and_runs_after_a_restart(
    hass: HomeAssistant, package_manager: PackageManager, installer: FolderInstaller
) -> None:
    state = shown(hass)
    assert (state.state, state.attributes["installed_version"], state.attributes["title"]) == ("off", "1.0", "Watch")
    entry = er.async_get(hass).async_get(ENTITY)
    assert entry is not None
    assert entry.entity_category == "config"

    await package_manager.async_look_for_newer()
    state = shown(hass)
    assert (state.state, state.attributes["latest_version"]) == ("on", "1.1")

    installer.unreachable = True
    with pytest.raises(HomeAssistantError) as caught:
        await install(hass)
    assert "cannot be reached" in str(caught.value)
    assert shown(hass).state == "on"

    installer.unreachable = False
    await install(hass)
    state = shown(hass)
    assert (state.state, state.attributes["installed_version"], state.attributes["in_progress"]) == (
        "off",
        "1.1",
        False,
    )
    assert (DOMAIN, "restart_needed") in ir.async_get(hass).issues

    await install(hass, version="1.0")
    assert (shown(hass).state, shown(hass).attributes["latest_version"]) == ("on", "1.1")

    await package_manager.async_remove("update-watch")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert hass.states.get(ENTITY) is None
    assert er.async_get(hass).async_get(ENTITY) is None

    await package_manager.async_install(PackageVersion("update-watch", "1.1"))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert shown(hass).attributes["installed_version"] == "1.1"


async def test_only_administrators_install(hass: HomeAssistant, package_manager: PackageManager) -> None:
    user = MockUser(groups=[]).add_to_hass(hass)
    user.mock_policy({"entities": True})

    with pytest.raises(Unauthorized):
        await install(hass, Context(user_id=user.id), version="1.1")
    assert shown(hass).attributes["installed_version"] == "1.0"


async def test_it_is_looked_for_once_a_day_and_offline_is_no_error(
    hass: HomeAssistant,
    package_manager: PackageManager,
    installer: FolderInstaller,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(hass.config, "skip_pip", False)
    (service,) = [entry for entry in hass.config_entries.async_entries(DOMAIN) if entry.unique_id == "service"]
    asked: list[str] = []
    newest = installer.newest

    def ask(*arguments: Any) -> str:  # noqa: ANN401
        asked.append("newest")
        return newest(*arguments)

    monkeypatch.setattr(installer, "newest", ask)
    await hass.config_entries.async_reload(service.entry_id)
    installer.unreachable = True
    for minutes in (3, 60, 23 * 60):
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=minutes))
        await hass.async_block_till_done(wait_background_tasks=True)
    assert (asked, shown(hass).state) == (["newest"], "off")
    assert not [record for record in caplog.records if "Newer" in record.getMessage() and record.levelname != "DEBUG"]

    await hass.config_entries.async_reload(service.entry_id)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(hours=1))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert asked == ["newest"]

    installer.unreachable = False
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(hours=25))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert (len(asked), shown(hass).state) == (2, "on")


@pytest.mark.parametrize(
    ("lines", "address"),
    [
        ([], None),
        (["Homepage, https://example.com", "Change Log, https://example.com/log"], "https://example.com/log"),
        (["Release notes, javascript:alert(1)", "homepage, https://example.com"], "https://example.com"),
        (["Changelog, http://[", "Source, ftp://example.com"], None),
    ],
)
def test_where_to_read_of_changes(lines: list[str], address: str | None) -> None:
    assert best_address(lines) == address


def test_a_package_that_is_gone_names_no_address() -> None:
    assert release_url("a-package-that-went") is None
