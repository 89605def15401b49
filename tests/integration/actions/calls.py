"""Calls of the actions."""

from typing import Any

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ha_device_backups.const import DOMAIN

from ..household import settle

type Response = dict[str, Any]


async def act(hass: HomeAssistant, action: str, *, response: bool = True, **data: object) -> Response:
    """Call an action as an administrator's automation does."""
    answer = await hass.services.async_call(DOMAIN, action, data, blocking=True, return_response=response)
    await settle(hass)
    return dict(answer or {})


async def remove(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    await hass.config_entries.async_remove(entry.entry_id)
    await settle(hass)
