"""The demo itself, as a person starts it."""

import asyncio
import os
import signal
import uuid
from asyncio.subprocess import Process
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.live.folder import ROOT

pytestmark = pytest.mark.asyncio(loop_scope="session")

DEMO = ROOT / "scripts" / "demo"
DEMO_SECONDS = 300
MARK = "DEVICE_BACKUPS_TEST_MARK"


class Demo:
    """A demo under way; its mark is inherited by every process that it starts."""

    def __init__(self, temporary: Path) -> None:
        self.temporary = temporary
        self.mark = uuid.uuid4().hex
        self.output = ""

    async def start(self, *arguments: str) -> Process:
        return await asyncio.create_subprocess_exec(
            str(DEMO),
            *arguments,
            env={**os.environ, MARK: self.mark, "TMPDIR": str(self.temporary), "PYTHONUNBUFFERED": "1"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )

    async def read_until(self, process: Process, words: str) -> None:
        assert process.stdout is not None
        async with asyncio.timeout(DEMO_SECONDS):
            while words not in self.output:
                line = await process.stdout.readline()
                assert line, f"the demo ended early:\n{self.output}"
                self.output += line.decode()

    async def finish(self, process: Process) -> int:
        assert process.stdout is not None
        async with asyncio.timeout(DEMO_SECONDS):
            self.output += (await process.stdout.read()).decode()
            return await process.wait()

    def left_behind(self) -> list[Path]:
        """Return what the demo made and did not remove; the preparation before it leaves locks of its own."""
        return list(self.temporary.glob("device-backups-*"))

    def left_running(self) -> list[str]:
        """Return the command lines of processes that inherited the mark."""
        wanted = f"{MARK}={self.mark}".encode()
        return [command for environment, command in _processes() if wanted in environment]


def _processes() -> Iterator[tuple[bytes, str]]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            yield (folder / "environ").read_bytes(), (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue


@pytest.fixture
def demo(tmp_path: Path) -> Demo:
    return Demo(tmp_path)


async def test_once_ends_with_success_and_leaves_nothing(demo: Demo) -> None:
    process = await demo.start("--once")
    status = await demo.finish(process)

    assert status == 0, demo.output
    assert "Every device's newest backup is inside." in demo.output
    assert demo.left_running() == []
    assert demo.left_behind() == []


@pytest.mark.parametrize(
    ("number", "moment"),
    [(signal.SIGINT, "Ctrl-C ends everything"), (signal.SIGTERM, "Starting Home Assistant")],
)
async def test_interrupt_ends_every_process(demo: Demo, number: signal.Signals, moment: str) -> None:
    process = await demo.start()
    await demo.read_until(process, moment)
    assert demo.left_running() != []

    os.killpg(process.pid, number)
    await demo.finish(process)

    assert demo.left_running() == []
    assert demo.left_behind() == []


async def test_wrong_argument_is_explained(demo: Demo) -> None:
    process = await demo.start("--twice")

    assert await demo.finish(process) == 2
    assert "usage: scripts/demo" in demo.output
