"""A process that is killed loses nothing that it acknowledged."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from itertools import islice
from pathlib import Path

import pytest

from ..helpers import tree
from .chapters import chapters, last_told
from .story import Event, check

ROUNDS = 40
REPOSITORY = Path(__file__).parents[4]


class Children:
    """Starts processes that are killed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Take the process that forks them."""
        self._process = process

    def begin(self, root: Path, mode: str | int, number: int) -> int:
        """Start one; return its process id."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{root} {mode} {number}\n")
        self._process.stdin.flush()
        return int(self._next()["pid"])

    def events(self) -> Generator[Event]:
        """Yield what it acknowledges until it ends, and at last how it ended."""
        while True:
            event = self._next()
            yield event
            if event["event"] == "ended":
                return

    def _next(self) -> Event:
        assert self._process.stdout is not None
        event: Event = json.loads(self._process.stdout.readline())
        return event


@pytest.fixture
def children() -> Generator[Children]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.core.store.kill.child"],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Children(process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(60) == 0


@pytest.mark.once
async def test_death_before_each_call_of_the_operating_system(children: Children, quick_path: Path) -> None:
    """What is left and promised is checked once, however many deaths of a step come to it."""
    told = await chapters(quick_path)
    for chapter in told:
        assert await last_told(chapter, quick_path / f"{chapter.step}-alone") == chapter.calls
        known: list[tuple[dict[str, bytes], list[Event]]] = []
        for number in range(1, len(chapter.calls) + 1):
            folder = quick_path / f"{chapter.step}-until-{number}"
            root = chapter.begin(folder)
            children.begin(root, chapter.step, number)
            *events, end = children.events()
            assert end["status"] == "9"
            left = {name: b"" if name.endswith("/") else (root / name).read_bytes() for name in tree(root)}
            if (left, events) not in known:
                known.append((left, events))
                await check(root, [*chapter.events, *events])
            shutil.rmtree(folder)
    assert sum(len(chapter.calls) for chapter in told) > 300
    root = quick_path / "to-the-end" / "store"
    children.begin(root, 0, 0)
    *events, end = children.events()
    assert end["status"] == "0"
    await check(root, events)


@pytest.mark.once
async def test_kill_at_random_instants(children: Children, quick_path: Path) -> None:
    chance = random.Random(20250115)
    root = quick_path / "store"
    events: list[Event] = []
    for number in range(ROUNDS):
        pid = children.begin(root, "seed", number)
        told = children.events()
        events += islice(told, chance.randint(0, 12))
        time.sleep(chance.random() * 0.02)
        os.kill(pid, signal.SIGKILL)
        events += told
        assert events.pop()["status"] == str(-signal.SIGKILL)
        await check(root, events)
    assert sum(event["event"] == "committed" for event in events) > ROUNDS
