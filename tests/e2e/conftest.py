"""One Home Assistant with two controllers for all tests that do not need one of their own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from scripts.live.controllers import Controller, simulated_controllers

from .home import Home, fresh_home


@pytest.fixture(scope="session")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of everything that is written; it stays for a look after a failure."""
    return tmp_path_factory.mktemp("e2e")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def controllers() -> AsyncIterator[list[Controller]]:
    """Start the simulated controllers."""
    async with simulated_controllers() as started:
        yield started


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def home(work: Path, controllers: list[Controller]) -> AsyncIterator[Home]:
    """Start a Home Assistant that has backed up the first two controllers."""
    async with fresh_home(work / "home", controllers[:2]) as started:
        yield started
