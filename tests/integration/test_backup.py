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

from custom_components.ha_device_backups import backup
from custom_components.ha_device_backups.const import DOMAIN
from ha_device_backup_core.errors import StoreError
from ha_device_backup_core.manager import DeviceBackupManager
from ha_device_backup_core.records import Outcome
from tests.simulators.wled.server import SimulatedWled

from .archive import assert_consistent, read_archive
from .household import KEY, add, change, is_working, later, make_snapshot, press, settle, store

pytestmark = pytest.mark.usefixtures("home_assistant_backups")


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
    controllers = [
        SimulatedWled(mac=f"d0b1c2d3e40{number}", name=f"Lamp {number}", few_files=True) for number in range(3)
    ]
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
