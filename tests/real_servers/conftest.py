"""Backups of real servers, as the product makes them."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ha_device_backup_core import DeviceBackupError
from ha_device_backup_core.jobs import runner
from ha_device_backup_core.plugins.registry import RegisteredHandler
from ha_device_backup_core.records import Fetched
from ha_device_backup_http import HttpHandler
from scripts.bootstrap.servers import SERVERS

from .trees import fill_with_repository

REGISTERED = RegisteredHandler(handler=HttpHandler, distribution="ha-device-backup-http", version="0.1.0")
CANARY = "anary"


@pytest.fixture(autouse=True)
def no_canary_in_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail when a secret is logged, at any level."""
    assert SERVERS.is_dir(), "The servers are not there: start these tests with scripts/test real_servers."
    caplog.set_level(logging.DEBUG)
    yield
    assert CANARY not in caplog.text


@pytest.fixture(scope="session")
def agent_with_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an agent that made its repository, to be copied."""
    folder = tmp_path_factory.mktemp("prepared")
    fill_with_repository(folder)
    return folder


async def fetch(config: dict[str, Any]) -> Fetched:
    """Make one backup."""
    return await runner.fetch(REGISTERED, config, expected_unique_id=None)


async def failure(config: dict[str, Any]) -> DeviceBackupError:
    """Return the error that a backup ends with."""
    with pytest.raises(DeviceBackupError) as caught:
        await fetch(config)
    assert CANARY not in f"{caught.value} {caught.value!r} {caught.value.detail_in('de')}"
    return caught.value
