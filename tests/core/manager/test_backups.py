"""One backup after the other: what is stored, what is only confirmed, what is refused."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ha_device_backup_core.contract import Artifact
from ha_device_backup_core.errors import (
    BackupNotFoundError,
    DeviceBackupError,
)
from ha_device_backup_core.manager import JobResult
from ha_device_backup_core.manager.health import Health
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.records import Attempt, Backup, DeviceKey, HandlerVersion, Outcome, Trigger
from ha_device_backup_core.store import BackupStore
from ha_device_backup_core.text import Text

from .conftest import OpenHome, key, settings
from .fakes import START, Home
from .lamps import LIST_MISSING, NO_NAME, Household, LampHandler

A1 = key("a1")
MINUTE = timedelta(minutes=1)


async def test_the_first_backup_is_stored_and_told(home: Home, household: Household) -> None:
    lamp = household.add("a1", version="0.15.5")
    await home.manager.add_device(settings("a1"))
    result = await home.manager.back_up(A1)
    status = home.manager.status(A1)
    backup = result.backup
    assert backup is not None
    assert result == JobResult(
        key=A1, title="Lamp a1", outcome=Outcome.STORED, trigger=Trigger.MANUAL, device=backup.device, backup=backup
    )
    assert backup.handler == HandlerVersion(kind="lamp", distribution="lamps", version="1.0")
    assert (backup.taken_at, backup.confirmed, backup.device.version) == (START, START, "0.15.5")
    assert home.results == [result]
    assert (status.newest, status.recommended, status.count, status.size) == (backup, backup, 1, backup.artifact.size)
    assert (status.confirmed, status.changed_at, status.health) == (START, START, Health.OK)
    assert (status.running, status.queued, status.next_run, status.retry_at) == (False, False, None, None)
    assert status.last_attempt == Attempt(at=START, outcome=Outcome.STORED)
    assert lamp.closed == 1


async def test_a_subscriber_sees_the_device_at_rest_when_its_result_comes(home: Home, household: Household) -> None:
    household.add("a1")
    seen: list[bool] = []
    await home.manager.add_device(settings("a1"))

    def look(event: object) -> None:
        if isinstance(event, JobResult):
            seen.append(home.manager.status(A1).running)

    home.manager.subscribe(look)
    await home.manager.back_up(A1)
    await home.idle()
    assert seen == [False]


async def test_who_looks_at_any_moment_sees_the_device_at_rest_only_after_its_result(
    home: Home, household: Household
) -> None:
    household.add("a1")
    await home.manager.add_device(settings("a1"))
    backup = asyncio.create_task(home.manager.back_up(A1))
    while not home.manager.status(A1).running:
        await asyncio.sleep(0)
    while home.manager.status(A1).running:
        await asyncio.sleep(0)
    assert [result.outcome for result in home.results] == [Outcome.STORED]
    await backup


async def test_what_is_unchanged_moves_only_the_confirmed_time(home: Home, household: Household) -> None:
    lamp = household.add("a1", settings={"name": "lamp", "brightness": 1, "uptime": 5})
    await home.manager.add_device(settings("a1"))
    first = (await home.manager.back_up(A1)).backup
    lamp.settings = {"uptime": 99, "brightness": 1, "name": "lamp"}
    home.clock.now += MINUTE
    result = await home.manager.back_up(A1)
    assert first is not None
    assert (result.outcome, result.backup) == (Outcome.UNCHANGED, replace(first, confirmed=START + MINUTE))
    status = home.manager.status(A1)
    assert (status.confirmed, status.changed_at, status.count) == (START + MINUTE, START, 1)
    assert status.last_attempt == Attempt(at=START + MINUTE, outcome=Outcome.UNCHANGED)
    lamp.settings["brightness"] = 2
    assert (await home.manager.back_up(A1)).outcome is Outcome.STORED
    assert home.manager.status(A1).count == 2


async def test_an_incomplete_backup_never_displaces_the_recommended_one(home: Home, household: Household) -> None:
    lamp = household.add("a1")
    await home.manager.add_device(settings("a1", retention=RetentionPolicy(newest=1, monthly=0)))
    whole = (await home.manager.back_up(A1)).backup
    lamp.missing = (LIST_MISSING,)
    home.clock.now += MINUTE
    partial = await home.manager.back_up(A1)
    assert partial.outcome is Outcome.STORED
    status = home.manager.status(A1)
    assert (status.newest, status.recommended, status.confirmed) == (partial.backup, whole, START)
    home.clock.now += MINUTE
    again = await home.manager.back_up(A1)
    assert again.outcome is Outcome.UNCHANGED
    assert home.manager.status(A1).confirmed == START
    lamp.missing = ()
    home.clock.now += MINUTE
    healed = await home.manager.back_up(A1)
    assert whole is not None
    assert (healed.outcome, healed.backup) == (Outcome.UNCHANGED, replace(whole, confirmed=START + 3 * MINUTE))
    assert home.manager.status(A1).confirmed == START + 3 * MINUTE


async def test_what_is_in_doubt_is_stored_as_such(home: Home, household: Household) -> None:
    household.add("a1", settings={"brightness": 1})
    await home.manager.add_device(settings("a1"))
    result = await home.manager.back_up(A1)
    assert result.backup is not None
    assert (result.backup.artifact.doubts, result.backup.whole) == ((NO_NAME,), False)
    assert home.manager.status(A1).recommended == result.backup
    assert (await home.manager.back_up(A1)).outcome is Outcome.UNCHANGED


async def test_a_new_version_of_the_handler_compares_by_its_own_measure(
    open_home: OpenHome, household: Household
) -> None:
    lamp = household.add("a1", settings={"name": "lamp", "brightness": 1, "uptime": 1})
    old = await open_home(registry=household.registry("1.0", volatile=frozenset()))
    await old.manager.add_device(settings("a1"))
    first = (await old.manager.back_up(A1)).backup
    lamp.settings["uptime"] = 2
    await old.manager.stop()
    new = await open_home(registry=household.registry("1.1"))
    await new.manager.add_device(settings("a1"))
    result = await new.manager.back_up(A1)
    assert first is not None
    assert result.backup is not None
    assert (result.outcome, result.backup.id) == (Outcome.UNCHANGED, first.id)


async def test_a_new_version_of_the_handler_that_fails_on_an_old_backup_still_stores(
    open_home: OpenHome, household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    lamp = household.add("a1", settings={"name": "old", "brightness": 1})
    old = await open_home(registry=household.registry("1.0"))
    await old.manager.add_device(settings("a1"))
    await old.manager.back_up(A1)
    await old.manager.stop()
    lamp.settings["name"] = "new"

    def forgetful(cls: type[LampHandler], artifact: Artifact) -> Mapping[str, bytes]:
        if b"old" in artifact.content:
            raise KeyError("theme")
        return artifact.files()

    monkeypatch.setattr(LampHandler, "normalize", classmethod(forgetful))
    new = await open_home(registry=household.registry("1.1"))
    await new.manager.add_device(settings("a1"))
    assert (await new.manager.back_up(A1)).outcome is Outcome.STORED
    assert (await new.manager.back_up(A1)).outcome is Outcome.UNCHANGED


async def test_a_damaged_backup_is_never_confirmed(home: Home, household: Household, root: Path) -> None:
    household.add("a1")
    await home.manager.add_device(settings("a1"))
    first = (await home.manager.back_up(A1)).backup
    assert first is not None
    (root / first.path).write_bytes(b"{}")
    second = await home.manager.back_up(A1)
    assert second.outcome is Outcome.STORED
    assert (await home.manager.back_up(A1)).outcome is Outcome.UNCHANGED


async def test_retention_follows_each_stored_backup(home: Home, household: Household) -> None:
    lamp = household.add("a1")
    await home.manager.add_device(settings("a1", retention=RetentionPolicy(newest=3, monthly=0)))
    for brightness in range(6):
        lamp.settings["brightness"] = brightness
        home.clock.now += MINUTE
        assert (await home.manager.back_up(A1)).outcome is Outcome.STORED
    assert home.manager.status(A1).count == 3
    assert len(await home.manager.stored.list_backups(A1)) == 3


async def test_a_backup_of_an_unknown_schema_is_passed_over(home: Home, household: Household, root: Path) -> None:
    lamp = household.add("a1")
    await home.manager.add_device(settings("a1"))
    first = (await home.manager.back_up(A1)).backup
    lamp.settings["brightness"] = 2
    home.clock.now += MINUTE
    second = (await home.manager.back_up(A1)).backup
    assert first is not None
    assert second is not None
    meta = root / f"{second.path}.meta.json"
    meta.write_text(json.dumps(json.loads(meta.read_bytes()) | {"schema": 99}))
    lamp.settings["brightness"] = 1
    result = await home.manager.back_up(A1)
    assert result.backup is not None
    assert (result.outcome, result.backup.id) == (Outcome.UNCHANGED, first.id)


async def test_a_device_is_taken_up_again_with_its_backups(open_home: OpenHome, household: Household) -> None:
    household.add("a1")
    home = await open_home()
    await home.manager.add_device(settings("a1"))
    backup = (await home.manager.back_up(A1)).backup
    await home.manager.remove_device(A1)
    await home.manager.remove_device(A1)
    assert [record.key for record in await home.manager.stored.without_device()] == [A1]
    assert home.manager.statuses() == []
    with pytest.raises(BackupNotFoundError):
        home.manager.status(A1)
    with pytest.raises(BackupNotFoundError):
        await home.manager.back_up(A1)
    await home.manager.add_device(settings("a1", title="Kitchen"))
    assert await home.manager.stored.without_device() == []
    status = home.manager.status(A1)
    assert (status.title, status.newest, status.last_attempt) == (
        "Kitchen",
        backup,
        Attempt(at=START, outcome=Outcome.STORED),
    )
    await home.manager.add_device(settings("a1", title="Hall"))
    assert home.manager.status(A1).title == "Hall"
    record = await home.manager._store.device(A1)
    assert record is not None
    assert record.title == "Hall"


async def test_removing_a_device_ends_its_jobs(home: Home, household: Household) -> None:
    lamp = household.add("a1")
    lamp.holds.clear()
    await home.manager.add_device(settings("a1"))
    running = asyncio.create_task(home.manager.back_up(A1))
    await lamp.began.wait()
    await home.manager.remove_device(A1)
    result = await running
    assert type(result.error) is DeviceBackupError
    assert (lamp.closed, lamp.in_flight) == (1, 0)


async def test_who_no_longer_waits_does_not_end_the_job(home: Home, household: Household) -> None:
    lamp = household.add("a1")
    lamp.holds.clear()
    await home.manager.add_device(settings("a1"))
    waiting = asyncio.create_task(home.manager.back_up(A1))
    await lamp.began.wait()
    waiting.cancel()
    await asyncio.wait([waiting])
    lamp.holds.set()
    await home.idle()
    assert home.outcomes == [("a1", Trigger.MANUAL, Outcome.STORED)]


async def test_one_failing_subscriber_hurts_nobody(
    home: Home, household: Household, caplog: pytest.LogCaptureFixture
) -> None:
    household.add("a1")
    await home.manager.add_device(settings("a1"))

    def fail(_: object) -> None:
        raise RuntimeError

    last: list[object] = []
    unsubscribe = home.manager.subscribe(fail)
    home.manager.subscribe(last.append)
    await home.manager.back_up(A1)
    await home.idle()
    assert any(isinstance(event, JobResult) for event in last)
    assert "A subscriber failed" in caplog.text
    unsubscribe()
    unsubscribe()
    caplog.clear()
    await home.manager.back_up(A1)
    await home.idle()
    assert not caplog.text


async def test_how_far_a_backup_is(home: Home, household: Household) -> None:
    lamp = household.add("a1")
    lamp.progress = "12 MB came from the device."
    await home.manager.add_device(settings("a1"))
    seen: list[Text | None] = []
    home.manager.subscribe(lambda _: seen.append(home.manager.status(A1).progress))

    await home.manager.back_up(A1)

    assert lamp.progress in seen
    assert home.manager.status(A1).progress is None


async def test_a_fetch_knows_what_stored_backups_name(home: Home, household: Household) -> None:
    lamp = household.add("a1")
    lamp.kept = "first"
    await home.manager.add_device(settings("a1"))
    await home.manager.back_up(A1)
    lamp.kept = "second"
    lamp.settings = {"name": "other", "brightness": 1}
    await home.manager.back_up(A1)
    await home.manager.back_up(A1)
    assert lamp.told_kept == [frozenset(), {"first"}, {"first", "second"}]


async def test_who_keeps_nothing_elsewhere_has_none_of_its_backups_read_for_that(
    home: Home, household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    lamp = household.add("a1")
    await home.manager.add_device(settings("a1"))
    read: list[int | None] = []
    backups = BackupStore.backups

    async def counted(store: BackupStore, key: DeviceKey, *, limit: int | None = None) -> list[Backup]:
        read.append(limit)
        return await backups(store, key, limit=limit)

    monkeypatch.setattr(BackupStore, "backups", counted)
    for brightness in range(3):
        lamp.settings = {"name": "a1", "brightness": brightness}
        await home.manager.back_up(A1)
    assert lamp.told_kept == [frozenset(), None, None]
    assert read.count(None) == 1
