"""The sensors of a device and of the service."""

from typing import Any

from homeassistant.components.backup.manager import BackupManager
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant

from ha_device_backup_core.manager import DeviceBackupManager
from tests.simulators.wled.server import SimulatedWled

from .household import KEY, add, change, later, make_snapshot, press, settle

LAST_BACKUP = "sensor.shelf_last_backup"


def value(hass: HomeAssistant, entity_id: str) -> str:
    state = hass.states.get(entity_id)
    assert state is not None
    return state.state


def attributes(hass: HomeAssistant, entity_id: str, *names: str) -> dict[str, Any]:
    state = hass.states.get(entity_id)
    assert state is not None
    return {name: state.attributes[name] for name in names}


async def test_sensors_of_a_device(hass: HomeAssistant, manager: DeviceBackupManager) -> None:
    backup = manager.status(KEY).newest
    assert backup is not None
    assert backup.confirmed is not None
    assert value(hass, LAST_BACKUP) == backup.confirmed.replace(microsecond=0).isoformat()
    assert attributes(
        hass, LAST_BACKUP, "changed_at", "backup_id", "whole", "missing", "doubts", "in_newest_snapshot"
    ) == {
        "changed_at": backup.taken_at,
        "backup_id": backup.id,
        "whole": True,
        "missing": [],
        "doubts": [],
        "in_newest_snapshot": None,
    }
    assert value(hass, "sensor.shelf_stored_backups") == "1"
    assert float(value(hass, "sensor.shelf_backup_size")) == backup.artifact.size / 1000


async def test_an_unchanged_device_is_confirmed_and_a_changed_one_stored(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    first = manager.status(KEY).newest
    assert first is not None
    await press(hass, "button.shelf_back_up_now")
    assert attributes(hass, LAST_BACKUP, "changed_at", "backup_id") == {
        "changed_at": first.taken_at,
        "backup_id": first.id,
    }
    assert value(hass, "sensor.shelf_stored_backups") == "1"

    change(wled)
    await press(hass, "button.shelf_back_up_now")
    second = manager.status(KEY).newest
    assert second is not None
    assert second.id > first.id
    assert attributes(hass, LAST_BACKUP, "changed_at", "backup_id") == {
        "changed_at": second.taken_at,
        "backup_id": second.id,
    }
    assert value(hass, "sensor.shelf_stored_backups") == "2"


async def test_values_stay_while_the_device_is_switched_off(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    before = value(hass, LAST_BACKUP)
    await wled.stop()
    await manager.back_up(KEY)
    await settle(hass)
    assert value(hass, LAST_BACKUP) == before
    assert value(hass, "sensor.shelf_stored_backups") == "1"


async def test_an_incomplete_backup_says_what_is_missing(hass: HomeAssistant, locked_wled: SimulatedWled) -> None:
    hass.config.language = "de"
    await add(hass, locked_wled)
    told = attributes(hass, "sensor.porch_letztes_backup", "whole", "missing")
    assert told["whole"] is False
    assert len(told["missing"]) == 1
    assert "PIN" in told["missing"][0]
    assert value(hass, "sensor.porch_letztes_backup") != STATE_UNKNOWN


async def test_a_device_without_any_backup_is_not_well_and_is_counted(hass: HomeAssistant, wled: SimulatedWled) -> None:
    await wled.stop()
    await add(hass, wled)
    await later(hass)
    assert value(hass, "sensor.shelf_backup_state") not in {"ok", STATE_UNKNOWN}
    assert value(hass, LAST_BACKUP) == STATE_UNKNOWN
    assert value(hass, "sensor.shelf_next_backup") != STATE_UNKNOWN
    assert value(hass, "sensor.device_backups_devices_without_a_backup") == "1"
    assert attributes(hass, "sensor.device_backups_devices_without_a_backup", "devices") == {"devices": ["Shelf"]}

    await wled.start()
    await press(hass, "button.shelf_back_up_now")
    await later(hass)
    assert value(hass, "sensor.shelf_backup_state") == "ok"
    assert value(hass, "sensor.device_backups_devices_without_a_backup") == "0"


async def test_the_service_knows_nothing_of_home_assistant_backups_before_the_first(
    hass: HomeAssistant, manager: DeviceBackupManager
) -> None:
    assert value(hass, "sensor.device_backups_newest_home_assistant_backup") == STATE_UNKNOWN
    assert value(hass, "sensor.device_backups_devices_in_the_newest_home_assistant_backup") == STATE_UNKNOWN
    assert value(hass, "sensor.device_backups_devices_with_a_problem") == "0"


async def test_the_service_tells_what_the_newest_home_assistant_backup_holds(
    hass: HomeAssistant, home_assistant_backups: BackupManager, manager: DeviceBackupManager
) -> None:
    made = await make_snapshot(home_assistant_backups)
    await settle(hass)
    await later(hass)
    backup = manager.status(KEY).newest
    assert backup is not None
    snapshot = "sensor.device_backups_newest_home_assistant_backup"
    assert value(hass, snapshot) == manager.snapshots[0].at.replace(microsecond=0).isoformat()
    assert attributes(hass, snapshot, "backup_id") == {"backup_id": made}
    devices = "sensor.device_backups_devices_in_the_newest_home_assistant_backup"
    assert value(hass, devices) == "1"
    assert attributes(hass, devices, "devices_missing") == {"devices_missing": []}
    assert attributes(hass, LAST_BACKUP, "in_newest_snapshot") == {"in_newest_snapshot": backup.id}


async def test_after_a_reset_the_last_backup_is_the_recommended_one(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    good = manager.status(KEY).recommended
    assert good is not None
    before = value(hass, LAST_BACKUP)
    wled.device.wipe()
    await press(hass, "button.shelf_back_up_now")
    newest = manager.status(KEY).newest
    assert newest is not None
    assert newest.suspect
    assert value(hass, LAST_BACKUP) == before
    assert attributes(hass, LAST_BACKUP, "backup_id") == {"backup_id": good.id}
