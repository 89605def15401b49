"""Which job runs when: limits, one at a time per endpoint, people first, nobody twice."""

import asyncio
import contextlib
import json
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from ha_device_backup_core.contract import Prompt
from ha_device_backup_core.errors import BackupNotFoundError, CannotConnectError, DeviceBackupError
from ha_device_backup_core.manager import job_queue
from ha_device_backup_core.manager.job_queue import Job, JobQueue, Priority
from ha_device_backup_core.manager.settings import endpoint
from ha_device_backup_core.records import DeviceKey, Outcome, Trigger

from .conftest import DEFAULTS, OpenHome, key, settings
from .fakes import Home
from .lamps import Household, Lamp


class Someone:
    def __init__(self) -> None:
        self.told: list[Prompt | None] = []

    def show(self, prompt: Prompt | None) -> None:
        self.told.append(prompt)


async def lamps(home: Home, household: Household, number: int) -> list[Lamp]:
    added = [household.add(f"l{index:02}") for index in range(number)]
    for lamp in added:
        lamp.holds.clear()
        await home.manager.add_device(settings(str(lamp.unique_id)))
    return added


def let_go(household: Household) -> None:
    for lamp in household.lamps.values():
        lamp.holds.set()


async def test_no_more_run_at_once_than_allowed(open_home: OpenHome, household: Household) -> None:
    home = await open_home(defaults=replace(DEFAULTS, concurrency=3))
    some = await lamps(home, household, 10)
    everything = asyncio.create_task(home.manager.back_up_all())
    for lamp in some[:3]:
        await lamp.began.wait()
    statuses = home.manager.statuses()
    assert [status.running for status in statuses] == [True] * 3 + [False] * 7
    assert [status.queued for status in statuses] == [False] * 3 + [True] * 7
    let_go(household)
    results = await everything
    assert [result.outcome for result in results] == [Outcome.STORED] * 10
    assert household.most_in_flight == 3


async def test_a_higher_limit_holds_at_once(open_home: OpenHome, household: Household) -> None:
    home = await open_home(defaults=replace(DEFAULTS, concurrency=1))
    some = await lamps(home, household, 3)
    everything = asyncio.create_task(home.manager.back_up_all())
    await some[0].began.wait()
    home.manager.set_defaults(replace(DEFAULTS, concurrency=3))
    await some[2].began.wait()
    let_go(household)
    await everything


async def test_one_hung_device_delays_no_other(open_home: OpenHome, household: Household) -> None:
    home = await open_home(defaults=replace(DEFAULTS, concurrency=2))
    hung, *rest = await lamps(home, household, 6)
    for lamp in rest:
        lamp.holds.set()
    waiting = asyncio.create_task(home.manager.back_up(key("l00")))
    await hung.began.wait()
    for lamp in rest:
        assert (await home.manager.back_up(key(str(lamp.unique_id)))).outcome is Outcome.STORED
    hung.holds.set()
    assert (await waiting).outcome is Outcome.STORED


async def test_a_person_comes_first(open_home: OpenHome, household: Household) -> None:
    home = await open_home(defaults=replace(DEFAULTS, concurrency=1))
    some = await lamps(home, household, 4)
    everything = asyncio.create_task(home.manager.back_up_all(trigger=Trigger.SCHEDULE))
    await some[0].began.wait()
    mine = asyncio.create_task(home.manager.back_up(key("l03"), trigger=Trigger.MANUAL))
    await asyncio.sleep(0)
    let_go(household)
    assert (await mine).trigger is Trigger.MANUAL
    results = await everything
    assert household.order == ["l00", "l03", "l01", "l02"]
    assert [result.trigger for result in results] == [Trigger.SCHEDULE] * 3 + [Trigger.MANUAL]
    assert some[3].fetches == 1


async def test_a_device_is_not_queued_twice(open_home: OpenHome, household: Household) -> None:
    home = await open_home(defaults=replace(DEFAULTS, concurrency=1))
    some = await lamps(home, household, 2)
    first = asyncio.create_task(home.manager.back_up(key("l00"), trigger=Trigger.SCHEDULE))
    await some[0].began.wait()
    same = [
        asyncio.create_task(home.manager.back_up(key(host), trigger=trigger))
        for host in ("l00", "l01")
        for trigger in (Trigger.SCHEDULE, Trigger.SEEN_AGAIN, Trigger.MANUAL, Trigger.CATCH_UP)
    ]
    await asyncio.sleep(0)
    let_go(household)
    await asyncio.gather(first, *same)
    assert [lamp.fetches for lamp in some] == [1, 1]
    assert home.outcomes == [("l00", Trigger.SCHEDULE, Outcome.STORED), ("l01", Trigger.MANUAL, Outcome.STORED)]


async def test_a_scheduled_run_that_a_person_joined_is_still_tried_again(
    open_home: OpenHome, household: Household
) -> None:
    home = await open_home(defaults=replace(DEFAULTS, concurrency=1, retry=replace(DEFAULTS.retry, enabled=True)))
    some = await lamps(home, household, 2)
    some[1].off = True
    first = asyncio.create_task(home.manager.back_up(key("l00"), trigger=Trigger.SCHEDULE))
    await some[0].began.wait()
    scheduled = asyncio.create_task(home.manager.back_up(key("l01"), trigger=Trigger.SCHEDULE))
    await asyncio.sleep(0)
    mine = asyncio.create_task(home.manager.back_up(key("l01")))
    await asyncio.sleep(0)
    let_go(household)
    result = await mine
    assert result is await scheduled
    assert isinstance(result.error, CannotConnectError)
    assert result.will_retry_at is not None
    await first


async def test_after_an_update_a_run_that_began_before_it_does_not_count(home: Home, household: Household) -> None:
    (lamp,) = await lamps(home, household, 1)
    before = asyncio.create_task(home.manager.back_up(key("l00"), trigger=Trigger.BEFORE_UPDATE))
    await lamp.began.wait()
    after = asyncio.create_task(home.manager.back_up(key("l00"), trigger=Trigger.AFTER_UPDATE))
    await asyncio.sleep(0)
    assert (home.manager.status(key("l00")).running, home.manager.status(key("l00")).queued) == (True, True)
    let_go(household)
    assert ((await before).trigger, (await after).trigger) == (Trigger.BEFORE_UPDATE, Trigger.AFTER_UPDATE)
    assert (lamp.fetches, lamp.most_in_flight) == (2, 1)


async def test_a_person_at_the_device_gets_a_run_of_their_own(home: Home, household: Household) -> None:
    (lamp,) = await lamps(home, household, 1)
    unattended = asyncio.create_task(home.manager.back_up(key("l00"), trigger=Trigger.SCHEDULE))
    await lamp.began.wait()
    person = Someone()
    attended = asyncio.create_task(home.manager.back_up(key("l00"), person=person))
    await asyncio.sleep(0)
    let_go(household)
    await unattended
    await attended
    assert lamp.persons[0] is None
    assert lamp.persons[1] is not None
    assert person.told[0] == Prompt(text="Press the button.", seconds=60)


async def test_a_person_joins_what_waits(open_home: OpenHome, household: Household) -> None:
    home = await open_home(defaults=replace(DEFAULTS, concurrency=1))
    some = await lamps(home, household, 2)
    first = asyncio.create_task(home.manager.back_up(key("l00")))
    await some[0].began.wait()
    scheduled = asyncio.create_task(home.manager.back_up(key("l01"), trigger=Trigger.SCHEDULE))
    await asyncio.sleep(0)
    person = Someone()
    mine = asyncio.create_task(home.manager.back_up(key("l01"), person=person))
    await asyncio.sleep(0)
    let_go(household)
    await asyncio.gather(first, scheduled, mine)
    assert some[1].fetches == 1
    assert person.told


async def test_what_was_read_already_answers_nobody_who_asks_later(home: Home, household: Household) -> None:
    (lamp,) = await lamps(home, household, 1)
    first = asyncio.create_task(home.manager.back_up(key("l00")))
    await lamp.began.wait()
    joined = asyncio.create_task(home.manager.back_up(key("l00")))
    await home.manager.prepare_snapshot()  # what was read cannot be stored yet
    let_go(household)
    while not lamp.closed:
        await asyncio.sleep(0)
    lamp.settings = {"name": "changed", "brightness": 7}
    later = [asyncio.create_task(home.manager.back_up(key("l00"))) for _ in range(2)]
    await asyncio.sleep(0)
    home.manager.finish_snapshot()

    before, same, after, with_it = await asyncio.gather(first, joined, *later)
    assert (before, after) == (same, with_it)
    assert (lamp.fetches, before.outcome, after.outcome) == (2, Outcome.STORED, Outcome.STORED)
    assert after.backup is not None
    _, artifact = await home.manager.stored.read_backup(key("l00"), after.backup.id)
    assert json.loads(artifact.content)["name"] == "changed"


async def test_two_kinds_at_one_endpoint_take_turns(home: Home, household: Household) -> None:
    lamp = household.add("a1", unique_id=None)
    lamp.holds.clear()
    for minted in ("m1", "m2"):
        await home.manager.add_device(settings("a1", key=key(minted)))
    everything = asyncio.create_task(home.manager.back_up_all())
    await lamp.began.wait()
    lamp.holds.set()
    await everything
    assert (lamp.fetches, lamp.most_in_flight) == (2, 1)


async def test_a_form_does_not_wait_for_other_devices_or_a_snapshot_but_for_its_own(
    open_home: OpenHome, household: Household
) -> None:
    home = await open_home(defaults=replace(DEFAULTS, concurrency=1))
    some = await lamps(home, household, 2)
    running = asyncio.create_task(home.manager.back_up(key("l00")))
    await some[0].began.wait()
    await home.manager.prepare_snapshot()
    assert (await home.manager.probe("lamp", {"host": "l01"})).unique_id == "l01"
    own = asyncio.create_task(home.manager.probe("lamp", {"host": "l00"}))
    await asyncio.sleep(0)
    assert some[0].contacts == 1
    home.manager.finish_snapshot()
    let_go(household)
    await running
    assert (await own).unique_id == "l00"


async def test_a_form_that_was_closed_ends_its_probe(home: Home, household: Household) -> None:
    (lamp,) = await lamps(home, household, 1)
    running = asyncio.create_task(home.manager.back_up(key("l00")))
    await lamp.began.wait()
    probing = asyncio.create_task(home.manager.probe("lamp", {"host": "l00"}))
    await asyncio.sleep(0)
    probing.cancel()
    await asyncio.wait([probing])
    let_go(household)
    await running
    assert (probing.cancelled(), lamp.contacts) == (True, 2)


async def test_nothing_runs_while_firmware_is_installed(home: Home, household: Household) -> None:
    (lamp,) = await lamps(home, household, 1)
    let_go(household)
    home.manager.pause_device(key("l00"))
    waiting = asyncio.create_task(home.manager.back_up(key("l00"), trigger=Trigger.SCHEDULE))
    await asyncio.sleep(0)
    assert (home.manager.status(key("l00")).queued, lamp.contacts) == (True, 0)
    home.manager.resume_device(key("l00"))
    assert (await waiting).outcome is Outcome.STORED
    with pytest.raises(BackupNotFoundError):
        home.manager.pause_device(key("other"))
    home.manager.resume_device(key("other"))


async def test_a_hold_that_is_forgotten_ends(home: Home, household: Household) -> None:
    await lamps(home, household, 1)
    let_go(household)
    home.manager.pause_device(key("l00"))
    waiting = asyncio.create_task(home.manager.back_up(key("l00"), trigger=Trigger.SCHEDULE))
    await asyncio.sleep(0)
    home.timers.fire_next()
    assert (await waiting).outcome is Outcome.STORED
    assert home.clock.now - waiting.result().backup.taken_at == timedelta()  # type: ignore[union-attr] # it was stored


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"host": "Lamp.local "}, "lamp.local:"),
        ({"host": "lamp", "port": 81}, "lamp:81"),
        ({"url": "https://Box.lan:8443/path"}, "box.lan:8443"),
        ({"url": "https://[::1"}, "lamp:a1"),
        ({}, "lamp:a1"),
    ],
)
def test_endpoints(config: dict[str, object], expected: str) -> None:
    assert endpoint(DeviceKey("lamp", "a1"), config) == expected


async def test_a_job_that_is_cancelled_before_its_first_step_leaves_its_place() -> None:
    queue = JobQueue(1)

    async def work() -> int:
        return 1

    dropped = queue.submit(Job(endpoint="a", priority=Priority.PERSON, work=work))
    await queue.drop(dropped, "gone")
    with pytest.raises(DeviceBackupError, match="gone"):
        await dropped.done
    assert await queue.submit(Job(endpoint="a", priority=Priority.PERSON, work=work)).done == 1
    await queue.close()
    with pytest.raises(DeviceBackupError, match="being stopped"):
        await queue.submit(Job(endpoint="a", priority=Priority.PERSON, work=work)).done


async def test_a_job_whose_task_is_cancelled_from_outside_is_told_to_who_waits() -> None:
    queue = JobQueue(1)
    job = queue.submit(Job(endpoint="a", priority=Priority.PERSON, work=asyncio.Event().wait))
    await asyncio.sleep(0)
    assert job.task is not None
    job.task.cancel()
    with pytest.raises(DeviceBackupError, match="stopped"):
        await job.done


async def test_a_job_that_cannot_be_cancelled_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_queue, "SECONDS_TO_STOP", 0.01)
    queue = JobQueue(1)
    let_go = asyncio.Event()

    async def stubborn() -> int:
        while not let_go.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await let_go.wait()
        return 1

    job = queue.submit(Job(endpoint="a", priority=Priority.PERSON, work=stubborn))
    await asyncio.sleep(0)
    await queue.close()
    assert not job.done.done()
    let_go.set()
    assert await job.done == 1


async def test_a_late_result_of_a_dropped_job_is_let_go() -> None:
    queue = JobQueue(1)

    async def stubborn(error: Exception | None) -> int:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if error is not None:
                raise error from None
        return 1

    for error in (None, RuntimeError("late")):
        job = queue.submit(Job(endpoint="a", priority=Priority.PERSON, work=partial(stubborn, error)))
        await asyncio.sleep(0)
        await queue.drop(job, "gone")
        with pytest.raises(DeviceBackupError, match="gone"):
            await job.done


async def test_the_order_within_a_priority_is_the_one_in_which_they_came() -> None:
    done: list[str] = []
    queue = JobQueue(0)

    def job(name: str, priority: Priority) -> Job[None]:
        async def work() -> None:
            done.append(name)

        return queue.submit(Job(endpoint=name, priority=priority, work=work))

    jobs = [job("first", Priority.UNATTENDED), job("raised", Priority.UNATTENDED), job("second", Priority.UNATTENDED)]
    person = job("person", Priority.PERSON)
    queue.raise_to(jobs[1], Priority.PERSON)
    queue.raise_to(jobs[1], Priority.UNATTENDED)
    queue.set_limit(1)
    await asyncio.wait([waiting.done for waiting in (*jobs, person)])
    assert done == ["person", "raised", "first", "second"]
