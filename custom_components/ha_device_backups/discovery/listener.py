"""Keeps listeners on the network in step with what the handlers look for."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable

from homeassistant.config_entries import ConfigEntry, signal_discovered_config_entry_removed
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from ha_device_backup_core.host import DeviceBackupManager, HandlerRegistry, Matcher, RegisteredHandler, WantedDevices

from ..const import DOMAIN
from ..entries import DeviceBackupsConfigEntry

type Stop = Callable[[], Awaitable[None]]


async def no_op() -> None:
    """Stand for a listener that could not be made."""


class NetworkWatch(ABC):
    """Listens in one way as long as Home Assistant runs; handlers may come and go meanwhile."""

    way: str
    """Home Assistant's component, which also keeps what was discovered."""

    def __init__(self, hass: HomeAssistant, manager: DeviceBackupManager) -> None:
        """Begin without any listener."""
        self._hass = hass
        self._manager = manager
        self._listeners: dict[str, tuple[list[tuple[RegisteredHandler, Matcher]], Stop]] = {}
        self._following = asyncio.Lock()
        self._ended = False

    async def async_begin(self) -> None:
        """Listen for what the handlers look for now, and follow them."""
        self._hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, self._async_end)
        self._manager.subscribe_registry(self._registry_changed)
        async_dispatcher_connect(self._hass, signal_discovered_config_entry_removed(self.way), self._entry_removed)
        await self._async_follow()

    @abstractmethod
    def _wanted(self) -> WantedDevices:
        """Return what to listen for."""

    @abstractmethod
    async def _async_listen(self, target: str) -> Stop:
        """Begin to listen for it, for what is known already too; return what ends that."""

    @abstractmethod
    async def _async_look_again(self, entry: DeviceBackupsConfigEntry) -> None:
        """Tell again of the device of a removed entry, which may be added again."""

    async def _async_follow(self) -> None:
        async with self._following:
            wanted = {} if self._ended else self._wanted()
            for target, (matchers, stop) in tuple(self._listeners.items()):
                if wanted.get(target) != matchers:
                    del self._listeners[target]
                    await stop()
            for target, matchers in wanted.items():
                if target not in self._listeners:
                    self._listeners[target] = matchers, await self._async_listen(target)

    async def _async_end(self, _: Event) -> None:
        self._ended = True
        await self._async_follow()

    @callback
    def _registry_changed(self, _: HandlerRegistry) -> None:
        self._hass.async_create_background_task(
            self._async_follow(), f"{DOMAIN} follows its handlers by {self.way}", eager_start=True
        )

    @callback
    def _entry_removed(self, entry: ConfigEntry) -> None:
        if entry.domain == DOMAIN:
            self._hass.async_create_background_task(
                self._async_look_again(entry), f"{DOMAIN} looks again by {self.way}", eager_start=True
            )
