"""A snapshot whose end is lost, whose start fails or lasts, or that nobody awaits: the gate opens again."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest

from ha_device_backup_core.errors import StoreError
from ha_device_backup_core.manager import DeviceBackupManager, snapshot_guard
from ha_device_backup_core.manager.snapshot_guard import LONGEST_SNAPSHOT
from ha_device_backup_core.manager.snapshot_records import SnapshotManifest
from ha_device_backup_core.records import Outcome
from ha_device_backup_core.store import BackupStore

from .conftest import key, settings, visible_files
from .fakes import START, FakeTimers, Home
from .lamps import Household

A1 = key("a1")


async def test_a_snapshot_whose_end_is_lost_ends_by_itself(
    home: Home, household: Household, caplog: pytest.LogCaptureFixture
) -> None:
    household.add("a1")
    await home.manager.add_device(settings("a1"))
    await home.manager.prepare_snapshot()
    running = asyncio.create_task(home.manager.back_up(A1))
    await asyncio.sleep(0)
    assert home.timers.next == START + LONGEST_SNAPSHOT
    home.timers.fire_next()
    assert (await running).outcome is Outcome.STORED
    assert "did not say that its backup ended" in caplog.text
    home.manager.finish_snapshot()


async def test_a_second_snapshot_before_the_end_of_the_first_counts_anew(home: Home) -> None:
    await home.manager.prepare_snapshot()
    home.clock.now += timedelta(hours=1)
    await home.manager.prepare_snapshot()
    assert home.timers.next == START + timedelta(hours=1) + LONGEST_SNAPSHOT
    assert home.manager.last_snapshot == SnapshotManifest(at=home.clock.now)
    home.manager.finish_snapshot()
    home.manager.finish_snapshot()
    assert not home.manager.snapshot_in_progress


async def test_the_gate_is_shut_where_no_timer_can_be_set(
    home: Home, household: Household, monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    lamp = household.add("a1")
    await home.manager.add_device(settings("a1"))
    await home.manager.back_up(A1)

    def refuse(*_: object) -> None:
        raise RuntimeError("no timer")

    with monkeypatch.context() as broken:
        broken.setattr(FakeTimers, "call_at", refuse)
        await home.manager.prepare_snapshot()
    assert home.manager.snapshot_in_progress
    assert json.loads((root / "snapshot.json").read_bytes())["devices"][0]["title"] == "Lamp a1"
    before = visible_files(root)
    lamp.settings["brightness"] = 2
    running = asyncio.create_task(home.manager.back_up(A1))
    await home.manager.stored.list_backups()
    assert visible_files(root) == before
    home.manager.finish_snapshot()
    assert (await running).outcome is Outcome.STORED


async def test_it_ends_by_itself_also_where_no_timer_can_be_set(
    home: Home, household: Household, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    household.add("a1")
    await home.manager.add_device(settings("a1"))
    monkeypatch.setattr(snapshot_guard, "LONGEST_SNAPSHOT", timedelta(seconds=0.01))
    monkeypatch.setattr(home.timers, "call_at", None)
    await home.manager.prepare_snapshot()
    monkeypatch.undo()
    assert (await home.manager.back_up(A1)).outcome is Outcome.STORED
    assert "did not say that its backup ended" in caplog.text


async def test_the_gate_opens_where_the_timer_cannot_be_cancelled(
    home: Home, household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    household.add("a1")
    await home.manager.add_device(settings("a1"))
    cancelled: list[object] = []
    monkeypatch.setattr(home.timers, "call_at", lambda *_: lambda: cancelled.append(1 / 0))
    await home.manager.prepare_snapshot()
    home.manager.finish_snapshot()
    monkeypatch.undo()
    assert (await home.manager.back_up(A1)).outcome is Outcome.STORED


async def raise_store_error(*_: object, **__: object) -> None:
    raise StoreError("broken")


async def raise_crash(*_: object, **__: object) -> None:
    raise ZeroDivisionError


async def hang(*_: object, **__: object) -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize("part", ["close_gate", "write_snapshot"])
@pytest.mark.parametrize("fault", [raise_store_error, raise_crash, hang])
async def test_no_part_of_it_raises_or_hangs(
    home: Home, household: Household, monkeypatch: pytest.MonkeyPatch, part: str, fault: object
) -> None:
    household.add("a1")
    await home.manager.add_device(settings("a1"))
    with monkeypatch.context() as broken:
        broken.setattr(BackupStore, part, fault)
        await home.manager.prepare_snapshot(timeout=0.05)
    assert home.manager.snapshot_in_progress
    home.manager.finish_snapshot()
    assert (await home.manager.back_up(A1)).outcome is Outcome.STORED


async def test_a_write_that_does_not_end_in_time_is_told_and_waits_behind_the_gate(
    home: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def not_quiet(store: BackupStore, *, timeout: float) -> bool:  # noqa: ASYNC109 - the store's own signature
        return False

    monkeypatch.setattr(BackupStore, "close_gate", not_quiet)
    await home.manager.prepare_snapshot()
    assert "still being written" in caplog.text
    home.manager.finish_snapshot()


async def test_before_the_start_nothing_is_written_and_nothing_raised(root: Path, household: Household) -> None:
    manager = DeviceBackupManager(root, registry=household.registry())
    await manager.prepare_snapshot()
    assert visible_files(root) == {}
    manager.finish_snapshot()
    await manager.start()
    await manager.stop()
