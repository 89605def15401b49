"""The agent ends in the middle, as a power cut ends it: nothing half-done is served, and the next job goes well."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from ha_device_backup_core.agent.client import AgentClient
from ha_device_backup_core.agent.remote_handler import RemoteHandler
from ha_device_backup_core.contract import Artifact
from ha_device_backup_core.errors import AgentAwayError, RestoreNotVerifiedError
from ha_device_backup_core.restore_records import RestoreReport
from ha_device_backup_core.testing import run_job, run_plan, run_restore
from ha_device_backup_core.testing.simulated_http import SimulatedRequest, SimulatedResponse
from ha_device_backup_wled import WledHandler
from tests.simulators.wled import SimulatedWled

from .agents import AgentProcess, agent_process, handler_of, paired


@dataclass(kw_only=True)
class Scene:
    agent: AgentProcess
    wled: SimulatedWled
    handler: type[RemoteHandler]

    @property
    def config(self) -> dict[str, object]:
        return {"host": self.wled.host, "port": self.wled.port}

    def left(self) -> list[Path]:
        """Return what lies in the spool."""
        return [path for path in (self.agent.folder / "spool").rglob("*") if path.is_file()]


@asynccontextmanager
async def scene(folder: Path) -> AsyncIterator[Scene]:
    with agent_process(folder) as agent:
        client = AgentClient(await paired(folder, agent.port))
        async with SimulatedWled("0.15.5") as wled:
            yield Scene(agent=agent, wled=wled, handler=handler_of(client, await client.kinds(), "wled"))


class Halt:
    """Stops a device at one of its requests."""

    def __init__(self, wled: SimulatedWled, number: int) -> None:
        self.reached = asyncio.Event()
        self._answer = wled.answer
        self._left = number
        self._wled = wled
        wled.answer = self.answer  # type: ignore[method-assign]

    async def answer(self, request: SimulatedRequest) -> SimulatedResponse | None:
        self._left -= 1
        if self._left == 0:
            self.reached.set()
            await asyncio.Event().wait()
        return await self._answer(request)

    def end(self) -> None:
        self._wled.answer = self._answer  # type: ignore[method-assign]


async def requests_of(scene: Scene, work: str, artifact: Artifact) -> int:
    before = len(scene.wled.requests)
    await started(scene, work, artifact)
    return len(scene.wled.requests) - before


def started(scene: Scene, work: str, artifact: Artifact) -> asyncio.Task[object]:
    match work:
        case "backup":
            return asyncio.create_task(run_job(scene.handler, scene.config))
        case "plan":
            return asyncio.create_task(run_plan(scene.handler, scene.config, artifact))
    return asyncio.create_task(run_restore(scene.handler, scene.config, artifact))


@pytest.mark.once
@pytest.mark.parametrize("work", ["backup", "plan", "restore"])
async def test_it_is_killed_in_the_middle(tmp_path: Path, work: str) -> None:
    """At the first request of a job, in its middle, and at its last."""
    async with scene(tmp_path / "agent") as at:
        backup = (await run_job(at.handler, at.config)).artifact
        at.wled.device.save_preset(77, {"n": "Evening"})
        after = await requests_of(at, work, backup)
        ends = set()
        for number in sorted({1, after // 2, after}):
            at.wled.device.save_preset(77, {"n": f"Evening {number}"})
            halt = Halt(at.wled, number)
            job = started(at, work, backup)
            await asyncio.wait_for(halt.reached.wait(), 60)

            at.agent.kill()
            halt.end()
            at.agent.start()
            (ended,) = await asyncio.gather(job, return_exceptions=True)

            ends.add(type(ended))
            assert at.left() == []
            again = await run_job(at.handler, at.config)
            assert again.artifact.filename == backup.filename
        # Of a restore that had begun nobody knows how far it came; at its last request its report was there.
        of_restore = {AgentAwayError, RestoreNotVerifiedError, RestoreReport}
        assert ends == (of_restore if work == "restore" else {AgentAwayError})
        await run_restore(at.handler, at.config, backup)
        restored = (await run_job(at.handler, at.config)).artifact
        assert WledHandler.normalize(restored) == WledHandler.normalize(backup)


async def test_it_is_stopped_in_the_middle(tmp_path: Path) -> None:
    async with scene(tmp_path / "agent") as at:
        halt = Halt(at.wled, 3)
        job = asyncio.create_task(run_job(at.handler, at.config))
        await asyncio.wait_for(halt.reached.wait(), 60)

        at.agent.stop()
        halt.end()
        at.agent.start()
        with pytest.raises(AgentAwayError):
            await job

        assert at.left() == []
        await run_job(at.handler, at.config)
    # What it said on its way names nobody's secrets.
    assert all(word not in " ".join(at.agent.said) for word in ("Traceback", "Bearer"))


async def test_two_do_not_share_a_folder(tmp_path: Path) -> None:
    with agent_process(tmp_path / "agent") as agent:
        other = agent.command("run", "--host", "127.0.0.1", "--port", "0")
        _, errors = await asyncio.to_thread(other.communicate, timeout=60)
        assert other.returncode == 1
        assert "runs with" in errors
        assert "Traceback" not in errors
