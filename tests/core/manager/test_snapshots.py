"""While Home Assistant makes a backup of itself, nothing moves, and what is inside is written down."""

import asyncio
import hashlib
import json
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ha_device_backup_core.errors import CannotConnectError
from ha_device_backup_core.manager import SnapshotRecord, StatusChanged
from ha_device_backup_core.manager.snapshot_records import (
    RECORDS_KEPT,
    SnapshotBackup,
    SnapshotDevice,
    SnapshotManifest,
)
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.records import Backup, DeviceRecord, Outcome, Trigger
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.store.json_documents import StoreDocument
from ha_device_backup_core.store.writer import StoreWriter

from .conftest import DEFAULTS, OpenHome, key, settings, visible_files
from .fakes import START, Home
from .lamps import LIST_MISSING, Household

A1 = key("a1")
B2 = key("b2")


async def test_the_manifest_tells_what_the_snapshot_holds(home: Home, household: Household, root: Path) -> None:
    lamp = household.add("a1")
    household.add("b2", off=True)
    household.add("c3")
    for host in ("a1", "b2", "c3"):
        await home.manager.add_device(settings(host))
    whole = (await home.manager.back_up(A1)).backup
    lamp.missing = (LIST_MISSING,)
    home.clock.now += timedelta(minutes=1)
    newest = (await home.manager.back_up(A1)).backup
    await home.manager.back_up(B2)
    home.clock.now += timedelta(hours=1)
    await home.manager.prepare_snapshot()
    assert whole is not None
    assert newest is not None
    assert home.manager.last_snapshot == SnapshotManifest(
        at=home.clock.now,
        devices=(
            SnapshotDevice(
                key=A1, title="Lamp a1", newest=SnapshotBackup.of(newest), recommended=SnapshotBackup.of(whole)
            ),
            SnapshotDevice(key=B2, title="Lamp b2", newest=None, recommended=None, reason=CannotConnectError.code),
            SnapshotDevice(key=key("c3"), title="Lamp c3", newest=None, recommended=None, reason="never"),
        ),
    )
    written = json.loads((root / "snapshot.json").read_bytes())
    assert written == home.manager.last_snapshot.to_dict()
    device = written["devices"][0]
    assert (device["recommended"]["age_seconds"], device["recommended"]["whole"]) == (3660, True)
    assert (root / device["newest"]["path"]).is_file()
    assert hashlib.sha256((root / device["newest"]["path"]).read_bytes()).hexdigest() == device["newest"]["sha256"]


async def test_running_fetches_finish_and_wait_and_nothing_new_begins(
    open_home: OpenHome, household: Household, root: Path
) -> None:
    home = await open_home(defaults=replace(DEFAULTS, concurrency=1))
    lamp, other = household.add("a1"), household.add("b2")
    lamp.holds.clear()
    for host in ("a1", "b2"):
        await home.manager.add_device(settings(host))
    everything = asyncio.create_task(home.manager.back_up_all())
    await lamp.began.wait()
    await home.manager.prepare_snapshot()
    before = visible_files(root)
    home.events.clear()
    lamp.holds.set()
    await lamp.ended.wait()
    manual = asyncio.create_task(home.manager.back_up(B2))
    await home.manager.stored.list_backups()
    await home.manager.update_device(settings("b2", title="Other"))
    await home.manager.add_device(settings("c3"))
    assert (lamp.fetches, other.contacts, visible_files(root), home.events) == (1, 0, before, [])
    assert home.manager.snapshot_in_progress
    home.clock.now += timedelta(minutes=10)
    home.manager.finish_snapshot()
    assert not home.manager.snapshot_in_progress
    assert home.events[0] == StatusChanged(key=None)
    first, second = await everything
    assert await manual is second
    assert [result.outcome for result in (first, second)] == [Outcome.STORED, Outcome.STORED]
    assert first.backup is not None
    assert first.backup.taken_at == START
    assert second.backup is not None
    assert second.backup.taken_at == START + timedelta(minutes=10)


async def test_a_failure_during_a_snapshot_is_recorded_and_told_after_it(
    home: Home, household: Household, root: Path
) -> None:
    lamp = household.add("a1", fault=CannotConnectError())
    await home.manager.add_device(settings("a1"))
    lamp.holds.clear()
    running = asyncio.create_task(home.manager.back_up(A1))
    await lamp.began.wait()
    await home.manager.prepare_snapshot()
    before, home.events[:] = visible_files(root), []
    lamp.holds.set()
    await lamp.ended.wait()
    await home.manager.stored.list_backups()
    assert (visible_files(root), home.events) == (before, [])
    home.manager.finish_snapshot()
    assert (await running).outcome is Outcome.FAILED
    assert home.outcomes == [("a1", Trigger.MANUAL, Outcome.FAILED)]


async def test_what_a_person_changes_during_a_snapshot_waits(home: Home, household: Household, root: Path) -> None:
    household.add("a1")
    await home.manager.add_device(settings("a1"))
    backup = (await home.manager.back_up(A1)).backup
    assert backup is not None
    await home.manager.prepare_snapshot()
    before = visible_files(root)
    changes = [
        asyncio.create_task(home.manager.stored.protect(A1, backup.id)),
        asyncio.create_task(home.manager.stored.mark_last_before(A1, "2.0")),
        asyncio.create_task(home.manager.record_snapshot(SnapshotRecord(id="s1", at=START))),
    ]
    await asyncio.sleep(0)
    await home.manager.stored.list_backups()
    assert visible_files(root) == before
    home.manager.finish_snapshot()
    await asyncio.gather(*changes)
    newest = home.manager.status(A1).newest
    assert newest is not None
    assert (newest.protected, newest.last_before) == (True, "2.0")


async def test_schedules_that_come_due_run_afterwards(open_home: OpenHome, household: Household) -> None:
    home = await open_home(defaults=DEFAULTS)
    household.add("a1")
    home.manager.ready()
    await home.manager.prepare_snapshot()
    await home.manager.add_device(settings("a1"))
    assert home.manager.status(A1).queued
    home.manager.finish_snapshot()
    await home.idle()
    assert home.outcomes == [("a1", Trigger.FIRST, Outcome.STORED)]


async def test_the_manifest_names_a_backup_that_is_just_being_stored(
    home: Home, household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    household.add("a1")
    await home.manager.add_device(settings("a1"))
    published, go_on, note_commit = threading.Event(), threading.Event(), StoreWriter._note_commit

    def wait_before_noting(
        writer: StoreWriter, backup: Backup, title: str, record: DeviceRecord, document: StoreDocument
    ) -> None:
        published.set()
        assert go_on.wait(60)
        note_commit(writer, backup, title, record, document)

    monkeypatch.setattr(StoreWriter, "_note_commit", wait_before_noting)
    backing_up = asyncio.create_task(home.manager.back_up(A1))
    assert await asyncio.to_thread(published.wait, 60)
    preparing = asyncio.create_task(home.manager.prepare_snapshot())
    await asyncio.sleep(0)
    go_on.set()
    await preparing
    manifest = home.manager.last_snapshot
    home.manager.finish_snapshot()
    backup = (await backing_up).backup
    assert manifest is not None
    assert backup is not None
    assert [device.newest for device in manifest.devices] == [SnapshotBackup.of(backup)]


async def test_stopping_during_a_snapshot_moves_nothing(open_home: OpenHome, household: Household, root: Path) -> None:
    home = await open_home()
    lamp = household.add("a1")
    lamp.holds.clear()
    await home.manager.add_device(settings("a1"))
    running = asyncio.create_task(home.manager.back_up(A1))
    await lamp.began.wait()
    await home.manager.prepare_snapshot()
    before = visible_files(root)
    lamp.holds.set()
    await lamp.ended.wait()
    await home.manager.stop()
    assert visible_files(root) == before
    assert (await running).error is not None


async def test_a_backup_that_is_being_deleted_is_in_no_manifest(
    home: Home, household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    lamp = household.add("a1")
    await home.manager.add_device(settings("a1"))
    older = (await home.manager.back_up(A1)).backup
    lamp.settings["brightness"] = 2
    home.clock.now += timedelta(minutes=1)
    newer = (await home.manager.back_up(A1)).backup
    assert older is not None
    assert newer is not None
    delete = BackupStore.delete

    async def delete_and_shut(store: BackupStore, *arguments: object) -> object:
        deleted = await delete(store, *arguments)  # type: ignore[arg-type] # handed on as they came
        await home.manager.prepare_snapshot()
        return deleted

    monkeypatch.setattr(BackupStore, "delete", delete_and_shut)
    await home.manager.stored.delete_backup(A1, newer.id, even_if_needed=True)
    assert home.manager.last_snapshot is not None
    assert home.manager.last_snapshot.devices[0].newest == SnapshotBackup.of(older)
    assert home.manager.last_snapshot.devices[0].recommended == SnapshotBackup.of(older)
    home.manager.finish_snapshot()


async def test_which_snapshot_carries_what_is_kept_over_restarts(open_home: OpenHome, household: Household) -> None:
    household.add("a1")
    household.add("b2", off=True)
    home = await open_home()
    for host in ("a1", "b2"):
        await home.manager.add_device(settings(host))
    backup = (await home.manager.back_up(A1)).backup
    await home.manager.prepare_snapshot()
    home.manager.finish_snapshot()
    assert home.manager.last_snapshot is not None
    assert backup is not None
    first = SnapshotRecord.of(home.manager.last_snapshot, id="s1", name="Automatic backup")
    assert first == SnapshotRecord(id="s1", at=START, name="Automatic backup", devices={A1: backup.id})
    second = SnapshotRecord(id="s2", at=START + timedelta(days=1))
    await home.manager.record_snapshot(second)
    await home.manager.record_snapshot(first)
    await home.manager.record_snapshot(first)
    assert home.manager.snapshots == (second, first)
    await home.manager.stop()
    later = await open_home()
    assert later.manager.snapshots == (second, first)


async def test_records_that_cannot_be_read_are_left_out_and_old_ones_go(
    open_home: OpenHome, root: Path, household: Household
) -> None:
    home = await open_home()
    await home.manager.stop()
    good = SnapshotRecord(id="s1", at=START, devices={A1: "2025-01-15_12-00-00"})
    listed: list[object] = [
        good.to_dict(),
        {"id": "s2"},
        "s3",
        {"id": "s4", "at": "yesterday", "devices": []},
        {"id": "s5", "at": START.isoformat(), "devices": {}},
        {"id": "s6", "at": START.replace(tzinfo=None).isoformat(), "devices": []},
        {"id": "s7", "at": START.isoformat(), "devices": ["a1"]},
    ]
    for content in (json.dumps({"snapshots": listed}), json.dumps({"snapshots": "none"}), "not JSON"):
        (root / "snapshots.json").write_text(content)
        later = await open_home()
        assert later.manager.snapshots == ((good,) if "s1" in content else ())
        if "s1" in content:
            for number in range(RECORDS_KEPT):
                record = SnapshotRecord(id=f"n{number}", at=START + timedelta(days=number + 1))
                await later.manager.record_snapshot(record)
            kept = [record.id for record in later.manager.snapshots]
            assert kept == [f"n{number}" for number in reversed(range(RECORDS_KEPT))]
        await later.manager.stop()


async def test_every_manifest_is_true_while_all_devices_are_backed_up_all_the_time(
    open_home: OpenHome, household: Household, root: Path
) -> None:
    home = await open_home(defaults=replace(DEFAULTS, concurrency=4, retention=RetentionPolicy(newest=1, monthly=0)))
    hosts = [f"l{number}" for number in range(8)]
    for host in hosts:
        household.add(host)
        await home.manager.add_device(settings(host))
    ending = asyncio.Event()

    async def keep_changing(host: str) -> int:
        stored = 0
        while not ending.is_set():
            household.lamps[host].settings["brightness"] = stored
            result = await home.manager.back_up(key(host))
            assert result.outcome is Outcome.STORED
            stored += 1
        return stored

    changing = [asyncio.create_task(keep_changing(host)) for host in hosts]
    for cycle in range(15):
        for _ in range(cycle):
            await home.manager.stored.total_size()
        await home.manager.prepare_snapshot()
        before = visible_files(root)
        manifest = home.manager.last_snapshot
        assert manifest is not None
        for device in manifest.devices:
            if device.backup is not None:
                assert before[device.backup.path][2] == device.backup.sha256
                assert f"{device.backup.path}.meta.json" in before
        await home.manager.stored.verify()
        assert visible_files(root) == before
        home.manager.finish_snapshot()
    ending.set()
    counts = await asyncio.gather(*changing)
    assert all(counts)
    assert (await home.manager.stored.verify()).problems == ()
