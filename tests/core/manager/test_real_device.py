"""The manager with a real device on 127.0.0.1, faults included, and a secret that must show up nowhere."""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ha_device_backup_core.errors import (
    AuthenticationError,
    CannotConnectError,
    DeviceBackupError,
    InvalidArtifactError,
    UnexpectedResponseError,
    WrongDeviceError,
)
from ha_device_backup_core.manager import DeviceSettings
from ha_device_backup_core.manager.health import Health
from ha_device_backup_core.plugins.registry import HandlerRegistry, RegisteredHandler
from ha_device_backup_core.records import DeviceKey, Outcome
from ha_device_backup_core.restore_records import RestoreReport
from tests.core.example_device import Answer, ExampleDevice, broken_off, login_page, running, server_error
from tests.core.example_handler import ExampleHandler

from .conftest import OpenHome
from .fakes import Home

CANARY = "canary-4711"
KEY = DeviceKey("example", "a1")
REGISTRY = HandlerRegistry(
    handlers={"example": RegisteredHandler(handler=ExampleHandler, distribution="example", version="1.0")}
)


def settings(device: ExampleDevice) -> DeviceSettings:
    config = {"host": "127.0.0.1", "port": device.port, "password": CANARY}
    return DeviceSettings(key=KEY, title="Kitchen", config=config)


@pytest.fixture
async def home(open_home: OpenHome) -> Home:
    return await open_home(registry=REGISTRY)


@pytest.fixture(autouse=True)
def no_secret(home: Home, root: Path, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Look for the secret in everything that the manager says and writes."""
    caplog.set_level(logging.DEBUG)
    yield
    assert CANARY not in caplog.text
    assert CANARY not in repr(home.events)
    assert CANARY not in repr(home.manager.statuses())
    assert CANARY not in repr([result.error and str(result.error) for result in home.results])
    for path in root.rglob("*.json"):
        assert CANARY not in path.read_text()


@pytest.mark.parametrize(
    ("path", "fault", "expected"),
    [
        ("/info", server_error, UnexpectedResponseError),
        ("/config", server_error, UnexpectedResponseError),
        ("/config", login_page, InvalidArtifactError),
        ("/config", broken_off, DeviceBackupError),
    ],
)
async def test_a_fault_stores_nothing_and_passes(
    home: Home, path: str, fault: Answer, expected: type[DeviceBackupError]
) -> None:
    async with running(ExampleDevice(password=CANARY)) as device:
        await home.manager.add_device(settings(device))
        device.faults[path] = fault
        failed = await home.manager.back_up(KEY)
        assert isinstance(failed.error, expected)
        assert await home.manager.stored.list_backups() == []
        device.faults.clear()
        assert (await home.manager.back_up(KEY)).outcome is Outcome.STORED
        assert (await home.manager.back_up(KEY)).outcome is Outcome.UNCHANGED


async def test_a_device_that_is_off_and_on_again(home: Home) -> None:
    async with running(ExampleDevice(password=CANARY)) as device:
        await home.manager.add_device(settings(device))
        await home.manager.back_up(KEY)
    failed = await home.manager.back_up(KEY)
    assert isinstance(failed.error, CannotConnectError)
    assert home.manager.status(KEY).health is Health.LATE
    async with running(device):
        await home.manager.update_device(settings(device))
        assert (await home.manager.back_up(KEY)).outcome is Outcome.UNCHANGED


async def test_a_wrong_password_is_asked_once(home: Home) -> None:
    async with running(ExampleDevice(password="other")) as device:
        await home.manager.add_device(settings(device))
        for _ in range(3):
            assert isinstance((await home.manager.back_up(KEY)).error, AuthenticationError)
        assert device.requests.count("GET /info") == 1
        device.password = CANARY
        assert (await home.manager.probe("example", settings(device).config)).unique_id == "a1"
        assert (await home.manager.back_up(KEY)).outcome is Outcome.STORED


async def test_another_device_took_the_address(home: Home) -> None:
    async with running(ExampleDevice(password=CANARY)) as device:
        await home.manager.add_device(settings(device))
        await home.manager.back_up(KEY)
        device.info = device.info | {"id": "b2"}
        assert isinstance((await home.manager.back_up(KEY)).error, WrongDeviceError)
        device.info = device.info | {"id": "a1"}
        assert (await home.manager.back_up(KEY)).outcome is Outcome.UNCHANGED


async def test_a_wiped_device_gets_its_configuration_back(home: Home) -> None:
    async with running(ExampleDevice(password=CANARY)) as device:
        await home.manager.add_device(settings(device))
        kept = device.config
        backup = (await home.manager.back_up(KEY)).backup
        assert backup is not None
        device.config = b'{"name": "factory"}'
        result = await home.manager.restore(KEY, backup.id)
        assert result.report == RestoreReport(proven=("config.json",))
        assert device.config == kept


async def test_many_requests_at_once_reach_the_device_one_at_a_time(home: Home) -> None:
    async with running(ExampleDevice(password=CANARY)) as device:
        await home.manager.add_device(settings(device))
        await home.manager.add_device(replace(settings(device), key=DeviceKey("example", "b2")))
        results = await asyncio.gather(*(home.manager.back_up(key) for key in (KEY, DeviceKey("example", "b2"), KEY)))
        assert [result.outcome for result in results] == [Outcome.STORED, Outcome.FAILED, Outcome.STORED]
        assert device.requests == ["GET /info", "GET /config", "GET /info", "GET /logout", "GET /info", "GET /logout"]
