"""A Home Assistant whose modules are there already: what is left of a start is Home Assistant's own work."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.live.process import Child, HomeAssistantError, Runtime
from tests.prepared import LOG, ROOT, Starter
from tests.prepared_order import order

SOCKET = "HOME_ASSISTANT_STARTER"
"""The variable of the environment that says where the starter of all tests listens."""
IMPORT_SECONDS = 180


@contextlib.contextmanager
def starter() -> Iterator[None]:
    """Let this process, and those that it starts, have a starter."""
    started = Starter("tests.e2e.home_assistant_modules")
    # NumPy would start threads, and a process that has some cannot be forked.
    os.environ[SOCKET] = str(started.begin(OPENBLAS_NUM_THREADS="1"))
    try:
        yield
    finally:
        del os.environ[SOCKET]
        started.end()


def said(module: str) -> str:
    """Return what `python -m module` says, which begins where Home Assistant is imported."""
    told, say = os.pipe()
    streams = (os.open(os.devnull, os.O_RDONLY), say, os.dup(sys.stderr.fileno()))
    address = Path(os.environ[SOCKET])
    connection = order(address, module, (), environment=os.environ, folder=ROOT, streams=streams)
    with connection, connection.makefile() as report, os.fdopen(told) as output:
        text = output.read()
        _, status = report
    assert int(status) == 0, text
    return text


class _Forked:
    """One that the starter has made; the starter says how it ends."""

    def __init__(self, pid: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.pid = pid
        self._ended = asyncio.create_task(_exit_status(reader, writer))

    @property
    def returncode(self) -> int | None:
        return self._ended.result() if self._ended.done() else None

    async def wait(self) -> int:
        return await asyncio.shield(self._ended)

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        if not self._ended.done():
            os.kill(self.pid, number)


async def _exit_status(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> int:
    try:
        return int(await reader.readline())
    finally:
        writer.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRuntime(Runtime):
    """The Python of the tests, in which Home Assistant is imported already; its environment reaches only that."""

    async def start(self, folder: Path, log: Path) -> Child:
        """Have a Home Assistant forked."""
        address = Path(os.environ[SOCKET])
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        connection = order(
            address,
            "homeassistant",
            self.arguments(folder),
            environment=self.environment or os.environ,
            folder=folder,
            streams=(os.open(os.devnull, os.O_RDONLY), output, os.dup(output)),
        )
        reader, writer = await asyncio.open_unix_connection(sock=connection)
        pid = b""
        with contextlib.suppress(ConnectionResetError):
            pid = await asyncio.wait_for(reader.readline(), IMPORT_SECONDS)
        if not pid:
            starter_log = address.with_name(LOG).read_text(encoding="utf-8", errors="replace")
            msg = f"The starter of Home Assistant has ended.\n{starter_log}"
            raise HomeAssistantError(msg)
        return _Forked(int(pid), reader, writer)


PREPARED = PreparedRuntime()
