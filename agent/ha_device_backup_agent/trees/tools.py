"""The programs that the agent needs for trees: found by PATH, each with the oldest version that does."""

import asyncio
import os
import re
import shutil
from dataclasses import dataclass

from ha_device_backup_core import UnsupportedDeviceError

from ..processes import ProgramCall, run_program
from ..translation import _

_VERSION = re.compile(rb"\d+(?:\.\d+)+")
_ASK_SECONDS = 30.0
_MOST_OUTPUT = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A program of another package."""

    program: str
    least: tuple[int, ...] = ()
    asked: tuple[str, ...] = ()
    """What it is started with to tell its version; nothing for one that tells none."""
    install: str


RSYNC = Tool(
    program="rsync",
    least=(3, 2, 4),
    asked=("--version",),
    install="apt install rsync / apk add rsync / dnf install rsync",
)
RESTIC = Tool(
    program="restic",
    least=(0, 18),
    asked=("version",),
    install="apt install restic (Debian 13) / apk add restic / https://restic.readthedocs.io/en/stable/020_installation.html",
)
SSH = Tool(
    program="ssh",
    least=(8, 0),
    asked=("-V",),
    install="apt install openssh-client / apk add openssh-client / dnf install openssh-clients",
)
KEYSCAN = Tool(program="ssh-keyscan", install=SSH.install)


class Toolbox:
    """Finds programs; each is asked for its version once, until it is another file."""

    def __init__(self) -> None:
        """Begin without any."""
        self._known: dict[tuple[str, int], tuple[int, ...]] = {}

    async def path(self, tool: Tool) -> str:
        """Return where a program is; raises UnsupportedDeviceError with the version needed, and how to get it."""
        found = await asyncio.to_thread(_find, tool.program)
        if found is None:
            raise UnsupportedDeviceError(
                _(
                    "The agent needs {tool} {least} or newer, but has none. Install it there: {how}",
                    tool=tool.program,
                    least=_written(tool.least),
                    how=tool.install,
                )
            )
        if not tool.asked:
            return found[0]
        if found not in self._known:
            self._known[found] = await _asked(found[0], tool)
        version = self._known[found]
        if version < tool.least:
            raise UnsupportedDeviceError(
                _(
                    "The agent needs {tool} {least} or newer, but has {found}. Install it there: {how}",
                    tool=tool.program,
                    least=_written(tool.least),
                    found=_written(version) or "?",
                    how=tool.install,
                )
            )
        return found[0]

    async def version(self, tool: Tool) -> str:
        """Return the version of a program."""
        await self.path(tool)
        found = await asyncio.to_thread(_find, tool.program)
        return _written(self._known[found]) if found in self._known else ""


def _find(program: str) -> tuple[str, int] | None:
    path = shutil.which(program)
    return None if path is None else (path, os.stat(path).st_mtime_ns)  # noqa: PTH116 - as `which` returns it


async def _asked(path: str, tool: Tool) -> tuple[int, ...]:
    said = bytearray()

    def take(piece: bytes) -> None:
        said.extend(piece[: _MOST_OUTPUT - len(said)])

    try:
        ended = await run_program(ProgramCall(argv=(path, *tool.asked)), take, seconds=_ASK_SECONDS)
    except TimeoutError:
        return ()
    found = _VERSION.search(said + ended.output.encode(errors="replace"))
    return () if found is None else tuple(int(part) for part in found[0].split(b"."))


def _written(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
