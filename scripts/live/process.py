"""Starts a real Home Assistant as a child process and ends it again."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Protocol, Self

import aiohttp

from .orphans import end_with_parent
from .waiting import until

START_SECONDS = 180
STOP_SECONDS = 40
RESTART_EXIT_CODE = 100
SHOWN_LINES = 25
_NOT_STARTED = "Home Assistant was not started."


class HomeAssistantError(Exception):
    """Home Assistant did not do what was asked; the message tells people what and where to look."""


class Child(Protocol):
    """A process that was started, as asyncio knows it."""

    @property
    def pid(self) -> int:
        """Return its id."""
        ...

    @property
    def returncode(self) -> int | None:
        """Return how it ended, nothing as long as it runs."""
        ...

    async def wait(self) -> int:
        """Return how it ended, once it has."""
        ...

    def terminate(self) -> None:
        """Ask it to end."""
        ...

    def kill(self) -> None:
        """End it at once."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """The Python that Home Assistant runs in."""

    python: str | Path = sys.executable
    skip_pip: bool = True
    """Without it, Home Assistant installs what integrations ask for."""
    environment: Mapping[str, str] | None = None
    """Instead of that of this process."""

    def arguments(self, folder: Path) -> tuple[str, ...]:
        """Return what Home Assistant is told on its command line."""
        options = ("--skip-pip",) if self.skip_pip else ()
        return ("--log-no-color", *options, "-c", str(folder))

    async def start(self, folder: Path, log: Path) -> Child:
        """Start Home Assistant on a configuration folder; what it says goes to the end of a log."""
        with log.open("ab") as output:
            return await asyncio.create_subprocess_exec(
                str(self.python),
                *("-m", "homeassistant"),
                *self.arguments(folder),
                env=self.environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # Started from the repository, Python would import its `custom_components` instead of the folder's.
                cwd=folder,
                # A group of its own: Ctrl-C reaches the program that started it, which then ends it in good order.
                start_new_session=True,
                preexec_fn=end_with_parent,
            )


THIS_PYTHON = Runtime()


async def end(process: Child, *, seconds: float = STOP_SECONDS) -> int:
    """Ask a child and its group to end, and kill them when they do not within the time."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        with contextlib.suppress(TimeoutError):
            return await asyncio.wait_for(process.wait(), seconds)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    return await process.wait()


class HomeAssistantProcess:
    """One Home Assistant on one configuration folder."""

    def __init__(self, folder: Path, port: int, runtime: Runtime = THIS_PYTHON) -> None:
        """Remember where; nothing is started yet."""
        self.folder = folder
        self._runtime = runtime
        self.url = f"http://127.0.0.1:{port}"
        self.log = folder.parent / f"{folder.name}.log"
        self._process: Child | None = None

    @property
    def pid(self) -> int:
        """Return the id of the running process."""
        if self._process is None:
            raise HomeAssistantError(_NOT_STARTED)
        return self._process.pid

    async def start(self) -> Self:
        """Start it and return once it says that it is running."""
        self._process = await self._runtime.start(self.folder, self.log)
        try:
            await self._wait_until_running()
        except BaseException:
            await self.stop()
            raise
        return self

    async def restore(self) -> None:
        """Start it once to carry out the restore its folder asks for (`.HA_RESTORE`); it ends by itself."""
        self._process = await self._runtime.start(self.folder, self.log)
        await self.wait_for_restart()

    async def wait_for_restart(self) -> None:
        """Return once it ended and asks whoever started it to start it again."""
        if self._process is None:
            raise HomeAssistantError(_NOT_STARTED)
        try:
            code = await asyncio.wait_for(self._process.wait(), START_SECONDS)
        finally:
            await end(self._process)
        if code != RESTART_EXIT_CODE:
            msg = f"Home Assistant did not ask for a restart (exit status {code}).\n{self.log_tail()}"
            raise HomeAssistantError(msg)

    async def stop(self) -> None:
        """End it in good order, so that it writes what it has to write."""
        if self._process is not None:
            await end(self._process)

    async def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    def log_tail(self) -> str:
        """Return the last lines of what it said."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines() if self.log.exists() else []
        return "\n".join([*lines[-SHOWN_LINES:], f"(the whole log is in {self.log})"])

    async def _wait_until_running(self) -> None:
        """Return once HTTP answers; a logged-in client sees when everything else has started."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
            try:
                await until(lambda: self._answers(session), bool, seconds=START_SECONDS)
            except TimeoutError as error:
                msg = f"Home Assistant did not start within {START_SECONDS} seconds.\n{self.log_tail()}"
                raise HomeAssistantError(msg) from error

    async def _answers(self, session: aiohttp.ClientSession) -> bool:
        if self._process is not None and self._process.returncode is not None:
            msg = f"Home Assistant ended while starting (status {self._process.returncode}).\n{self.log_tail()}"
            raise HomeAssistantError(msg)
        try:
            async with session.get(f"{self.url}/manifest.json") as response:
                return response.status == HTTPStatus.OK
        except (aiohttp.ClientError, TimeoutError):
            return False


@contextlib.asynccontextmanager
async def running(folder: Path, port: int, runtime: Runtime = THIS_PYTHON) -> AsyncIterator[HomeAssistantProcess]:
    """Start a Home Assistant and end it on leaving, whatever happened."""
    home_assistant = HomeAssistantProcess(folder, port, runtime)
    try:
        yield await home_assistant.start()
    finally:
        await asyncio.shield(home_assistant.stop())
