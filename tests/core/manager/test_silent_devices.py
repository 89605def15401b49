"""A device that does not answer takes no place from those that do."""

import asyncio
from dataclasses import replace

import pytest

from ha_device_backup_core.contract import DeviceInfo
from ha_device_backup_core.manager import job_queue
from ha_device_backup_core.manager.job_queue import Job, JobQueue, Priority
from ha_device_backup_core.records import Outcome

from .conftest import DEFAULTS, OpenHome, key, settings
from .lamps import Household, LampHandler


class Work:
    """A job in three parts: until the answer, until the end, and what the limit says in between."""

    def __init__(self, queue: JobQueue, name: str, *, priority: Priority = Priority.UNATTENDED) -> None:
        self.queue = queue
        self.began, self.answer, self.answered, self.finish = (asyncio.Event() for _ in range(4))
        self.job = Job(endpoint=name, priority=priority, work=self._run, awaits_answer=True)
        queue.submit(self.job)

    async def _run(self) -> str:
        self.began.set()
        await self.answer.wait()
        await self.queue.answered(self.job)
        self.answered.set()
        await self.finish.wait()
        return self.job.endpoint


async def turn() -> None:
    """Let everything run that can."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_a_silent_device_lends_its_place() -> None:
    queue = JobQueue(2, patience=0)
    silent = [Work(queue, f"silent{number}") for number in range(2)]
    others = [Work(queue, f"other{number}") for number in range(3)]
    for work in others:
        await work.began.wait()
        work.answer.set()
    await turn()
    assert [work.answered.is_set() for work in others] == [True, True, False]

    for work in others:
        work.finish.set()
    assert [await work.job.done for work in others] == ["other0", "other1", "other2"]
    for work in silent:
        work.answer.set()
        work.finish.set()
        assert await work.job.done == work.job.endpoint
    await queue.close()


async def test_a_late_answer_waits_for_a_place_ahead_of_what_has_not_begun() -> None:
    queue = JobQueue(1, patience=0)
    late, running = Work(queue, "late"), Work(queue, "running")
    running.answer.set()
    await running.answered.wait()
    waiting = Job(endpoint="waiting", priority=Priority.UNATTENDED, work=lambda: asyncio.sleep(0, "waiting"))
    queue.submit(waiting)
    person = Work(queue, "person", priority=Priority.PERSON)
    late.answer.set()
    await turn()
    assert (late.answered.is_set(), waiting.task, person.began.is_set()) == (False, None, False)

    running.finish.set()
    await late.answered.wait()
    assert (waiting.task, person.began.is_set()) == (None, False)
    late.finish.set()
    person.answer.set()
    person.finish.set()
    assert await person.job.done == "person"
    assert await waiting.done == "waiting"
    await queue.close()


async def test_one_that_gives_up_while_it_waits_for_a_place_leaves_none_behind() -> None:
    queue = JobQueue(1, patience=0)
    late, running = Work(queue, "late"), Work(queue, "running")
    running.answer.set()
    await running.answered.wait()
    late.answer.set()
    await turn()
    await queue.drop(late.job, "Not wanted.")
    running.finish.set()
    await running.job.done
    first, second = Work(queue, "first"), Work(queue, "second")
    for work in (first, second):
        await work.began.wait()
        work.answer.set()
    await first.answered.wait()
    assert not second.answered.is_set()
    await queue.close()


async def test_who_looks_at_a_form_needs_no_place() -> None:
    queue = JobQueue(1, patience=0)
    running, form = Work(queue, "running"), Work(queue, "form", priority=Priority.INTERACTIVE)
    form.answer.set()
    await form.answered.wait()
    running.answer.set()
    await running.answered.wait()
    await queue.close()


async def test_devices_that_hang_delay_nobody(
    open_home: OpenHome, household: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All places are taken by devices that are silent, and the others are backed up all the same."""
    answers = asyncio.Event()

    class SilentHandler(LampHandler):
        async def test_connection(self) -> DeviceInfo:
            if str(self.config["host"]).startswith("silent"):
                await answers.wait()
            return await super().test_connection()

    monkeypatch.setattr(job_queue.JobQueue.__init__, "__kwdefaults__", {"patience": 0})
    home = await open_home(registry=household.registry(base=SilentHandler), defaults=replace(DEFAULTS, concurrency=2))
    names = ["silent1", "silent2", *(f"lamp{number}" for number in range(6))]
    for name in names:
        household.add(name)
        await home.manager.add_device(settings(name))
    everything = {name: asyncio.create_task(home.manager.back_up(key(name))) for name in names}
    for name in names[2:]:
        assert (await everything[name]).outcome is Outcome.STORED
    assert not everything["silent1"].done()
    assert household.most_in_flight <= 2
    answers.set()
    assert {(await task).outcome for task in everything.values()} == {Outcome.STORED}
