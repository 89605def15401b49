"""Which device backups each backup of Home Assistant carries."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from homeassistant.components.backup import BackupManagerError
from homeassistant.components.backup.manager import BackupManager
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from custom_components.ha_device_backups.manager import async_get_manager
from ha_device_backup_core.errors import StoreError
from ha_device_backup_core.manager import DeviceBackupManager
from ha_device_backup_core.manager.snapshot_records import UNKNOWN_RESULT
from tests.simulators.wled.server import SimulatedWled

from ..household import KEY, change, later, make_snapshot, settle


def newest_id(manager: DeviceBackupManager) -> str:
    newest = manager.status(KEY).newest
    assert newest is not None
    return newest.id


async def test_each_home_assistant_backup_is_noted(
    hass: HomeAssistant, home_assistant_backups: BackupManager, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    first_backup = newest_id(manager)
    first = await make_snapshot(home_assistant_backups)
    await settle(hass)
    change(wled)
    await manager.back_up(KEY)
    second = await make_snapshot(home_assistant_backups)
    await settle(hass)
    assert [(record.id, record.name, dict(record.devices)) for record in manager.snapshots] == [
        (second, "Evening", {KEY: newest_id(manager)}),
        (first, "Evening", {KEY: first_backup}),
    ]


async def test_what_was_noted_outlasts_a_restart(
    hass: HomeAssistant, home_assistant_backups: BackupManager, manager: DeviceBackupManager
) -> None:
    made = await make_snapshot(home_assistant_backups)
    await settle(hass)
    await manager.stop()
    again = DeviceBackupManager(manager._store.root)
    await again.start()
    assert [record.id for record in again.snapshots] == [made]
    await again.stop()


async def test_a_failed_home_assistant_backup_is_not_noted(
    hass: HomeAssistant, home_assistant_backups: BackupManager, manager: DeviceBackupManager
) -> None:
    good = await make_snapshot(home_assistant_backups)
    await settle(hass)
    with (
        patch(
            "homeassistant.components.backup.manager.CoreBackupReaderWriter._mkdir_and_generate_backup_contents",
            side_effect=OSError("full"),
        ),
        pytest.raises(BackupManagerError),
    ):
        await make_snapshot(home_assistant_backups)
    await settle(hass)
    assert [record.id for record in manager.snapshots] == [good]

    better = await make_snapshot(home_assistant_backups)
    await settle(hass)
    assert [record.id for record in manager.snapshots] == [better, good]


async def test_nothing_is_known_of_a_backup_that_the_supervisor_began(
    hass: HomeAssistant, home_assistant_backups: BackupManager, manager: DeviceBackupManager
) -> None:
    await make_snapshot(home_assistant_backups)
    await settle(hass)
    newest = manager.newest_snapshot
    assert newest is not None
    assert newest.devices[KEY] == newest_id(manager)

    await home_assistant_backups.async_pre_backup_actions()
    await home_assistant_backups.async_post_backup_actions()
    await settle(hass)
    assert manager.snapshots[0].id == UNKNOWN_RESULT
    assert manager.newest_snapshot is None

    made = await make_snapshot(home_assistant_backups)
    await settle(hass)
    newest = manager.newest_snapshot
    assert newest is not None
    assert newest.id == made


async def test_a_backup_that_home_assistant_does_not_list_is_not_known(
    hass: HomeAssistant, home_assistant_backups: BackupManager, manager: DeviceBackupManager
) -> None:
    with patch.object(home_assistant_backups, "async_get_backups", return_value=({}, {})):
        await make_snapshot(home_assistant_backups)
        await settle(hass)
    assert [record.id for record in manager.snapshots] == [UNKNOWN_RESULT]


async def test_a_backup_without_any_device_carries_nothing(
    hass: HomeAssistant, home_assistant_backups: BackupManager
) -> None:
    assert await async_setup_component(hass, "ha_device_backups", {})
    await settle(hass)
    await make_snapshot(home_assistant_backups)
    await settle(hass)
    manager = await async_get_manager(hass)
    assert [dict(record.devices) for record in manager.snapshots] == [{}]


async def test_a_note_that_cannot_be_stored_hinders_nobody(
    hass: HomeAssistant,
    home_assistant_backups: BackupManager,
    manager: DeviceBackupManager,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with patch.object(manager, "record_snapshot", side_effect=StoreError("full")):
        await make_snapshot(home_assistant_backups)
        await settle(hass)
    assert "carries could not be stored" in caplog.text
    made = await make_snapshot(home_assistant_backups)
    await settle(hass)
    assert [record.id for record in manager.snapshots] == [made]


async def test_a_mistake_of_ours_never_reaches_home_assistants_manager(
    hass: HomeAssistant,
    home_assistant_backups: BackupManager,
    manager: DeviceBackupManager,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with patch.object(manager, "set_automatic_backup_time", side_effect=RuntimeError("mistake")):
        assert await make_snapshot(home_assistant_backups)
    assert "could not be noted" in caplog.text


@pytest.fixture
def automatic_times(manager: DeviceBackupManager) -> Iterator[list[datetime | None]]:
    """Return the times the manager was told."""
    told: list[datetime | None] = []
    with patch.object(manager, "set_automatic_backup_time", side_effect=told.append):
        yield told


async def test_the_time_of_the_automatic_backup_is_read_again(
    hass: HomeAssistant, home_assistant_backups: BackupManager, automatic_times: list[datetime | None]
) -> None:
    when = dt_util.utcnow() + timedelta(hours=5)
    home_assistant_backups.config.data.schedule.next_automatic_backup = when
    await later(hass, timedelta(minutes=16))
    assert automatic_times == [when]

    home_assistant_backups.config.data.schedule.next_automatic_backup = None
    await make_snapshot(home_assistant_backups)
    assert set(automatic_times[1:]) == {None}


async def test_devices_are_backed_up_ahead_of_the_automatic_backup(
    hass: HomeAssistant, home_assistant_backups: BackupManager, manager: DeviceBackupManager
) -> None:
    when = dt_util.utcnow() + timedelta(days=1, hours=5)
    home_assistant_backups.config.data.schedule.next_automatic_backup = when
    await later(hass, timedelta(minutes=16))
    next_run = manager.status(KEY).next_run
    assert next_run is not None
    assert next_run < when


async def test_home_assistants_manager_may_come_later(hass: HomeAssistant, manager: DeviceBackupManager) -> None:
    assert await async_setup_component(hass, "backup", {})
    await settle(hass)
    backups: BackupManager = hass.data["backup"]
    await backups.async_get_backups()
    made = await make_snapshot(backups)
    await settle(hass)
    assert [record.id for record in manager.snapshots] == [made]
