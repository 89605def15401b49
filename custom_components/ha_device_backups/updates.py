"""Hands on what the manager tells: to the entities of the device it is about, and to what watches all devices."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send

from ha_device_backup_core.manager import BackupManager
from ha_device_backup_core.manager.status import Event
from ha_device_backup_core.records import DeviceKey

from .const import DOMAIN
from .details import async_watch_details
from .device_issues import async_watch_device_issues
from .firmware import async_watch_firmware
from .identities import async_watch_identities
from .issues import async_watch_issues
from .person import async_watch_persons
from .publish import async_watch_end_of_snapshots
from .reminders import async_watch_reminders
from .snapshot_record import async_read_automatic_time

SIGNAL_EVERY_DEVICE = f"{DOMAIN}_every_device"
"""Something about all devices changed."""
SIGNAL_ANY_DEVICE = f"{DOMAIN}_any_device"
"""Something about one or all devices changed."""


def signal_of(key: DeviceKey) -> str:
    """Return the signal of a device, sent with what the manager told."""
    return f"{DOMAIN}_device_{key}"


@callback
def async_watch_manager(hass: HomeAssistant, manager: BackupManager) -> None:
    """Begin to follow the manager, for as long as Home Assistant runs."""

    @callback
    def hand_on(event: Event) -> None:
        async_dispatcher_send(hass, SIGNAL_EVERY_DEVICE if event.key is None else signal_of(event.key), event)
        async_dispatcher_send(hass, SIGNAL_ANY_DEVICE)

    async_watch_identities(hass, manager)
    manager.subscribe(hand_on)
    async_watch_end_of_snapshots(hass, manager)
    async_watch_details(hass, manager)
    async_watch_issues(hass, manager)
    async_watch_device_issues(hass, manager)
    async_watch_persons(hass, manager)
    async_watch_reminders(hass, manager)
    async_watch_firmware(hass, manager)
    async_read_automatic_time(hass)
