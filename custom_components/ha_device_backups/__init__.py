"""Device Backups: configuration backups of the devices around a home."""

from homeassistant.config_entries import SOURCE_SYSTEM, ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

from ha_device_backup_core.errors import DeviceBackupError, HandlerUnavailableError
from ha_device_backup_core.manager import BackupManager
from ha_device_backup_core.records import DeviceKey, Trigger

from .const import DEVICE_PLATFORMS, DOMAIN, SERVICE_PLATFORMS
from .discovery import async_watch_known_devices
from .errors import not_ready, set_up_failed
from .issues import async_clear_handler_missing, async_report_handler_missing
from .manager import async_get_manager, async_running_manager
from .options import defaults_of, settings_of
from .reauth import async_watch_login
from .runtime import DeviceBackupsConfigEntry, DeviceBackupsData, device_entries, device_key, is_service, service_entry
from .services import async_register_services
from .snapshot_record import async_watch_snapshots

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Set up what concerns all devices."""
    async_register_services(hass)
    async_watch_snapshots(hass)
    async_watch_known_devices(hass)
    if service_entry(hass) is None:
        _async_add_service_entry(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: DeviceBackupsConfigEntry) -> bool:
    """Set up the defaults, or one device, which may be switched off."""
    try:
        manager = await async_get_manager(hass)
    except DeviceBackupError as error:
        raise not_ready(error) from error
    if is_service(entry):
        await _async_setup_service(hass, entry, manager)
    else:
        await _async_setup_device(hass, entry, manager)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: DeviceBackupsConfigEntry) -> bool:
    """Take the entry out of work; the backups stay."""
    platforms = SERVICE_PLATFORMS if is_service(entry) else DEVICE_PLATFORMS
    if not await hass.config_entries.async_unload_platforms(entry, platforms):
        return False
    if (key := entry.runtime_data.key) is not None:
        await entry.runtime_data.manager.remove_device(key)
    return True


async def async_remove_entry(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Forget what was reported about the entry; the service entry comes again while there are devices."""
    async_clear_handler_missing(hass, entry)
    if is_service(entry):
        if (manager := async_running_manager(hass)) is not None:
            manager.set_defaults(defaults_of(None))
        if device_entries(hass):
            _async_add_service_entry(hass)


async def _async_setup_service(hass: HomeAssistant, entry: DeviceBackupsConfigEntry, manager: BackupManager) -> None:
    manager.set_defaults(defaults_of(entry))
    entry.runtime_data = DeviceBackupsData(manager, None)
    entry.async_on_unload(entry.add_update_listener(_async_defaults_changed))
    await hass.config_entries.async_forward_entry_setups(entry, SERVICE_PLATFORMS)


async def _async_setup_device(hass: HomeAssistant, entry: DeviceBackupsConfigEntry, manager: BackupManager) -> None:
    key = device_key(entry)
    try:
        await _async_require_handler(hass, manager, key)
    except HandlerUnavailableError as error:
        async_report_handler_missing(hass, entry, error.problem)
        raise set_up_failed(error) from error
    async_clear_handler_missing(hass, entry)
    await manager.add_device(settings_of(entry))
    entry.runtime_data = DeviceBackupsData(manager, key)
    entry.async_on_unload(entry.add_update_listener(_async_device_changed))
    await hass.config_entries.async_forward_entry_setups(entry, DEVICE_PLATFORMS)
    async_watch_login(hass, entry)
    attempt = manager.status(key).last_attempt
    if attempt is None or attempt.at < entry.created_at:
        entry.async_create_background_task(
            hass, manager.back_up(key, trigger=Trigger.FIRST), f"{DOMAIN} first backup of {key}"
        )


async def _async_require_handler(hass: HomeAssistant, manager: BackupManager, key: DeviceKey) -> None:
    """Look again for a missing handler when somebody reloads an entry, perhaps after installing it."""
    try:
        manager.registry.get(key.kind)
    except HandlerUnavailableError:
        if not hass.is_running:
            raise
        (await manager.rescan()).get(key.kind)


async def _async_defaults_changed(hass: HomeAssistant, entry: DeviceBackupsConfigEntry) -> None:
    entry.runtime_data.manager.set_defaults(defaults_of(entry))


async def _async_device_changed(hass: HomeAssistant, entry: DeviceBackupsConfigEntry) -> None:
    await entry.runtime_data.manager.update_device(settings_of(entry))


@callback
def _async_add_service_entry(hass: HomeAssistant) -> None:
    hass.async_create_task(
        hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_SYSTEM}), f"{DOMAIN} service entry"
    )
