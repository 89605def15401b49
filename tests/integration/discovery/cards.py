"""The cards of devices that were found, and what they offer."""

from ipaddress import ip_address

from homeassistant.config_entries import SOURCE_INTEGRATION_DISCOVERY, SOURCE_ZEROCONF, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ha_device_backups.const import DOMAIN

from ..conftest import MAC
from ..flow_steps import check, start


def announced(
    port: int, mac: str | None = MAC, *, service: str = "_wled._tcp.local.", name: str = "Shelf", **properties: str
) -> ZeroconfServiceInfo:
    return ZeroconfServiceInfo(
        ip_address=ip_address("127.0.0.1"),
        ip_addresses=[ip_address("127.0.0.1")],
        port=port,
        hostname=f"{name}.local.",
        type=service,
        name=f"{name}.{service}",
        properties=properties if mac is None else {"mac": mac, **properties},
    )


async def announce(hass: HomeAssistant, info: ZeroconfServiceInfo) -> ConfigFlowResult:
    result = await start(hass, SOURCE_ZEROCONF, info)
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


def known_wled(hass: HomeAssistant, mac: str = MAC, name: str = "Shelf", host: str = "192.0.2.7") -> MockConfigEntry:
    """Have Home Assistant's own integration know a controller."""
    entry = MockConfigEntry(domain="wled", unique_id=mac, title=name, data={"host": host})
    entry.add_to_hass(hass)
    dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={("wled", mac)},
        connections={(dr.CONNECTION_NETWORK_MAC, dr.format_mac(mac))},
        name=name,
    )
    return entry


def cards(hass: HomeAssistant) -> list[ConfigFlowResult]:
    return [
        flow
        for flow in hass.config_entries.flow.async_progress_by_handler(DOMAIN)
        if flow["context"]["source"] in (SOURCE_INTEGRATION_DISCOVERY, SOURCE_ZEROCONF)
    ]


async def open_card(hass: HomeAssistant) -> ConfigFlowResult:
    (card,) = cards(hass)
    result = await hass.config_entries.flow.async_configure(card["flow_id"])
    check(result)
    return result


def offered(form: ConfigFlowResult) -> dict[str, str]:
    assert form["data_schema"] is not None
    selector = next(value for key, value in form["data_schema"].schema.items() if key == "devices")
    return {option["value"]: option["label"] for option in selector.config["options"]}


def ticked(form: ConfigFlowResult) -> list[str]:
    assert form["data_schema"] is not None
    return next(key.default() for key in form["data_schema"].schema if key == "devices")


def ours(hass: HomeAssistant) -> dict[str | None, str]:
    return {
        entry.unique_id: entry.source
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.unique_id != "service"
    }
