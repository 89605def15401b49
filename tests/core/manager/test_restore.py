"""A backup goes back on a device, and nothing is lost on the way."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

import pytest

from ha_device_backup_core.contract import Artifact, DeviceInfo
from ha_device_backup_core.errors import (
    AuthenticationError,
    BackupNotFoundError,
    CannotConnectError,
    DeviceBackupError,
    RestoreUnsupportedError,
    StoreDamagedError,
    WrongDeviceError,
)
from ha_device_backup_core.manager import RestorePreview
from ha_device_backup_core.manager.decisions import Decision, decision_of
from ha_device_backup_core.policies.retention import RetentionPolicy
from ha_device_backup_core.records import Backup, DeviceKey, Outcome, Trigger
from ha_device_backup_core.restore_records import FileChange, PlannedFile, RestorePlan, RestoreReport
from ha_device_backup_core.text import Text, in_language

from .conftest import OpenHome, key, settings
from .fakes import Home
from .lamps import NOT_VERIFIED, FetchOnlyHandler, Household, Lamp, LampHandler

A1 = key("a1")


async def backed_up(home: Home, household: Household) -> tuple[Lamp, Backup]:
    lamp = household.add("a1", version="1.0")
    await home.manager.add_device(settings("a1", retention=RetentionPolicy(newest=1, monthly=0)))
    backup = (await home.manager.back_up(A1)).backup
    assert backup is not None
    lamp.settings = {"name": "wiped", "brightness": 0}
    return lamp, backup


async def test_it_goes_back_after_a_fresh_backup(home: Home, household: Household) -> None:
    lamp, backup = await backed_up(home, household)
    seen: list[tuple[float | None, Text]] = []
    result = await home.manager.restore(A1, backup.id, progress=lambda share, text: seen.append((share, text)))
    assert (result.backup, result.report) == (backup, RestoreReport(proven=("lamp.json",)))
    assert lamp.settings == {"name": "lamp", "brightness": 1}
    assert [share for share, _ in seen] == [None, 0.5, 1.0]
    assert home.outcomes[-2:] == [
        ("a1", Trigger.BEFORE_RESTORE, Outcome.STORED),
        ("a1", Trigger.AFTER_RESTORE, Outcome.STORED),
    ]
    after, before, _ = await home.manager.stored.list_backups(A1)
    assert (after.trigger, before.trigger) == (Trigger.AFTER_RESTORE, Trigger.BEFORE_RESTORE)
    assert (result.safety_backup, result.after and result.after.backup) == (before, after)
    assert not home.manager.status(A1).running


async def test_a_device_that_cannot_be_backed_up_is_left_alone_unless_the_person_says_so(
    home: Home, household: Household
) -> None:
    lamp, backup = await backed_up(home, household)
    lamp.fault = CannotConnectError()
    with pytest.raises(CannotConnectError):
        await home.manager.restore(A1, backup.id)
    assert lamp.settings == {"name": "wiped", "brightness": 0}
    await home.manager.restore(A1, backup.id, safety_backup=False)
    assert lamp.settings == {"name": "lamp", "brightness": 1}


async def test_a_plan_tells_and_changes_nothing(home: Home, household: Household) -> None:
    lamp, backup = await backed_up(home, household)
    lamp.version = "2.0"
    assert await home.manager.plan_restore(A1) == RestorePreview(
        device=DeviceInfo(unique_id="a1", name="Lamp", version="2.0"),
        backup=backup,
        plan=RestorePlan(files=(PlannedFile(name="lamp.json", change=FileChange.UNKNOWN),)),
    )
    assert (lamp.settings, lamp.fetches, home.manager.status(A1).count) == ({"name": "wiped", "brightness": 0}, 1, 1)
    lamp.unique_id = "b2"
    with pytest.raises(WrongDeviceError):
        await home.manager.plan_restore(A1, backup.id)
    lamp.unique_id = "a1"
    assert (await home.manager.plan_restore(A1, backup.id)).backup == backup


async def test_another_device_at_the_address_is_never_written(home: Home, household: Household) -> None:
    lamp, backup = await backed_up(home, household)
    lamp.unique_id = "b2"
    for safety in (True, False):
        with pytest.raises(WrongDeviceError):
            await home.manager.restore(A1, backup.id, safety_backup=safety)
    assert lamp.settings == {"name": "wiped", "brightness": 0}
    lamp.unique_id = "a1"
    await home.manager.restore(A1, backup.id)
    assert lamp.settings == {"name": "lamp", "brightness": 1}


async def test_what_cannot_be_restored_makes_no_contact(home: Home, household: Household, root: Path) -> None:
    lamp, backup = await backed_up(home, household)
    contacts = lamp.contacts
    with pytest.raises(BackupNotFoundError):
        await home.manager.restore(A1, "2020-01-01_00-00-00")
    with pytest.raises(BackupNotFoundError):
        await home.manager.restore(key("unknown"), backup.id)
    with pytest.raises(RestoreUnsupportedError):
        await home.manager.restore(A1, backup.id, source=DeviceKey("toaster", "a1"))
    content = (root / backup.path).read_bytes()
    (root / backup.path).write_bytes(b"{}")
    with pytest.raises(StoreDamagedError):
        await home.manager.restore(A1, backup.id)
    assert lamp.contacts == contacts
    (root / backup.path).write_bytes(content)
    await home.manager.restore(A1, backup.id)
    assert lamp.settings == {"name": "lamp", "brightness": 1}


async def test_a_handler_that_cannot_restore_says_so(open_home: OpenHome, household: Household) -> None:
    home = await open_home(registry=household.registry(base=FetchOnlyHandler))
    lamp, backup = await backed_up(home, household)
    with pytest.raises(RestoreUnsupportedError):
        await home.manager.restore(A1, backup.id)
    await home.manager.stop()
    able = await open_home()
    await able.manager.add_device(settings("a1"))
    await able.manager.restore(A1, backup.id)
    assert lamp.settings == {"name": "lamp", "brightness": 1}


async def test_a_restore_that_fails_is_told_and_can_be_repeated(home: Home, household: Household) -> None:
    lamp, backup = await backed_up(home, household)
    lamp.restore_fault = NOT_VERIFIED
    with pytest.raises(DeviceBackupError) as failed:
        await home.manager.restore(A1, backup.id)
    assert failed.value is NOT_VERIFIED
    lamp.restore_fault = None
    await home.manager.restore(A1, backup.id)
    assert lamp.settings == {"name": "lamp", "brightness": 1}


async def test_a_device_that_refused_the_login_is_not_asked_again(home: Home, household: Household) -> None:
    lamp, backup = await backed_up(home, household)
    lamp.pin = "4711"
    for safety in (True, False):
        with pytest.raises(AuthenticationError):
            await home.manager.restore(A1, backup.id, safety_backup=safety)
    contacts = lamp.contacts
    with pytest.raises(AuthenticationError):
        await home.manager.restore(A1, backup.id, safety_backup=False)
    assert lamp.contacts == contacts == 3
    await home.manager.update_device(settings("a1", config={"pin": "4711"}))
    await home.manager.restore(A1, backup.id)
    assert lamp.settings == {"name": "lamp", "brightness": 1}


async def test_the_hardware_was_replaced(home: Home, household: Household) -> None:
    _, backup = await backed_up(home, household)
    await home.manager.remove_device(A1)
    new = household.add("b2", settings={"name": "new", "brightness": 0})
    await home.manager.add_device(settings("b2"))
    result = await home.manager.restore(key("b2"), backup.id, source=A1)
    assert result.report == RestoreReport(proven=("lamp.json",))
    assert new.settings == {"name": "lamp", "brightness": 1}


async def test_it_waits_for_a_running_backup_and_shows_that_it_runs(home: Home, household: Household) -> None:
    lamp, backup = await backed_up(home, household)
    lamp.began.clear()
    lamp.holds.clear()
    running = asyncio.create_task(home.manager.back_up(A1))
    await lamp.began.wait()
    restoring = asyncio.create_task(home.manager.restore(A1, backup.id, safety_backup=False))
    states: list[bool] = []
    home.manager.subscribe(lambda _: states.append(home.manager.status(A1).running))
    lamp.holds.set()
    await running
    await restoring
    assert lamp.most_in_flight == 1
    assert True in states
    assert not home.manager.status(A1).running


class PlanningHandler(LampHandler):
    """Tells what a restore would change."""

    change: ClassVar[FileChange] = FileChange.UNCHANGED

    async def plan_restore(self, artifact: Artifact) -> RestorePlan:
        return RestorePlan(files=(PlannedFile(name="lamp.json", change=self.change),))


async def test_a_restore_that_would_change_nothing_sends_nothing(open_home: OpenHome, household: Household) -> None:
    home = await open_home(registry=household.registry(base=PlanningHandler))
    lamp, backup = await backed_up(home, household)
    result = await home.manager.restore(A1, backup.id)
    assert result.report is not None
    assert (result.report.nothing_to_do, lamp.restores) == (True, 0)
    assert home.manager.status(A1).unfinished_restore is None


async def test_a_restore_that_was_cut_off_is_done_again_even_if_all_is_equal(
    open_home: OpenHome, household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = await open_home(registry=household.registry(base=PlanningHandler))
    lamp, backup = await backed_up(home, household)
    lamp.restore_fault = CannotConnectError()
    with monkeypatch.context() as before:
        before.setattr(PlanningHandler, "change", FileChange.CHANGED)
        with pytest.raises(CannotConnectError):
            await home.manager.restore(A1, backup.id)
    lamp.restore_fault = None
    assert (await home.manager.restore(A1, backup.id)).report == RestoreReport(proven=("lamp.json",))
    assert lamp.restores == 2


@pytest.mark.parametrize("asked", ["plan", "restore", "compare", "review"])
async def test_another_device_is_made_known_whatever_was_asked(home: Home, household: Household, asked: str) -> None:
    lamp, backup = await backed_up(home, household)
    assert decision_of(home.manager.status(A1)) is None
    lamp.unique_id = "b2"
    steps: dict[str, Callable[[], Awaitable[object]]] = {
        "plan": lambda: home.manager.plan_restore(A1, backup.id),
        "restore": lambda: home.manager.restore(A1, backup.id, safety_backup=False),
        "compare": lambda: home.manager.compare(A1, backup.id),
        "review": lambda: home.manager.review(A1),
    }
    with suppress(WrongDeviceError):
        await steps[asked]()
    assert decision_of(home.manager.status(A1)) is Decision.ANOTHER_DEVICE
    lamp.unique_id = "a1"
    await home.manager.back_up(A1)
    assert decision_of(home.manager.status(A1)) is None


async def test_a_plan_says_that_the_device_does_not_tell_who_it_is(home: Home, household: Household) -> None:
    lamp, backup = await backed_up(home, household)
    assert (await home.manager.plan_restore(A1, backup.id)).plan.risks == ()
    lamp.unique_id = None
    (risk,) = (await home.manager.plan_restore(A1, backup.id)).plan.risks
    assert in_language(risk).startswith("The device does not tell at present which one it is.")
