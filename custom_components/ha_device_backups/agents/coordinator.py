"""Whether an agent answers: looked at each minute, and at once when a device could not be asked by it."""

import logging
from datetime import timedelta
from typing import override

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.host import (
    AgentClient,
    AgentError,
    AgentHello,
    AgentNotTrustedError,
    AgentRefusedError,
    AgentRepository,
    DeviceBackupManager,
    JobResult,
    ManagerEvent,
    RemoteKind,
)

from ..agent_kinds import async_keep_kinds
from ..const import CONF_AGENT_ID, CONF_PROBLEM, CONF_REPOSITORY, DOMAIN
from ..entries import (
    DeviceBackupsConfigEntry,
    agent_of,
    device_entry,
    device_key,
    devices_at_agent,
    paired_agent,
    with_repository,
)
from ..issues.agent_issue import async_clear_agent_issue, async_report_agent
from ..snapshots.deferred import async_publish

_LOGGER = logging.getLogger(__name__)
LOOK_AGAIN = timedelta(minutes=1)


class AgentCoordinator(DataUpdateCoordinator[AgentHello]):
    """Looks whether an agent answers, and takes the kinds that it has."""

    config_entry: DeviceBackupsConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: DeviceBackupsConfigEntry,
        manager: DeviceBackupManager,
        known: tuple[RemoteKind, ...],
    ) -> None:
        """Take the entry of the agent, and the kinds that it had."""
        super().__init__(hass, _LOGGER, config_entry=entry, name=f"agent {entry.title}", update_interval=LOOK_AGAIN)
        self._manager = manager
        self._kinds = known
        self._is_here = False

    @callback
    def follow_jobs(self) -> None:
        """Look at once when one of its devices could not be asked, until the entry is unloaded."""
        self.config_entry.async_on_unload(self._manager.subscribe(self._take_event))

    @override
    async def _async_update_data(self) -> AgentHello:
        paired, language = paired_agent(self.config_entry), self.hass.config.language
        try:
            look = await AgentClient(paired).look()
        except AgentRefusedError as error:
            # Home Assistant itself asks for a new code, then.
            self._went(error)
            raise ConfigEntryAuthFailed(
                translation_domain=DOMAIN,
                translation_key=error.code,
                translation_placeholders=error.placeholders(language),
            ) from error
        except DeviceBackupError as error:
            self._went(error)
            raise UpdateFailed(
                translation_domain=DOMAIN,
                translation_key=error.code,
                translation_placeholders=error.placeholders(language),
            ) from error
        if look.kinds != self._kinds:
            self._kinds = look.kinds
            await async_keep_kinds(self.hass, self.config_entry, look.kinds)
        self._manager.handlers.set_agent(paired, look.kinds)
        if look.repository is not None:
            self._keep_repository(look.repository)
        if not self._is_here:
            self._is_here = True
            await self._came()
        return look.hello

    @callback
    def _keep_repository(self, repository: AgentRepository) -> None:
        """Keep what opens the agent's repository, so that the files are not lost with the agent."""
        entry = self.config_entry
        if entry.data.get(CONF_REPOSITORY) == (kept := with_repository(entry.data.get(CONF_REPOSITORY), repository)):
            return
        async_publish(
            self.hass,
            f"repository {entry.entry_id}",
            lambda: self.hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_REPOSITORY: kept}),
        )

    async def _came(self) -> None:
        """Take back what was told, and back up the devices that are late."""
        async_clear_agent_issue(self.hass, self.config_entry)
        async_publish(self.hass, f"reauth {self.config_entry.entry_id}", self._take_back_reauth)
        for entry in devices_at_agent(self.hass, self.config_entry.data[CONF_AGENT_ID]):
            await self._manager.back_up_if_late(device_key(entry))

    def _went(self, error: DeviceBackupError) -> None:
        self._is_here = False
        async_report_agent(self.hass, self.config_entry, error)
        if isinstance(error, AgentNotTrustedError):
            entry, problem = self.config_entry, {CONF_PROBLEM: error}
            async_publish(
                self.hass, f"reauth {entry.entry_id}", lambda: entry.async_start_reauth(self.hass, data=problem)
            )

    @callback
    def _take_back_reauth(self) -> None:
        for flow in tuple(self.config_entry.async_get_active_flows(self.hass, {SOURCE_REAUTH})):
            self.hass.config_entries.flow.async_abort(flow["flow_id"])

    @callback
    def _take_event(self, event: ManagerEvent) -> None:
        if not isinstance(event, JobResult) or not isinstance(event.error, AgentError) or not self._is_here:
            return
        entry = device_entry(self.hass, event.key)
        if entry is not None and agent_of(entry) == self.config_entry.data[CONF_AGENT_ID]:
            self.config_entry.async_create_background_task(
                self.hass, self.async_request_refresh(), f"{DOMAIN} looks whether an agent answers"
            )
