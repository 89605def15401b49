"""The page in the sidebar: for administrators, in the home's language, and its file."""

from http import HTTPStatus

from homeassistant.components.frontend import DATA_PANELS, Panel
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.ha_device_backups.const import DOMAIN, PAGE, SERVICE_UNIQUE_ID
from custom_components.ha_device_backups.entries import service_entry

from ..flow_steps import FIRST, HANDLERS, INSTALL, pick, start
from ..household import settle


def shown(hass: HomeAssistant) -> Panel:
    """Return the page as the sidebar has it."""
    panel = hass.data[DATA_PANELS][PAGE]
    assert isinstance(panel, Panel)
    return panel


async def test_the_page_is_there_before_any_device(hass: HomeAssistant) -> None:
    """What somebody needs after all is lost is in a backup, which is read on the page."""
    assert await async_setup_component(hass, "frontend", {})
    menu, other = await start(hass), await start(hass)
    done = await pick(hass, menu, "page")
    assert (done["type"], done["description_placeholders"]) == (FlowResultType.CREATE_ENTRY, {"page": f"/{PAGE}"})
    await settle(hass)
    assert shown(hass).sidebar_title == "Device backups"
    assert (await pick(hass, other, "page"))["reason"] == "already_configured"
    assert (await start(hass))["menu_options"] == HANDLERS | INSTALL

    service = service_entry(hass)
    assert service is not None
    await hass.config_entries.async_remove(service.entry_id)
    assert PAGE not in hass.data[DATA_PANELS]
    assert (await start(hass))["menu_options"] == HANDLERS | FIRST


async def test_the_page_is_in_the_sidebar(
    hass: HomeAssistant, wled_entry: MockConfigEntry, hass_client_no_auth: ClientSessionGenerator
) -> None:
    assert await async_setup_component(hass, "frontend", {})
    wled_entry.add_to_hass(hass)
    assert await async_setup_component(hass, DOMAIN, {})
    await settle(hass)
    assert (shown(hass).sidebar_title, shown(hass).require_admin) == ("Device backups", True)
    config = shown(hass).config
    assert config is not None
    module = config["_panel_custom"]["module_url"]
    response = await (await hass_client_no_auth()).get(module)
    assert response.status is HTTPStatus.OK.value
    assert b"device-backups-panel" in await response.read()

    await hass.config.async_update(language="de")
    await settle(hass)
    assert shown(hass).sidebar_title == "Geräte-Backups"

    service = service_entry(hass)
    assert service is not None
    await hass.config_entries.async_reload(service.entry_id)
    await settle(hass)
    assert shown(hass).config == config

    await hass.config_entries.async_remove(wled_entry.entry_id)
    await hass.config_entries.async_remove(service.entry_id)
    await settle(hass)
    assert PAGE not in hass.data[DATA_PANELS]
    assert await async_setup_component(hass, DOMAIN, {})
    again = MockConfigEntry(domain=DOMAIN, unique_id=wled_entry.unique_id, title="Shelf", data=dict(wled_entry.data))
    again.add_to_hass(hass)
    assert await hass.config_entries.async_setup(again.entry_id)
    await settle(hass)
    assert shown(hass).config == config


async def test_the_service_leads_to_the_page(hass: HomeAssistant, set_up: MockConfigEntry) -> None:
    service = service_entry(hass)
    assert service is not None
    device = dr.async_get(hass).async_get_device_by_identifier((DOMAIN, SERVICE_UNIQUE_ID), service.entry_id)
    assert device is not None
    assert device.configuration_url == "homeassistant://device-backups"
