"""Save as recipe, in the gear of a device: by signed link, for administrators only, without secrets."""

from collections.abc import AsyncIterator

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.panel.kind_file import async_kind_file_link
from ha_device_backup_http.recipe import load_recipe
from tests.simulators.http_service import PASSWORD, SETTINGS_PATH, USERNAME, LoginStyle, SimulatedService

from ..flow_steps import check, placeholders_of


@pytest.fixture
async def service() -> AsyncIterator[SimulatedService]:
    async with SimulatedService(LoginStyle.BASIC) as found:
        yield found


@pytest.fixture
async def pump(hass: HomeAssistant, service: SimulatedService) -> AsyncIterator[MockConfigEntry]:
    """Return the entry of a service that was entered with its URL, set up."""
    url = f"{service.origin}{SETTINGS_PATH}"
    config = {"url": url, "login": "basic", "username": USERNAME, "password": PASSWORD, "ignore": ["/uptime"]}
    data = {"kind": "http", "unique_id": "assigned-1", "config": config}
    entry = MockConfigEntry(domain=DOMAIN, unique_id="http:assigned-1", data=data, title="My pump")
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    yield entry
    await hass.config_entries.async_unload(entry.entry_id)


async def test_gear_gives_the_recipe(
    hass: HomeAssistant, pump: MockConfigEntry, service: SimulatedService, hass_client: ClientSessionGenerator
) -> None:
    client = await hass_client()
    menu = await hass.config_entries.options.async_init(pump.entry_id)
    check(menu, "options")
    assert "save_recipe" in menu["menu_options"]
    ready = await hass.config_entries.options.async_configure(menu["flow_id"], {"next_step_id": "save_recipe"})
    check(ready, "options")
    assert (ready["type"], ready.get("reason")) == (FlowResultType.ABORT, "recipe_ready")
    link = placeholders_of(ready)["link"].partition('"')[2].partition('"')[0]

    response = await client.get(link)
    content = await response.read()

    assert response.status == 200
    assert response.headers["Content-Disposition"] == "attachment; filename*=UTF-8''my_pump.toml"
    for secret in (PASSWORD, USERNAME, service.origin):
        assert secret not in content.decode()
    recipe = load_recipe("my_pump.toml", content)
    assert [(file.pattern, file.form) for file in recipe.files] == [("settings", "json")]


async def test_what_cannot_be_saved(
    hass: HomeAssistant, pump: MockConfigEntry, set_up: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    client = await hass_client()
    menu = await hass.config_entries.options.async_init(set_up.entry_id)
    assert "save_recipe" not in menu["menu_options"]
    assert (await client.get("/api/ha_device_backups/kind_file/nothing")).status == 404
    assert (await client.get(f"/api/ha_device_backups/kind_file/{set_up.entry_id}")).status == 409

    opened = await hass.config_entries.options.async_init(pump.entry_id)
    config = {**pump.data["config"], "ignore": ["("]}
    hass.config_entries.async_update_entry(pump, data={**pump.data, "config": config})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert (await client.get(f"/api/ha_device_backups/kind_file/{pump.entry_id}")).status == 409
    failed = await hass.config_entries.options.async_configure(opened["flow_id"], {"next_step_id": "save_recipe"})
    check(failed, "options")
    assert failed.get("reason") == "failed"


async def test_link_is_signed(hass: HomeAssistant, pump: MockConfigEntry) -> None:
    assert "authSig=" in async_kind_file_link(hass, pump)
