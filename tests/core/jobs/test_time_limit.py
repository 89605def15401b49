import asyncio
import contextlib

import pytest

from ha_device_backup_core.errors import CannotConnectError
from ha_device_backup_core.jobs.secret_mask import Mask
from ha_device_backup_core.jobs.time_limit import JobClock


async def waiting_for_its_turn(*, in_vain: bool) -> None:
    """Let the limit, which is over at once, stand still for a while."""
    async with JobClock(0, None, Mask(())) as clock:
        with contextlib.suppress(LookupError), clock.stopped():
            for _ in range(10):
                await asyncio.sleep(0)
            if in_vain:
                raise LookupError
        await asyncio.Event().wait()


@pytest.mark.parametrize("in_vain", [True, False])
async def test_waiting_for_the_turn_is_not_counted(in_vain: bool) -> None:
    with pytest.raises(CannotConnectError, match="did not finish within 0 seconds"):
        await waiting_for_its_turn(in_vain=in_vain)
