"""Listens by SSDP for devices of handlers that the manifest does not know."""

from dataclasses import replace
from typing import override

from homeassistant.components import ssdp
from homeassistant.config_entries import SOURCE_SSDP
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.discovery_flow import DiscoveryKey, async_create_flow
from homeassistant.helpers.service_info.ssdp import ATTR_NT, ATTR_ST, SsdpServiceInfo
from homeassistant.loader import async_get_loaded_integration

from ha_device_backup_core import Ssdp
from ha_device_backup_core.host import (
    Announcement,
    DeviceBackupManager,
    FoundDevice,
    Health,
    WantedDevices,
    match,
    wanted_devices,
)

from ..const import DOMAIN
from ..entries import DeviceBackupsConfigEntry
from .listener import NetworkWatch, Stop

PAUSE_SECONDS = 3600.0
"""Home Assistant searches every ten minutes; a device that always answers alike is taken up again only after this."""


class SsdpWatch(NetworkWatch):
    """Hears each device both by its answers to searches and by what it announces itself.

    Home Assistant itself looks for those of the manifest.
    """

    way = "ssdp"

    def __init__(self, hass: HomeAssistant, manager: DeviceBackupManager) -> None:
        """Begin without having heard any; keep what Home Assistant looks for."""
        super().__init__(hass, manager)
        declared = async_get_loaded_integration(hass, DOMAIN).ssdp or ()
        self._declared = {declaration[ATTR_ST] for declaration in declared if ATTR_ST in declaration}
        self._heard: dict[str, tuple[FoundDevice, float]] = {}

    @override
    def _wanted(self) -> WantedDevices:
        matchers = wanted_devices(self._manager.registry, Ssdp)
        return {target: matchers[target] for target in matchers.keys() - self._declared}

    @override
    async def _async_listen(self, target: str) -> Stop:
        self._heard.clear()
        unregister = [
            await ssdp.async_register_callback(self._hass, self._async_take, {header: target})
            for header in (ATTR_ST, ATTR_NT)
        ]

        async def stop() -> None:
            for end in unregister:
                end()

        return stop

    @override
    async def _async_look_again(self, entry: DeviceBackupsConfigEntry) -> None:
        self._heard.clear()
        for key in entry.discovery_keys[self.way]:
            for info in await ssdp.async_get_discovery_info_by_udn(self._hass, str(key.key)):
                self._async_take(info, ssdp.SsdpChange.ALIVE)

    @callback
    def _async_take(self, info: SsdpServiceInfo, change: ssdp.SsdpChange) -> None:
        if change is ssdp.SsdpChange.BYEBYE:
            self._heard.pop(info.ssdp_usn, None)  # Home Assistant takes the card away by itself.
            return
        matched = match(self._manager.registry, described_device(info))
        if matched is None or not self._is_news(info.ssdp_usn, matched[1]):
            return
        async_create_flow(
            self._hass,
            DOMAIN,
            {"source": SOURCE_SSDP},
            replace(info, ssdp_headers={}),  # They hold the time, which would make each announcement another one.
            discovery_key=DiscoveryKey(domain=self.way, key=str(info.ssdp_udn), version=1),
        )

    def _is_news(self, usn: str, found: FoundDevice) -> bool:
        """Return whether this was not heard lately, or may be of a device that is waited for."""
        now = self._hass.loop.time()
        before, at = self._heard.get(usn, (None, now))
        if found == before and now - at < PAUSE_SECONDS and not self._is_waited_for(found.kind):
            return False
        self._heard[usn] = found, now
        return True

    def _is_waited_for(self, kind: str) -> bool:
        return any(status.key.kind == kind and status.health is not Health.OK for status in self._manager.statuses())


def described_device(info: SsdpServiceInfo) -> Announcement:
    """Return what Home Assistant heard by SSDP as the core takes it."""
    return Announcement.of_description(
        usn=info.ssdp_usn,
        targets=(info.ssdp_st, info.ssdp_nt),
        location=info.ssdp_location,
        description=info.upnp,
    )
