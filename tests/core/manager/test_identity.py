"""A device that had an assigned identity takes the one that it tells, and keeps its history."""

import pytest

from ha_device_backup_core.errors import StoreFullError, WrongDeviceError
from ha_device_backup_core.identity import new_assigned_identity
from ha_device_backup_core.manager.events import IdentityLearned, JobResult
from ha_device_backup_core.records import Outcome
from ha_device_backup_core.store import BackupStore

from .conftest import key, settings
from .fakes import Home
from .lamps import Household, Lamp

ASSIGNED = key(new_assigned_identity())
OWN = key("a1b2")


async def nameless(home: Home, household: Household) -> Lamp:
    """Add a lamp without an id of its own, and back it up."""
    lamp = household.add("l1", unique_id=None)
    await home.manager.add_device(settings("l1", key=ASSIGNED))
    assert (await home.manager.back_up(ASSIGNED)).outcome is Outcome.STORED
    return lamp


async def test_it_takes_the_id_and_keeps_its_history(home: Home, household: Household) -> None:
    lamp = await nameless(home, household)
    first = home.manager.status(ASSIGNED).newest
    assert first is not None
    lamp.unique_id = OWN.unique_id
    home.events.clear()
    result = await home.manager.back_up(ASSIGNED)

    assert (result.key, result.outcome) == (OWN, Outcome.UNCHANGED)
    told = [event for event in home.events if isinstance(event, IdentityLearned | JobResult)]
    assert told == [IdentityLearned(key=OWN, earlier=ASSIGNED), result]
    assert [backup.id for backup in await home.manager.stored.list_backups(OWN)] == [first.id]
    assert await home.manager.stored.list_backups(ASSIGNED) == []
    assert home.manager.status(ASSIGNED) == home.manager.status(OWN)
    assert [status.key for status in home.manager.statuses()] == [OWN]

    lamp.settings["brightness"] = 2
    assert (await home.manager.back_up(OWN)).outcome is Outcome.STORED
    await home.manager.remove_device(ASSIGNED)
    assert home.manager.statuses() == []


async def test_a_device_of_that_id_is_there_already(home: Home, household: Household) -> None:
    lamp = await nameless(home, household)
    household.add(OWN.unique_id)
    await home.manager.add_device(settings(OWN.unique_id, title="Desk"))
    lamp.unique_id = OWN.unique_id
    result = await home.manager.back_up(ASSIGNED)
    assert result.error is not None
    assert "It was added a second time, as “Desk”" in str(result.error)
    await home.manager.remove_device(OWN)
    assert (await home.manager.back_up(ASSIGNED)).key == OWN


@pytest.mark.parametrize("safety_backup", [True, False])
@pytest.mark.parametrize("is_removed", [True, False])
async def test_nothing_is_put_on_another_device_that_is_known(
    home: Home, household: Household, safety_backup: bool, is_removed: bool
) -> None:
    """Whose address it is now, for a device that never told an id; in care, or with a history of its own."""
    lamp = await nameless(home, household)
    newest = home.manager.status(ASSIGNED).newest
    assert newest is not None
    household.add(OWN.unique_id).settings["brightness"] = 7
    await home.manager.add_device(settings(OWN.unique_id, title="Desk"))
    assert (await home.manager.back_up(OWN)).outcome is Outcome.STORED
    if is_removed:
        await home.manager.remove_device(OWN)
    lamp.unique_id = OWN.unique_id
    lamp.settings["brightness"] = 7
    for doing in (home.manager.plan_restore(ASSIGNED, newest.id), restored(home, newest.id, safety_backup)):
        with pytest.raises(WrongDeviceError):
            await doing
    assert lamp.settings == {"name": "lamp", "brightness": 7}
    assert [backup.id for backup in await home.manager.stored.list_backups(ASSIGNED)] == [newest.id]
    assert len(await home.manager.stored.list_backups(OWN)) == 1

    lamp.unique_id = None
    await restored(home, newest.id, safety_backup)
    assert lamp.settings["brightness"] == 1


async def restored(home: Home, backup_id: str, safety_backup: bool) -> None:
    """Put a backup back."""
    await home.manager.restore(ASSIGNED, backup_id, safety_backup=safety_backup)


async def test_a_failure_afterwards_is_told_of_the_new_identity(
    home: Home, household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    lamp = await nameless(home, household)
    lamp.unique_id = OWN.unique_id
    lamp.settings["brightness"] = 2

    async def full(*_: object, **__: object) -> None:
        raise StoreFullError

    with monkeypatch.context() as patched:
        patched.setattr(BackupStore, "commit", full)
        result = await home.manager.back_up(ASSIGNED)
    assert (result.key, result.outcome) == (OWN, Outcome.FAILED)
    assert IdentityLearned(key=OWN, earlier=ASSIGNED) in home.events
    assert (await home.manager.back_up(OWN)).outcome is Outcome.STORED
    assert len(await home.manager.stored.list_backups(OWN)) == 2


async def test_the_safety_backup_of_a_restore_takes_it_too(home: Home, household: Household) -> None:
    lamp = await nameless(home, household)
    newest = home.manager.status(ASSIGNED).newest
    assert newest is not None
    lamp.unique_id = OWN.unique_id
    lamp.settings["brightness"] = 2
    assert (await home.manager.restore(ASSIGNED, newest.id)).error is None
    assert lamp.settings["brightness"] == 1
    assert IdentityLearned(key=OWN, earlier=ASSIGNED) in home.events
    assert [backup.key for backup in await home.manager.stored.list_backups(OWN)] == [OWN] * 3
