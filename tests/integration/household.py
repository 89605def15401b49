"""What happens in a home with simulated controllers, for tests."""

import asyncio
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

from freezegun import freeze_time
from homeassistant.components.backup.manager import BackupManager
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.ha_device_backups.const import DOMAIN, STORE_FOLDER
from custom_components.ha_device_backups.coordinator import OVERVIEW_SECONDS
from custom_components.ha_device_backups.manager import async_running_manager
from ha_device_backup_core.manager import DeviceBackupManager, DeviceStatus
from ha_device_backup_core.records import DeviceKey, Outcome
from tests.simulators.wled.server import SimulatedWled

from .conftest import MAC, make_wled_entry

KEY = DeviceKey("wled", MAC)
LONGEST_WAIT = 120
"""Seconds after which a test would never end."""


def store(hass: HomeAssistant) -> Path:
    """Return the root of the store."""
    return Path(hass.config.path(*STORE_FOLDER))


async def add(hass: HomeAssistant, controller: SimulatedWled) -> MockConfigEntry:
    """Set up the entry of a controller and wait for its first backup."""
    entry = make_wled_entry(controller)
    entry.add_to_hass(hass)
    if DOMAIN in hass.config.components:
        assert await hass.config_entries.async_setup(entry.entry_id)
    else:
        assert await async_setup_component(hass, DOMAIN, {})
    await settle(hass)
    return entry


async def settle(hass: HomeAssistant) -> None:
    """Wait until nothing is going on."""
    await hass.async_block_till_done(wait_background_tasks=True)
    manager = async_running_manager(hass)
    async with asyncio.timeout(LONGEST_WAIT):
        while manager is not None and any(map(_is_busy, manager.statuses())):
            await asyncio.sleep(0.01)
            await hass.async_block_till_done(wait_background_tasks=True)


def _is_busy(status: DeviceStatus) -> bool:
    """Return whether something goes on; between the steps of a restore no backup runs."""
    return status.running or status.queued or status.restoring


async def later(hass: HomeAssistant, by: timedelta = timedelta(seconds=OVERVIEW_SECONDS + 1)) -> None:
    """Let time pass, as a clock does that somebody sets; by default until the service has shown what is new."""
    async_fire_time_changed(hass, dt_util.utcnow() + by)
    await settle(hass)


def days_later(days: float) -> AbstractContextManager[object]:
    """Let a block happen that many days from now, on a clock that goes on."""
    return freeze_time(dt_util.utcnow() + timedelta(days=days), tick=True, real_asyncio=True)


async def press(hass: HomeAssistant, entity_id: str) -> None:
    """Press a button as a person does."""
    await hass.services.async_call("button", "press", {"entity_id": entity_id}, blocking=True)
    await settle(hass)


async def make_snapshot(backups: BackupManager, password: str | None = None) -> str:
    """Let Home Assistant make a backup of itself; return its id."""
    made = await backups.async_create_backup(
        agent_ids=["backup.local"],
        include_addons=None,
        include_all_addons=False,
        include_database=False,
        include_folders=None,
        include_homeassistant=True,
        name="Evening",
        password=password,
    )
    return str(made.backup_job_id)


def change(controller: SimulatedWled, number: int = 9, name: str = "Changed") -> None:
    """Change what the controller holds."""
    controller.device.save_preset(number, {"n": name})


async def is_working(manager: DeviceBackupManager, wled: SimulatedWled) -> None:
    """Check that backups are stored again."""
    before = manager.status(KEY).count
    change(wled, 20 + before)
    result = await manager.back_up(KEY)
    assert result.outcome is Outcome.STORED
    assert manager.status(KEY).count == before + 1
