"""The most memory that a process held, and the programs that it started, by what the kernel counts."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

_PROC = Path("/proc")
_LOOK_SECONDS = 0.05
_KIB_OF_MIB = 1024


@dataclass
class Memory:
    """In MiB, since the watch began."""

    pid: int
    before: int
    programs: dict[str, int] = field(default_factory=dict)
    """The most of any one process of a program, by its name."""
    together: int = 0
    """The most of the process and all below it at one moment."""

    @property
    def peak(self) -> int:
        """Return the most of the process itself."""
        return _counted(self.pid, "VmHWM")

    def look(self) -> None:
        """Take note of how it is now."""
        total = _counted(self.pid, "VmRSS")
        for pid in _below(self.pid):
            with contextlib.suppress(OSError, IndexError):
                name = _program(pid)
                total += _counted(pid, "VmRSS")
                self.programs[name] = max(self.programs.get(name, 0), _counted(pid, "VmHWM"))
        self.together = max(self.together, total)

    def report(self) -> dict[str, object]:
        """Return all of it."""
        return {"before": self.before, "peak": self.peak, "programs": self.programs, "together": self.together}


@contextlib.asynccontextmanager
async def watched(pid: int) -> AsyncIterator[Memory]:
    """Watch a process for the block."""
    (_PROC / str(pid) / "clear_refs").write_text("5")
    memory = Memory(pid, _counted(pid, "VmRSS"))

    async def look() -> None:
        while True:
            await asyncio.to_thread(memory.look)
            await asyncio.sleep(_LOOK_SECONDS)

    looking = asyncio.create_task(look())
    try:
        yield memory
    finally:
        looking.cancel()
        await asyncio.wait({looking})


def _counted(pid: int, name: str) -> int:
    for line in (_PROC / str(pid) / "status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) // _KIB_OF_MIB
    return 0


def _program(pid: int) -> str:
    """Return the name of a program that may have been started by the loader of another C library."""
    words = (_PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace").split("\0")
    return next((Path(word).name for word in words if "/usr/bin/" in word), Path(words[0]).name)


def _below(pid: int) -> Iterator[int]:
    parents: dict[int, list[int]] = {}
    for process in _PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            parents.setdefault(parent, []).append(int(process.name))
    waiting = parents.get(pid, [])
    while waiting:
        yield (found := waiting.pop())
        waiting += parents.get(found, [])
