"""What Home Assistant logged while all the other tests used it."""

import pytest

from .home import Home

pytestmark = pytest.mark.asyncio(loop_scope="session")

EXPECTED = ("has not been tested by Home Assistant", "could not be backed up")
"""What Home Assistant says about every custom integration, and what we say of devices that other tests switched off."""


async def test_nothing_of_ours_warns_blocks_or_fails(home: Home) -> None:
    await home.client.make_backup("the last one")

    lines = home.process.log.read_text().splitlines()

    assert any("Setting up ha_device_backups" in line for line in lines)
    complaints = [line for line in lines if (" WARNING " in line or " ERROR " in line) and "ha_device_backup" in line]
    assert [line for line in complaints if not any(expected in line for expected in EXPECTED)] == []
