"""The event entity of a device."""

from typing import Any

from homeassistant.core import HomeAssistant

from ha_device_backup_core.manager import BackupManager
from ha_device_backup_core.records import Trigger
from tests.simulators.wled.server import SimulatedWled

from .household import KEY, change, press, settle


def last_event(hass: HomeAssistant) -> dict[str, Any]:
    state = hass.states.get("event.shelf_backup")
    assert state is not None
    names = ("event_type", "trigger", "backup_id", "reason", "message", "retry_at")
    return {name: state.attributes[name] for name in names}


async def test_events_of_backups(hass: HomeAssistant, manager: BackupManager, wled: SimulatedWled) -> None:
    first = manager.status(KEY).newest
    assert first is not None
    fine = {"reason": None, "message": None, "retry_at": None}
    assert last_event(hass) == {"event_type": "stored", "trigger": "first", "backup_id": first.id, **fine}

    await press(hass, "button.shelf_back_up_now")
    assert last_event(hass) == {"event_type": "unchanged", "trigger": "manual", "backup_id": first.id, **fine}

    await wled.go_offline()
    result = await manager.back_up(KEY, trigger=Trigger.SCHEDULE)
    await settle(hass)
    assert result.error is not None
    assert result.will_retry_at is not None
    assert last_event(hass) == {
        "event_type": "failed",
        "trigger": "schedule",
        "backup_id": None,
        "reason": "cannot_connect",
        "message": str(result.error),
        "retry_at": result.will_retry_at.isoformat(),
    }

    await wled.go_online()
    change(wled)
    await press(hass, "button.shelf_back_up_now")
    second = manager.status(KEY).newest
    assert second is not None
    assert last_event(hass) == {"event_type": "stored", "trigger": "manual", "backup_id": second.id, **fine}
