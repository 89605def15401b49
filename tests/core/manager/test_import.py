"""A person hands in a file as a backup of a device."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ha_device_backup_core.contract import Artifact, DeviceInfo
from ha_device_backup_core.errors import (
    AuthenticationError,
    BackupNotFoundError,
    ForeignFileError,
    HandlerCrashedError,
    UnusableFileError,
)
from ha_device_backup_core.file_facts import FileFacts
from ha_device_backup_core.manager import ANYONE, JobResult
from ha_device_backup_core.records import Outcome, Trigger

from .conftest import OpenHome, key, settings
from .fakes import START, Home
from .lamps import Household, LampHandler
from .test_attended import LOCKED

A1 = key("a1")
DAY = timedelta(days=1)
GOOD = {"name": "by hand", "brightness": 7}


def file(content: object = GOOD, name: str = "lamp.json") -> Artifact:
    return Artifact(filename=name, content=content if isinstance(content, bytes) else json.dumps(content).encode())


class KnowsOwner(LampHandler):
    @classmethod
    def owner(cls, artifact: Artifact) -> str | None:
        return json.loads(artifact.content).get("owner")  # type: ignore[no-any-return] # a test returns another type


class TellsOfItself(LampHandler):
    @classmethod
    def describe(cls, artifact: Artifact, device: DeviceInfo) -> FileFacts | None:
        told = json.loads(artifact.content).get("told", {})
        if not isinstance(told, dict):
            return told  # type: ignore[no-any-return] # a test returns another type
        if told.get("model", device.model) != device.model:
            raise ForeignFileError(f"It is of a {told['model']}, this is a {device.model}.")
        made_at = told.get("made_at")
        return FileFacts(
            version=told.get("version"), made_at=None if made_at is None else datetime.fromisoformat(made_at)
        )


async def test_a_file_is_kept_like_a_backup(home: Home, household: Household) -> None:
    household.add("a1", version="0.15")
    await home.manager.add_device(settings("a1"))
    fetched = (await home.manager.back_up(A1)).backup
    home.clock.now += DAY
    result = await home.manager.import_backup(A1, file())
    backup = result.backup
    assert backup is not None
    assert fetched is not None
    assert result == JobResult(key=A1, title="Lamp a1", outcome=Outcome.STORED, trigger=Trigger.IMPORTED, backup=backup)
    assert home.results[-1] == result
    assert (backup.trigger, backup.device, backup.taken_at) == (Trigger.IMPORTED, fetched.device, START + DAY)
    status = home.manager.status(A1)
    assert (status.newest, status.recommended, status.count) == (backup, backup, 2)
    assert status.last_attempt is not None
    assert (status.last_attempt.at, status.last_attempt.outcome) == (START, Outcome.STORED)

    again = await home.manager.import_backup(A1, file(name="copy.json"))
    assert (again.outcome, home.manager.status(A1).count) == (Outcome.UNCHANGED, 2)


async def test_a_device_that_was_never_reached_can_have_one(home: Home) -> None:
    await home.manager.add_device(settings("a1"))
    result = await home.manager.import_backup(A1, file())
    assert result.backup is not None
    assert result.backup.device == DeviceInfo(unique_id="a1", name="Lamp a1")
    assert home.manager.status(A1).last_attempt is None


@pytest.mark.parametrize("days_ago", [1.5, 2.5])
async def test_an_older_file_displaces_nothing(home: Home, household: Household, days_ago: float) -> None:
    lamp = household.add("a1", missing=(LOCKED,))
    await home.manager.add_device(settings("a1"))
    home.clock.now = START + DAY
    for day in range(1, 4):
        lamp.settings["brightness"] = day * 10
        await home.manager.back_up(A1, person=ANYONE if day == 1 else None)
        home.clock.now += DAY
    before = home.manager.status(A1)
    made_at = home.clock.now - days_ago * DAY
    backup = (await home.manager.import_backup(A1, file(), made_at=made_at)).backup
    assert backup is not None
    after = home.manager.status(A1)
    assert (after.newest, after.count) == (before.newest, 4)
    assert backup.taken_at == made_at
    assert [kept.taken_at for kept in await home.manager.stored.list_backups(A1)] == sorted(
        (kept.taken_at for kept in await home.manager.stored.list_backups(A1)), reverse=True
    )
    assert after.recommended == (backup if days_ago < 3 else before.recommended)


async def test_an_old_file_is_no_newer_whole_backup(home: Home, household: Household) -> None:
    household.add("a1")
    await home.manager.add_device(settings("a1"))
    newest = (await home.manager.back_up(A1)).backup
    assert newest is not None
    first, second = datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 5, 2, tzinfo=UTC)
    outcomes = [
        (await home.manager.import_backup(A1, file({**GOOD, "brightness": brightness}), made_at=made_at)).outcome
        for brightness, made_at in [(2, second), (1, first), (2, second), (1, first), (3, first)]
    ]
    assert outcomes == [Outcome.STORED, Outcome.STORED, Outcome.UNCHANGED, Outcome.UNCHANGED, Outcome.STORED]
    status = home.manager.status(A1)
    assert (status.newest, status.recommended, status.latest, status.confirmed) == (newest, newest, newest, START)
    backups = await home.manager.stored.list_backups(A1)
    assert [backup.id for backup in backups] == [
        newest.id,
        "2024-05-02_00-00-00",
        "2024-05-01_00-00-00_2",
        "2024-05-01_00-00-00",
    ]


async def test_a_file_of_unknown_time_displaces_no_good_backup(home: Home, household: Household) -> None:
    household.add("a1")
    await home.manager.add_device(settings("a1"))
    good = (await home.manager.back_up(A1)).backup
    assert good is not None
    home.clock.now += DAY
    older = (await home.manager.import_backup(A1, file({**GOOD, "brightness": 1}), may_be_old=True)).backup
    assert older is not None
    status = home.manager.status(A1)
    assert (status.newest, status.recommended, status.count) == (good, good, 2)
    assert older.taken_at == START - timedelta(seconds=1)

    stored = await home.manager.stored.list_backups(A1)
    assert stored == [good, older]
    artifact = (await home.manager.stored.read_backup(A1, good.id))[1]
    again = await home.manager.import_backup(A1, artifact, may_be_old=True)
    assert (again.outcome, again.backup and again.backup.id) == (Outcome.UNCHANGED, good.id)
    later = {**json.loads(artifact.content), "uptime": 7}
    assert (await home.manager.import_backup(A1, file(later), may_be_old=True)).backup == good
    for same in ({**GOOD, "brightness": 1}, {**GOOD, "brightness": 1, "uptime": 7}):
        once_more = await home.manager.import_backup(A1, file(same), may_be_old=True)
        assert (once_more.outcome, once_more.backup) == (Outcome.UNCHANGED, older)


async def test_a_file_that_tells_its_time_in_whole_seconds_is_there_already(home: Home, household: Household) -> None:
    household.add("a1")
    await home.manager.add_device(settings("a1"))
    home.clock.now += timedelta(milliseconds=855)
    backup = (await home.manager.back_up(A1)).backup
    assert backup is not None
    artifact = (await home.manager.stored.read_backup(A1, backup.id))[1]
    told = backup.taken_at.replace(microsecond=0)

    again = await home.manager.import_backup(A1, artifact, made_at=told)
    assert (again.outcome, again.backup and again.backup.id) == (Outcome.UNCHANGED, backup.id)
    before = await home.manager.import_backup(A1, artifact, made_at=told - timedelta(seconds=1))
    assert (before.outcome, home.manager.status(A1).count) == (Outcome.STORED, 2)


async def test_a_file_of_unknown_time_displaces_none_that_is_not_whole(home: Home, household: Household) -> None:
    """A device may always lack something: what it told last stays the newest, and a whole file is recommended."""
    household.add("a1", missing=(LOCKED,))
    await home.manager.add_device(settings("a1"))
    own = (await home.manager.back_up(A1)).backup
    assert own is not None
    assert not own.whole
    home.clock.now += DAY
    older = (await home.manager.import_backup(A1, file({**GOOD, "brightness": 1}), may_be_old=True)).backup
    status = home.manager.status(A1)
    assert (status.newest, status.recommended, status.count) == (own, older, 2)


async def test_what_was_damaged_is_no_reason_to_leave_a_file_out(home: Home, household: Household, root: Path) -> None:
    household.add("a1")
    await home.manager.add_device(settings("a1"))
    backup = (await home.manager.back_up(A1)).backup
    assert backup is not None
    good = (await home.manager.stored.read_backup(A1, backup.id))[1]
    path = root / backup.path
    path.write_bytes(b"x" * path.stat().st_size)
    result = await home.manager.import_backup(A1, good, may_be_old=True)
    assert (result.outcome, home.manager.status(A1).count) == (Outcome.STORED, 2)
    again = await home.manager.import_backup(A1, good, may_be_old=True)
    assert (again.outcome, again.backup) == (Outcome.UNCHANGED, result.backup)


async def test_a_file_whose_stored_backup_is_damaged_is_kept_again(
    home: Home, household: Household, root: Path
) -> None:
    household.add("a1")
    await home.manager.add_device(settings("a1"))
    await home.manager.back_up(A1)
    first = (await home.manager.import_backup(A1, file(), may_be_old=True)).backup
    assert first is not None
    (root / first.path).write_bytes(b"{}")
    again = await home.manager.import_backup(A1, file(name="copy.json"), may_be_old=True)
    assert (again.outcome, again.backup and again.backup.id != first.id) == (Outcome.STORED, True)
    assert again.backup is not None
    assert (await home.manager.stored.read_backup(A1, again.backup.id))[1].content == file().content


async def test_a_file_of_unknown_time_is_one_of_now_where_nothing_good_is_there(home: Home) -> None:
    await home.manager.add_device(settings("a1"))
    backup = (await home.manager.import_backup(A1, file(), may_be_old=True)).backup
    assert backup is not None
    assert (backup.taken_at, home.manager.status(A1).recommended) == (START, backup)


@pytest.mark.parametrize(
    ("name", "made_at"),
    [
        ("lamp Stairs 2024-05-01_09-35-38.json", datetime(2024, 5, 1, 9, 35, 38, tzinfo=UTC)),
        ("lamp Stairs 2024-05-01_09-35-38_2 (1).json", datetime(2024, 5, 1, 9, 35, 38, tzinfo=UTC)),
        ("lamp_2024-05-01_09_35_38.json", datetime(2024, 5, 1, 7, 35, 38, tzinfo=UTC)),
        ("lamp_2024-13-01_09-35-38.json", START),
        ("lamp_2024-13-01_09-35-38_2024-05-01_09-35-38.json", datetime(2024, 5, 1, 9, 35, 38, tzinfo=UTC)),
        ("lamp_1970-01-01_00-00-07.json", START),
        ("lamp_0001-01-01_00_00_00.json", START),
        ("lamp_12024-05-01_09-35-38.json", START),
    ],
)
async def test_a_name_tells_the_time(open_home: OpenHome, name: str, made_at: datetime) -> None:
    home = await open_home()
    home.manager.set_zone(ZoneInfo("Europe/Berlin"))
    await home.manager.add_device(settings("a1"))
    backup = (await home.manager.import_backup(A1, file(name=name))).backup
    assert backup is not None
    assert backup.taken_at == made_at


@pytest.mark.parametrize(
    ("ahead", "as_if_unknown"), [(timedelta(hours=14), False), (3 * DAY, True), (2000 * DAY, True)]
)
async def test_a_file_of_a_time_to_come_displaces_no_good_backup(
    home: Home, household: Household, *, ahead: timedelta, as_if_unknown: bool
) -> None:
    household.add("a1")
    await home.manager.add_device(settings("a1"))
    good = (await home.manager.back_up(A1)).backup
    assert good is not None
    home.clock.now += DAY
    made_at = home.clock.now + ahead
    older = file({**GOOD, "brightness": 1})
    backup = (await home.manager.import_backup(A1, older, made_at=made_at, may_be_old=True)).backup
    assert backup is not None
    assert (home.manager.status(A1).newest == good) is as_if_unknown
    again = await home.manager.import_backup(A1, older, made_at=made_at, may_be_old=True)
    assert (again.outcome, again.backup and again.backup.id) == (Outcome.UNCHANGED, backup.id)


async def test_a_time_in_the_future_is_now(home: Home) -> None:
    await home.manager.add_device(settings("a1"))
    backup = (await home.manager.import_backup(A1, file(), made_at=START + DAY)).backup
    assert backup is not None
    assert backup.taken_at == START


@pytest.mark.parametrize(
    "content", [b"", b"<html>Login</html>", b'{"brightness": 1', b'{"name": "toaster"}', b"x" * (16 * 1024 * 1024 + 1)]
)
async def test_an_unusable_file_is_refused(home: Home, content: bytes) -> None:
    await home.manager.add_device(settings("a1"))
    with pytest.raises(UnusableFileError) as raised:
        await home.manager.import_backup(A1, file(content))
    assert raised.value.detail
    assert home.manager.status(A1).count == 0
    assert (await home.manager.import_backup(A1, file())).outcome is Outcome.STORED


async def test_a_file_of_another_device_is_refused(open_home: OpenHome, household: Household) -> None:
    home = await open_home(registry=household.registry(base=KnowsOwner))
    await home.manager.add_device(settings("a1"))
    with pytest.raises(ForeignFileError, match=r"It is of a device of which nothing is stored, not of Lamp a1\."):
        await home.manager.import_backup(A1, file({**GOOD, "owner": "b2"}))
    await home.manager.add_device(settings("b2"))
    await home.manager.import_backup(key("b2"), file({**GOOD, "owner": "b2"}))
    with pytest.raises(ForeignFileError, match=r"It is of Lamp b2, not of Lamp a1\."):
        await home.manager.import_backup(A1, file({**GOOD, "owner": "b2"}))
    with pytest.raises(HandlerCrashedError):
        await home.manager.import_backup(A1, file({**GOOD, "owner": 7}))
    assert home.manager.status(A1).count == 0
    await home.manager.import_backup(A1, file({**GOOD, "owner": "a1"}))
    await home.manager.import_backup(A1, file())
    assert home.manager.status(A1).count == 2


@pytest.mark.parametrize(
    ("zone", "taken_at"),
    [
        ("Europe/Berlin", datetime(2024, 5, 1, 10, tzinfo=UTC)),
        ("America/New_York", datetime(2024, 5, 1, 16, tzinfo=UTC)),
    ],
)
async def test_a_time_on_the_wall_is_one_of_the_home(
    open_home: OpenHome, household: Household, zone: str, taken_at: datetime
) -> None:
    home = await open_home(registry=household.registry(base=TellsOfItself))
    home.manager.set_zone(ZoneInfo(zone))
    await home.manager.add_device(settings("a1"))
    told = {"made_at": "2024-05-01T12:00:00"}
    backup = (await home.manager.import_backup(A1, file({**GOOD, "told": told}))).backup
    assert backup is not None
    assert backup.taken_at == taken_at


async def test_a_file_is_recorded_with_what_it_tells_of_itself(open_home: OpenHome, household: Household) -> None:
    household.add("a1", version="0.15")
    home = await open_home(registry=household.registry(base=TellsOfItself))
    await home.manager.add_device(settings("a1"))
    assert (await home.manager.back_up(A1)).backup is not None
    told = {"version": "0.9", "made_at": "2024-05-01T12:00:00+02:00"}
    backup = (await home.manager.import_backup(A1, file({**GOOD, "told": told}))).backup
    assert backup is not None
    assert (backup.device.version, backup.taken_at) == ("0.9", datetime(2024, 5, 1, 10, tzinfo=UTC))
    entered = datetime(2024, 6, 1, tzinfo=UTC)
    told = {"version": "0.8", "made_at": "2024-05-01T12:00:00"}
    backup = (await home.manager.import_backup(A1, file({**GOOD, "told": told}), made_at=entered)).backup
    assert backup is not None
    assert (backup.device.version, backup.taken_at) == ("0.8", entered)
    told = {"version": "0.7", "made_at": "2024-05-02T12:00:00"}
    backup = (await home.manager.import_backup(A1, file({**GOOD, "told": told}))).backup
    assert backup is not None
    assert (backup.device.version, backup.taken_at) == ("0.7", datetime(2024, 5, 2, 12, tzinfo=UTC))


async def test_a_file_of_another_model_is_refused(open_home: OpenHome, household: Household) -> None:
    home = await open_home(registry=household.registry(base=TellsOfItself))
    await home.manager.add_device(settings("a1"))
    with pytest.raises(ForeignFileError, match="It is of a Chandelier"):
        await home.manager.import_backup(A1, file({**GOOD, "told": {"model": "Chandelier"}}))
    for wrong in (7, {"version": 7}):
        with pytest.raises(HandlerCrashedError):
            await home.manager.import_backup(A1, file({**GOOD, "told": wrong}))
    assert home.manager.status(A1).count == 0
    impossible = {"made_at": "0001-01-01T00:00:00"}
    assert (await home.manager.import_backup(A1, file({**GOOD, "told": impossible}))).outcome is Outcome.STORED


async def test_it_ends_no_block(home: Home, household: Household, open_home: OpenHome) -> None:
    lamp = household.add("a1", pin="4711")
    await home.manager.add_device(settings("a1"))
    assert isinstance((await home.manager.back_up(A1)).error, AuthenticationError)
    await home.manager.import_backup(A1, file())
    await home.manager.import_backup(A1, file())
    await home.manager.stop()
    again = await open_home()
    await again.manager.add_device(settings("a1"))
    assert isinstance((await again.manager.back_up(A1)).error, AuthenticationError)
    assert lamp.contacts == 1


async def test_it_waits_for_a_snapshot(home: Home) -> None:
    await home.manager.add_device(settings("a1"))
    await home.manager.prepare_snapshot()
    handing_in = asyncio.create_task(home.manager.import_backup(A1, file()))
    await asyncio.sleep(0.05)
    assert home.manager.status(A1).count == 0
    home.manager.finish_snapshot()
    assert (await handing_in).outcome is Outcome.STORED


async def test_an_unknown_device_is_an_error(home: Home) -> None:
    with pytest.raises(BackupNotFoundError):
        await home.manager.import_backup(A1, file())
    await home.manager.add_device(settings("a1"))
    await home.manager.import_backup(A1, file())
