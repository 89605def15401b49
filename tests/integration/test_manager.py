"""The one manager of a Home Assistant."""

import asyncio
import stat
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.ha_device_backups.const import DOMAIN
from custom_components.ha_device_backups.manager import (
    HomeAssistantSessions,
    HomeAssistantTimers,
    async_begin_backup,
    async_get_manager,
    async_running_manager,
)
from ha_device_backup_core.errors import StoreLockedError
from ha_device_backup_core.records import DeviceKey
from ha_device_backup_core.store import BackupStore
from tests.core.example_device import ExampleDevice


def store_folder(hass: HomeAssistant) -> Path:
    return Path(hass.config.path(".storage", DOMAIN))


async def test_there_is_one_and_it_is_private(hass: HomeAssistant) -> None:
    assert async_running_manager(hass) is None

    first, second = await asyncio.gather(async_get_manager(hass), async_get_manager(hass))

    assert first is second is async_running_manager(hass)
    assert stat.S_IMODE(store_folder(hass).stat().st_mode) == 0o700
    assert list(first.registry.handlers) == ["fritzbox", "http", "tasmota", "wled"]


async def test_it_ends_with_home_assistant(hass: HomeAssistant) -> None:
    await async_get_manager(hass)

    await hass.async_stop(force=True)

    other = BackupStore(store_folder(hass))
    await other.open(write=True)
    await other.close()


async def test_a_start_that_failed_is_tried_again(hass: HomeAssistant) -> None:
    store_folder(hass).parent.mkdir()
    other = BackupStore(store_folder(hass))
    await other.open(write=True)
    with pytest.raises(StoreLockedError):
        await async_get_manager(hass)
    assert async_running_manager(hass) is None
    await other.close()

    assert await async_get_manager(hass) is async_running_manager(hass)


async def test_who_no_longer_waits_does_not_end_the_start(hass: HomeAssistant) -> None:
    waiting = asyncio.create_task(async_get_manager(hass))
    await asyncio.sleep(0)
    waiting.cancel()

    assert await async_get_manager(hass) is async_running_manager(hass)


async def test_schedules_follow_the_time_zone(hass: HomeAssistant, set_up: MockConfigEntry) -> None:
    manager = await async_get_manager(hass)
    before = manager.statuses()[0].next_run

    await hass.config.async_update(time_zone="Pacific/Auckland")
    await hass.async_block_till_done()

    assert manager.statuses()[0].next_run != before


async def test_timers_are_home_assistants(hass: HomeAssistant) -> None:
    called: list[str] = []
    timers = HomeAssistantTimers(hass)
    soon, late = dt_util.utcnow() + timedelta(seconds=10), dt_util.utcnow() + timedelta(hours=2)
    timers.call_at(soon, lambda _: called.append("soon"))
    cancel = timers.call_at(soon, lambda _: called.append("cancelled"))
    cancel()
    timers.call_at(late, lambda _: called.append("late"))

    async_fire_time_changed(hass, soon + timedelta(seconds=1))
    await hass.async_block_till_done()
    assert called == ["soon"]

    async_fire_time_changed(hass, late + timedelta(seconds=1))
    await hass.async_block_till_done()
    assert called == ["soon", "late"]


async def test_sessions_share_connections_but_not_cookies(hass: HomeAssistant, boiler: ExampleDevice) -> None:
    sessions = HomeAssistantSessions(hass)
    jars = aiohttp.CookieJar(unsafe=True), aiohttp.CookieJar(unsafe=True)
    used = []
    for jar in jars:
        async with sessions(middlewares=(), cookie_jar=jar, timeout=aiohttp.ClientTimeout(total=5)) as session:
            async with session.get(f"http://127.0.0.1:{boiler.port}/info") as response:
                assert response.status == 401
            assert session.cookie_jar is jar
            used.append((session, session.connector))

    (first, connector), (second, same) = used
    assert connector is same
    assert connector is not None
    assert not connector.closed
    assert first.closed
    assert second.closed


@pytest.mark.parametrize("entry", [None, MockConfigEntry(domain=DOMAIN)])
async def test_a_backup_that_nobody_waits_for_ends_quietly_without_its_device(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture, entry: MockConfigEntry | None
) -> None:
    manager = await async_get_manager(hass)
    async_begin_backup(hass, manager, DeviceKey("wled", "a8032a57b314"), entry=entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert "exception" not in caplog.text
