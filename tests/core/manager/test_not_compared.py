"""A good backup that cannot be compared with keeps its place: what nobody could compare is suspect."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest

from ha_device_backup_core.contract import Artifact
from ha_device_backup_core.errors import BackupNotFoundError, CannotConnectError, RestoreNotVerifiedError
from ha_device_backup_core.manager import DeviceStatus, Health
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.records import Backup, Outcome, Trigger
from ha_device_backup_core.suspicion import Suspicion

from .conftest import OpenHome, key, settings
from .fakes import Home
from .lamps import FACTORY, NOT_VERIFIED, Household, Lamp, LampHandler

A1 = key("a1")
ONE_ALONE = RetentionPolicy(newest=1, monthly=0)
NAMED = {"name": "lamp", "brightness": 2}


class Stricter(LampHandler):
    """Fails at what an earlier version of it stored."""

    @classmethod
    def configured(cls, artifact: Artifact) -> bool | None:
        """Return what is said of a lamp, but not of a dim one."""
        if json.loads(artifact.content)["brightness"] == 1:
            raise ValueError("a fault of the new version")
        return super().configured(artifact)


def told(status: DeviceStatus) -> tuple[Health, Backup | None, Backup | None]:
    return status.health, status.newest, status.recommended


async def backed_up(home: Home, lamp: Lamp, held: dict[str, object], outcome: Outcome = Outcome.STORED) -> Backup:
    """Return the backup of a lamp that holds that."""
    lamp.settings = dict(held)
    result = await home.manager.back_up(A1)
    assert result.backup is not None
    assert result.outcome is outcome
    return result.backup


async def with_good_backup(home: Home, household: Household) -> tuple[Lamp, Backup]:
    lamp = household.add("a1")
    await home.manager.add_device(settings("a1", retention=ONE_ALONE))
    return lamp, await backed_up(home, lamp, lamp.settings)


async def ids(home: Home) -> list[str]:
    return [backup.id for backup in await home.manager.stored.list_backups(A1)]


async def test_beside_a_damaged_one_every_other_is_suspect_until_a_person_accepts_one(
    home: Home, household: Household, root: Path
) -> None:
    lamp, good = await with_good_backup(home, household)
    (root / good.path).write_bytes(b"{}")
    reset = await backed_up(home, lamp, FACTORY)
    assert (reset.suspicion, reset.can_be_recommended) == (Suspicion.NOT_COMPARED, False)
    assert told(home.manager.status(A1)) == (Health.SUSPECT, reset, good)
    same = await backed_up(home, lamp, FACTORY, Outcome.UNCHANGED)
    assert (same, same.suspicion) == (reset, Suspicion.NOT_COMPARED)
    other = await backed_up(home, lamp, NAMED)
    assert told(home.manager.status(A1)) == (Health.SUSPECT, other, good)
    assert await ids(home) == [other.id, good.id], "the good one is not pruned"

    accepted = await home.manager.stored.accept(A1, other.id)
    assert told(home.manager.status(A1)) == (Health.OK, accepted, accepted)
    next_one = await backed_up(home, lamp, {**NAMED, "brightness": 3})
    assert (next_one.suspicion, await ids(home)) == (None, [next_one.id])
    assert (await backed_up(home, lamp, FACTORY)).suspicion is Suspicion.FACTORY_STATE


@pytest.mark.parametrize(
    ("held", "suspicion", "health"), [(NAMED, None, Health.OK), (FACTORY, Suspicion.FACTORY_STATE, Health.SUSPECT)]
)
async def test_what_could_not_be_compared_for_a_moment_is_judged_when_it_can_be(
    home: Home,
    household: Household,
    root: Path,
    held: dict[str, object],
    suspicion: Suspicion | None,
    health: Health,
) -> None:
    lamp, good = await with_good_backup(home, household)
    content = (root / good.path).read_bytes()
    (root / good.path).write_bytes(b"")
    unsure = await backed_up(home, lamp, held)
    assert unsure.suspicion is Suspicion.NOT_COMPARED
    (root / good.path).write_bytes(content)
    judged = await backed_up(home, lamp, held, Outcome.UNCHANGED)
    assert (judged.id, judged.suspicion) == (unsure.id, suspicion)
    recommended = judged if suspicion is None else await home.manager.stored.backup(A1, good.id)
    assert told(home.manager.status(A1)) == (health, judged, recommended)


async def test_a_file_that_is_not_seen_for_a_while_keeps_its_place(
    home: Home, household: Household, root: Path
) -> None:
    lamp, good = await with_good_backup(home, household)
    content = (root / good.path).read_bytes()
    (root / good.path).unlink()
    assert (await backed_up(home, lamp, FACTORY)).suspicion is Suspicion.NOT_COMPARED
    unsure = await backed_up(home, lamp, NAMED)
    assert told(home.manager.status(A1)) == (Health.SUSPECT, unsure, None)
    (root / good.path).write_bytes(content)
    assert (await backed_up(home, lamp, NAMED, Outcome.UNCHANGED)).suspicion is Suspicion.NOT_COMPARED, "not seen yet"
    judged = await backed_up(home, lamp, NAMED, Outcome.UNCHANGED)
    assert told(home.manager.status(A1)) == (Health.OK, judged, judged)
    assert (judged.id, judged.suspicion) == (unsure.id, None)


async def test_a_handler_that_fails_at_the_good_one_does_not_make_another_good(
    open_home: OpenHome, household: Household
) -> None:
    home = await open_home()
    lamp, good = await with_good_backup(home, household)
    await home.manager.stop()
    home = await open_home(registry=household.registry("2.0", base=Stricter))
    await home.manager.add_device(settings("a1", retention=ONE_ALONE))
    reset = await backed_up(home, lamp, FACTORY)
    assert reset.suspicion is Suspicion.NOT_COMPARED
    assert await ids(home) == [reset.id, good.id]
    await home.manager.stop()
    home = await open_home(registry=household.registry("2.1"))
    await home.manager.add_device(settings("a1", retention=ONE_ALONE))
    assert (await backed_up(home, lamp, FACTORY, Outcome.UNCHANGED)).suspicion is Suspicion.FACTORY_STATE


async def test_a_device_that_did_not_change_replaces_its_damaged_backup(
    home: Home, household: Household, root: Path
) -> None:
    lamp, good = await with_good_backup(home, household)
    (root / good.path).write_bytes(b"{}")
    again = await backed_up(home, lamp, {**lamp.settings, "uptime": 7})
    assert told(home.manager.status(A1)) == (Health.OK, again, again)
    (root / again.path).write_bytes(b"{}")
    file = Artifact(filename="lamp.json", content=json.dumps(lamp.settings).encode())
    handed_in = (await home.manager.import_backup(A1, file)).backup
    assert handed_in is not None
    assert (handed_in.trigger, handed_in.suspicion) == (Trigger.IMPORTED, None)


async def test_a_file_that_is_handed_in_beside_a_damaged_one_is_suspect(
    home: Home, household: Household, root: Path
) -> None:
    _, good = await with_good_backup(home, household)
    (root / good.path).write_bytes(b"{}")
    file = Artifact(filename="lamp.json", content=json.dumps(NAMED).encode())
    handed_in = (await home.manager.import_backup(A1, file)).backup
    assert handed_in is not None
    assert handed_in.suspicion is Suspicion.NOT_COMPARED


async def test_where_what_was_put_back_is_gone_the_recommended_one_is_the_measure(
    home: Home, household: Household
) -> None:
    lamp = household.add("a1")
    await home.manager.add_device(settings("a1"))
    old = await backed_up(home, lamp, {"name": "old", "brightness": 3})
    good = await backed_up(home, lamp, {"name": "good", "brightness": 1})
    lamp.restore_holds.clear()
    restoring = asyncio.create_task(home.manager.restore(A1, old.id))
    await lamp.restore_began.wait()
    lamp.fault = CannotConnectError()
    lamp.restore_holds.set()
    after = (await restoring).after
    assert after is not None
    assert after.outcome is Outcome.FAILED
    lamp.fault = None
    await home.manager.stored.delete_backup(A1, old.id)
    with pytest.raises(BackupNotFoundError):
        await home.manager.stored.backup(A1, old.id)
    reset = await backed_up(home, lamp, FACTORY)
    assert reset.suspicion is Suspicion.FACTORY_STATE
    recommended = home.manager.status(A1).recommended
    assert recommended is not None
    assert recommended.id == good.id


async def test_a_restore_that_did_not_end_leaves_the_way_back_what_it_is(
    home: Home, household: Household, root: Path
) -> None:
    lamp, good = await with_good_backup(home, household)
    content = (root / good.path).read_bytes()
    (root / good.path).write_bytes(b"")
    unsure = await backed_up(home, lamp, NAMED)
    lamp.restore_fault = NOT_VERIFIED
    home.clock.now += timedelta(hours=1)
    with pytest.raises(RestoreNotVerifiedError):
        await home.manager.restore(A1, unsure.id)
    (root / good.path).write_bytes(content)
    same = await backed_up(home, lamp, NAMED, Outcome.UNCHANGED)
    assert (same.suspicion, same.undoes) == (Suspicion.NOT_COMPARED, home.clock.now)
