"""Agents for tests: in a thread with an event loop of its own, or as the process that people start."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp.abc import AbstractCookieJar

from ha_device_backup_agent.clients import Clients
from ha_device_backup_agent.data_folder import DataFolder
from ha_device_backup_agent.pairing_window import PairingWindow
from ha_device_backup_agent.server import Listening, serving
from ha_device_backup_core.agent.client import AgentClient, PairedAgent
from ha_device_backup_core.agent.kinds import RemoteKind
from ha_device_backup_core.agent.pair import find_agent, pair
from ha_device_backup_core.agent.remote_handler import RemoteHandler, remote_handler
from ha_device_backup_core.jobs.http_session import SessionFactory, own_session
from ha_device_backup_core.plugins.registry import HandlerRegistry, RegisteredHandler
from tests.prepared import Program, Starter

HOST = "127.0.0.1"
PATIENCE = 60.0
MODULE = "ha_device_backup_agent"
HANDLERS = ("fritzbox", "http", "ssh", "tasmota", "wled")
STARTER = Starter(f"{MODULE}.cli", *(f"ha_device_backup_{name}" for name in HANDLERS))


def environment() -> dict[str, str]:
    """Return the environment of an agent's process: that of the test, and no language of who runs it."""
    return os.environ | {"LC_ALL": "C.UTF-8"}


@dataclass
class Sessions:
    """Makes the sessions of an agent with devices as somebody else says at the time."""

    factory: SessionFactory = own_session

    def __call__(
        self,
        *,
        middlewares: Sequence[aiohttp.ClientMiddlewareType],
        cookie_jar: AbstractCookieJar,
        timeout: aiohttp.ClientTimeout,
    ) -> AbstractAsyncContextManager[aiohttp.ClientSession]:
        return self.factory(middlewares=middlewares, cookie_jar=cookie_jar, timeout=timeout)


class LoopThread:
    """An event loop in a thread of its own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="agent")
        self._thread.start()

    def run[R](self, work: Coroutine[Any, Any, R]) -> R:
        future: Future[R] = asyncio.run_coroutine_threadsafe(work, self.loop)
        return future.result(PATIENCE)

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(PATIENCE)
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()


async def paired(folder: Path, listening_port: int, *, client: str = "Home Assistant") -> PairedAgent:
    """Pair as a person does: with the code that the command shows."""
    code = PairingWindow(DataFolder(folder)).open()
    return await pair(await find_agent(HOST, listening_port), code, client=client)


@contextlib.contextmanager
def agent_thread(folder: Path, sessions: SessionFactory = own_session) -> Iterator[PairedAgent]:
    """Run an agent beside the test, and pair with it."""
    thread = LoopThread()
    stack = contextlib.AsyncExitStack()

    async def start() -> Listening:
        return await stack.enter_async_context(serving(folder, host=HOST, name="Cellar", sessions=sessions))

    try:
        listening = thread.run(start())
        yield thread.run(paired(folder, listening.port))
    finally:
        thread.run(stack.aclose())
        thread.close()


@contextlib.asynccontextmanager
async def agent_here(folder: Path, registry: HandlerRegistry | None = None) -> AsyncIterator[PairedAgent]:
    """Run an agent in the event loop of the test, and pair with it."""
    async with serving(folder, host=HOST, name="Cellar", registry=registry) as listening:
        yield await paired(folder, listening.port)


def kind_at(agent: AgentClient, kind: str, installed: RegisteredHandler | None = None) -> type[RemoteHandler]:
    """Return the handler of a kind at an agent."""
    kinds = asyncio.run(agent.kinds())
    return handler_of(agent, kinds, kind, installed)


def handler_of(
    agent: AgentClient, kinds: tuple[RemoteKind, ...], kind: str, installed: RegisteredHandler | None = None
) -> type[RemoteHandler]:
    (found,) = (one for one in kinds if one.spec.kind == kind)
    return remote_handler(agent, found, installed)


@dataclass
class AgentProcess:
    """The agent as people start it."""

    folder: Path
    port: int = 0
    process: Program | None = None
    said: list[str] = field(default_factory=list)

    def start(self) -> None:
        """Start it, and wait until it listens."""
        here = ("--host", HOST, "--port", str(self.port), "--name", "Cellar", "--data", str(self.folder))
        self.process = STARTER.start(MODULE, "run", *here, environment=environment())
        first, _, kinds = (self.process.stdout.readline() for _ in range(3))
        assert "listens at port" in first, first
        assert "wled" in kinds, (kinds, self._errors())
        self.port = int(first.rstrip().rstrip(".").rpartition(" ")[2])

    def command(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command of the agent, with all that it has to import."""
        name, *others = arguments
        return subprocess.Popen(
            [sys.executable, "-m", MODULE, name, *others, "--data", str(self.folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        )

    def kill(self) -> None:
        """End it as a power cut does."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as an administrator does."""
        self._end(signal.SIGTERM)

    def _errors(self) -> str:
        """Return why it is not as it should be."""
        assert self.process is not None
        self.process.terminate()
        return self.process.communicate(timeout=PATIENCE)[1]

    def _end(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)
        output, errors = self.process.communicate(timeout=PATIENCE)
        self.said += [output, errors]
        self.process = None


@contextlib.contextmanager
def agent_process(folder: Path) -> Iterator[AgentProcess]:
    """Run the agent as people start it."""
    agent = AgentProcess(folder)
    agent.start()
    try:
        yield agent
    finally:
        if agent.process is not None:
            agent.stop()


def revoke_all(folder: Path) -> None:
    """Keep all clients out, as the command does."""
    clients = Clients(DataFolder(folder))
    for client in clients.all():
        clients.revoke(client.client_id)
