"""The network of one job under test: to the device, to a recording of it, or into a fault, whatever the address."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from enum import StrEnum
from pathlib import Path
from types import SimpleNamespace

import aiohttp
from aiohttp.abc import AbstractCookieJar
from aiohttp.client_reqrep import ClientRequest
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

from .faults import Fault, FaultServer


class Phase(StrEnum):
    """What of a handler is running."""

    CONNECTION = "test_connection"
    FETCH = "fetch_backup"
    PLAN = "plan_restore"
    RESTORE = "restore_backup"
    CLOSE = "close"


class NetworkProbe:
    """Decides where the connections of a job go, and counts its requests."""

    def __init__(self, folder: Path, *, device: Path | None = None) -> None:
        """Reach the device by its own address, or, with `device`, by that Unix socket."""
        self._folder = folder
        self._device = device
        self._fault: FaultServer | None = None
        self._faults = 0
        self._phases: frozenset[Phase] = frozenset()
        self.phase = Phase.CONNECTION
        self.requests: dict[Phase, int] = dict.fromkeys(Phase, 0)
        self.before_request: Callable[[Phase, int], Awaitable[None]] | None = None
        """Awaited before each request, with how many the phase had before."""
        self.most_at_a_time = 0
        self._at_a_time = 0

    @contextlib.asynccontextmanager
    async def failing(self, fault: Fault, *phases: Phase) -> AsyncIterator[FaultServer]:
        """Answer every request of these phases with a fault, as long as the block runs."""
        self._faults += 1
        async with FaultServer(self._folder / f"fault-{self._faults}", fault) as server:
            self._fault, self._phases = server, frozenset(phases)
            try:
                yield server
            finally:
                self._fault = None

    @contextlib.asynccontextmanager
    async def session(
        self,
        *,
        middlewares: Sequence[aiohttp.ClientMiddlewareType],
        cookie_jar: AbstractCookieJar,
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - of each request
    ) -> AsyncIterator[aiohttp.ClientSession]:
        """Make the session of a job, as `SessionFactory` says."""
        counting = aiohttp.TraceConfig()
        counting.on_request_start.append(self._begun)
        counting.on_request_end.append(self._ended)
        counting.on_request_exception.append(self._ended)
        connector = _Connector(self)
        try:
            async with aiohttp.ClientSession(
                connector=connector,
                middlewares=middlewares,
                cookie_jar=cookie_jar,
                timeout=timeout,
                trace_configs=[counting],
            ) as session:
                yield session
        finally:
            await connector.close_elsewhere()

    def socket(self) -> Path | None:
        """Return the Unix socket to connect to now, None for the address that was asked for."""
        if self._fault is not None and self.phase in self._phases:
            self._fault.asked.set()
            return self._fault.path
        return self._device

    async def _begun(self, session: aiohttp.ClientSession, context: SimpleNamespace, parameters: object) -> None:
        if self.before_request is not None:
            await self.before_request(self.phase, self.requests[self.phase])
        self.requests[self.phase] += 1
        self._at_a_time += 1
        self.most_at_a_time = max(self.most_at_a_time, self._at_a_time)

    async def _ended(self, session: aiohttp.ClientSession, context: SimpleNamespace, parameters: object) -> None:
        self._at_a_time -= 1


class _Connector(aiohttp.TCPConnector):
    """Connects by TCP, or to the Unix socket that the network names; TLS is left out there."""

    def __init__(self, network: NetworkProbe) -> None:
        super().__init__()
        self._network = network
        self._elsewhere: dict[Path, aiohttp.UnixConnector] = {}

    async def connect(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - the signature of aiohttp
    ) -> Connection:
        """Connect to where the network wants."""
        socket = self._network.socket()
        if socket is None:
            return await super().connect(req, traces, timeout)
        if socket not in self._elsewhere:
            self._elsewhere[socket] = aiohttp.UnixConnector(str(socket), force_close=True)
        return await self._elsewhere[socket].connect(req, traces, timeout)

    async def close_elsewhere(self) -> None:
        """Close the connections to Unix sockets."""
        await asyncio.gather(*(connector.close() for connector in self._elsewhere.values()))
