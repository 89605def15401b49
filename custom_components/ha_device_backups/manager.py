"""The one backup manager of a Home Assistant, made when it is first needed."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path

import aiohttp
from homeassistant.const import EVENT_CORE_CONFIG_UPDATE, EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HassJob, HassJobType, HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_create_clientsession
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ha_device_backup_core.host import BackupNotFoundError, DeviceBackupManager, DeviceKey, Trigger

from .agent_kinds import async_load_kinds
from .archive_state import async_is_archiving, async_wait_for_end_of_archiving
from .const import DOMAIN, STORE_FOLDER
from .entries import DeviceBackupsConfigEntry, agent_entries, paired_agent, service_entry
from .options import defaults_of
from .packages.scanner import async_handler_scanner

_MANAGER: HassKey[asyncio.Future[DeviceBackupManager]] = HassKey(f"{DOMAIN}_manager")
_OPENING: HassKey[bool] = HassKey(f"{DOMAIN}_manager_opening")
"""There while the store is being opened."""


@callback
def async_begin_backup(
    hass: HomeAssistant,
    manager: DeviceBackupManager,
    key: DeviceKey,
    *,
    trigger: Trigger = Trigger.MANUAL,
    entry: DeviceBackupsConfigEntry | None = None,
) -> None:
    """Begin a backup that nobody waits for; a device that is removed meanwhile, or an unloaded entry, needs none."""

    async def back_up() -> None:
        with suppress(BackupNotFoundError):
            await manager.back_up(key, trigger=trigger)

    name = f"{DOMAIN} backs up {key}"
    if entry is None:
        hass.async_create_background_task(back_up(), name)
    else:
        entry.async_create_background_task(hass, back_up(), name)


async def async_get_manager(hass: HomeAssistant) -> DeviceBackupManager:
    """Return the manager, started; a start that failed is tried again at the next call.

    Raises StoreError when the store cannot be opened.
    """
    starting = hass.data.get(_MANAGER)
    if starting is None or (starting.done() and (starting.cancelled() or starting.exception() is not None)):
        starting = hass.data[_MANAGER] = hass.async_create_task(_async_start(hass), f"{DOMAIN} start of the manager")
    await asyncio.wait([starting])
    return starting.result()


@callback
def async_running_manager(hass: HomeAssistant) -> DeviceBackupManager | None:
    """Return the manager if it is started, without waiting for it."""
    starting = hass.data.get(_MANAGER)
    if starting is None or not starting.done() or starting.cancelled() or starting.exception() is not None:
        return None
    return starting.result()


@callback
def async_manager_is_starting(hass: HomeAssistant) -> bool:
    """Return whether the manager is being started at this moment, and does not wait for the end of a backup."""
    starting = hass.data.get(_MANAGER)
    return starting is not None and not starting.done() and _OPENING in hass.data


class HomeAssistantTimers:
    """Calls at a time, by Home Assistant's clock."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Keep Home Assistant."""
        self._hass = hass

    def call_at(self, when: datetime, action: Callable[[datetime], None]) -> Callable[[], None]:
        """Call the action at that time unless the returned function is called before."""
        # `callback` cannot mark a bound method.
        job = HassJob(action, f"{DOMAIN} timer", cancel_on_shutdown=True, job_type=HassJobType.Callback)
        return async_track_point_in_utc_time(self._hass, job, when)


class HomeAssistantSessions:
    """Sessions of one job each, on the connections that Home Assistant shares."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Keep Home Assistant."""
        self._hass = hass

    @asynccontextmanager
    async def __call__(
        self,
        *,
        middlewares: Sequence[aiohttp.ClientMiddlewareType],
        cookie_jar: aiohttp.abc.AbstractCookieJar,
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - of the requests, not of this call
    ) -> AsyncIterator[aiohttp.ClientSession]:
        """Lend a session."""
        session = async_create_clientsession(
            self._hass,
            auto_cleanup=False,
            middlewares=middlewares,
            cookie_jar=cookie_jar,
            timeout=timeout,
        )
        try:
            yield session
        finally:
            session.detach()


async def _async_start(hass: HomeAssistant) -> DeviceBackupManager:
    manager = DeviceBackupManager(
        Path(hass.config.path(*STORE_FOLDER)),
        registry=await async_handler_scanner(hass),
        sessions=HomeAssistantSessions(hass),
        timers=HomeAssistantTimers(hass),
        zone=dt_util.get_default_time_zone(),
        clock=dt_util.utcnow,
        defaults=defaults_of(service_entry(hass)),
    )
    for entry in agent_entries(hass):
        if entry.disabled_by is None:
            # Until it answers: its devices are known as ever while it is away.
            manager.handlers.set_agent(paired_agent(entry), await async_load_kinds(hass, entry))
    await async_wait_for_end_of_archiving(hass)
    hass.data[_OPENING] = True
    try:
        await manager.start()
    finally:
        hass.data.pop(_OPENING)
    if async_is_archiving(hass):
        await manager.prepare_snapshot()
        if not async_is_archiving(hass):
            manager.finish_snapshot()

    async def stop(_: Event) -> None:
        await manager.stop()

    @callback
    def ready(_: HomeAssistant) -> None:
        manager.ready()

    @callback
    def take_zone(_: Event) -> None:
        manager.set_zone(dt_util.get_default_time_zone())

    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, stop)
    hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, take_zone)
    async_at_started(hass, ready)
    return manager
