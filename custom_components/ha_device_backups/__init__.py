"""Device Backups: configuration backups of the devices around a home."""

from collections.abc import Iterable, Mapping
from typing import Any

from homeassistant.config_entries import SOURCE_SYSTEM, UpdateListenerType
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType
from homeassistant.util.hass_dict import HassKey

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.host import (
    DeviceBackupManager,
    DeviceKey,
    HandlerUnavailableError,
    StoreError,
    Trigger,
)

from .agent_kinds import async_forget_kinds, async_load_kinds
from .agents.coordinator import AgentCoordinator
from .const import AGENT_PLATFORMS, CONF_AGENT_ID, CONF_DEVICE_CONFIG, DEVICE_PLATFORMS, DOMAIN, SERVICE_PLATFORMS
from .coordinator import async_coordinate, async_coordinator
from .discovery.known_devices import async_watch_known_devices
from .discovery.network import async_watch_network
from .entries import (
    DeviceBackupsConfigEntry,
    DeviceBackupsData,
    agent_of,
    device_entries,
    device_key,
    is_agent,
    is_service,
    service_entry,
)
from .issues.agent_issue import async_clear_agent_issue
from .issues.device_issues import async_watch_device_issues
from .issues.issues import (
    async_clear_handler_missing,
    async_forget_entry,
    async_report_handler_missing,
    async_watch_issues,
)
from .issues.reminders import async_watch_reminders
from .issues.snapshot_issue import async_watch_snapshot_issue
from .listeners.bus_events import async_watch_bus_events
from .listeners.device_registry import async_watch_details
from .listeners.firmware_updates import async_watch_firmware
from .listeners.identities import async_watch_identities
from .listeners.logging_levels import async_watch_logging_levels
from .listeners.notifications import async_watch_persons
from .listeners.packages import async_watch_packages
from .listeners.reauth import async_watch_login
from .listeners.restores import async_watch_restores
from .manager import async_begin_backup, async_get_manager, async_running_manager
from .options import defaults_of, settings_of
from .packages.overview import async_explained
from .panel.download import async_register_downloads
from .panel.kind_file import async_register_kind_files
from .panel.page import async_hide_page, async_show_page
from .panel.restores import async_keep_ends
from .panel.subjects import async_register_commands
from .panel.uploads import async_register_uploads
from .services import async_register_services
from .snapshots.deferred import async_watch_end_of_snapshots
from .snapshots.records import async_read_automatic_time, async_watch_snapshots
from .translation import raise_not_ready

_WATCHED: HassKey[DeviceBackupManager] = HassKey(f"{DOMAIN}_watched")

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Set up what concerns all devices."""
    async_register_services(hass)
    async_register_downloads(hass)
    async_register_kind_files(hass)
    async_register_uploads(hass)
    async_register_commands(hass)
    async_watch_snapshots(hass)
    if service_entry(hass) is None:
        _async_add_service_entry(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: DeviceBackupsConfigEntry) -> bool:
    """Set up the defaults, an agent, or one device, which may be switched off."""
    try:
        manager = await async_get_manager(hass)
    except DeviceBackupError as error:
        raise_not_ready(error, hass.config.language)
    _async_watch_once(hass, manager)
    if is_service(entry):
        manager.set_defaults(defaults_of(entry))
        entry.runtime_data = DeviceBackupsData(manager, None)
        await _async_setup_service(hass, entry)
        return True
    if is_agent(entry):
        await _async_setup_agent(hass, entry, manager)
        return True
    await _async_look_for_handler(hass, entry, manager)
    try:
        await manager.add_device(settings_of(entry))
    except StoreError as error:
        raise_not_ready(error, hass.config.language)
    key = device_key(entry)
    registered = manager.handlers.find(key)
    entry.runtime_data = DeviceBackupsData(manager, key, None if registered is None else registered.handler)
    await _async_setup_device(hass, entry, manager, key)
    if service_entry(hass) is None:  # it went with the device before this one
        _async_add_service_entry(hass)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: DeviceBackupsConfigEntry) -> bool:
    """Take the entry out of work; the backups stay."""
    if not await hass.config_entries.async_unload_platforms(entry, _platforms(entry)):
        return False
    if (key := entry.runtime_data.key) is not None:
        await entry.runtime_data.manager.remove_device(key)
        async_coordinator(hass).refresh(key)
    if is_agent(entry) and entry.disabled_by is not None:
        entry.runtime_data.manager.handlers.remove_agent(entry.data[CONF_AGENT_ID])
    return True


async def async_remove_entry(hass: HomeAssistant, entry: DeviceBackupsConfigEntry) -> None:
    """Forget what was reported about the entry; the service entry comes again while there are devices."""
    async_forget_entry(hass, entry)
    if is_agent(entry):
        await _async_forget_agent(hass, entry)
    if is_service(entry):
        if (manager := async_running_manager(hass)) is not None:
            manager.set_defaults(defaults_of(None))
        if device_entries(hass):
            _async_add_service_entry(hass)
        else:
            async_hide_page(hass)


async def _async_setup_service(hass: HomeAssistant, entry: DeviceBackupsConfigEntry) -> None:
    entry.async_on_unload(entry.add_update_listener(_async_defaults_changed))
    await hass.config_entries.async_forward_entry_setups(entry, SERVICE_PLATFORMS)
    if "frontend" in hass.config.components:
        await async_show_page(hass)


def _platforms(entry: DeviceBackupsConfigEntry) -> Iterable[Platform]:
    if is_service(entry):
        return SERVICE_PLATFORMS
    return AGENT_PLATFORMS if is_agent(entry) else DEVICE_PLATFORMS


async def _async_setup_agent(
    hass: HomeAssistant, entry: DeviceBackupsConfigEntry, manager: DeviceBackupManager
) -> None:
    coordinator = AgentCoordinator(hass, entry, manager, await async_load_kinds(hass, entry))
    await coordinator.async_config_entry_first_refresh()
    entry.runtime_data = DeviceBackupsData(manager, None, agent=coordinator)
    coordinator.follow_jobs()
    await hass.config_entries.async_forward_entry_setups(entry, AGENT_PLATFORMS)


async def _async_forget_agent(hass: HomeAssistant, entry: DeviceBackupsConfigEntry) -> None:
    """Let an agent go: its devices wait, with all of their backups, until it is added again."""
    async_clear_agent_issue(hass, entry)
    await async_forget_kinds(hass, entry)
    if (manager := async_running_manager(hass)) is not None:
        manager.handlers.remove_agent(entry.data[CONF_AGENT_ID])


async def _async_setup_device(
    hass: HomeAssistant, entry: DeviceBackupsConfigEntry, manager: DeviceBackupManager, key: DeviceKey
) -> None:
    entry.async_on_unload(entry.add_update_listener(_device_listener(key, entry.data[CONF_DEVICE_CONFIG])))
    await hass.config_entries.async_forward_entry_setups(entry, DEVICE_PLATFORMS)
    async_watch_login(hass, entry)
    attempt = manager.status(key).last_attempt
    if hass.is_running and entry.runtime_data.has_handler and (attempt is None or attempt.at < entry.created_at):
        async_begin_backup(hass, manager, key, trigger=Trigger.FIRST, entry=entry)


async def _async_look_for_handler(
    hass: HomeAssistant, entry: DeviceBackupsConfigEntry, manager: DeviceBackupManager
) -> None:
    """Tell that the handler is missing, after another look when somebody reloads an entry, perhaps to install it."""
    kind, agent = device_key(entry).kind, agent_of(entry)
    if agent is None and kind not in manager.registry.handlers and hass.is_running:
        await manager.rescan()
    try:
        manager.registry.get(kind, agent)
    except HandlerUnavailableError as error:
        problem = await async_explained(hass, manager, error.problem) if agent is None else error.problem
        async_report_handler_missing(hass, entry, problem)
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
            async_begin_backup(hass, manager, key, trigger=Trigger.CATCH_UP, entry=entry)

    return changed


@callback
def _async_watch_once(hass: HomeAssistant, manager: DeviceBackupManager) -> None:
    """Begin what goes on as long as Home Assistant runs, whatever becomes of single entries."""
    if hass.data.get(_WATCHED) is manager:
        return
    hass.data[_WATCHED] = manager
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
    async_watch_known_devices(hass, manager)
    async_watch_packages(hass, manager)
    async_watch_network(hass, manager)


@callback
def _async_add_service_entry(hass: HomeAssistant) -> None:
    hass.async_create_task(
        hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_SYSTEM}), f"{DOMAIN} service entry"
    )
