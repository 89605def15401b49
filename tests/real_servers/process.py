"""A real server as a process of its own: started on a free port, ended by its id."""

import abc
import asyncio
import contextlib
import os
import socket
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from scripts.bootstrap.servers import SERVERS
from scripts.live.orphans import end_with_parent

START_SECONDS = 60
END_SECONDS = 10
SHOWN_BYTES = 3_000


class RealServer(abc.ABC):
    """One server in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        """Choose a port; nothing is started yet."""
        self.folder = folder
        self.port = free_port()
        self._process: asyncio.subprocess.Process | None = None

    @property
    @abc.abstractmethod
    def command(self) -> Sequence[str | Path]:
        """What starts it."""

    @abc.abstractmethod
    async def is_ready(self) -> bool:
        """Whether it answers as it should."""

    async def __aenter__(self) -> Self:
        """Start it."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        await self.stop()

    async def start(self) -> None:
        """Start it and wait until it answers."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *map(str, self.command),
                cwd=self.folder,
                env=self.environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=end_with_parent,
            )
        try:
            async with asyncio.timeout(START_SECONDS):
                while not await self.is_ready():
                    assert self._process.returncode is None, self.told()
                    await asyncio.sleep(0.05)
        except BaseException as error:
            await self.stop()
            error.add_note(self.told())
            raise

    async def stop(self) -> None:
        """End it, and wait for its end."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(END_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()

    @property
    def _log(self) -> Path:
        return self.folder / "server.log"

    def told(self) -> str:
        """Return the end of its log."""
        return self._log.read_bytes()[-SHOWN_BYTES:].decode("utf-8", "replace")

    @property
    def environment(self) -> dict[str, str]:
        """Its environment variables."""
        return {"HOME": str(self.folder), "PATH": os.environ.get("PATH", os.defpath)}


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def from_debian(program: str) -> list[Path | str]:
    """Return how a program is started: with the C library that was unpacked with it, or the installed one."""
    folder = SERVERS / "debian"
    if not folder.is_dir():
        return [Path(program).name]
    (libraries,) = {library.parent for library in (folder / "usr/lib").glob("*/libc.so.6")}
    (loader,) = libraries.glob("ld-linux*.so.*")
    return [loader, "--library-path", str(libraries), folder / program]
