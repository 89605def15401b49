"""Passes on what the manager publishes, a few devices at a time: a thousand that change at once hold nobody up."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Protocol

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.debounce import Debouncer
from homeassistant.util.hass_dict import HassKey

from ha_device_backup_core.host import (
    BackupNotFoundError,
    DeviceBackupManager,
    DeviceKey,
    DeviceState,
    DeviceStatus,
    IdentityLearned,
    ManagerEvent,
    RestoreProgressed,
    StatusChanged,
    is_problem,
    state_of,
)

from .const import DOMAIN

_LOGGER = logging.getLogger(__name__)

AT_A_TIME = 8
"""Devices whose entities are written before Home Assistant may do something else."""
OVERVIEW_SECONDS = 1.0

_COORDINATOR: "HassKey[Coordinator]" = HassKey(f"{DOMAIN}_coordinator")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDevice:
    """A device, as it is shown everywhere."""

    status: DeviceStatus
    state: DeviceState
    is_problem: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceChange:
    """What is new about a device."""

    key: DeviceKey
    shown: ShownDevice | None
    """None when it is no longer in care."""
    events: tuple[ManagerEvent, ...] = ()
    """What happened, in its order."""


type Listener = Callable[[DeviceChange], None]


class Watch(Protocol):
    """Follows all devices."""

    def handle(self, change: DeviceChange) -> None:
        """Take in what is new about one."""

    def publish(self) -> None:
        """Show what came of it, after some of them."""


class Coordinator:
    """Owns how each device was last shown, and of which devices there is something new."""

    def __init__(self, hass: HomeAssistant, manager: DeviceBackupManager) -> None:
        """Begin without any."""
        self._hass = hass
        self._manager = manager
        self._waiting: dict[DeviceKey, list[ManagerEvent]] = {}
        self._is_scheduled = False
        self._shown: dict[DeviceKey, ShownDevice] = {}
        self._listeners: dict[DeviceKey, list[Listener]] = {}
        self._watches: list[Watch] = []
        self._overview: list[Callable[[], None]] = []
        self._update_overview = Debouncer(
            hass, _LOGGER, cooldown=OVERVIEW_SECONDS, immediate=True, function=self._show_overview
        )

    @property
    def shown(self) -> Mapping[DeviceKey, ShownDevice]:
        """Return how every device was last shown."""
        return self._shown

    def of(self, key: DeviceKey) -> ShownDevice:
        """Return how a device in care is now."""
        status = self._manager.status(key)
        state = state_of(status, has_handler=self._manager.handlers.find(key) is not None)
        return ShownDevice(status=status, state=state, is_problem=is_problem(status, state))

    @callback
    def handle(self, event: ManagerEvent) -> None:
        """Take in what the manager tells."""
        if isinstance(event, RestoreProgressed):
            return
        if event.key is None:
            for key in {**dict.fromkeys(self._shown), **dict.fromkeys(self._manager.keys())}:
                self._waiting.setdefault(key, [])
        else:
            if isinstance(event, IdentityLearned):
                self._waiting.setdefault(event.earlier, [])
            waiting = self._waiting.setdefault(event.key, [])
            if not isinstance(event, StatusChanged):
                waiting.append(event)
        self._schedule()

    @callback
    def refresh(self, key: DeviceKey) -> None:
        """Look again at a device that came, went, or is to be shown otherwise."""
        self._waiting.setdefault(key, [])
        self._schedule()

    @callback
    def listen(self, key: DeviceKey, listener: Listener) -> Callable[[], None]:
        """Call the listener with what is new about a device; return what ends that."""
        listeners = self._listeners.setdefault(key, [])
        listeners.append(listener)

        def remove() -> None:
            listeners.remove(listener)
            if not listeners and self._listeners.get(key) is listeners:
                del self._listeners[key]

        return remove

    @callback
    def listen_overview(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call the listener after changes, at most once a second; return what ends that."""
        self._overview.append(listener)
        return partial(self._overview.remove, listener)

    @callback
    def watch(self, watch: Watch) -> Callable[[], None]:
        """Let it follow all devices; return what ends that."""
        self._watches.append(watch)
        return partial(self._watches.remove, watch)

    @callback
    def stop(self, _: Event) -> None:
        """Leave no timer behind: Home Assistant stops."""
        self._update_overview.async_shutdown()

    def _schedule(self) -> None:
        if self._waiting and not self._is_scheduled:
            self._is_scheduled = True
            self._hass.loop.call_soon(self._publish_some)

    @callback
    def _publish_some(self) -> None:
        self._is_scheduled = False
        for key in tuple(islice(self._waiting, AT_A_TIME)):
            self._publish(key, tuple(self._waiting.pop(key)))
        for watch in tuple(self._watches):
            _call(watch.publish)
        if self._waiting:
            self._schedule()
        else:
            self._update_overview.async_schedule_call()

    def _publish(self, key: DeviceKey, events: tuple[ManagerEvent, ...]) -> None:
        shown = None
        with suppress(BackupNotFoundError):
            shown = self.of(key)
        if shown is None:
            self._shown.pop(key, None)
        else:
            self._shown[key] = shown
        change = DeviceChange(key=key, shown=shown, events=events)
        for watch in tuple(self._watches):
            _call(partial(watch.handle, change))
        for listener in tuple(self._listeners.get(key, ())):
            _call(partial(listener, change))

    @callback
    def _show_overview(self) -> None:
        for listener in tuple(self._overview):
            _call(listener)


def titles(shown: Mapping[DeviceKey, ShownDevice], wanted: Callable[[ShownDevice], bool]) -> list[str]:
    """Return the titles of some devices as they are listed."""
    return sorted((one.status.title for one in shown.values() if wanted(one)), key=str.casefold)


def _call(listener: Callable[[], None]) -> None:
    """Call it; one that fails hurts nobody else."""
    try:
        listener()
    except Exception:
        _LOGGER.exception("What is new about a device could not be shown")


@callback
def async_coordinate(hass: HomeAssistant, manager: DeviceBackupManager) -> Coordinator:
    """Return the coordinator of a manager that runs from now on."""
    coordinator = hass.data[_COORDINATOR] = Coordinator(hass, manager)
    manager.subscribe(coordinator.handle)
    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, coordinator.stop)
    return coordinator


@callback
def async_coordinator(hass: HomeAssistant) -> Coordinator:
    """Return the coordinator."""
    return hass.data[_COORDINATOR]
