"""How a restore ends: undone, cut off, clicked twice, or left alone by whoever asked for it."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest

from ha_device_backup_core.contract import Artifact
from ha_device_backup_core.errors import (
    BackupNeededError,
    DeviceBackupError,
    RestoreNotVerifiedError,
    RestoreRejectedError,
    StoreDamagedError,
)
from ha_device_backup_core.manager import Health, ManagerEvent, RestoreResult
from ha_device_backup_core.manager.events import IdentityLearned
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.records import Backup, UnfinishedRestore
from ha_device_backup_core.suspicion import Suspicion

from .conftest import OpenHome, key, settings
from .fakes import START, Home
from .lamps import FACTORY, NOT_VERIFIED, Household, Lamp

A1 = key("a1")
WIPED = {"name": "wiped", "brightness": 0}
CONFIGURED = {"name": "lamp", "brightness": 1}


async def wiped(home: Home, household: Household) -> tuple[Lamp, Backup]:
    lamp = household.add("a1")
    await home.manager.add_device(settings("a1"))
    backup = (await home.manager.back_up(A1)).backup
    assert backup is not None
    lamp.settings = dict(WIPED)
    return lamp, backup


def results(home: Home) -> list[RestoreResult]:
    return [event for event in home.events if isinstance(event, RestoreResult)]


async def test_it_is_told_and_can_be_undone(home: Home, household: Household) -> None:
    lamp, backup = await wiped(home, household)
    result = await home.manager.restore(A1, backup.id)
    assert results(home) == [result]
    assert result.safety_backup is not None
    assert result.safety_backup.undoes == START
    await home.manager.restore(A1, result.safety_backup.id)
    assert lamp.settings == WIPED


async def test_what_undoes_it_is_known_where_that_was_stored_before(home: Home, household: Household) -> None:
    lamp, backup = await wiped(home, household)
    lamp.settings = dict(FACTORY)
    reset = (await home.manager.back_up(A1)).backup
    assert reset is not None
    assert (reset.suspect, reset.undoes, reset.to_dict("de")["suspect"]) == (
        True,
        None,
        "Das Gerät hat seine Werkseinstellungen.",
    )
    home.clock.now += timedelta(hours=1)
    result = await home.manager.restore(A1, backup.id)
    assert result.safety_backup is not None
    assert result.safety_backup.id == reset.id
    listed = [(one.id, one.undoes, one.suspect) for one in await home.manager.stored.list_backups(A1)]
    assert (reset.id, START + timedelta(hours=1), True) in listed
    told = result.safety_backup.to_dict()
    assert (told["undoes_restore_of"], told["suspect"]) == ("2025-01-15T13:00:00+00:00", None)


async def test_one_that_failed_on_the_way_is_unfinished_until_it_succeeds(home: Home, household: Household) -> None:
    lamp, backup = await wiped(home, household)
    lamp.restore_fault = NOT_VERIFIED
    with pytest.raises(RestoreNotVerifiedError):
        await home.manager.restore(A1, backup.id)
    safety = (await home.manager.stored.list_backups(A1))[0]
    unfinished = UnfinishedRestore(source=A1, backup_id=backup.id, safety_backup_id=safety.id, begun_at=START)
    assert home.manager.status(A1).unfinished_restore == unfinished
    assert [type(result.error) for result in results(home)] == [RestoreNotVerifiedError]

    lamp.settings = {"name": "half", "brightness": 0}
    half = (await home.manager.back_up(A1)).backup
    assert half is not None
    assert half.suspicion is Suspicion.UNFINISHED_RESTORE
    assert home.manager.status(A1).health is Health.SUSPECT

    with pytest.raises(RestoreNotVerifiedError):
        await home.manager.restore(A1, backup.id)
    again = home.manager.status(A1).unfinished_restore
    assert again is not None
    assert again.safety_backup_id == safety.id, "an undo leads to before the first try"

    lamp.restore_fault = None
    result = await home.manager.restore(A1)
    assert result.backup == backup, "it goes on with the same"
    assert result.safety_backup == await home.manager.stored.backup(A1, safety.id), "that undoes all of it"
    assert [kept.id for kept in await home.manager.stored.list_backups(A1) if kept.undoes is not None] == [safety.id]
    assert home.manager.status(A1).unfinished_restore is None
    assert (lamp.settings, home.manager.status(A1).health) == (CONFIGURED, Health.OK)


async def test_what_continues_or_undoes_it_is_neither_pruned_nor_deleted_unasked(
    home: Home, household: Household
) -> None:
    lamp = household.add("a1")
    retention = RetentionPolicy(newest=1, monthly=0)
    await home.manager.add_device(settings("a1", retention=RetentionPolicy(newest=5)))
    lamp.settings = {"name": "old", "brightness": 1}
    old = (await home.manager.back_up(A1)).backup
    assert old is not None
    lamp.settings = dict(CONFIGURED)
    await home.manager.back_up(A1)
    lamp.restore_fault = NOT_VERIFIED
    with pytest.raises(RestoreNotVerifiedError):
        await home.manager.restore(A1, old.id)
    unfinished = home.manager.status(A1).unfinished_restore
    assert unfinished is not None
    assert unfinished.safety_backup_id is not None
    with pytest.raises(RestoreNotVerifiedError):
        await home.manager.restore(A1, old.id)
    await home.manager.update_device(settings("a1", retention=retention))
    for brightness in (2, 3, 4):
        lamp.settings = {"name": "half", "brightness": brightness}
        await home.manager.back_up(A1)
    kept = {backup.id for backup in await home.manager.stored.list_backups(A1)}
    assert {old.id, unfinished.safety_backup_id} < kept
    reasons = home.manager.stored.needed(A1, await home.manager.stored.list_backups(A1))
    for needed in (old.id, unfinished.safety_backup_id):
        assert str(reasons[needed]).startswith("A restore of this device did not end")
        with pytest.raises(BackupNeededError):
            await home.manager.stored.delete_backup(A1, needed)
    lamp.restore_fault = None
    await home.manager.restore(A1)
    assert lamp.settings == {"name": "old", "brightness": 1}


async def test_one_that_was_refused_before_anything_changed_is_not_unfinished(home: Home, household: Household) -> None:
    lamp, backup = await wiped(home, household)
    lamp.restore_fault = RestoreRejectedError("Too new.")
    with pytest.raises(RestoreRejectedError):
        await home.manager.restore(A1, backup.id)
    assert home.manager.status(A1).unfinished_restore is None
    lamp.restore_fault = None
    await home.manager.restore(A1, backup.id)
    assert lamp.settings == CONFIGURED


async def test_one_that_was_cut_off_is_told_at_the_next_start(open_home: OpenHome, household: Household) -> None:
    home = await open_home()
    lamp, backup = await wiped(home, household)
    lamp.restore_holds.clear()
    restoring = asyncio.create_task(home.manager.restore(A1, backup.id))
    await lamp.restore_began.wait()
    await home.manager.stop()
    with pytest.raises(asyncio.CancelledError):
        await restoring
    lamp.restore_holds.set()

    again = await open_home()
    await again.manager.add_device(settings("a1"))
    unfinished = again.manager.status(A1).unfinished_restore
    assert unfinished is not None
    assert (unfinished.source, unfinished.backup_id) == (A1, backup.id)
    await again.manager.restore(unfinished.source, unfinished.backup_id)
    assert again.manager.status(A1).unfinished_restore is None
    assert lamp.settings == CONFIGURED


async def test_a_person_may_leave_it_as_it_is(home: Home, household: Household) -> None:
    lamp, backup = await wiped(home, household)
    lamp.restore_fault = NOT_VERIFIED
    with pytest.raises(RestoreNotVerifiedError):
        await home.manager.restore(A1, backup.id)
    await home.manager.dismiss_restore(A1)
    assert home.manager.status(A1).unfinished_restore is None
    await home.manager.dismiss_restore(A1)


async def test_a_second_click_joins_and_another_backup_waits_its_turn(home: Home, household: Household) -> None:
    lamp, backup = await wiped(home, household)
    other = (await home.manager.back_up(A1)).backup
    assert other is not None
    lamp.restore_holds.clear()
    first = asyncio.create_task(home.manager.restore(A1, backup.id))
    await lamp.restore_began.wait()
    second = asyncio.create_task(home.manager.restore(A1))
    with pytest.raises(RestoreRejectedError, match="Wait until that is done"):
        await home.manager.restore(A1, other.id)
    lamp.restore_holds.set()
    assert await first == await second
    assert lamp.restores == 1


async def test_whoever_goes_away_ends_nothing(home: Home, household: Household) -> None:
    lamp, backup = await wiped(home, household)
    lamp.restore_holds.clear()
    left = asyncio.create_task(home.manager.restore(A1, backup.id))
    await lamp.restore_began.wait()
    left.cancel()
    await asyncio.wait([left])
    back = asyncio.create_task(home.manager.restore(A1, backup.id))
    await asyncio.sleep(0)
    lamp.restore_holds.set()
    assert (await back).error is None
    assert (lamp.settings, lamp.restores) == (CONFIGURED, 1)


async def test_who_comes_back_finds_it(home: Home, household: Household) -> None:
    lamp, backup = await wiped(home, household)
    assert (home.manager.running_restore(A1), home.manager.status(A1).restoring) == (None, False)
    lamp.restore_holds.clear()
    left = asyncio.create_task(home.manager.restore(A1, backup.id))
    await lamp.restore_began.wait()
    running = home.manager.running_restore(A1)
    assert running is not None
    assert (running.source, running.backup_id, home.manager.status(A1).restoring) == (A1, backup.id, True)
    lamp.restore_holds.set()
    await left
    assert (home.manager.running_restore(A1), home.manager.status(A1).restoring) == (None, False)


async def test_one_that_ends_before_it_begins_is_told(home: Home, household: Household, root: Path) -> None:
    lamp, backup = await wiped(home, household)
    content = (root / backup.path).read_bytes()
    (root / backup.path).write_bytes(b"{}")
    with pytest.raises(StoreDamagedError):
        await home.manager.restore(A1, backup.id)
    assert [(result.backup.id, type(result.error)) for result in results(home)] == [(backup.id, StoreDamagedError)]
    assert not home.manager.status(A1).restoring
    (root / backup.path).write_bytes(content)
    await home.manager.restore(A1, backup.id)
    assert lamp.settings == CONFIGURED


async def test_whether_it_is_unfinished_is_known_when_its_end_is_told(home: Home, household: Household) -> None:
    lamp, backup = await wiped(home, household)
    known: list[bool] = []

    def note(event: ManagerEvent) -> None:
        if isinstance(event, RestoreResult):
            known.append(home.manager.status(A1).unfinished_restore is not None)

    home.manager.subscribe(note)
    lamp.restore_fault = NOT_VERIFIED
    with pytest.raises(RestoreNotVerifiedError):
        await home.manager.restore(A1, backup.id)
    lamp.restore_fault = None
    await home.manager.restore(A1, backup.id)
    assert known == [True, False]


async def test_a_device_that_is_added_anew_meanwhile_knows_that_it_goes_on_and_how_it_ended(
    home: Home, household: Household
) -> None:
    lamp, backup = await wiped(home, household)
    lamp.restore_holds.clear()
    restoring = asyncio.create_task(home.manager.restore(A1, backup.id))
    await lamp.restore_began.wait()
    running = home.manager.running_restore(A1)
    assert running is not None
    await home.manager.remove_device(A1)
    assert home.manager.running_restore(A1) == running, "it is told of a device that is not there"
    await home.manager.add_device(settings("a1"))
    assert (home.manager.running_restore(A1), home.manager.status(A1).restoring) == (running, True)
    again = asyncio.create_task(home.manager.restore(A1, backup.id))
    await asyncio.sleep(0)
    lamp.restore_holds.set()
    assert await restoring == await again
    status = home.manager.status(A1)
    assert (status.restoring, status.unfinished_restore, status.count) == (False, None, 3)
    assert home.manager.running_restore(A1) is None
    assert (lamp.settings, lamp.restores) == (CONFIGURED, 1)


async def test_one_whose_device_is_gone_for_good_is_told_to_its_end(home: Home, household: Household) -> None:
    lamp, backup = await wiped(home, household)
    lamp.restore_holds.clear()
    restoring = asyncio.create_task(home.manager.restore(A1, backup.id))
    await lamp.restore_began.wait()
    await home.manager.remove_device(A1)
    lamp.restore_holds.set()
    result = await restoring
    assert results(home) == [result]
    assert home.manager.running_restore(A1) is None
    await home.manager.add_device(settings("a1"))
    assert home.manager.status(A1).unfinished_restore is None
    assert lamp.settings == CONFIGURED


async def test_the_hardware_was_replaced_and_what_it_holds_is_nobodys_choice(home: Home, household: Household) -> None:
    lamp, backup = await wiped(home, household)
    lamp.unique_id = "b2"
    lamp.settings = {"name": "new", "brightness": 9}
    b2 = await home.manager.replace_device(A1, "b2")
    assert b2 == key("b2")
    unfinished = home.manager.status(b2).unfinished_restore
    assert unfinished is not None
    assert (unfinished.backup_id, unfinished.awaits_replacement) == (backup.id, True)
    await home.manager.remove_device(b2)
    await home.manager.add_device(settings("a1", key=b2))
    assert home.manager.status(b2).unfinished_restore == unfinished
    own = (await home.manager.back_up(b2)).backup
    assert own is not None
    assert own.suspicion is Suspicion.REPLACED
    for days, suspicion in ((-3, None), (1, Suspicion.REPLACED)):
        file = Artifact(filename="lamp.json", content=json.dumps({"name": "by hand", "brightness": 40 + days}).encode())
        imported = (await home.manager.import_backup(b2, file, made_at=home.clock.now + timedelta(days=days))).backup
        assert imported is not None
        assert imported.suspicion is suspicion
    result = await home.manager.restore(b2, backup.id)
    assert (result.backup.id, lamp.settings) == (backup.id, CONFIGURED)
    assert result.safety_backup is not None
    assert result.safety_backup.undoes is not None
    assert home.manager.status(b2).unfinished_restore is None


async def test_a_replacement_with_backups_of_its_own_is_refused(home: Home, household: Household) -> None:
    await wiped(home, household)
    household.add("b2")
    await home.manager.add_device(settings("b2"))
    await home.manager.back_up(key("b2"))
    await home.manager.remove_device(key("b2"))
    with pytest.raises(DeviceBackupError, match="backups of the new device already"):
        await home.manager.replace_device(A1, "b2")
    assert home.manager.status(A1).count == 1


async def test_a_replacement_that_is_in_care_itself_is_refused(home: Home, household: Household) -> None:
    await wiped(home, household)
    household.add("b2")
    await home.manager.add_device(settings("b2", title="Desk"))
    with pytest.raises(DeviceBackupError, match="as “Desk”"):
        await home.manager.require_replaceable(A1, "b2")
    await home.manager.remove_device(key("b2"))
    await home.manager.require_replaceable(A1, "b2")


async def test_a_replacement_has_another_address(home: Home, household: Household) -> None:
    _, backup = await wiped(home, household)
    new = household.add("b2", settings={"name": "new", "brightness": 9})
    b2 = await home.manager.replace_device(A1, "b2", settings("b2").config)
    assert home.events[-1] == IdentityLearned(key=b2, earlier=A1, config=settings("b2").config)
    result = await home.manager.restore(b2)
    assert (result.backup.id, new.settings) == (backup.id, CONFIGURED)
    assert backup.id in [kept.id for kept in await home.manager.stored.list_backups(b2)]


async def test_who_replaces_what_was_never_backed_up_takes_no_history_away(home: Home, household: Household) -> None:
    household.add("a1")
    household.add("b2")
    await home.manager.add_device(settings("b2"))
    await home.manager.back_up(key("b2"))
    await home.manager.remove_device(key("b2"))
    await home.manager.add_device(settings("a1"))
    assert await home.manager.replace_device(A1, "b2") == key("b2")
    status = home.manager.status(key("b2"))
    assert (status.count, status.unfinished_restore) == (1, None)
