"""Runs the sessions of the noxfile."""

import contextlib
import os
import tempfile
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from time import sleep
from typing import IO

from .commands import Command, started
from .summary import LISTING, PROCESSOR

SESSIONS = (
    "e2e",
    "core-3.14",
    "integration(newest)",
    "integration(minimum)",
    "template",
    "core-3.13",
    "real_servers",
    "typing",
    "page",
    "build",
    "docs",
    "lint",
    "api",
)
"""What runs where none is named: what takes longest begins first."""
OLDEST_PYTHON = frozenset({"build", "core", "page", "template"})
"""Parts that run in the oldest Python of the core, all of it or some."""
ROWS = 3
"""As many sessions run at a time, each in two or three processes: some always wait for a device or a page."""
GIVES_WAY = {"e2e": 0, "real_servers": 0, "core-3.14": 5}
"""How much a session leaves the processors to others, as `nice` counts: browsers and servers of others do not wait."""
GIVES_MUCH_WAY = 10
LOOK_SECONDS = 0.2


def part_of(session: str) -> str:
    """Return `core` for the session `core-3.13`, `integration` for `integration(newest)`."""
    return session.partition("-")[0].partition("(")[0]


PARTS = (*dict.fromkeys(part_of(session) for session in SESSIONS), "nightly")


@dataclass(frozen=True, slots=True)
class _Running:
    name: str
    process: Popen[str]
    printed: IO[str]

    def has_ended(self, reports: Path) -> bool:
        """Tell whether it has ended; then note what it took of the processors, all that it started included."""
        if self.process.returncode is not None:
            return True
        ended, status, used = os.wait4(self.process.pid, os.WNOHANG)
        if ended:
            self.process.returncode = os.waitstatus_to_exitcode(status)
            (reports / f"{self.name}{PROCESSOR}").write_text(str(used.ru_utime + used.ru_stime))
        return bool(ended)

    def show(self) -> None:
        """Print what it printed."""
        self.printed.seek(0)
        print(f"\n{f' {self.name} ':-^80}\n{self.printed.read()}", flush=True)


def _give_way(process: Popen[str], niceness: int) -> None:
    """Have it give way on a Linux, too, that shares the processors by groups first; what it starts is in its group."""
    with contextlib.suppress(OSError):
        Path(f"/proc/{process.pid}/autogroup").write_text(str(niceness))


@contextlib.contextmanager
def _running(nox: Path, session: str, reports: Path, *, live: bool) -> Iterator[_Running]:
    niceness = 0 if live else GIVES_WAY.get(session, GIVES_MUCH_WAY)
    nice = ("nice", "-n", str(niceness))
    command: Command = [*nice, nox, "--report", reports / f"{session}{LISTING}", "--sessions", session]
    with (
        tempfile.TemporaryFile("w+") as printed,
        started(command, extra={"TEST_REPORTS": str(reports)}, to=None if live else printed) as process,
    ):
        running = _Running(session, process, printed)
        _give_way(process, niceness)
        try:
            yield running
        finally:
            if not live:
                running.show()


def _run_all(nox: Path, sessions: Sequence[str], reports: Path, rows: int) -> bool:
    """Run each session in the first row that is free; return whether all went well."""
    waiting, well = deque(sessions), True
    with contextlib.ExitStack() as interrupted:
        row: dict[_Running, contextlib.ExitStack] = {}
        while waiting or row:
            while waiting and len(row) < rows:
                stack = interrupted.enter_context(contextlib.ExitStack())
                name = waiting.popleft()
                row[stack.enter_context(_running(nox, name, reports, live=rows == 1))] = stack
                if rows > 1:
                    print(f"{name} … what it says follows when it has ended.", flush=True)
            for running in [running for running in row if running.has_ended(reports)]:
                row.pop(running).close()
                well &= running.process.returncode == 0
            sleep(LOOK_SECONDS)
    return well


def run(nox: Path, parts: Sequence[str], reports: Path) -> bool:
    """Run the named parts or sessions one after the other, or all in several rows; return whether all went well."""
    if not parts:
        return _run_all(nox, SESSIONS, reports, ROWS)
    known = {part: [session for session in SESSIONS if part_of(session) == part] for part in parts}
    return _run_all(nox, [name for part in parts for name in known[part] or [part]], reports, 1)
