"""Shows a card for devices of other integrations: those that are there at start, and those that come later."""

import asyncio

from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntry, ConfigEntryChange
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.start import async_at_started

from ha_device_backup_core.manager import BackupManager

from .const import DOMAIN
from .discovery import async_offers, async_show_card, known_integrations


@callback
def async_watch_known_devices(hass: HomeAssistant, manager: BackupManager) -> None:
    """Begin to look, now or once Home Assistant has started."""
    _Watch(hass, manager).begin()


class _Watch:
    def __init__(self, hass: HomeAssistant, manager: BackupManager) -> None:
        self._hass = hass
        self._manager = manager
        self._looking = asyncio.Lock()

    @callback
    def begin(self) -> None:
        async_at_started(self._hass, self._started)
        async_dispatcher_connect(self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed)
        self._hass.bus.async_listen(
            dr.EVENT_DEVICE_REGISTRY_UPDATED, self._device_created, event_filter=self._is_creation
        )

    @callback
    def _started(self, _: HomeAssistant) -> None:
        self._look_at(None)

    @callback
    def _entry_changed(self, change: ConfigEntryChange, entry: ConfigEntry) -> None:
        if change is ConfigEntryChange.ADDED and self._hass.is_running:
            self._look_at(entry.domain)

    @callback
    def _is_creation(self, data: dr.EventDeviceRegistryUpdatedData) -> bool:
        return data["action"] == "create" and self._hass.is_running

    @callback
    def _device_created(self, event: Event[dr.EventDeviceRegistryUpdatedData]) -> None:
        device = dr.async_get(self._hass).async_get(event.data["device_id"])
        for integration in {domain for domain, _ in device.identifiers} if device else ():
            self._look_at(integration)

    @callback
    def _look_at(self, integration: str | None) -> None:
        """Look at the devices of an integration, or of all, unless no handler knows any of them."""
        kinds = [
            kind
            for kind, registered in self._manager.registry.handlers.items()
            if (known := known_integrations(registered.spec)) and (integration is None or integration in known)
        ]
        if kinds:
            self._hass.async_create_background_task(self._look(kinds), f"{DOMAIN} looks for known devices")

    async def _look(self, kinds: list[str]) -> None:
        async with self._looking:
            for kind in kinds:
                if await async_offers(self._hass, self._manager, self._manager.registry.get(kind)):
                    async_show_card(self._hass, kind)
