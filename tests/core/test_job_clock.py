import asyncio

import pytest

from ha_device_backup_core.errors import CannotConnectError
from ha_device_backup_core.job_clock import JobClock
from ha_device_backup_core.masking import Mask


async def test_waiting_for_the_turn_is_not_counted() -> None:
    with pytest.raises(CannotConnectError, match="did not finish within 0 seconds"):
        async with JobClock(0, None, Mask(())) as clock:
            with clock.stopped():
                for _ in range(10):
                    await asyncio.sleep(0)
            await asyncio.Event().wait()


async def test_a_cancelled_wait_counts_on() -> None:
    with pytest.raises(CannotConnectError):
        async with JobClock(0, None, Mask(())) as clock:
            with pytest.raises(ValueError, match="turn"), clock.stopped():
                raise ValueError("turn")
            await asyncio.Event().wait()
