"""Asks once whether the handler is wanted."""

from typing import Any

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.loader import async_get_custom_components


class AcmeConfigFlow(ConfigFlow, domain="acme_device_backup"):
    """One click; the manifest allows only one entry."""

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask."""
        if "ha_device_backups" not in await async_get_custom_components(self.hass):
            return self.async_abort(reason="device_backups_missing")
        if user_input is None:
            return self.async_show_form(step_id="user")
        return self.async_create_entry(title="Acme for Device Backups", data={})
