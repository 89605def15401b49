"""The config flow: one class, because Home Assistant wants one; its steps are in `flows`."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigFlowResult,
    OptionsFlow,
)
from homeassistant.core import callback

from ha_device_backup_core import DeviceBackupError, DeviceInfo

from .const import DOMAIN, SERVICE_TITLE, SERVICE_UNIQUE_ID
from .flows.add import CATALOGUE_STEP, HANDLER_STEP
from .flows.discovered import AnnounceFlow
from .flows.import_all import AdoptAllFlow
from .flows.import_known import ADOPT_STEP
from .flows.options import DeviceBackupsOptionsFlow
from .flows.reconfigure import UpdateFlow


class DeviceBackupsConfigFlow(AnnounceFlow, AdoptAllFlow, UpdateFlow, domain=DOMAIN):
    """Every way to an entry and to a changed one."""

    VERSION = 1
    MINOR_VERSION = 1

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """Return the options flow."""
        return DeviceBackupsOptionsFlow()

    async def async_step_system(self, data: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Make the entry that holds the defaults."""
        await self.async_set_unique_id(SERVICE_UNIQUE_ID)
        self._abort_if_unique_id_configured()
        return self.async_create_entry(title=SERVICE_TITLE, data={})

    @override
    async def _async_ask(self, error: DeviceBackupError | None = None) -> ConfigFlowResult:
        if self.source in (SOURCE_REAUTH, SOURCE_RECONFIGURE):
            return await self._async_ask_update(error)
        return await self._async_ask_new(error)

    @override
    async def _async_answered(self, device: DeviceInfo) -> ConfigFlowResult:
        if self.source in (SOURCE_REAUTH, SOURCE_RECONFIGURE):
            return await self._async_same_device(device)
        return await self._async_new_device(device)

    @override
    def _present_options(self) -> Mapping[str, Any]:
        return self._get_reconfigure_entry().options if self.source == SOURCE_RECONFIGURE else {}

    @override
    async def _async_options_done(self, options: dict[str, Any]) -> ConfigFlowResult:
        if self.source == SOURCE_RECONFIGURE:
            return await self._async_keep_defaults(options)
        return await self._async_create(options)

    def __getattr__(self, name: str) -> Callable[[Any], Awaitable[ConfigFlowResult]]:
        """Answer for the steps that the menu has for each kind."""
        steps = {
            HANDLER_STEP: self._async_handler_chosen,
            CATALOGUE_STEP: self._async_catalogue_chosen,
            ADOPT_STEP: self._async_adopt_kind,
        }
        for begin, step in steps.items():
            if name.startswith(begin):
                return partial(step, name.removeprefix(begin))
        raise AttributeError(name)
