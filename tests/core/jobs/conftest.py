"""What all tests of jobs have in common."""

import logging
from collections.abc import AsyncIterator, Iterator

import pytest

from ..example_device import ExampleDevice, running
from .example_jobs import CANARY


@pytest.fixture
async def device() -> AsyncIterator[ExampleDevice]:
    async with running(ExampleDevice(password=CANARY)) as started:
        yield started


@pytest.fixture(autouse=True)
def no_secret_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    assert CANARY not in caplog.text
    assert not any(CANARY in repr(vars(record)) for record in caplog.records)
