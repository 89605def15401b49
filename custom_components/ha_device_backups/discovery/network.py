"""Finds devices on the network whose kinds the manifest does not know: those of handler packages of others."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.setup import async_when_setup

from ha_device_backup_core.host import DeviceBackupManager

from .listener import NetworkWatch
from .ssdp import SsdpWatch
from .zeroconf import ZeroconfWatch

WAYS: tuple[type[NetworkWatch], ...] = (ZeroconfWatch, SsdpWatch)


@callback
def async_watch_network(hass: HomeAssistant, manager: DeviceBackupManager) -> None:
    """Begin in each way as soon as Home Assistant has it."""

    async def begin(hass: HomeAssistant, component: str) -> None:
        (way,) = (way for way in WAYS if way.way == component)
        await way(hass, manager).async_begin()

    for way in WAYS:
        async_when_setup(hass, way.way, begin)
