"""AdGuard Home: what goes back, however much it is."""

from typing import Any

import pytest

from ha_device_backup_core import RestoreNotVerifiedError
from ha_device_backup_core.testing import run_job, run_restore
from tests.simulators.recipes.adguard_home import AdGuardHome

from .conftest import RECIPES, entered

ADGUARD = RECIPES["adguard_home"]


def rewrites(number: int, network: int) -> list[dict[str, str]]:
    return [{"domain": f"h{at}.lan", "answer": f"10.{network}.{at // 250}.{at % 250}"} for at in range(number)]


def clients(number: int) -> list[dict[str, Any]]:
    return [{"name": f"Client {at}", "ids": [f"10.2.{at // 250}.{at % 250}"], "tags": []} for at in range(number)]


async def test_long_lists_take_the_place_of_long_lists() -> None:
    async with AdGuardHome() as device:
        device.rewrites, device.clients = rewrites(301, 0), clients(220)
        fetched = await run_job(ADGUARD, entered(device))
        device.rewrites, device.clients = rewrites(320, 1), []
        await run_restore(ADGUARD, entered(device), fetched.artifact)

        assert (fetched.remarks, device.rewrites, device.clients) == ((), rewrites(301, 0), clients(220))


async def test_what_is_there_goes_only_once_the_rest_is_added() -> None:
    async with AdGuardHome() as device:
        artifact = (await run_job(ADGUARD, entered(device))).artifact
        device.rewrites, before = rewrites(2, 1), rewrites(2, 1)
        device.fault = "no_more_rewrites"
        with pytest.raises(RestoreNotVerifiedError):
            await run_restore(ADGUARD, entered(device), artifact)
        assert device.rewrites == before

        device.fault = ""
        await run_restore(ADGUARD, entered(device), artifact)
        assert device.rewrites == [{"domain": "a.lan", "answer": "1.1.1.1"}]
