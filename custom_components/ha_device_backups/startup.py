"""Begins what follows the manager for as long as Home Assistant runs."""

from homeassistant.core import HomeAssistant, callback

from ha_device_backup_core.host import BackupManager

from .coordinator import async_coordinate
from .issues.device_issues import async_watch_device_issues
from .issues.issues import async_watch_issues
from .issues.reminders import async_watch_reminders
from .issues.snapshot_issue import async_watch_snapshot_issue
from .listeners.bus_events import async_watch_bus_events
from .listeners.device_registry import async_watch_details
from .listeners.firmware_updates import async_watch_firmware
from .listeners.identities import async_watch_identities
from .listeners.logging_levels import async_watch_logging_levels
from .listeners.notifications import async_watch_persons
from .listeners.restores import async_watch_restores
from .panel.restores import async_keep_ends
from .snapshots.deferred import async_watch_end_of_snapshots
from .snapshots.records import async_read_automatic_time


@callback
def async_watch_manager(hass: HomeAssistant, manager: BackupManager) -> None:
    """Begin."""
    async_watch_identities(hass, manager)
    coordinator = async_coordinate(hass, manager)
    async_watch_bus_events(hass, coordinator)
    async_watch_end_of_snapshots(hass, manager)
    async_watch_details(hass, manager)
    async_watch_issues(hass, manager, coordinator)
    async_watch_device_issues(hass, coordinator)
    async_watch_snapshot_issue(hass, manager, coordinator)
    async_watch_persons(hass, manager)
    async_watch_restores(hass, manager)
    async_watch_logging_levels(hass, manager)
    async_watch_reminders(hass, coordinator)
    async_watch_firmware(hass, manager, coordinator)
    async_keep_ends(hass, manager)
    async_read_automatic_time(hass)
