"""What a person does with stored backups."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import AsyncMock

import pytest

from ha_device_backup_core.errors import BackupNeededError, BackupNotFoundError, BackupProtectedError, StoreFullError
from ha_device_backup_core.manager import StatusChanged
from ha_device_backup_core.records import Backup, Outcome
from ha_device_backup_core.store import BackupStore

from .conftest import DEFAULTS, OpenHome, key, settings
from .fakes import Home
from .lamps import FACTORY, LIST_MISSING, Household

A1 = key("a1")


async def history(home: Home, household: Household, number: int) -> list[Backup]:
    """Return that many backups, newest first."""
    lamp = household.add("a1")
    await home.manager.add_device(settings("a1"))
    taken: list[Backup] = []
    for brightness in range(number):
        lamp.settings["brightness"] = brightness
        home.clock.now += timedelta(minutes=1)
        backup = (await home.manager.back_up(A1)).backup
        assert backup is not None
        taken.insert(0, backup)
    return taken


async def test_listing(home: Home, household: Household) -> None:
    taken = await history(home, household, 3)
    household.add("b2")
    await home.manager.add_device(settings("b2"))
    other = (await home.manager.back_up(key("b2"))).backup
    await home.manager.remove_device(A1)
    assert [backup.id for backup in await home.manager.stored.list_backups(A1)] == [backup.id for backup in taken]
    everything = await home.manager.stored.list_backups()
    assert [backup.id for backup in everything] == [backup.id for backup in taken] + [other and other.id]
    assert [record.title for record in await home.manager.stored.without_device()] == ["Lamp a1"]
    assert (await home.manager.stored.verify()).checked == 4
    assert (await home.manager.stored.verify(A1)).checked == 3
    assert await home.manager.stored.total_size() >= sum(backup.artifact.size for backup in everything)


async def test_deleting(home: Home, household: Household) -> None:
    newest, older = await history(home, household, 2)
    home.events.clear()
    await home.manager.stored.delete_backup(A1, newest.id, even_if_needed=True)
    status = home.manager.status(A1)
    assert (status.newest and status.newest.id, status.count) == (older.id, 1)
    assert home.events == [StatusChanged(key=A1)]
    with pytest.raises(BackupNotFoundError):
        await home.manager.stored.delete_backup(A1, newest.id)
    assert home.manager.status(A1).count == 1
    await home.manager.remove_device(A1)
    await home.manager.stored.delete_backup(A1, older.id, even_if_needed=True)
    assert await home.manager.stored.list_backups(A1) == []


async def test_a_protected_backup_stays_until_it_is_released(home: Home, household: Household) -> None:
    (backup,) = await history(home, household, 1)
    assert (await home.manager.stored.protect(A1, backup.id)).protected
    for even_if_needed in (False, True):
        with pytest.raises(BackupProtectedError, match="Take the protection away first"):
            await home.manager.stored.delete_backup(A1, backup.id, even_if_needed=even_if_needed)
    status = home.manager.status(A1)
    assert (status.count, status.newest and status.newest.protected) == (1, True)
    await home.manager.stored.protect(A1, backup.id, protected=False)
    await home.manager.stored.delete_backup(A1, backup.id, even_if_needed=True)
    assert home.manager.status(A1).newest is None


async def test_what_a_restore_needs_is_deleted_only_on_purpose(home: Home, household: Household) -> None:
    whole, older = await history(home, household, 2)
    household.lamps["a1"].missing = (LIST_MISSING,)
    incomplete = (await home.manager.back_up(A1)).backup
    assert incomplete is not None
    with pytest.raises(BackupNeededError, match="recommended"):
        await home.manager.stored.delete_backup(A1, whole.id)
    await home.manager.stored.delete_backup(A1, older.id)
    with pytest.raises(BackupNeededError, match="only complete"):
        await home.manager.stored.delete_backup(A1, whole.id)
    await home.manager.stored.delete_backup(A1, whole.id, even_if_needed=True)
    with pytest.raises(BackupNeededError, match="only backup"):
        await home.manager.stored.delete_backup(A1, incomplete.id)
    await home.manager.remove_device(A1)
    with pytest.raises(BackupNeededError, match="only backup"):
        await home.manager.stored.delete_backup(A1, incomplete.id)
    assert [backup.id for backup in await home.manager.stored.list_backups(A1)] == [incomplete.id]


async def test_a_damaged_backup_can_be_deleted_without_more_ado(
    home: Home, household: Household, tmp_path: Path
) -> None:
    (backup,) = await history(home, household, 1)
    meta = next((tmp_path / "store").glob("*/*.meta.json"))
    meta.write_bytes(b"{")
    await home.manager.stored.delete_backup(A1, backup.id)
    assert await home.manager.stored.list_backups(A1) == []


async def test_the_last_backup_before_a_version_is_marked(home: Home, household: Household) -> None:
    assert await home.manager.stored.mark_last_before(A1, "2.0") is None
    (whole,) = await history(home, household, 1)
    household.lamps["a1"].missing = (LIST_MISSING,)
    await home.manager.back_up(A1)
    marked = await home.manager.stored.mark_last_before(A1, "2.0")
    assert marked is not None
    assert (marked.id, marked.last_before) == (whole.id, "2.0")
    status = home.manager.status(A1)
    assert status.recommended is not None
    assert status.recommended.last_before == "2.0"


async def test_other_firmware_marks_the_backup_that_counted_before(home: Home, household: Household) -> None:
    (first,) = await history(home, household, 1)
    home.clock.now += timedelta(minutes=1)
    lamp = household.lamps["a1"]
    lamp.version, lamp.settings = "2.0", {"name": "lamp", "brightness": 7}
    newer = (await home.manager.back_up(A1)).backup
    assert newer is not None
    lamp.settings = {"name": "lamp", "brightness": 8}
    await home.manager.back_up(A1)
    marks = {backup.id: backup.last_before for backup in await home.manager.stored.list_backups(A1)}
    assert (marks[first.id], marks[newer.id], len(marks)) == ("2.0", None, 3)


async def test_other_firmware_that_looks_reset_marks_nothing_until_a_person_says_that_it_is_right(
    home: Home, household: Household
) -> None:
    (first,) = await history(home, household, 1)
    home.clock.now += timedelta(minutes=1)
    lamp = household.lamps["a1"]
    lamp.version, lamp.settings = "2.0", dict(FACTORY)
    suspect = (await home.manager.back_up(A1)).backup
    assert suspect is not None
    assert suspect.suspect
    assert (await home.manager.stored.backup(A1, first.id)).last_before is None
    await home.manager.stored.accept(A1, suspect.id)
    assert (await home.manager.stored.backup(A1, first.id)).last_before == "2.0"


async def test_a_mark_that_cannot_be_stored_costs_no_backup(
    home: Home, household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    await history(home, household, 1)
    lamp = household.lamps["a1"]
    with monkeypatch.context() as full:
        full.setattr(BackupStore, "set_last_before", AsyncMock(side_effect=StoreFullError()))
        lamp.version, lamp.settings = "2.0", {"name": "lamp", "brightness": 7}
        assert (await home.manager.back_up(A1)).outcome is Outcome.STORED
    lamp.version, lamp.settings = "3.0", {"name": "lamp", "brightness": 8}
    await home.manager.back_up(A1)
    marks = [backup.last_before for backup in await home.manager.stored.list_backups(A1)]
    assert marks == [None, "3.0", None]


async def test_exporting(home: Home, household: Household, tmp_path: Path) -> None:
    (backup,) = await history(home, household, 1)
    copy = await home.manager.stored.export_backup(A1, backup.id, tmp_path / "export")
    assert copy.read_bytes() == (tmp_path / "store" / backup.path).read_bytes()
    with pytest.raises(BackupNotFoundError):
        await home.manager.stored.export_backup(A1, "2020-01-01_00-00-00", tmp_path / "export")


async def test_the_second_copy_is_made_where_the_person_says(
    open_home: OpenHome, household: Household, tmp_path: Path
) -> None:
    home = await open_home(defaults=replace(DEFAULTS, second_copy=tmp_path / "absent"))
    (backup,) = await history(home, household, 1)
    await home.manager._store.second_copy_done()
    assert home.manager.stored.second_copy_problem is not None
    mount = tmp_path / "mount"
    mount.mkdir()
    home.manager.set_defaults(replace(DEFAULTS, second_copy=mount))
    assert home.manager.stored.second_copy_problem is None
    await home.manager.back_up(A1)
    await home.manager._store.second_copy_done()
    assert (mount / backup.path).is_file()
