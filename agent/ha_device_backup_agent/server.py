"""The server: begins clean, ends its jobs when it is told to stop."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from ha_device_backup_core.host import HandlerRegistry, HandlerScanner, SessionFactory

from .clients import Clients
from .data_folder import DataFolder, DataFolderError
from .identity import AgentIdentity, identity_of
from .jobs import Jobs
from .own_kinds import with_own_kinds
from .pairing_window import PairingWindow
from .routes import Agent, application
from .spool import Spool
from .translation import _
from .trees.places import TreePlaces

_LOGGER = logging.getLogger(__name__)
DEFAULT_PORT = 8477
RUNNING = "running.lock"
STATE = "state.json"
_SWEEP_SECONDS = 5.0
_KEEP_ALIVE_SECONDS = 75.0
_BACKLOG = 64
_HANDSHAKE_SECONDS = 10.0
MOST_CONNECTIONS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """A server that runs."""

    identity: AgentIdentity
    port: int
    registry: HandlerRegistry


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeData:
    """Where what is too large for Home Assistant is kept; None for the folder of data."""

    large: Path | None = None
    repository: str | None = field(default=None, repr=False)
    """As restic takes it."""


NO_LARGE_DATA = LargeData()


@contextlib.asynccontextmanager
async def serving(
    path: Path,
    *,
    host: str | None = None,
    port: int = 0,
    name: str | None = None,
    registry: HandlerRegistry | None = None,
    sessions: SessionFactory | None = None,
    large: LargeData = NO_LARGE_DATA,
) -> AsyncIterator[Listening]:
    """Serve for the block; without a registry the kinds are those of the packages that are installed."""
    folder = DataFolder(path)
    folder.prepare()
    with _only_agent_of(folder):
        identity = identity_of(folder, name=name)
        clients, spool = Clients(folder), Spool(path)
        clients.all()
        spool.sweep_all()
        jobs = Jobs(spool, sessions=sessions)
        places = TreePlaces(folder, large=large.large, repository=large.repository)
        await asyncio.to_thread(places.sweep)
        found = await asyncio.to_thread(HandlerScanner().scan) if registry is None else registry
        agent = Agent(
            identity=identity,
            registry=await asyncio.to_thread(with_own_kinds, found, path, identity.agent_id, places),
            clients=clients,
            window=PairingWindow(folder),
            jobs=jobs,
            spool=spool,
            repository=places.repository,
        )
        try:
            async with _open_server(agent, host, port) as server:
                bound = int(server.sockets[0].getsockname()[1])
                folder.write(STATE, {"port": bound, "pid": os.getpid()})
                sweeping = asyncio.create_task(_sweep(clients, jobs, spool))
                try:
                    yield Listening(identity=identity, port=bound, registry=agent.registry)
                finally:
                    server.close()
                    sweeping.cancel()
                    await asyncio.wait({sweeping})
                    await jobs.end_all()
                    await places.upkeep.close()
        finally:
            spool.sweep_all()


@contextlib.contextmanager
def _only_agent_of(folder: DataFolder) -> Iterator[None]:
    lock = folder.try_lock(RUNNING)
    if lock is None:
        raise DataFolderError(_("An agent runs with {path} already.", path=str(folder.path)))
    try:
        yield
    finally:
        os.close(lock)


@contextlib.asynccontextmanager
async def _open_server(agent: Agent, host: str | None, port: int) -> AsyncIterator[asyncio.Server]:
    """Answer for the block; who leaves it closes the server first, so that nothing new is begun meanwhile."""
    runner = web.AppRunner(
        application(agent), access_log=None, auto_decompress=False, keepalive_timeout=_KEEP_ALIVE_SECONDS
    )
    await runner.setup()
    try:
        yield await asyncio.get_running_loop().create_server(
            _bounded(runner),
            host,
            port if host or port else _free_port(),
            ssl=agent.identity.tls(),
            backlog=_BACKLOG,
            ssl_handshake_timeout=_HANDSHAKE_SECONDS,
        )
    finally:
        await runner.cleanup()


async def serve(
    path: Path,
    *,
    host: str | None,
    port: int,
    name: str | None,
    large: LargeData,
    on_listening: Callable[[Listening], None],
    announcing: Callable[[Listening], Coroutine[Any, Any, None]] | None = None,
) -> None:
    """Serve until a signal comes; the network hears of it meanwhile."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with serving(path, host=host, port=port, name=name, large=large) as listening:
        on_listening(listening)
        announcement = None if announcing is None else asyncio.create_task(announcing(listening))
        await stop.wait()
        if announcement is not None:
            announcement.cancel()
            await asyncio.wait({announcement})


def _free_port() -> int:
    """Return a port that is free: IPv4 and IPv6 would get one each."""
    with socket.create_server(("", 0)) as found:
        return int(found.getsockname()[1])


class _HangUp(asyncio.Protocol):
    """Ends a connection that is one too many."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()


def _bounded(runner: web.AppRunner) -> Callable[[], asyncio.BaseProtocol]:
    """Return what answers a connection, while there are not too many: files have to be opened meanwhile, too."""

    def answer() -> asyncio.BaseProtocol:
        server = runner.server
        return _HangUp() if server is None or len(server.connections) >= MOST_CONNECTIONS else server()

    return answer


async def _sweep(clients: Clients, jobs: Jobs, spool: Spool) -> None:
    known = clients.ids()
    while True:
        await asyncio.sleep(_SWEEP_SECONDS)
        try:
            present = clients.ids()
            await jobs.sweep(present)
            for gone in known - present:
                await spool.forget(gone)
            known = present
            await spool.sweep()
        except (OSError, DataFolderError):
            _LOGGER.exception("What is no longer needed could not be removed")
