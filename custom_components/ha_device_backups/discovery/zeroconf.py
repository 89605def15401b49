"""Listens by mDNS for devices of handlers that the manifest does not know."""

import asyncio
import logging
from typing import override

from homeassistant.components.zeroconf import async_get_async_instance, info_from_service
from homeassistant.config_entries import SOURCE_ZEROCONF
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.discovery_flow import DiscoveryKey, async_create_flow
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
from homeassistant.loader import async_get_loaded_integration
from zeroconf import BadTypeInNameException, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo

from ha_device_backup_core import Zeroconf as ZeroconfMatcher
from ha_device_backup_core.host import Announcement, DeviceBackupManager, WantedDevices, match, wanted_devices

from ..const import DOMAIN
from ..entries import DeviceBackupsConfigEntry
from .listener import NetworkWatch, Stop, no_op

LOOKUPS_AT_A_TIME = 4
LOOKUP_MILLISECONDS = 3000

_LOGGER = logging.getLogger(__name__)


class ZeroconfWatch(NetworkWatch):
    """Has one browser for each type; Home Assistant itself browses for those of the manifest."""

    way = "zeroconf"

    def __init__(self, hass: HomeAssistant, manager: DeviceBackupManager) -> None:
        """Keep which types Home Assistant browses for."""
        super().__init__(hass, manager)
        declared = async_get_loaded_integration(hass, DOMAIN).zeroconf or ()
        self._declared = {declaration for declaration in declared if isinstance(declaration, str)}
        self._lookups = asyncio.Semaphore(LOOKUPS_AT_A_TIME)

    @override
    def _wanted(self) -> WantedDevices:
        matchers = wanted_devices(self._manager.registry, ZeroconfMatcher)
        return {service_type: matchers[service_type] for service_type in matchers.keys() - self._declared}

    @override
    async def _async_listen(self, target: str) -> Stop:
        shared = (await async_get_async_instance(self._hass)).zeroconf
        try:
            return AsyncServiceBrowser(shared, target, handlers=[self._async_heard]).async_cancel
        except BadTypeInNameException as error:
            packages = sorted({registered.distribution for registered, _ in self._wanted().get(target, ())})
            _LOGGER.warning(
                "No device is found by %r, which is no service type (%s); report this to the author of %s",
                target,
                error,
                ", ".join(packages),
            )
            return no_op

    @override
    async def _async_look_again(self, entry: DeviceBackupsConfigEntry) -> None:
        shared = (await async_get_async_instance(self._hass)).zeroconf
        for key in entry.discovery_keys[self.way]:
            service_type, name = key.key[0], key.key[1]
            if service_type in self._listeners:
                self._async_heard(shared, service_type, name, ServiceStateChange.Added)

    @callback
    def _async_heard(self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        if state_change is ServiceStateChange.Removed:
            self._async_take_cards_away(name)
            return
        try:
            service = AsyncServiceInfo(service_type, name)
        except BadTypeInNameException as error:
            _LOGGER.debug("%r is no name of a service: %s", name, error)
            return
        self._hass.async_create_background_task(
            self._async_resolve(zeroconf, service), f"{DOMAIN} resolves {name}", eager_start=True
        )

    async def _async_resolve(self, zeroconf: Zeroconf, service: AsyncServiceInfo) -> None:
        if not service.load_from_cache(zeroconf):
            async with self._lookups:
                await service.async_request(zeroconf, LOOKUP_MILLISECONDS)
        info = info_from_service(service)
        if info is None or match(self._manager.registry, announced_service(info)) is None:
            return
        async_create_flow(
            self._hass,
            DOMAIN,
            {"source": SOURCE_ZEROCONF},
            info,
            discovery_key=DiscoveryKey(domain=self.way, key=(info.type, info.name), version=1),
        )

    @callback
    def _async_take_cards_away(self, name: str) -> None:
        """Do not offer a device that said good-bye, unless somebody is adding it right now."""
        flows = self._hass.config_entries.flow
        for flow in flows.async_progress_by_init_data_type(ZeroconfServiceInfo, lambda info: bool(info.name == name)):
            if flow["handler"] == DOMAIN and not flow["context"].get("dismiss_protected"):
                flows.async_abort(flow["flow_id"])


def announced_service(info: ZeroconfServiceInfo) -> Announcement:
    """Return what Home Assistant heard by mDNS as the core takes it."""
    return Announcement.of_service(
        service=info.type,
        name=info.name,
        host=info.host,
        port=info.port,
        hostname=info.hostname,
        properties=info.properties,
    )
