"""Holds back what makes Home Assistant itself write below its configuration folder until its backup is made."""

from collections.abc import Callable

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ha_device_backup_core.host import DeviceBackupManager, ManagerEvent

from ..const import DOMAIN
from ..manager import async_running_manager

_WAITING: HassKey[dict[str, Callable[[], object]]] = HassKey(f"{DOMAIN}_waiting_for_snapshot")


@callback
def async_publish(hass: HomeAssistant, name: str, action: Callable[[], object]) -> None:
    """Call the action now, or as soon as no snapshot is being made; a later one of the same name replaces it."""
    manager = async_running_manager(hass)
    if manager is None or not manager.snapshot_in_progress:
        _waiting(hass).pop(name, None)
        action()
    else:
        _waiting(hass)[name] = action


@callback
def async_watch_end_of_snapshots(hass: HomeAssistant, manager: DeviceBackupManager) -> None:
    """Catch up after each snapshot."""

    @callback
    def catch_up(_: ManagerEvent) -> None:
        waiting = _waiting(hass)
        while waiting and not manager.snapshot_in_progress:
            waiting.pop(next(iter(waiting)))()

    manager.subscribe(catch_up)


def _waiting(hass: HomeAssistant) -> dict[str, Callable[[], object]]:
    return hass.data.setdefault(_WAITING, {})
