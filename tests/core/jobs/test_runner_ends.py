"""How a job ends: cancelled, closed, and with a person whom it waits for."""

import asyncio

import pytest
from aiohttp import web

from ha_device_backup_core.contract import Artifact, Prompt
from ha_device_backup_core.errors import (
    HandlerCrashedError,
)
from ha_device_backup_core.jobs import runner

from .. import example_device
from ..example_device import ExampleDevice
from ..example_handler import ExampleHandler
from .example_jobs import ARTIFACT, Listener, Raising, config, fetched, hurried, refused, registered


async def test_cancelled_job_closes_its_handler(device: ExampleDevice) -> None:
    asked = asyncio.Event()

    async def hang(request: web.Request) -> web.StreamResponse:
        asked.set()
        return await example_device.hang(request)

    device.faults["/config"] = hang
    job = asyncio.create_task(fetched(device))
    await asked.wait()

    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job

    assert device.requests == ["GET /info", "GET /config", "GET /logout"]


async def test_job_cancelled_while_it_closes(device: ExampleDevice) -> None:
    closing = asyncio.Event()
    closed = asyncio.Event()

    class Careful(ExampleHandler):
        async def close(self) -> None:
            closing.set()
            await asyncio.sleep(0.05)
            closed.set()

    job = asyncio.create_task(fetched(device, registered(Careful)))
    await closing.wait()
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    assert closed.is_set()


async def test_second_cancellation_ends_the_closing_too(device: ExampleDevice) -> None:
    closing = asyncio.Event()

    class Stubborn(ExampleHandler):
        async def close(self) -> None:
            closing.set()
            await asyncio.sleep(3600)

    job = asyncio.create_task(fetched(device, registered(Stubborn)))
    await closing.wait()
    job.cancel()
    await asyncio.sleep(0)
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job


async def test_cancellation_by_the_handler_passes(device: ExampleDevice) -> None:
    class Cancelling(Raising):
        error = asyncio.CancelledError()

    with pytest.raises(asyncio.CancelledError):
        await fetched(device, registered(Cancelling))


async def test_close_that_never_ends(
    device: ExampleDevice, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(runner, "CLOSE_SECONDS", 0.05)
    device.password = "stubborn"

    assert (await fetched(device, password="stubborn")).artifact == ARTIFACT
    assert "The handler did not close cleanly" in caplog.messages


async def test_close_that_fails_changes_nothing(device: ExampleDevice) -> None:
    device.faults["/logout"] = example_device.server_error
    assert (await fetched(device)).artifact == ARTIFACT

    device.faults["/info"] = example_device.login_page
    assert isinstance(await refused(device), HandlerCrashedError)


async def test_instruction_buys_time_and_is_cleared(device: ExampleDevice) -> None:
    async def late(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.5)
        return web.Response(body=device.config)

    device.faults["/config"] = late
    listener = Listener()

    result = await runner.fetch(hurried(), config(device), expected_unique_id="a1", person=listener)

    assert result.artifact == ARTIFACT
    assert listener.told == [Prompt(text="Press the button, **REDACTED**", seconds=60), None]


async def test_instructions_buy_ten_minutes_at_most(device: ExampleDevice) -> None:
    deadlines: list[float] = []

    class Asking(ExampleHandler):
        async def fetch_backup(self) -> Artifact:
            person = self.context.person
            assert person is not None
            start = asyncio.get_running_loop().time()
            for seconds in (400, -50, 400, 400):
                person.show(Prompt(text="Wait", seconds=seconds))
                deadlines.append(person._timeout.when() - start)  # type: ignore[attr-defined] # the clock of the job
            await asyncio.to_thread(person.show, None)
            await asyncio.sleep(0)
            return ARTIFACT

    listener = Listener()
    await runner.fetch(hurried(Asking, seconds=100), config(device), expected_unique_id="a1", person=listener)

    assert [round(deadline, -1) for deadline in deadlines] == [500, 500, 700, 700]
    assert listener.told[-1] is None


async def test_nobody_is_asked_in_unattended_jobs(device: ExampleDevice) -> None:
    people: list[object] = []

    class Asking(ExampleHandler):
        async def fetch_backup(self) -> Artifact:
            people.append(self.context.person)
            return ARTIFACT

    await fetched(device, registered(Asking))
    assert people == [None]
