"""The event entity of a device."""

from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.manager import async_running_manager
from ha_device_backup_core import RestoreNotVerifiedError
from ha_device_backup_core.manager import DeviceBackupManager
from ha_device_backup_core.records import Trigger
from tests.simulators.wled.server import SimulatedWled

from .household import KEY, add, change, press, settle


def last_event(hass: HomeAssistant) -> dict[str, Any]:
    state = hass.states.get("event.shelf_backup")
    assert state is not None
    names = ("event_type", "trigger", "backup_id", "reason", "message", "retry_at")
    return {name: state.attributes[name] for name in names}


async def test_events_of_backups(hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled) -> None:
    first = manager.status(KEY).newest
    assert first is not None
    fine = {"reason": None, "message": None, "retry_at": None}
    assert last_event(hass) == {"event_type": "stored", "trigger": "first", "backup_id": first.id, **fine}

    await press(hass, "button.shelf_back_up_now")
    assert last_event(hass) == {"event_type": "unchanged", "trigger": "manual", "backup_id": first.id, **fine}

    await wled.stop()
    result = await manager.back_up(KEY, trigger=Trigger.SCHEDULE)
    await settle(hass)
    assert result.error is not None
    assert result.will_retry_at is not None
    assert last_event(hass) == {
        "event_type": "away",
        "trigger": "schedule",
        "backup_id": None,
        "reason": "cannot_connect",
        "message": "The device cannot be reached. Is it switched on, and is its address right? "
        "The port may be wrong, too: nothing answers there.",
        "retry_at": result.will_retry_at.isoformat(),
    }

    await wled.start()
    change(wled)
    await press(hass, "button.shelf_back_up_now")
    second = manager.status(KEY).newest
    assert second is not None
    assert last_event(hass) == {"event_type": "stored", "trigger": "manual", "backup_id": second.id, **fine}


async def test_a_failure_is_told_in_the_language_of_the_home(hass: HomeAssistant, wled: SimulatedWled) -> None:
    hass.config.language = "de"
    await add(hass, wled)
    manager = async_running_manager(hass)
    assert manager is not None
    await wled.stop()

    await manager.back_up(KEY, trigger=Trigger.SCHEDULE)
    await settle(hass)

    assert last_event(hass)["message"] == (
        "Das Gerät ist nicht erreichbar. Ist es eingeschaltet, und stimmt die Adresse?"
        " Vielleicht stimmt auch der Port nicht: Dort antwortet nichts."
    )
    answer: Any = await hass.services.async_call(DOMAIN, "back_up", {"all": True}, blocking=True, return_response=True)
    assert answer["devices"][0]["error"]["message"] == last_event(hass)["message"]
    with pytest.raises(HomeAssistantError, match="Shelf: Das Gerät ist nicht erreichbar"):
        await press(hass, "button.device_backups_alle_sichern")


def last_restore(hass: HomeAssistant) -> dict[str, Any]:
    state = hass.states.get("event.shelf_backup")
    assert state is not None
    return {name: state.attributes[name] for name in ("event_type", "backup_id", "reason", "message")}


async def test_events_of_restores(hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled) -> None:
    first = manager.status(KEY).newest
    assert first is not None
    change(wled)
    wled.faults.path, wled.faults.garble_upload = "/presets.json", 100
    with pytest.raises(RestoreNotVerifiedError):
        await manager.restore(KEY, first.id)
    await settle(hass)
    failed = last_restore(hass)
    assert (failed["event_type"], failed["backup_id"], failed["reason"]) == (
        "restore_failed",
        first.id,
        "restore_not_verified",
    )
    assert failed["message"]

    wled.faults.garble_upload = 0
    await manager.restore(KEY)
    await settle(hass)
    restored = last_restore(hass)
    assert (restored["event_type"], restored["backup_id"], restored["reason"]) == ("restored", first.id, None)
