"""The agent that is an app of Home Assistant: the Supervisor tells of it, a person only agrees."""

from typing import Any, Final

import voluptuous as vol
from homeassistant.config_entries import SOURCE_IGNORE, ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_PORT, CONF_TOKEN
from homeassistant.helpers.service_info.hassio import HassioServiceInfo

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.host import AgentClient, PairedAgent

from ..const import CONF_AGENT_ID, CONF_CERTIFICATE
from ..translation import named
from .agent import AgentSteps, errors_of
from .connection import readable_fingerprint

_HASSIO: Final = vol.Schema(
    {
        vol.Required(CONF_HOST): vol.All(str, vol.Length(min=1)),
        vol.Required(CONF_PORT): vol.All(vol.Coerce(int), vol.Range(min=1, max=65535)),
        vol.Required(CONF_TOKEN): vol.All(str, vol.Length(min=1)),
        vol.Required(CONF_CERTIFICATE): vol.Match(r"[0-9a-f]{64}\Z"),
        vol.Required(CONF_AGENT_ID): vol.All(str, vol.Length(min=1, max=255)),
    },
    extra=vol.REMOVE_EXTRA,
)


class AgentAppSteps(AgentSteps):
    """From the message of the Supervisor to the agent that it tells of."""

    _announced: PairedAgent
    """The agent that the Supervisor tells of."""

    async def async_step_hassio(self, discovery_info: HassioServiceInfo) -> ConfigFlowResult:
        """Take the message of the agent's app by the Supervisor, with all that is needed."""
        try:
            message = _HASSIO(discovery_info.config)
        except vol.Invalid:
            return self.async_abort(reason="no_agent")
        self._announced = PairedAgent(
            agent_id=message[CONF_AGENT_ID],
            name=discovery_info.name,
            host=message[CONF_HOST],
            port=message[CONF_PORT],
            sha256=message[CONF_CERTIFICATE],
            token=message[CONF_TOKEN],
        )
        self.context["title_placeholders"] = {"name": discovery_info.name}
        entry = await self.async_set_unique_id(self._announced.agent_id)
        if entry is None:
            return await self.async_step_hassio_confirm()
        if entry.source == SOURCE_IGNORE:
            return self.async_abort(reason="agent_already_configured")
        self._of_agent = entry
        if entry.data[CONF_CERTIFICATE] != self._announced.sha256:
            return await self.async_step_hassio_changed()
        return self._take(self._announced, "agent_already_configured")

    async def async_step_hassio_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Add the agent of the app, once the person agrees."""
        return await self._async_confirm("hassio_confirm", user_input)

    async def async_step_hassio_changed(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Take the new certificate of the app, once the person agrees."""
        return await self._async_confirm("hassio_changed", user_input)

    async def _async_confirm(self, step_id: str, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        error: DeviceBackupError | None = None
        if user_input is not None:
            try:
                await AgentClient(self._announced).look()
            except DeviceBackupError as failed:
                error = failed
            else:
                return self._take(self._announced, "agent_paired")
        return self.async_show_form(
            step_id=step_id,
            data_schema=vol.Schema({}),
            errors=errors_of(error),
            description_placeholders={
                **named(self._announced.name),
                "fingerprint": readable_fingerprint(self._announced.sha256),
                **await self._async_detail(error),
            },
        )
