"""Fixtures of the tests of the manager."""

import asyncio
import hashlib
import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from random import Random
from typing import Any, Protocol

import pytest

from ha_device_backup_core.manager import Defaults, DeviceBackupManager, DeviceSettings
from ha_device_backup_core.plugins.registry import HandlerRegistry
from ha_device_backup_core.policies.retry import RetryPolicy
from ha_device_backup_core.policies.schedule import Schedule, ScheduleKind
from ha_device_backup_core.records import DeviceKey

from .fakes import Clock, FakeTimers, Home
from .lamps import Household

NO_RETRY = RetryPolicy(enabled=False)
MANUAL = Schedule(kind=ScheduleKind.MANUAL)
DEFAULTS = Defaults(schedule=MANUAL, retry=NO_RETRY)


class OpenHome(Protocol):
    def __call__(
        self,
        *,
        root: Path | None = None,
        registry: HandlerRegistry | None = None,
        defaults: Defaults = DEFAULTS,
        clock: Clock | None = None,
        write: bool = True,
    ) -> Awaitable[Home]: ...


def key(unique_id: str) -> DeviceKey:
    return DeviceKey("lamp", unique_id)


def settings(host: str, **more: Any) -> DeviceSettings:  # noqa: ANN401 - any field of the settings
    config = {"host": host, **more.pop("config", {})}
    return DeviceSettings(
        key=more.pop("key", key(host)), title=more.pop("title", f"Lamp {host}"), config=config, **more
    )


def visible_files(root: Path) -> dict[str, tuple[int, int, str]]:
    """Return everything that a reader of the folders could see."""
    found = {}
    for folder, _, names in os.walk(root):
        for name in names:
            path = Path(folder) / name
            status = path.stat()
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            found[str(path.relative_to(root))] = (status.st_ino, status.st_mtime_ns, digest)
    return found


@pytest.fixture
def household() -> Household:
    return Household()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
async def open_home(household: Household, root: Path) -> AsyncGenerator[OpenHome]:
    """Return what starts a manager; at the end all are stopped, and nothing of them may be left."""
    homes: list[Home] = []

    async def open_one(
        *,
        root: Path | None = root,
        registry: HandlerRegistry | None = None,
        defaults: Defaults = DEFAULTS,
        clock: Clock | None = None,
        write: bool = True,
    ) -> Home:
        clock = clock or Clock()
        timers = FakeTimers(clock)
        assert root is not None
        manager = DeviceBackupManager(
            root,
            registry=registry or household.registry(),
            timers=timers,
            clock=clock,
            defaults=defaults,
            random=Random(1),
        )
        home = Home(manager=manager, clock=clock, timers=timers)
        manager.subscribe(home.events.append)
        await manager.start(write=write)
        homes.append(home)
        return home

    yield open_one
    for home in homes:
        await home.manager.stop()
        assert home.timers.waiting == {}
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.fixture
async def home(open_home: Callable[[], Awaitable[Home]]) -> Home:
    return await open_home()
