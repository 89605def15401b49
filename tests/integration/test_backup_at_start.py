"""Home Assistant backups that are made while the integration starts."""

import asyncio
from datetime import timedelta
from unittest.mock import patch

import pytest
from homeassistant.components.backup.manager import BackupManager
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ha_device_backups import archive_state, backup
from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.manager import async_get_manager, async_manager_is_starting
from ha_device_backup_core.errors import StoreError
from ha_device_backup_core.manager import DeviceBackupManager
from tests.simulators.wled.server import SimulatedWled

from .archive import assert_consistent, read_archive
from .household import KEY, is_working, make_snapshot, settle, store

pytestmark = pytest.mark.usefixtures("home_assistant_backups")


async def test_nothing_is_begun_while_home_assistant_archives(hass: HomeAssistant, wled_entry: MockConfigEntry) -> None:
    await backup.async_pre_backup(hass)
    wled_entry.add_to_hass(hass)
    setting_up = asyncio.create_task(hass.config_entries.async_setup(wled_entry.entry_id))
    await asyncio.sleep(0.2)
    assert not store(hass).exists()

    await backup.async_post_backup(hass)
    assert await setting_up
    await settle(hass)
    assert (await async_get_manager(hass)).status(KEY).count == 1


async def test_a_start_that_is_under_way_is_waited_for(
    hass: HomeAssistant, home_assistant_backups: BackupManager, wled_entry: MockConfigEntry
) -> None:
    goes_on = asyncio.Event()
    start = DeviceBackupManager.start

    async def slow_start(manager: DeviceBackupManager) -> None:
        await goes_on.wait()
        await start(manager)

    wled_entry.add_to_hass(hass)
    with patch.object(DeviceBackupManager, "start", slow_start):
        setting_up = asyncio.create_task(hass.config_entries.async_setup(wled_entry.entry_id))
        await asyncio.sleep(0)
        while not async_manager_is_starting(hass):
            await asyncio.sleep(0.01)
        closing = asyncio.create_task(backup.async_pre_backup(hass))
        await asyncio.sleep(0.1)
        assert not closing.done()
        goes_on.set()
        await closing
    assert (await async_get_manager(hass)).snapshot_in_progress
    await backup.async_post_backup(hass)
    assert await setting_up
    await settle(hass)


async def start_slowly(hass: HomeAssistant, entry: MockConfigEntry, goes_on: asyncio.Event) -> "asyncio.Task[bool]":
    """Begin to set up an entry, with a store that is opened only when the event is set; return when it begins."""
    start = DeviceBackupManager.start
    begun = asyncio.Event()

    async def slow_start(manager: DeviceBackupManager) -> None:
        begun.set()
        await goes_on.wait()
        await start(manager)

    entry.add_to_hass(hass)
    with patch.object(DeviceBackupManager, "start", slow_start):
        setting_up = asyncio.create_task(hass.config_entries.async_setup(entry.entry_id))
        await begun.wait()
    return setting_up


async def test_a_start_that_outlasts_the_hook_shuts_the_gate_at_its_end(
    hass: HomeAssistant, home_assistant_backups: BackupManager, wled_entry: MockConfigEntry, wled: SimulatedWled
) -> None:
    goes_on = asyncio.Event()
    setting_up = await start_slowly(hass, wled_entry, goes_on)
    with patch.object(backup, "HOOK_SECONDS", 0.05):
        await backup.async_pre_backup(hass)
    assert not setting_up.done()
    goes_on.set()
    manager = await async_get_manager(hass)
    assert manager.snapshot_in_progress
    before = sorted(path.name for path in store(hass).rglob("*"))
    job = asyncio.create_task(manager.back_up(KEY)) if manager.statuses() else None
    await asyncio.sleep(0.1)
    assert sorted(path.name for path in store(hass).rglob("*")) == before

    await backup.async_post_backup(hass)
    assert await setting_up
    await settle(hass)
    if job is not None:
        await job
    assert not manager.snapshot_in_progress
    await is_working(manager, wled)


async def test_a_start_that_outlasts_the_whole_backup_shuts_nothing(
    hass: HomeAssistant, home_assistant_backups: BackupManager, wled_entry: MockConfigEntry, wled: SimulatedWled
) -> None:
    goes_on = asyncio.Event()
    setting_up = await start_slowly(hass, wled_entry, goes_on)
    with patch.object(backup, "HOOK_SECONDS", 0.05):
        await backup.async_pre_backup(hass)
        await backup.async_post_backup(hass)
    goes_on.set()
    assert await setting_up
    await settle(hass)
    manager = await async_get_manager(hass)
    assert not manager.snapshot_in_progress
    await is_working(manager, wled)


async def test_an_end_that_comes_while_the_gate_is_being_shut_opens_it(
    hass: HomeAssistant, home_assistant_backups: BackupManager, wled_entry: MockConfigEntry, wled: SimulatedWled
) -> None:
    goes_on, prepare = asyncio.Event(), DeviceBackupManager.prepare_snapshot
    setting_up = await start_slowly(hass, wled_entry, goes_on)
    with patch.object(backup, "HOOK_SECONDS", 0.05):
        await backup.async_pre_backup(hass)

    async def prepare_and_end(manager: DeviceBackupManager, **options: float) -> None:
        await prepare(manager, **options)
        await backup.async_post_backup(hass)

    with patch.object(DeviceBackupManager, "prepare_snapshot", prepare_and_end):
        goes_on.set()
        assert await setting_up
    await settle(hass)
    manager = await async_get_manager(hass)
    assert not manager.snapshot_in_progress
    await is_working(manager, wled)


async def test_a_backup_whose_end_is_never_told_holds_up_no_start(
    hass: HomeAssistant, home_assistant_backups: BackupManager, wled_entry: MockConfigEntry, wled: SimulatedWled
) -> None:
    wled_entry.add_to_hass(hass)
    with patch.object(archive_state, "LONGEST_SNAPSHOT", timedelta(seconds=0.05)):
        await backup.async_pre_backup(hass)
        assert await hass.config_entries.async_setup(wled_entry.entry_id)
    await settle(hass)
    manager = await async_get_manager(hass)
    assert not manager.snapshot_in_progress
    await is_working(manager, wled)


async def test_a_start_that_fails_is_not_waited_for_twice(
    hass: HomeAssistant, home_assistant_backups: BackupManager, wled_entry: MockConfigEntry
) -> None:
    fails = asyncio.Event()

    async def failing_start(_: DeviceBackupManager) -> None:
        await fails.wait()
        raise StoreError("no")

    wled_entry.add_to_hass(hass)
    with patch.object(DeviceBackupManager, "start", failing_start):
        setting_up = asyncio.create_task(hass.config_entries.async_setup(wled_entry.entry_id))
        while not async_manager_is_starting(hass):
            await asyncio.sleep(0.01)
        closing = asyncio.create_task(backup.async_pre_backup(hass))
        await asyncio.sleep(0)
        fails.set()
        await closing
        assert not await setting_up
    await backup.async_post_backup(hass)
    assert await hass.config_entries.async_reload(wled_entry.entry_id)
    await settle(hass)


async def test_the_hooks_work_when_no_entry_is_loaded(
    hass: HomeAssistant,
    home_assistant_backups: BackupManager,
    set_up: MockConfigEntry,
    manager: DeviceBackupManager,
) -> None:
    for entry in hass.config_entries.async_entries(DOMAIN):
        assert await hass.config_entries.async_unload(entry.entry_id)
    made = await make_snapshot(home_assistant_backups)
    assert assert_consistent(await read_archive(hass, home_assistant_backups, made))["devices"] == []
    assert not manager.snapshot_in_progress
