"""The hooks around the backups that Home Assistant makes of itself."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from unittest.mock import patch

import pytest
from homeassistant.components.backup.manager import BackupManager
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.ha_device_backups import archive_state as archiving
from custom_components.ha_device_backups import backup
from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.manager import async_get_manager, async_manager_is_starting
from ha_device_backup_core.errors import StoreError
from ha_device_backup_core.manager import DeviceBackupManager
from ha_device_backup_core.records import Outcome
from tests.simulators.wled.server import SimulatedWled

from .archive import assert_consistent, read_archive
from .household import KEY, add, change, later, make_snapshot, press, settle, store

pytestmark = pytest.mark.usefixtures("home_assistant_backups")


async def is_working(manager: DeviceBackupManager, wled: SimulatedWled) -> None:
    """Check that backups are stored again."""
    before = manager.status(KEY).count
    change(wled, 20 + before)
    result = await manager.back_up(KEY)
    assert result.outcome is Outcome.STORED
    assert manager.status(KEY).count == before + 1


@pytest.mark.parametrize("password", [None, "a password"])
async def test_a_home_assistant_backup_holds_the_newest_backup(
    hass: HomeAssistant,
    home_assistant_backups: BackupManager,
    manager: DeviceBackupManager,
    wled: SimulatedWled,
    password: str | None,
) -> None:
    made = await make_snapshot(home_assistant_backups, password)
    files = await read_archive(hass, home_assistant_backups, made, password)
    manifest = assert_consistent(files)
    newest = manager.status(KEY).newest
    assert newest is not None
    assert [(device["unique_id"], device["newest"]["id"]) for device in manifest["devices"]] == [
        (KEY.unique_id, newest.id)
    ]
    assert not manager.snapshot_in_progress
    await is_working(manager, wled)


async def test_archives_are_consistent_while_stores_and_prunes_go_on(
    hass: HomeAssistant, home_assistant_backups: BackupManager, set_up: MockConfigEntry, manager: DeviceBackupManager
) -> None:
    for number in range(300):
        folder = store(hass).parent.parent / "many" / str(number % 10)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / str(number)).write_bytes(bytes(2000))
    controllers = [SimulatedWled(mac=f"d0b1c2d3e40{number}", name=f"Lamp {number}") for number in range(3)]
    async with controllers[0], controllers[1], controllers[2]:
        for controller in controllers:
            entry = await add(hass, controller)
            hass.config_entries.async_update_entry(
                entry, options={"retention": {"newest": 2, "days": None, "monthly": 0}}
            )
        done = asyncio.Event()

        async def keep_changing() -> None:
            number = 0
            while not done.is_set():
                number += 1
                for controller in controllers:
                    change(controller, 10 + number % 50, f"Change {number}")
                await asyncio.gather(*(manager.back_up(status.key) for status in manager.statuses()))

        changing = asyncio.create_task(keep_changing())
        for _ in range(5):
            made = await make_snapshot(home_assistant_backups)
            manifest = assert_consistent(await read_archive(hass, home_assistant_backups, made))
            assert len(manifest["devices"]) == 4
        done.set()
        await changing
        assert all(status.count <= 3 for status in manager.statuses())


async def test_a_device_that_is_being_asked_delays_nothing_and_is_stored_afterwards(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    change(wled)
    wled.faults.delay = 0.1
    job = asyncio.create_task(manager.back_up(KEY))
    await asyncio.sleep(0)
    await backup.async_pre_backup(hass)
    wled.faults.delay = 0.0
    assert not job.done()
    names = sorted(path.name for path in store(hass).rglob("*"))
    wled.faults.delay = 0.0
    await asyncio.sleep(0.5)
    assert not job.done()
    assert sorted(path.name for path in store(hass).rglob("*")) == names

    await backup.async_post_backup(hass)
    assert (await job).outcome is Outcome.STORED


async def test_no_job_starts_while_home_assistant_archives(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    await backup.async_pre_backup(hass)
    wled.requests.clear()
    job = asyncio.create_task(manager.back_up(KEY))
    await asyncio.sleep(0.2)
    assert wled.requests == []

    await backup.async_post_backup(hass)
    assert (await job).outcome is Outcome.UNCHANGED


async def test_what_makes_home_assistant_write_waits_for_the_end(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled, device_registry: dr.DeviceRegistry
) -> None:
    wled.device.firmware = type(wled.device.firmware)(version="16.0.0", chip=wled.device.firmware.chip)
    wled.faults.delay = 0.05
    press_it = asyncio.create_task(press(hass, "button.shelf_back_up_now"))
    await asyncio.sleep(0.05)
    await backup.async_pre_backup(hass)

    def version() -> str | None:
        devices = device_registry.async_get_devices(identifiers={(DOMAIN, str(KEY))})
        return devices[0].sw_version

    await asyncio.sleep(0.5)
    assert version() == "0.15.5"
    await backup.async_post_backup(hass)
    await press_it
    assert version() == "16.0.0"


async def test_the_hooks_do_nothing_where_nothing_is_set_up(
    hass: HomeAssistant, home_assistant_backups: BackupManager
) -> None:
    await backup.async_pre_backup(hass)
    await backup.async_post_backup(hass)
    assert await make_snapshot(home_assistant_backups)


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
    assert manager._store.gate_is_shut
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
    await backup.async_pre_backup(hass)
    wled_entry.add_to_hass(hass)
    with patch.object(archiving, "LONGEST_WAIT", 0.05):
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


def raising(error: BaseException) -> Callable[..., Awaitable[None]]:
    async def fail(*_: object, **__: object) -> None:
        raise error

    return fail


async def hang(*_: object, **__: object) -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize("error", [StoreError("no"), OSError(28, "full"), RuntimeError("mistake")])
@pytest.mark.parametrize(
    "part",
    [
        "ha_device_backup_core.manager.DeviceBackupManager.prepare_snapshot",
        "ha_device_backup_core.store.BackupStore.close_gate",
        "ha_device_backup_core.store.BackupStore.write_snapshot",
    ],
)
async def test_a_home_assistant_backup_is_made_whatever_fails_before(
    hass: HomeAssistant,
    home_assistant_backups: BackupManager,
    manager: DeviceBackupManager,
    wled: SimulatedWled,
    part: str,
    error: Exception,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with patch(part, raising(error)):
        await make_snapshot(home_assistant_backups)
    assert "for a Home Assistant backup" in caplog.text or "for the Home Assistant backup" in caplog.text
    assert not manager.snapshot_in_progress
    await is_working(manager, wled)
    made = await make_snapshot(home_assistant_backups)
    assert_consistent(await read_archive(hass, home_assistant_backups, made))


@pytest.mark.parametrize(
    "part",
    [
        "ha_device_backup_core.manager.DeviceBackupManager.prepare_snapshot",
        "ha_device_backup_core.store.BackupStore.close_gate",
        "ha_device_backup_core.store.BackupStore.write_snapshot",
    ],
)
async def test_a_home_assistant_backup_is_made_whatever_hangs_before(
    hass: HomeAssistant,
    home_assistant_backups: BackupManager,
    manager: DeviceBackupManager,
    wled: SimulatedWled,
    part: str,
) -> None:
    with (
        patch(part, hang),
        patch.object(backup, "GATE_SECONDS", 0.1),
        patch.object(backup, "HOOK_SECONDS", 0.2),
    ):
        await make_snapshot(home_assistant_backups)
    assert not manager.snapshot_in_progress
    await is_working(manager, wled)
    made = await make_snapshot(home_assistant_backups)
    assert_consistent(await read_archive(hass, home_assistant_backups, made))


async def test_what_does_not_let_itself_be_stopped_hinders_nobody(
    hass: HomeAssistant, home_assistant_backups: BackupManager, manager: DeviceBackupManager
) -> None:
    released = asyncio.Event()

    async def stubborn(*_: object, **__: object) -> None:
        while not released.is_set():
            try:
                await released.wait()
            except asyncio.CancelledError:
                continue

    with (
        patch("ha_device_backup_core.manager.DeviceBackupManager.prepare_snapshot", stubborn),
        patch.object(backup, "HOOK_SECONDS", 0.1),
    ):
        assert await make_snapshot(home_assistant_backups)
        released.set()
        await settle(hass)


async def test_an_error_afterwards_is_only_logged(
    hass: HomeAssistant,
    home_assistant_backups: BackupManager,
    manager: DeviceBackupManager,
    wled: SimulatedWled,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with patch.object(manager, "finish_snapshot", side_effect=RuntimeError("mistake")):
        assert await make_snapshot(home_assistant_backups)
    assert "could not be released" in caplog.text
    assert manager.snapshot_in_progress

    assert await make_snapshot(home_assistant_backups)
    await is_working(manager, wled)


async def test_the_gate_opens_by_itself_when_the_end_is_never_told(
    hass: HomeAssistant, manager: DeviceBackupManager, wled: SimulatedWled
) -> None:
    await backup.async_pre_backup(hass)
    await later(hass, timedelta(hours=1))
    assert manager.snapshot_in_progress
    await later(hass, timedelta(hours=2, minutes=1))
    assert not manager.snapshot_in_progress
    await is_working(manager, wled)
