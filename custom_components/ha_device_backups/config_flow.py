"""The config flow: one class, because Home Assistant wants one; its steps are in `flows`."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigFlowResult, OptionsFlow
from homeassistant.core import callback
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo

from ha_device_backup_core.host import AGENT_SERVICE

from .const import DOMAIN, SERVICE_TITLE, SERVICE_UNIQUE_ID
from .entries import DeviceBackupsConfigEntry, is_agent
from .flows.agent_app import AgentAppSteps
from .flows.discovered import DiscoveredSteps
from .flows.kinds import KindSteps
from .flows.options import DeviceBackupsOptionsFlow
from .flows.reconfigure import ReconfigureSteps


class DeviceBackupsConfigFlow(KindSteps, DiscoveredSteps, ReconfigureSteps, AgentAppSteps, domain=DOMAIN):
    """Every way to an entry and to a changed one."""

    VERSION = 1
    MINOR_VERSION = 1

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: DeviceBackupsConfigEntry) -> OptionsFlow:
        """Return the options flow."""
        return DeviceBackupsOptionsFlow()

    @classmethod
    @callback
    @override
    def async_supports_options_flow(cls, config_entry: DeviceBackupsConfigEntry) -> bool:
        """Return that an agent has none: all there is to change about it is where it is."""
        return not is_agent(config_entry)

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Ask for what the device, or the agent, refused."""
        entry = self._get_reauth_entry()
        if is_agent(entry):
            return await self._async_agent_reauth(entry, entry_data)
        return await self._async_reauth(entry_data)

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask how the device, or the agent, is reached now; on the service entry, for the defaults."""
        if self.source == SOURCE_RECONFIGURE and is_agent(entry := self._get_reconfigure_entry()):
            self._of_agent = entry
            return await self.async_step_agent_repository()
        return await self._async_reconfigure(user_input)

    @override
    async def async_step_zeroconf(self, discovery_info: ZeroconfServiceInfo) -> ConfigFlowResult:
        """Take an announcement by mDNS, of a device or of an agent."""
        if discovery_info.type == AGENT_SERVICE:
            return await self._async_found_by_zeroconf(discovery_info)
        return await super().async_step_zeroconf(discovery_info)

    async def async_step_system(self, data: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Make the entry that holds the defaults."""
        await self.async_set_unique_id(SERVICE_UNIQUE_ID)
        self._abort_if_unique_id_configured()
        return self.async_create_entry(title=SERVICE_TITLE, data={})
