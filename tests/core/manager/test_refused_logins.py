"""A refused login keeps a device from being asked, until somebody changes it or it is accepted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ha_device_backup_core.errors import (
    AuthenticationError,
    HandlerUnavailableError,
)
from ha_device_backup_core.manager.health import Health
from ha_device_backup_core.records import Outcome

from .conftest import OpenHome, settings
from .fakes import Clock, Home
from .lamps import Household
from .test_backups import A1


async def test_a_refused_login_stays_refused_over_restarts_until_it_changes(
    open_home: OpenHome, household: Household
) -> None:
    lamp = household.add("a1", pin="4711")
    home = await open_home()
    wrong = settings("a1", config={"pin": "0000"})
    await home.manager.add_device(wrong)
    home.manager.ready()
    await home.idle()
    assert (lamp.contacts, home.manager.status(A1).health) == (1, Health.BLOCKED)
    again = await home.manager.back_up(A1)
    assert isinstance(again.error, AuthenticationError)
    await home.manager.back_up_if_late(A1)
    await home.advance(timedelta(days=10))
    assert lamp.contacts == 1
    await home.manager.stop()

    later = await open_home(clock=Clock(home.clock.now))
    await later.manager.add_device(wrong)
    later.manager.ready()
    await later.advance(timedelta(days=10))
    assert (lamp.contacts, later.manager.status(A1).health) == (1, Health.BLOCKED)
    await later.manager.update_device(settings("a1", config={"pin": "4711"}))
    await later.idle()
    assert (lamp.contacts, later.manager.status(A1).health) == (3, Health.OK)
    await later.manager.update_device(wrong)
    assert later.manager.status(A1).health is Health.OK


async def test_a_login_that_is_accepted_after_all_ends_the_block(home: Home, household: Household) -> None:
    lamp = household.add("a1", pin="4711")
    await home.manager.add_device(settings("a1", config={"pin": "0000"}))
    await home.manager.back_up(A1)
    lamp.pin = "0000"
    await home.manager.probe("lamp", {"host": " a1 ", "pin": "0000"})
    assert home.manager.status(A1).health is Health.FAILING
    assert (await home.manager.back_up(A1)).outcome is Outcome.STORED
    record = await home.manager._store.device(A1)
    assert record is not None
    assert record.blocked is None


async def test_a_block_of_a_configuration_that_no_longer_parses_stays(home: Home, household: Household) -> None:
    household.add("a1", pin="4711")
    await home.manager.add_device(settings("a1", config={"pin": "0000"}))
    await home.manager.back_up(A1)
    await home.manager.update_device(settings("a1", config={"pin": "0000"}))
    device = home.manager._devices.get(A1)
    device.settings = replace(device.settings, config={"host": "a1", "pin": "0000", "gone": 1})
    await home.manager.probe("lamp", {"host": "a1", "pin": "4711"})
    assert home.manager.status(A1).health is Health.BLOCKED


async def test_a_probe_of_other_settings_leaves_the_block(home: Home, household: Household) -> None:
    household.add("a1", pin="4711")
    await home.manager.add_device(settings("a1", config={"pin": "0000"}))
    await home.manager.back_up(A1)
    info = await home.manager.probe("lamp", {"host": "a1", "pin": "4711"})
    assert info.unique_id == "a1"
    assert home.manager.status(A1).health is Health.BLOCKED
    with pytest.raises(AuthenticationError):
        await home.manager.probe("lamp", {"host": "a1", "pin": "1111"})
    with pytest.raises(HandlerUnavailableError):
        await home.manager.probe("toaster", {"host": "a1"})
