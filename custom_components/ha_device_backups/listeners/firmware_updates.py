"""Backs devices up around firmware updates, and leaves them alone while one is being installed."""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from homeassistant.components.update import (
    ATTR_IN_PROGRESS,
    ATTR_INSTALLED_VERSION,
    ATTR_VERSION,
    SERVICE_INSTALL,
)
from homeassistant.components.update import (
    DOMAIN as UPDATE_DOMAIN,
)
from homeassistant.const import ATTR_ENTITY_ID, STATE_ON, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import Context, Event, EventStateChangedData, HomeAssistant, State, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import TrackStates, async_call_later, async_track_state_change_filtered
from homeassistant.util import dt as dt_util

from ha_device_backup_core.host import BackupNotFoundError, DeviceBackupManager, DeviceKey, JobResult, Trigger

from ..const import DOMAIN
from ..coordinator import Coordinator, DeviceChange
from ..entries import device_key, is_device
from ..manager import async_begin_backup
from ..translation import async_error_text
from .device_registry import mac_connections

FRESH = timedelta(days=1)
"""A whole backup that is younger is good enough before an update."""
LONGEST_INSTALLATION = timedelta(minutes=30)
"""After this the end of an installation was missed."""

type Macs = frozenset[tuple[str, str]]


@callback
def async_watch_firmware(hass: HomeAssistant, manager: DeviceBackupManager, coordinator: Coordinator) -> None:
    """Follow the update entities of all devices that are backed up."""
    watch = FirmwareWatch(hass, manager)
    coordinator.watch(watch)
    async_track_state_change_filtered(
        hass, TrackStates(all_states=False, entities=set(), domains={UPDATE_DOMAIN}), watch.follow_update
    )


async def async_update_with_backup(
    hass: HomeAssistant, manager: DeviceBackupManager, entity_id: str, version: str | None, context: Context
) -> JobResult:
    """Back up the device of an update entity, then install the update; nothing is installed if the backup fails."""
    key = device_of_update(hass, manager, entity_id)
    if key is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_device_of_update",
            translation_placeholders={"entity_id": entity_id},
        )
    result = await manager.back_up(key, trigger=Trigger.BEFORE_UPDATE)
    if result.error is not None:
        error = await async_error_text(hass, result.error, hass.config.language)
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="backup_before_update_failed",
            translation_placeholders={"name": result.title, "error": error},
        ) from result.error
    data = {ATTR_ENTITY_ID: entity_id} | ({ATTR_VERSION: version} if version else {})
    await hass.services.async_call(UPDATE_DOMAIN, SERVICE_INSTALL, data, blocking=True, context=context)
    return result


@callback
def device_of_update(hass: HomeAssistant, manager: DeviceBackupManager, entity_id: str) -> DeviceKey | None:
    """Return the device in care that shares its MAC address with the device of the update entity."""
    entity = er.async_get(hass).async_get(entity_id)
    registry = dr.async_get(hass)
    device = registry.async_get(entity.device_id) if entity is not None and entity.device_id else None
    if not isinstance(device, dr.DeviceEntry):
        return None
    macs = {connection for connection in device.connections if connection[0] == dr.CONNECTION_NETWORK_MAC}
    for linked in registry.async_get_devices(connections=macs) if macs else ():
        entry = hass.config_entries.async_get_entry(linked.config_entry_id)
        if entry is not None and entry.domain == DOMAIN and is_device(entry):
            key = device_key(entry)
            return key if is_in_care(manager, key) else None
    return None


def _updates_of(hass: HomeAssistant, macs: Macs) -> Iterator[str]:
    """Return the update entities of the devices that have one of the MAC addresses."""
    registry, entities = dr.async_get(hass), er.async_get(hass)
    for linked in registry.async_get_devices(connections=set(macs)) if macs else ():
        for entity in er.async_entries_for_device(entities, linked.id):
            if entity.domain == UPDATE_DOMAIN:
                yield entity.entity_id


def is_in_care(manager: DeviceBackupManager, key: DeviceKey) -> bool:
    """Return whether the manager backs the device up."""
    try:
        manager.status(key)
    except BackupNotFoundError:
        return False
    return True


class FirmwareWatch:
    """Owns what is known of each update: the installed version, and whether it is being installed."""

    def __init__(self, hass: HomeAssistant, manager: DeviceBackupManager) -> None:
        """Begin without any."""
        self._hass = hass
        self._manager = manager
        self._installed: dict[str, str] = {}
        self._installing: dict[str, tuple[DeviceKey, Callable[[], None]]] = {}
        self._macs: dict[DeviceKey, Macs] = {}

    @callback
    def handle(self, change: DeviceChange) -> None:
        """Take in the updates that were known before the MAC addresses of the device were.

        They are in its backup before they are in the registry: that one learns them when the job is over.
        """
        if change.shown is None:
            self._macs.pop(change.key, None)
        elif (backup := change.shown.status.newest) is not None:
            macs = frozenset(mac_connections(backup.device))
            if macs == self._macs.get(change.key):
                return
            self._macs[change.key] = macs
            for entity_id in _updates_of(self._hass, macs):
                if (state := self._hass.states.get(entity_id)) is not None:
                    self._take(change.key, state, was_on=False)

    @callback
    def publish(self) -> None:
        """Nothing is shown."""

    @callback
    def follow_update(self, event: Event[EventStateChangedData]) -> None:
        """Take in a new state of an update entity."""
        state = event.data["new_state"]
        if state is None:
            self._end_installation(event.data["entity_id"])
        elif state.state not in (STATE_UNAVAILABLE, STATE_UNKNOWN):
            key = device_of_update(self._hass, self._manager, state.entity_id)
            if key is not None:
                self._take(key, state, was_on=_was_on(event.data["old_state"]))

    def _take(self, key: DeviceKey, state: State, *, was_on: bool) -> None:
        self._take_progress(key, state)
        self._take_version(key, state)
        if state.state == STATE_ON and not was_on and state.entity_id not in self._installing:
            self._back_up_unless_fresh(key)

    def _take_progress(self, key: DeviceKey, state: State) -> None:
        if not state.attributes.get(ATTR_IN_PROGRESS):
            self._end_installation(state.entity_id)
        elif state.entity_id not in self._installing:
            self._manager.pause_device(key)
            forget = async_call_later(self._hass, LONGEST_INSTALLATION, self._give_up_on(state.entity_id))
            self._installing[state.entity_id] = (key, forget)

    def _give_up_on(self, entity_id: str) -> Callable[[datetime], None]:
        @callback
        def give_up(_: datetime) -> None:
            self._end_installation(entity_id)

        return give_up

    def _end_installation(self, entity_id: str) -> None:
        if entity_id in self._installing:
            key, forget = self._installing.pop(entity_id)
            forget()
            self._manager.resume_device(key)

    def _take_version(self, key: DeviceKey, state: State) -> None:
        version = state.attributes.get(ATTR_INSTALLED_VERSION)
        if not version:
            return
        before = self._installed.get(state.entity_id)
        self._installed[state.entity_id] = version
        if before is not None and before != version:
            self._begin(self._updated(key, version), f"keeps what {key} had before {version}")

    def _begin(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self._hass.async_create_background_task(work, f"{DOMAIN} {name}")

    async def _updated(self, key: DeviceKey, version: str) -> None:
        with suppress(BackupNotFoundError):
            await self._manager.stored.mark_last_before(key, version)
        async_begin_backup(self._hass, self._manager, key, trigger=Trigger.AFTER_UPDATE)

    def _back_up_unless_fresh(self, key: DeviceKey) -> None:
        confirmed = self._manager.status(key).confirmed
        if confirmed is None or dt_util.utcnow() - confirmed > FRESH:
            async_begin_backup(self._hass, self._manager, key, trigger=Trigger.BEFORE_UPDATE)


def _was_on(state: State | None) -> bool:
    return state is not None and state.state == STATE_ON
