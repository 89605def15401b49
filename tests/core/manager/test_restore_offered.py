"""Which backup is offered first to who wants to restore."""

import pytest

from ha_device_backup_core.errors import RestoreNotVerifiedError
from ha_device_backup_core.manager import Health
from ha_device_backup_core.manager.decisions import Decision, decision_of
from ha_device_backup_core.records import Backup

from .conftest import key, settings
from .fakes import Home
from .lamps import FACTORY, LIST_MISSING, NOT_VERIFIED, Household, Lamp

A1 = key("a1")
CONFIGURED = {"name": "lamp", "brightness": 1}


async def cut_off(home: Home, household: Household) -> tuple[Lamp, Backup, Backup]:
    """Return a lamp on which an older backup was being put, that one, and the state that was to be left."""
    lamp = household.add("a1")
    await home.manager.add_device(settings("a1"))
    older = (await home.manager.back_up(A1)).backup
    lamp.settings = {"name": "regretted", "brightness": 9}
    left = (await home.manager.back_up(A1)).backup
    assert older is not None
    assert left is not None
    lamp.restore_fault = NOT_VERIFIED
    with pytest.raises(RestoreNotVerifiedError):
        await home.manager.restore(A1, older.id)
    lamp.restore_fault = None
    return lamp, older, await home.manager.stored.backup(A1, left.id)


async def test_after_one_that_was_cut_off_the_same_is_offered_not_the_state_that_is_left(
    home: Home, household: Household
) -> None:
    lamp, older, left = await cut_off(home, household)
    stored = home.manager.stored
    backups = await stored.list_backups(A1)
    offered = stored.offered(A1, backups)
    assert (offered, home.manager.status(A1).recommended) == (older, left)
    assert [(one.id, one.is_recommended(offered)) for one in backups] == [(left.id, False), (older.id, True)]

    lamp.settings = {"name": "half", "brightness": 3}
    half = (await home.manager.back_up(A1)).backup
    backups = await stored.list_backups(A1)
    assert (backups[0], stored.offered(A1, backups)) == (half, older)
    assert (await home.manager.restore(A1)).backup == older
    backups = await stored.list_backups(A1)
    assert (lamp.settings, stored.offered(A1, backups)) == (CONFIGURED, home.manager.status(A1).recommended)


async def test_after_an_undo_that_was_cut_off_the_undo_is_offered(home: Home, household: Household) -> None:
    lamp, _, left = await cut_off(home, household)
    lamp.restore_fault = NOT_VERIFIED
    with pytest.raises(RestoreNotVerifiedError):
        await home.manager.restore(A1, left.id)
    lamp.restore_fault = None
    assert (await home.manager.restore(A1)).backup == left
    assert lamp.settings == {"name": "regretted", "brightness": 9}


async def test_one_whose_backup_is_gone_is_not_offered(home: Home, household: Household) -> None:
    _, older, left = await cut_off(home, household)
    await home.manager.stored.delete_backup(A1, older.id, even_if_needed=True)
    assert home.manager.stored.offered(A1, await home.manager.stored.list_backups(A1)) == left
    assert (await home.manager.restore(A1)).backup == left


async def test_one_of_another_device_is_what_goes_on_unless_a_device_is_named(home: Home, household: Household) -> None:
    lamp, _, left = await cut_off(home, household)
    household.add("b2", settings={"name": "other", "brightness": 5})
    await home.manager.add_device(settings("b2"))
    other = (await home.manager.back_up(key("b2"))).backup
    assert other is not None
    lamp.restore_fault = NOT_VERIFIED
    with pytest.raises(RestoreNotVerifiedError):
        await home.manager.restore(A1, other.id, source=other.key)
    lamp.restore_fault = None
    assert (await home.manager.plan_restore(A1, source=A1)).backup == left
    assert (await home.manager.restore(A1)).backup == other
    assert lamp.settings == {"name": "other", "brightness": 5}


async def test_what_is_not_whole_is_offered_where_there_is_no_other_but_never_called_recommended(
    home: Home, household: Household
) -> None:
    household.add("a1", missing=(LIST_MISSING,))
    await home.manager.add_device(settings("a1"))
    part = (await home.manager.back_up(A1)).backup
    assert part is not None
    offered = home.manager.stored.offered(A1, [part])
    assert (offered, part.is_recommended(offered)) == (part, False)


async def test_what_a_person_leaves_as_it_is_is_not_asked_about_again(home: Home, household: Household) -> None:
    lamp, _, _ = await cut_off(home, household)
    lamp.settings = {"name": "half", "brightness": 3}
    half = (await home.manager.back_up(A1)).backup
    assert half is not None
    await home.manager.dismiss_restore(A1)
    status = home.manager.status(A1)
    assert (status.health, decision_of(status)) == (Health.OK, None)
    assert status.recommended is not None
    assert status.recommended.id == half.id


async def test_a_device_that_was_reset_meanwhile_is_asked_about_all_the_same(home: Home, household: Household) -> None:
    lamp, _, left = await cut_off(home, household)
    lamp.settings = dict(FACTORY)
    await home.manager.back_up(A1)
    await home.manager.dismiss_restore(A1)
    status = home.manager.status(A1)
    assert (decision_of(status), status.recommended) == (Decision.LOOKS_RESET, left)
