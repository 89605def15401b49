"""What becomes of backups is in the log once, at the level that people run."""

import logging

import pytest

from ha_device_backup_core.errors import CannotConnectError, UnsupportedDeviceError

from .conftest import OpenHome, key, settings
from .fakes import Home
from .lamps import Household

A1 = key("a1")
LOGGER = "ha_device_backup_core.manager.backups"


@pytest.fixture(autouse=True)
def level(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


def logged(caplog: pytest.LogCaptureFixture) -> list[tuple[int, str]]:
    """Return what was logged since the last call."""
    found = [(record.levelno, record.getMessage()) for record in caplog.records if record.name == LOGGER]
    caplog.clear()
    return found


async def test_each_outcome_is_logged_once(
    open_home: OpenHome, home: Home, household: Household, caplog: pytest.LogCaptureFixture
) -> None:
    lamp = household.add("a1")
    await home.manager.add_device(settings("a1", title="Stairs\x1b[2J"))
    backup = (await home.manager.back_up(A1)).backup
    assert backup is not None
    title = "Stairs\N{REPLACEMENT CHARACTER}[2J"
    assert logged(caplog) == [(logging.DEBUG, f"The backup {backup.id} of {title} is stored")]
    await home.manager.back_up(A1)
    assert logged(caplog) == [(logging.DEBUG, f"The backup {backup.id} of {title} is unchanged")]
    lamp.fault = CannotConnectError("Nobody answers.")
    failed = f"{title} could not be backed up: {lamp.fault}"
    await home.manager.back_up(A1)
    assert logged(caplog) == [(logging.INFO, failed)]
    await home.manager.back_up(A1)
    assert logged(caplog) == [(logging.DEBUG, failed)]
    lamp.fault = UnsupportedDeviceError("Too old.")
    await home.manager.back_up(A1)
    assert logged(caplog) == [(logging.WARNING, f"{title} could not be backed up: {lamp.fault}")]
    await home.manager.stop()
    later = await open_home()
    await later.manager.add_device(settings("a1", title="Stairs"))
    await later.manager.back_up(A1)
    assert [level for level, _ in logged(caplog)] == [logging.DEBUG]
    lamp.fault = None
    await later.manager.back_up(A1)
    assert logged(caplog)[0] == (logging.INFO, "Stairs can be backed up again")
    await later.manager.back_up(A1)
    assert [level for level, _ in logged(caplog)] == [logging.DEBUG]
