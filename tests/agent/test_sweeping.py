"""What nobody waits for any more ends, and so does all of a client that is no longer let in."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ha_device_backup_agent.jobs import JobRequest, Jobs
from ha_device_backup_agent.refusals import RefusedError
from ha_device_backup_agent.spool import Spool
from ha_device_backup_core.agent import protocol
from ha_device_backup_core.agent.protocol import RemoteStep
from ha_device_backup_core.contract import Artifact
from tests.core.example_device import ExampleDevice, hang, running

from .conftest import EXAMPLE, PASSWORD

JOB = "a" * 32
CONFIG = Artifact(filename="config.json", content=b"{}", media_type="application/json")


@dataclass
class Scene:
    device: ExampleDevice
    jobs: Jobs
    spool: Spool
    states: list[object] = field(default_factory=list)

    def begin(self) -> None:
        config = {"host": "127.0.0.1", "port": self.device.port, "password": PASSWORD}
        request = JobRequest(kind="example", config=config, attended=False, seconds=20, most_bytes=1000)
        self.jobs.begin("client", JOB, EXAMPLE, request)

    async def is_asked(self, request: str) -> None:
        async with asyncio.timeout(10):
            while request not in self.device.requests:
                await asyncio.sleep(0.01)

    def is_there(self) -> bool:
        try:
            self.jobs.get("client", JOB)
        except RefusedError:
            return False
        return True


async def test_a_job_that_nobody_asks_about_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(tmp_path)
    spool.sweep_all()
    async with running(ExampleDevice(password=PASSWORD, faults={"/config": hang})) as device:
        scene = Scene(device, Jobs(spool), spool)
        scene.begin()
        scene.begin()  # the answer was lost
        job = scene.jobs.get("client", JOB)
        job.request_step(1, RemoteStep.FETCH_BACKUP, None)
        await scene.is_asked("GET /config")
        await scene.jobs.sweep({"client"})
        assert scene.is_there()

        job.seen -= protocol.LEASE_SECONDS + 1
        await scene.jobs.sweep({"client"})

        assert not scene.is_there()
        assert device.requests[-1] == "GET /logout"
        assert scene.jobs.running == 0


async def test_a_restore_goes_on_unwatched(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.sweep_all()
    async with running(ExampleDevice(password=PASSWORD, faults={"/config": hang})) as device:
        scene = Scene(device, Jobs(spool), spool)
        scene.begin()
        job = scene.jobs.get("client", JOB)
        job.request_step(1, RemoteStep.RESTORE_BACKUP, CONFIG)
        await scene.is_asked("PUT /config")
        job.seen -= protocol.LEASE_SECONDS + 1
        await scene.jobs.sweep({"client"})
        assert scene.is_there()

        await scene.jobs.sweep({"another"})

        assert not scene.is_there()
        assert device.requests[-1] == "GET /logout"


async def test_no_room_for_what_was_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(tmp_path)
    spool.sweep_all()
    monkeypatch.setattr("ha_device_backup_agent.spool.MOST_BYTES", 3)
    async with running(ExampleDevice(password=PASSWORD)) as device:
        scene = Scene(device, Jobs(spool), spool)
        scene.begin()
        job = scene.jobs.get("client", JOB)
        job.request_step(1, RemoteStep.FETCH_BACKUP, None)
        state = await job.state(0, 10)
        while not state["done"]:
            state = await job.state(int(str(state["revision"])), 10)
        error = state["error"]
        assert isinstance(error, dict)
        assert error["code"] == "device_busy"
        assert device.requests[-1] == "GET /logout"
        await scene.jobs.end_all()


async def test_waiting_for_news_ends_in_time(tmp_path: Path) -> None:
    async with running(ExampleDevice()) as device:
        scene = Scene(device, Jobs(Spool(tmp_path)), Spool(tmp_path))
        scene.begin()
        assert await scene.jobs.get("client", JOB).state(0, 0.01) == {"revision": 0, "done": 0}
        await scene.jobs.end_all()


async def test_an_agent_that_ends_begins_nothing_more(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.sweep_all()
    async with running(ExampleDevice(password=PASSWORD)) as device:
        scene = Scene(device, Jobs(spool), spool)
        await scene.jobs.end_all()
        with pytest.raises(RefusedError) as refused:
            scene.begin()
        assert refused.value.refusal is protocol.Refusal.TOO_MANY
        assert scene.jobs.running == 0

        again = Scene(device, Jobs(spool), spool)
        again.begin()
        assert again.jobs.running == 1
        await again.jobs.end_all()
