"""Device Backups: configuration backups of the devices around a home."""

from collections.abc import Coroutine, Mapping
from typing import Any

from homeassistant.config_entries import SOURCE_SYSTEM, ConfigEntry, UpdateListenerType
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType
from homeassistant.util.hass_dict import HassKey

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.host import BackupManager, DeviceKey, HandlerUnavailableError, JobResult, StoreError, Trigger

from .const import CONF_DEVICE_CONFIG, DEVICE_PLATFORMS, DOMAIN, SERVICE_PLATFORMS
from .coordinator import async_coordinator
from .discovery.known_devices import async_watch_known_devices
from .discovery.network import async_watch_network
from .entries import DeviceBackupsConfigEntry, DeviceBackupsData, device_entries, device_key, is_service, service_entry
from .errors import not_ready
from .issues.issues import async_clear_handler_missing, async_forget_entry, async_report_handler_missing
from .listeners.packages import async_watch_packages
from .listeners.reauth import async_watch_login
from .manager import async_get_manager, async_running_manager
from .options import defaults_of, settings_of
from .packages.explained import async_explained
from .panel.download import async_register_downloads
from .panel.page import async_hide_page, async_show_page
from .panel.subjects import async_register_commands
from .services import async_register_services
from .snapshots.records import async_watch_snapshots
from .startup import async_watch_manager

_WATCHED: HassKey[BackupManager] = HassKey(f"{DOMAIN}_watched")

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Set up what concerns all devices."""
    async_register_services(hass)
    async_register_downloads(hass)
    async_register_commands(hass)
    async_watch_snapshots(hass)
    if service_entry(hass) is None:
        _async_add_service_entry(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: DeviceBackupsConfigEntry) -> bool:
    """Set up the defaults, or one device, which may be switched off."""
    try:
        manager = await async_get_manager(hass)
    except DeviceBackupError as error:
        raise not_ready(error, hass.config.language) from error
    _async_watch_once(hass, manager)
    if is_service(entry):
        await _async_setup_service(hass, entry, manager)
    else:
        try:
            await _async_setup_device(hass, entry, manager)
        except StoreError as error:
            raise not_ready(error, hass.config.language) from error
    return True


async def async_unload_entry(hass: HomeAssistant, entry: DeviceBackupsConfigEntry) -> bool:
    """Take the entry out of work; the backups stay."""
    platforms = SERVICE_PLATFORMS if is_service(entry) else DEVICE_PLATFORMS
    if not await hass.config_entries.async_unload_platforms(entry, platforms):
        return False
    if (key := entry.runtime_data.key) is not None:
        await entry.runtime_data.manager.remove_device(key)
        async_coordinator(hass).look_at(key)
    return True


async def async_remove_entry(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Forget what was reported about the entry; the service entry comes again while there are devices."""
    async_forget_entry(hass, entry)
    if is_service(entry):
        if (manager := async_running_manager(hass)) is not None:
            manager.set_defaults(defaults_of(None))
        if device_entries(hass):
            _async_add_service_entry(hass)
        else:
            async_hide_page(hass)


async def _async_setup_service(hass: HomeAssistant, entry: DeviceBackupsConfigEntry, manager: BackupManager) -> None:
    manager.set_defaults(defaults_of(entry))
    entry.runtime_data = DeviceBackupsData(manager, None)
    entry.async_on_unload(entry.add_update_listener(_async_defaults_changed))
    await hass.config_entries.async_forward_entry_setups(entry, SERVICE_PLATFORMS)
    if "frontend" in hass.config.components:
        await async_show_page(hass)


async def _async_setup_device(hass: HomeAssistant, entry: DeviceBackupsConfigEntry, manager: BackupManager) -> None:
    key = device_key(entry)
    await _async_look_for_handler(hass, entry, manager)
    await manager.add_device(settings_of(entry))
    entry.runtime_data = DeviceBackupsData(manager, key, has_handler=key.kind in manager.registry.handlers)
    entry.async_on_unload(entry.add_update_listener(_device_listener(key, entry.data[CONF_DEVICE_CONFIG])))
    await hass.config_entries.async_forward_entry_setups(entry, DEVICE_PLATFORMS)
    async_watch_login(hass, entry)
    attempt = manager.status(key).last_attempt
    if hass.is_running and entry.runtime_data.has_handler and (attempt is None or attempt.at < entry.created_at):
        _async_back_up(hass, entry, manager.back_up(key, trigger=Trigger.FIRST))


async def _async_look_for_handler(hass: HomeAssistant, entry: ConfigEntry, manager: BackupManager) -> None:
    """Tell that the handler is missing, after another look when somebody reloads an entry, perhaps to install it."""
    kind = device_key(entry).kind
    if kind not in manager.registry.handlers and hass.is_running:
        await manager.rescan()
    try:
        manager.registry.get(kind)
    except HandlerUnavailableError as error:
        async_report_handler_missing(hass, entry, await async_explained(hass, manager, error.problem))
    else:
        async_clear_handler_missing(hass, entry)


async def _async_defaults_changed(hass: HomeAssistant, entry: DeviceBackupsConfigEntry) -> None:
    entry.runtime_data.manager.set_defaults(defaults_of(entry))


def _device_listener(key: DeviceKey, config: Mapping[str, Any]) -> UpdateListenerType:
    """Return what tells the manager of changes, and tries a changed configuration at once."""

    async def changed(hass: HomeAssistant, entry: DeviceBackupsConfigEntry) -> None:
        nonlocal config
        if device_key(entry) != key:
            return  # With another identity it is set up anew.
        manager = entry.runtime_data.manager
        await manager.update_device(settings_of(entry))
        if entry.data[CONF_DEVICE_CONFIG] != config:
            config = entry.data[CONF_DEVICE_CONFIG]
            _async_back_up(hass, entry, manager.back_up(key, trigger=Trigger.CATCH_UP))

    return changed


@callback
def _async_watch_once(hass: HomeAssistant, manager: BackupManager) -> None:
    """Begin what goes on as long as Home Assistant runs, whatever becomes of single entries."""
    if hass.data.get(_WATCHED) is manager:
        return
    hass.data[_WATCHED] = manager
    async_watch_manager(hass, manager)
    async_watch_known_devices(hass, manager)
    async_watch_packages(hass, manager)
    async_watch_network(hass, manager)


@callback
def _async_back_up(hass: HomeAssistant, entry: ConfigEntry, job: Coroutine[Any, Any, JobResult]) -> None:
    entry.async_create_background_task(hass, job, f"{DOMAIN} backs up {entry.title}")


@callback
def _async_add_service_entry(hass: HomeAssistant) -> None:
    hass.async_create_task(
        hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_SYSTEM}), f"{DOMAIN} service entry"
    )
