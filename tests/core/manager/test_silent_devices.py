"""A device that does not answer takes no place from those that do."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest
from aiohttp import web

from ha_device_backup_core.contract import DeviceInfo
from ha_device_backup_core.manager import job_queue
from ha_device_backup_core.manager.job_queue import Job, JobQueue, PlaceInQueue, Priority
from ha_device_backup_core.manager.settings import DeviceSettings
from ha_device_backup_core.plugins.registry import HandlerRegistry, RegisteredHandler
from ha_device_backup_core.records import DeviceKey, Outcome

from ..example_device import ExampleDevice, running
from ..example_handler import ExampleHandler
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


async def test_one_that_falls_silent_later_lends_its_place_and_has_it_back_at_once() -> None:
    queue = JobQueue(1, patience=0)
    slow = Work(queue, "slow")
    slow.answer.set()
    await slow.answered.wait()
    place = PlaceInQueue(queue, slow.job)
    place.wait()
    other = Work(queue, "other")
    await other.began.wait()
    other.answer.set()
    await other.answered.wait()
    third = Work(queue, "third")
    place.hear()
    place.hear()
    other.finish.set()
    assert await other.job.done == "other"
    await turn()
    assert not third.began.is_set()

    slow.finish.set()
    assert await slow.job.done == "slow"
    await third.began.wait()
    place.wait()
    place.hear()
    third.answer.set()
    third.finish.set()
    assert await third.job.done == "third"
    await queue.close()


async def test_who_is_heard_in_time_keeps_its_place() -> None:
    queue = JobQueue(1, patience=60)
    slow, waiting = Work(queue, "slow"), Work(queue, "waiting")
    slow.answer.set()
    await slow.answered.wait()
    place = PlaceInQueue(queue, slow.job)
    for _ in range(3):
        place.wait()
        assert slow.job.silence is not None
        place.wait()
        place.hear()
        assert slow.job.has_place
        assert getattr(slow.job, "silence") is None  # noqa: B009 - it is another one by now
    assert not waiting.began.is_set()
    place.wait()
    silence = slow.job.silence
    slow.finish.set()
    await slow.job.done
    await turn()
    assert silence is not None
    assert silence.cancelled()
    await queue.close()


async def test_who_looks_at_a_form_needs_no_place() -> None:
    queue = JobQueue(1, patience=0)
    running, form = Work(queue, "running"), Work(queue, "form", priority=Priority.INTERACTIVE)
    form.answer.set()
    await form.answered.wait()
    place = PlaceInQueue(queue, form.job)
    place.wait()
    place.hear()
    assert not form.job.has_place
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


@pytest.mark.parametrize("hanging", ["no answer", "a beginning", "byte by byte"])
async def test_devices_that_hang_after_they_told_who_they_are_delay_nobody(
    open_home: OpenHome, monkeypatch: pytest.MonkeyPatch, hanging: str
) -> None:
    goes_on = asyncio.Event()

    async def hang(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "application/json"})
        if hanging != "no answer":
            await answer.prepare(request)
        while hanging == "byte by byte" and not goes_on.is_set():
            await answer.write(b" ")
            await asyncio.sleep(0)
        await goes_on.wait()
        if hanging == "no answer":
            await answer.prepare(request)
        await answer.write(b'{"name": "Kitchen"}')
        await answer.write_eof()
        return answer

    monkeypatch.setattr(job_queue.JobQueue.__init__, "__kwdefaults__", {"patience": 0})
    example = RegisteredHandler(handler=ExampleHandler, distribution="ha-device-backup-example", version="3.1")
    registry = HandlerRegistry(handlers={"example": example})
    home = await open_home(registry=registry, defaults=replace(DEFAULTS, concurrency=1))
    async with AsyncExitStack() as stack:
        devices = [ExampleDevice(faults={"/config": hang} if number < 2 else {}) for number in range(5)]
        keys = [DeviceKey("example", f"a{number}") for number in range(5)]
        for device, known in zip(devices, keys, strict=True):
            device.info["id"] = known.unique_id
            await stack.enter_async_context(running(device))
            config = {"host": "127.0.0.1", "port": device.port}
            await home.manager.add_device(DeviceSettings(key=known, title=known.unique_id, config=config))
        everything = [asyncio.create_task(home.manager.back_up(known)) for known in keys]
        for task in everything[2:]:
            assert (await task).outcome is Outcome.STORED
        assert not any(task.done() for task in everything[:2])
        goes_on.set()
        assert {(await task).outcome for task in everything} == {Outcome.STORED}
