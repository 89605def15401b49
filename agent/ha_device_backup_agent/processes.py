"""Programs that the agent starts: without a shell and without the agent's environment; they end with their job.

They end with the agent, too, however that came to its end: a program that went on would keep what it had locked.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ha_device_backup_core.toolkit import decoded, shown

from .launching import launcher

_MOST_OUTPUT = 64 * 1024
"""Bytes of what a program says of its troubles: the last ones."""
_END_SECONDS = 8.0
_LONGEST_LINE = 500
_PASSED_ON = ("PATH", "HOME", "TMPDIR", "TZ")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramCall:
    """What is started: the program by its path, and its arguments."""

    argv: Sequence[str | Path]
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Beside the few variables that any program gets."""
    folder: Path = Path("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a program ended."""

    status: int
    """Below 0 for a signal."""
    output: str
    """The end of what it said of its troubles."""

    @property
    def last_line(self) -> str:
        """Return the last line of that, as it can be shown."""
        lines = [line for line in self.output.splitlines() if line.strip()]
        return shown(lines[-1].strip(), _LONGEST_LINE) if lines else ""


async def run_program(
    command: ProgramCall,
    take: Callable[[bytes], None],
    *,
    given: bytes = b"",
    seconds: float | None = None,
) -> Ended:
    """Run a program to its end; `take` gets what it puts out, and ends it by raising something.

    Raises TimeoutError after the seconds.
    """
    loop = asyncio.get_running_loop()
    transport, watch = await loop.subprocess_exec(
        lambda: _ProcessWatch(take),
        *await asyncio.to_thread(launcher),
        str(os.getpid()),
        *map(str, command.argv),
        env=_environment(command.environment),
        cwd=command.folder,
        start_new_session=True,
    )
    try:
        _give(transport, given)
        async with asyncio.timeout(seconds):
            await watch.over
    finally:
        await _end_undisturbed(transport, watch)
    status = transport.get_returncode()
    return Ended(status=-signal.SIGKILL if status is None else status, output=decoded(bytes(watch.output)))


class Lines:
    """Cuts what a program puts out into lines, which end with a line feed or, for progress, with a carriage return."""

    def __init__(self, take: Callable[[str], None], *, longest: int = 1024 * 1024) -> None:
        """Take who gets the lines; of a longer one only the beginning is kept."""
        self._take = take
        self._longest = longest
        self._rest = b""

    def __call__(self, piece: bytes) -> None:
        """Take a piece of the output."""
        *lines, rest = (self._rest + piece).replace(b"\r", b"\n").split(b"\n")
        self._rest = rest[: self._longest]
        for line in lines:
            if line.strip():
                self._take(decoded(line[: self._longest]))


class _ProcessWatch(asyncio.SubprocessProtocol):
    """Gets what a program says."""

    def __init__(self, take: Callable[[bytes], None]) -> None:
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.exited = asyncio.Event()
        self.output = bytearray()
        self._take = take

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if fd == 2:
            self.output += data
            del self.output[:-_MOST_OUTPUT]
        elif not self.over.done():
            try:
                self._take(data)
            except Exception as error:  # noqa: BLE001 - raised again where the program is waited for
                self.over.set_exception(error)

    def process_exited(self) -> None:
        self.exited.set()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.over.done():
            self.over.set_result(None)


def _environment(own: Mapping[str, str]) -> dict[str, str]:
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {"PATH": os.defpath, **passed, "LC_ALL": "C.UTF-8", **own}


def _give(transport: asyncio.SubprocessTransport, given: bytes) -> None:
    pipe = transport.get_pipe_transport(0)
    if isinstance(pipe, asyncio.WriteTransport):
        if given:
            pipe.write(given)
        pipe.close()


async def _end_undisturbed(transport: asyncio.SubprocessTransport, watch: _ProcessWatch) -> None:
    """End a program that still runs, and wait for that also when nobody waits for the result any more."""
    ending = asyncio.create_task(_end(transport, watch))
    try:
        await asyncio.shield(ending)
    except asyncio.CancelledError:
        await ending
        raise


async def _end(transport: asyncio.SubprocessTransport, watch: _ProcessWatch) -> None:
    try:
        for number in (signal.SIGTERM, signal.SIGKILL):
            if transport.get_returncode() is not None:
                return
            with contextlib.suppress(ProcessLookupError):
                os.killpg(transport.get_pid(), number)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_END_SECONDS):
                    await watch.exited.wait()
    finally:
        transport.close()
