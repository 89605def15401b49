"""Asks for the login again when a device refused it."""

from contextlib import suppress

from homeassistant.core import HomeAssistant, callback

from ha_device_backup_core.errors import BackupNotFoundError
from ha_device_backup_core.manager.health import Health
from ha_device_backup_core.manager.status import Event

from .runtime import DeviceBackupsConfigEntry, device_key


@callback
def async_watch_login(hass: HomeAssistant, entry: DeviceBackupsConfigEntry) -> None:
    """Start a reauth now if the login is known to be refused, and whenever it is refused later.

    Nothing is started while Home Assistant makes a snapshot: a reauth writes below the configuration folder. The
    manager tells the status again afterwards.
    """
    manager, key = entry.runtime_data.manager, device_key(entry)

    @callback
    def check(event: Event) -> None:
        if event.key in (key, None):
            ask_if_refused()

    @callback
    def ask_if_refused() -> None:
        with suppress(BackupNotFoundError):
            if not manager.snapshot_in_progress and manager.status(key).health is Health.BLOCKED:
                entry.async_start_reauth(hass)

    entry.async_on_unload(manager.subscribe(check))
    ask_if_refused()
