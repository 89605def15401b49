"""The life of the manager: its start, its handlers and its end."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from ha_device_backup_core.errors import (
    DeviceBackupError,
    HandlerUnavailableError,
    StoreLockedError,
)
from ha_device_backup_core.manager import DeviceBackupManager
from ha_device_backup_core.plugins.registry import HandlerRegistry, HandlerScanner
from ha_device_backup_core.records import Outcome, Trigger

from .conftest import DEFAULTS, OpenHome, key, settings
from .fakes import Home
from .lamps import Household

A1 = key("a1")


async def test_a_missing_handler_is_told_and_its_return_is_noticed(
    open_home: OpenHome, household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    household.add("a1")
    home = await open_home(registry=HandlerRegistry())
    await home.manager.add_device(settings("a1"))
    result = await home.manager.back_up(A1)
    assert isinstance(result.error, HandlerUnavailableError)
    monkeypatch.setattr(HandlerScanner, "scan", lambda _: household.registry())
    assert sorted((await home.manager.rescan()).handlers) == ["lamp"]
    assert (await home.manager.back_up(A1)).outcome is Outcome.STORED


async def test_who_follows_the_handlers_hears_of_other_ones_only(
    home: Home, household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = home.manager.registry
    monkeypatch.setattr(HandlerScanner, "scan", lambda _: found)
    heard: list[HandlerRegistry] = []
    stop = home.manager.subscribe_registry(heard.append)
    same, newer, none = replace(found), household.registry("1.1"), HandlerRegistry()

    for found in (same, newer, newer, none):
        assert await home.manager.rescan() == found
    assert heard == [newer, none]

    stop()
    found = newer
    await home.manager.rescan()
    assert heard == [newer, none]


async def test_handlers_are_loaded_at_the_start(
    household: Household, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HandlerScanner, "scan", lambda _: household.registry())
    manager = DeviceBackupManager(root)
    assert manager.registry == HandlerRegistry()
    await manager.start()
    assert sorted(manager.registry.handlers) == ["lamp"]
    await manager.stop()


async def test_a_start_that_fails_gives_the_store_back(
    household: Household, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: HandlerScanner) -> HandlerRegistry:
        raise RuntimeError

    monkeypatch.setattr(HandlerScanner, "scan", fail)
    with pytest.raises(RuntimeError):
        await DeviceBackupManager(root).start()
    monkeypatch.setattr(HandlerScanner, "scan", lambda _: household.registry())
    manager = DeviceBackupManager(root)
    await manager.start()
    await manager.stop()


async def test_a_second_manager_on_the_store_is_refused(open_home: OpenHome, home: Home) -> None:
    with pytest.raises(StoreLockedError):
        await open_home()
    await home.manager.stop()
    await open_home()


async def test_stopping_ends_what_runs_and_what_waits(open_home: OpenHome, household: Household) -> None:
    home = await open_home(defaults=replace(DEFAULTS, concurrency=1))
    for host in ("a1", "b2"):
        household.add(host).holds.clear()
        await home.manager.add_device(settings(host))
    everything = asyncio.create_task(home.manager.back_up_all(trigger=Trigger.MANUAL))
    await household.lamps["a1"].began.wait()
    await home.manager.stop()
    results = await everything
    assert [type(result.error) for result in results] == [DeviceBackupError, DeviceBackupError]
    assert (household.lamps["a1"].closed, household.lamps["b2"].closed) == (1, 0)
    late = await home.manager.back_up(A1)
    assert type(late.error) is DeviceBackupError
