import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from ha_device_backup_core.manager import timers
from ha_device_backup_core.manager.timers import LoopTimers

NOW = datetime(2025, 1, 15, 12, tzinfo=UTC)


async def test_it_fires_once_the_clock_shows_the_time() -> None:
    fired: asyncio.Future[datetime] = asyncio.get_running_loop().create_future()
    when = datetime.now(UTC) + timedelta(milliseconds=5)
    LoopTimers().call_at(when, fired.set_result)
    assert await fired >= when


async def test_a_time_that_has_passed_fires_soon_but_not_at_once() -> None:
    fired: list[datetime] = []
    LoopTimers(lambda: NOW).call_at(NOW - timedelta(days=1), fired.append)
    assert fired == []
    await asyncio.sleep(0.001)
    assert fired == [NOW]


async def test_a_cancelled_timer_never_fires() -> None:
    fired: list[datetime] = []
    cancel = LoopTimers(lambda: NOW).call_at(NOW, fired.append)
    cancel()
    await asyncio.sleep(0.001)
    assert fired == []


async def test_a_clock_that_is_set_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [NOW]
    fired: asyncio.Future[datetime] = asyncio.get_running_loop().create_future()
    monkeypatch.setattr(timers, "LONGEST_SLEEP", 0.001)
    LoopTimers(lambda: clock[0]).call_at(NOW + timedelta(days=1), fired.set_result)
    await asyncio.sleep(0.005)
    assert not fired.done()
    clock[0] = NOW + timedelta(days=2)
    assert await fired == clock[0]
