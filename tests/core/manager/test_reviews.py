"""Whether devices still hold their recommended backups, and which are put back unless a person says otherwise."""

from dataclasses import replace

import pytest

from ha_device_backup_core.errors import AuthenticationError, CannotConnectError, InvalidArtifactError
from ha_device_backup_core.identity import new_assigned_identity
from ha_device_backup_core.manager.reviews import Caution, Finding, Review, cautions_of
from ha_device_backup_core.records import DeviceKey, UnfinishedRestore
from ha_device_backup_core.suspicion import Suspicion

from .conftest import key, settings
from .fakes import START, Home
from .lamps import FACTORY, LIST_MISSING, Household, Lamp

A1 = key("a1")


async def backed_up(home: Home, household: Household) -> Lamp:
    lamp = household.add("a1")
    await home.manager.add_device(settings("a1"))
    assert (await home.manager.back_up(A1)).backup is not None
    return lamp


def cautions(review: Review) -> tuple[tuple[Caution, ...], bool]:
    return review.cautions, review.is_preselected


async def test_a_device_that_holds_its_backup_is_equal(home: Home, household: Household) -> None:
    lamp = await backed_up(home, household)
    lamp.settings["uptime"] = 17
    found = await home.manager.review(A1)
    backup = home.manager.status(A1).recommended
    assert found == Review(key=A1, title="Lamp a1", finding=Finding.EQUAL, backup=backup)
    assert home.manager.status(A1).count == 1


async def test_a_device_that_was_reset_is_preselected(home: Home, household: Household) -> None:
    lamp = await backed_up(home, household)
    lamp.settings = dict(FACTORY)
    found = await home.manager.review(A1)
    assert (found.finding, found.files, found.suspicion) == (
        Finding.DIFFERS,
        ("lamp.json",),
        Suspicion.FACTORY_STATE,
    )
    assert cautions(found) == ((), True)
    assert home.manager.status(A1).count == 1, "nothing is stored of it"


async def test_what_may_be_a_change_of_the_person_is_not(home: Home, household: Household) -> None:
    lamp = await backed_up(home, household)
    lamp.settings = {"name": "mine", "brightness": 1}
    found = await home.manager.review(A1)
    assert (found.finding, found.may_be_put_back) == (Finding.DIFFERS, True)
    assert cautions(found) == ((Caution.MAY_BE_MEANT,), False)


async def test_another_firmware_is_told(home: Home, household: Household) -> None:
    lamp = await backed_up(home, household)
    lamp.settings, lamp.version = dict(FACTORY), "2.0"
    assert cautions(await home.manager.review(A1)) == ((Caution.OTHER_FIRMWARE,), False)


async def test_a_device_that_tells_no_identity_is_not_certain(home: Home, household: Household) -> None:
    lamp = household.add("a1", unique_id=None)
    nobody = DeviceKey("lamp", new_assigned_identity())
    await home.manager.add_device(settings("a1", key=nobody))
    await home.manager.back_up(nobody)
    lamp.settings = dict(FACTORY)
    assert cautions(await home.manager.review(nobody)) == ((Caution.IDENTITY_UNKNOWN,), False)


async def test_what_else_speaks_against_it(home: Home, household: Household) -> None:
    await backed_up(home, household)
    status = home.manager.status(A1)
    backup = status.recommended
    assert backup is not None
    device = backup.device
    reset = Suspicion.FACTORY_STATE
    unfinished = UnfinishedRestore(source=A1, backup_id=backup.id, safety_backup_id=None, begun_at=START)
    newer = replace(backup, id="2030-01-01_00-00-00")
    before_restore = replace(backup, before_restore=backup.taken_at, confirmed=None)
    assert cautions_of(status, backup, device, reset) == ()
    assert cautions_of(replace(status, newest=newer), backup, device, reset) == (Caution.NEWER_STORED,)
    wrong = replace(newer, suspicion=reset)
    assert cautions_of(replace(status, newest=wrong), backup, device, reset) == ()
    assert cautions_of(status, before_restore, device, reset) == (Caution.PUT_BACK_SINCE,)
    assert cautions_of(replace(status, unfinished_restore=unfinished), backup, device, reset) == (
        Caution.RESTORE_UNFINISHED,
    )
    for suspicion in (Suspicion.FEWER_FILES, Suspicion.FILE_SHRUNK, None):
        assert cautions_of(status, backup, device, suspicion) == (Caution.MAY_BE_MEANT,)


async def test_a_file_that_could_not_be_fetched_is_not_gone(home: Home, household: Household) -> None:
    lamp = await backed_up(home, household)
    lamp.missing = (LIST_MISSING,)
    assert (await home.manager.review(A1)).finding is Finding.EQUAL


@pytest.mark.parametrize(
    ("fault", "finding"),
    [(CannotConnectError(), Finding.AWAY), (InvalidArtifactError(), Finding.FAILED)],
)
async def test_who_does_not_answer_is_away(
    home: Home, household: Household, fault: Exception, finding: Finding
) -> None:
    lamp = await backed_up(home, household)
    lamp.fault = fault
    assert (await home.manager.review(A1)).finding is finding
    lamp.fault = None
    assert (await home.manager.review(A1)).finding is Finding.EQUAL


async def test_a_refused_login_is_not_tried_again(home: Home, household: Household) -> None:
    lamp = await backed_up(home, household)
    lamp.fault = AuthenticationError()
    await home.manager.back_up(A1)
    contacts = lamp.contacts
    found = await home.manager.review(A1)
    assert (found.finding, type(found.error), lamp.contacts) == (Finding.FAILED, AuthenticationError, contacts)


async def test_without_a_backup_nobody_is_asked(home: Home, household: Household) -> None:
    lamp = household.add("a1")
    await home.manager.add_device(settings("a1"))
    assert (await home.manager.review(A1)).finding is Finding.NOTHING_STORED
    assert lamp.contacts == 0
