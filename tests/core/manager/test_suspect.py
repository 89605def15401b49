"""A device that was reset: what it holds then is kept, and never leads a person astray."""

import pytest

from ha_device_backup_core.contract import Artifact
from ha_device_backup_core.errors import BackupNotFoundError
from ha_device_backup_core.manager import DeviceStatus, Health
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.records import Backup, Outcome, Trigger
from ha_device_backup_core.suspicion import Suspicion

from .conftest import OpenHome, key, settings
from .fakes import Home
from .lamps import FACTORY, LIST_MISSING, NO_NAME, Household, Lamp

A1 = key("a1")


async def reset(home: Home, household: Household, **more: object) -> tuple[Lamp, Backup, Backup]:
    """Return a lamp that was backed up, reset, and backed up again."""
    lamp = household.add("a1")
    await home.manager.add_device(settings("a1", **more))
    good = (await home.manager.back_up(A1)).backup
    lamp.settings = dict(FACTORY)
    bad = (await home.manager.back_up(A1)).backup
    assert good is not None
    assert bad is not None
    return lamp, good, bad


def told(status: DeviceStatus) -> tuple[Health, Backup | None, Backup | None]:
    return status.health, status.newest, status.recommended


async def test_the_restore_of_a_reset_device_brings_its_configuration_back(home: Home, household: Household) -> None:
    lamp, good, bad = await reset(home, household)
    assert (bad.suspicion, bad.whole, bad.can_be_recommended) == (Suspicion.FACTORY_STATE, True, False)
    assert told(home.manager.status(A1)) == (Health.SUSPECT, bad, good)
    result = await home.manager.restore(A1)
    assert (result.backup, lamp.settings) == (good, {"name": "lamp", "brightness": 1})
    assert (result.safety_backup and result.safety_backup.id) == bad.id, "what was there was stored before"
    after = None if result.after is None else result.after.backup
    assert after is not None
    assert (after.trigger, after.suspicion) == (Trigger.AFTER_RESTORE, None)
    assert told(home.manager.status(A1)) == (Health.OK, after, after)


async def test_what_a_restore_could_not_put_back_whole_takes_no_place(home: Home, household: Household) -> None:
    lamp, good, _ = await reset(home, household)
    lamp.keeps_name = True
    after = (await home.manager.restore(A1)).after
    assert after is not None
    assert after.backup is not None
    assert (after.backup.suspicion, lamp.settings) == (Suspicion.PARTLY_RESTORED, {"name": "factory", "brightness": 1})
    assert told(home.manager.status(A1)) == (Health.SUSPECT, after.backup, good)
    assert (await home.manager.back_up(A1)).backup == after.backup, "nothing changed since"
    assert told(home.manager.status(A1))[2] == good

    lamp.settings = {"name": "by hand", "brightness": 1}
    right = (await home.manager.back_up(A1)).backup
    assert right is not None
    assert told(home.manager.status(A1)) == (Health.OK, right, right)


async def test_snapshots_hold_the_recommended_and_the_newest(home: Home, household: Household) -> None:
    _, good, bad = await reset(home, household)
    await home.manager.prepare_snapshot()
    snapshot = home.manager.last_snapshot
    assert snapshot is not None
    (device,) = snapshot.devices
    assert device.recommended is not None
    assert device.newest is not None
    assert (device.recommended.id, device.recommended.suspect) == (good.id, False)
    assert (device.newest.id, device.newest.suspect) == (bad.id, True)
    assert device.backup == device.recommended
    home.manager.finish_snapshot()


async def test_retention_keeps_the_recommended_one(home: Home, household: Household) -> None:
    lamp, good, _ = await reset(home, household, retention=RetentionPolicy(newest=1, monthly=0))
    lamp.missing = (LIST_MISSING,)
    bad = (await home.manager.back_up(A1)).backup
    assert {backup.id for backup in await home.manager.stored.list_backups(A1)} >= {good.id, bad and bad.id}
    assert home.manager.status(A1).recommended == good


async def test_a_person_says_that_it_is_right(home: Home, household: Household) -> None:
    lamp, _, bad = await reset(home, household)
    lamp.missing = (LIST_MISSING,)
    newer = (await home.manager.back_up(A1)).backup
    assert newer is not None
    assert newer.suspicion is Suspicion.FACTORY_STATE
    accepted = await home.manager.stored.accept(A1, bad.id)
    assert (accepted.suspect, accepted.can_be_recommended) == (False, True)
    assert told(home.manager.status(A1)) == (Health.SUSPECT, newer, accepted)
    lamp.missing = ()
    again = (await home.manager.back_up(A1)).backup
    assert again is not None
    assert not again.suspect, "the factory state is what the person wants"


async def test_what_lacks_something_is_whole_once_a_person_accepts_that(home: Home, household: Household) -> None:
    lamp = household.add("a1", settings={"brightness": 1}, missing=(LIST_MISSING,))
    await home.manager.add_device(settings("a1"))
    flawed = (await home.manager.back_up(A1)).backup
    assert flawed is not None
    assert flawed.flaws == (LIST_MISSING, NO_NAME)
    accepted = await home.manager.stored.accept(A1, flawed.id)
    assert (accepted.flaws, accepted.whole) == ((), True)
    lamp.settings = {"brightness": 2}
    same = (await home.manager.back_up(A1)).backup
    assert same is not None
    assert same.whole, "the same flaw was accepted before"
    lamp.missing = ()
    lamp.settings = {"brightness": 3, "name": "lamp"}
    whole = (await home.manager.back_up(A1)).backup
    assert whole is not None
    assert whole.accepted == ()
    lamp.settings = {"brightness": 4}
    flawed_again = (await home.manager.back_up(A1)).backup
    assert flawed_again is not None
    assert flawed_again.flaws == (NO_NAME,), "it had been mended, so it is told again"


async def test_the_first_backup_of_a_new_device_is_not_suspect(home: Home, household: Household) -> None:
    household.add("a1", settings=dict(FACTORY))
    await home.manager.add_device(settings("a1"))
    first = (await home.manager.back_up(A1)).backup
    assert told(home.manager.status(A1)) == (Health.OK, first, first)


async def test_much_less_than_before_is_suspect(home: Home, household: Household) -> None:
    lamp = household.add("a1", settings={"name": "lamp", "brightness": 1, "presets": "x" * 200})
    await home.manager.add_device(settings("a1"))
    await home.manager.back_up(A1)
    lamp.settings = {"name": "lamp", "brightness": 1}
    less = (await home.manager.back_up(A1)).backup
    assert less is not None
    assert less.suspicion is Suspicion.FEWER_BYTES
    lamp.missing = (LIST_MISSING,)
    named = (await home.manager.back_up(A1)).backup
    assert named is not None
    assert not named.suspect, "what is missing is named"


async def test_less_is_right_where_a_person_chose_it(home: Home, household: Household) -> None:
    lamp = household.add("a1")
    await home.manager.add_device(settings("a1"))
    small = (await home.manager.back_up(A1)).backup
    assert small is not None
    lamp.settings = {"name": "lamp", "brightness": 1, "presets": "x" * 200}
    await home.manager.back_up(A1)
    result = await home.manager.restore(A1, small.id)
    assert result.after is not None
    assert result.after.backup is not None
    assert not result.after.backup.suspect


async def test_what_is_suspect_stays_so_when_it_is_put_back(home: Home, household: Household) -> None:
    lamp = household.add("a1", settings={"name": "lamp", "brightness": 1, "presets": "x" * 200})
    await home.manager.add_device(settings("a1"))
    good = (await home.manager.back_up(A1)).backup
    lamp.settings = {"name": "lamp", "brightness": 1}
    less = (await home.manager.back_up(A1)).backup
    assert less is not None
    await home.manager.restore(A1)
    result = await home.manager.restore(A1, less.id)
    assert result.after is not None
    assert result.after.backup is not None
    assert result.after.backup.suspicion is Suspicion.FEWER_BYTES
    recommended = home.manager.status(A1).recommended
    assert recommended is not None
    assert good is not None
    assert recommended.fingerprint == good.fingerprint


async def test_a_reset_that_is_imported_is_suspect_too(home: Home, household: Household) -> None:
    household.add("a1")
    await home.manager.add_device(settings("a1"))
    await home.manager.back_up(A1)
    file = Artifact(filename="lamp.json", content=b'{"name": "factory", "brightness": 128}')
    result = await home.manager.import_backup(A1, file)
    assert (result.outcome, result.backup and result.backup.suspicion) == (Outcome.STORED, Suspicion.FACTORY_STATE)


async def test_nothing_is_restored_unasked_where_nothing_can_be_recommended(home: Home, household: Household) -> None:
    lamp = household.add("a1")
    await home.manager.add_device(settings("a1"))
    with pytest.raises(BackupNotFoundError, match="Nothing"):
        await home.manager.restore(A1)
    _, good, bad = await reset(home, household)
    await home.manager.stored.delete_backup(A1, good.id, even_if_needed=True)
    contacts = lamp.contacts
    with pytest.raises(BackupNotFoundError, match="Choose one yourself"):
        await home.manager.restore(A1)
    with pytest.raises(BackupNotFoundError):
        await home.manager.restore(A1, "")
    assert lamp.contacts == contacts
    assert (await home.manager.restore(A1, bad.id)).backup == bad


async def test_it_is_known_after_a_restart(open_home: OpenHome, household: Household) -> None:
    home = await open_home()
    _, good, bad = await reset(home, household)
    await home.manager.stop()
    again = await open_home()
    await again.manager.add_device(settings("a1"))
    assert told(again.manager.status(A1)) == (Health.SUSPECT, bad, good)
