"""What the tests of the core have in common."""

from collections.abc import Iterator

import pytest

from ha_device_backup_core.cli import own_output


@pytest.fixture(autouse=True)
def unclaimed_output() -> Iterator[None]:
    """Let no test print to what a command claimed in another one: outside of tests a process runs one command."""
    yield
    own_output._claimed = None  # as at the start of a process
