"""Follows what is installed: at start, when another integration brought a package, and when a scan found others."""

import logging
from functools import partial

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_COMPONENT_LOADED
from homeassistant.core import CoreState, Event, HomeAssistant, callback
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.start import async_at_started
from homeassistant.loader import IntegrationNotLoaded, async_get_loaded_integration
from homeassistant.setup import EventComponentLoaded

from ha_device_backup_core.host import DeviceBackupManager, HandlerRegistry

from ..const import DOMAIN
from ..entries import DeviceBackupsConfigEntry, device_entries, device_key
from ..issues.package_issues import (
    async_check_core,
    async_note_running_core,
    async_report_missing,
    async_report_restart,
)
from ..packages.installed_list import async_package_list
from ..packages.package_manager import PackageManager, async_get_package_manager
from ..packages.scanner import async_keep_owners
from ..snapshots.deferred import async_publish

_LOGGER = logging.getLogger(__name__)
COOLDOWN = 1.0
"""Seconds in which several integrations may be loaded before it is looked for what they brought."""


@callback
def async_watch_packages(hass: HomeAssistant, manager: DeviceBackupManager) -> None:
    """Begin to follow, for as long as Home Assistant runs."""
    _PackagesWatch(hass, manager).begin()


class _PackagesWatch:
    def __init__(self, hass: HomeAssistant, manager: DeviceBackupManager) -> None:
        self._hass = hass
        self._manager = manager
        self._look_again = Debouncer(
            hass, _LOGGER, cooldown=COOLDOWN, immediate=False, function=self._rescan, background=True
        )

    @callback
    def begin(self) -> None:
        self._manager.subscribe_registry(self._handlers_changed)
        self._hass.bus.async_listen(EVENT_COMPONENT_LOADED, self._component_loaded, event_filter=self._may_bring)
        # Where Home Assistant runs already, the manager looked a moment ago.
        is_starting = self._hass.state is not CoreState.running
        async_at_started(self._hass, self._look_once_started if is_starting else self._check_core)
        self._hass.async_create_background_task(self._restore(), f"{DOMAIN} looks for missing packages")
        self._keep_owners()

    async def _restore(self) -> None:
        await async_note_running_core(self._hass)
        package_manager = await async_get_package_manager(self._hass, self._manager)
        package_manager.changed = lambda: self._report_missing(package_manager)
        if not self._hass.config.skip_pip:
            await package_manager.async_restore()

    @callback
    def _report_missing(self, package_manager: PackageManager) -> None:
        async_report_missing(self._hass, package_manager, self._manager.registry)

    async def _look_once_started(self, _: HomeAssistant) -> None:
        await self._rescan()

    async def _rescan(self) -> None:
        await self._manager.rescan()
        await self._check_core(self._hass)

    async def _check_core(self, _: HomeAssistant) -> None:
        await async_check_core(self._hass, self._manager)

    @callback
    def _may_bring(self, data: EventComponentLoaded) -> bool:
        """Return whether the integration is one that may have brought a handler package."""
        try:
            integration = async_get_loaded_integration(self._hass, data["component"])
        except IntegrationNotLoaded:
            return False
        return not integration.is_built_in and integration.domain != DOMAIN and bool(integration.requirements)

    @callback
    def _component_loaded(self, _: Event[EventComponentLoaded]) -> None:
        self._look_again.async_schedule_call()

    @callback
    def _keep_owners(self) -> None:
        async def keep() -> None:
            await async_keep_owners(self._hass, await async_package_list(self._hass), self._manager.registry)

        self._hass.async_create_background_task(keep(), f"{DOMAIN} remembers who has which kind")

    @callback
    def _handlers_changed(self, registry: HandlerRegistry) -> None:
        async_report_restart(self._hass, registry)
        self._keep_owners()
        for entry in device_entries(self._hass):
            if self._is_concerned(entry):
                reload = partial(self._hass.config_entries.async_schedule_reload, entry.entry_id)
                async_publish(self._hass, f"reload {entry.entry_id}", reload)

    def _is_concerned(self, entry: DeviceBackupsConfigEntry) -> bool:
        """Return whether the handler of a device came, went, or is another one now: its recipe was updated."""
        if entry.state is not ConfigEntryState.LOADED:
            return False
        registered = self._manager.handlers.find(device_key(entry))
        return entry.runtime_data.handler is not (None if registered is None else registered.handler)
