"""Backups that Home Assistant made of itself, wherever it keeps them, read as they come."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import BinaryIO, cast, override

from homeassistant.components.backup import BackupAgent, LocalBackupAgent, ManagerBackup
from homeassistant.components.backup.const import DATA_MANAGER
from homeassistant.components.backup.manager import BackupManager as HomeAssistantBackups
from homeassistant.core import HomeAssistant, callback

SECONDS_BETWEEN_SHARES = 0.5
"""How often it is reported how far a file is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotSource:
    """One backup of Home Assistant, and where it is read from."""

    name: str
    size: int
    backup_id: str | None = None
    """As Home Assistant calls it; None for a file that was uploaded."""
    agent_id: str | None = None
    path: Path | None = None
    """None for one that has to be fetched."""


@callback
def home_assistant_backups(hass: HomeAssistant) -> HomeAssistantBackups | None:
    """Return Home Assistant's own backup manager, None where there is none."""
    return hass.data.get(DATA_MANAGER)


@callback
def own_key(hass: HomeAssistant) -> str | None:
    """Return the key that this Home Assistant encrypts its backups with; it is used only if a person agrees."""
    manager = home_assistant_backups(hass)
    return None if manager is None else manager.config.data.create_backup.password


@callback
def makes_no_automatic_backups(hass: HomeAssistant) -> bool:
    """Return whether Home Assistant could make backups of itself by a schedule, and has none."""
    manager = home_assistant_backups(hass)
    return manager is not None and manager.config.data.schedule.next_automatic_backup is None


def best_agent(manager: HomeAssistantBackups, backup: ManagerBackup) -> str:
    """Return where a backup is read from: this machine, if it is here."""
    local = [agent_id for agent_id in backup.agents if agent_id in manager.local_backup_agents]
    return min(local or backup.agents)


async def async_source(hass: HomeAssistant, backup_id: str) -> SnapshotSource | None:
    """Return a backup of Home Assistant, None where there is none of that id."""
    manager = home_assistant_backups(hass)
    backup = None if manager is None else (await manager.async_get_backup(backup_id))[0]
    if manager is None or backup is None or not backup.agents:
        return None
    agent_id = best_agent(manager, backup)
    agent = manager.backup_agents[agent_id]
    path = agent.get_backup_path(backup_id) if isinstance(agent, LocalBackupAgent) else None
    return SnapshotSource(
        name=backup.name, size=backup.agents[agent_id].size, backup_id=backup_id, agent_id=agent_id, path=path
    )


async def async_stream(hass: HomeAssistant, source: SnapshotSource) -> AsyncIterator[bytes]:
    """Begin to fetch a backup from where it is kept; raises what the agent raises."""
    agent: BackupAgent = hass.data[DATA_MANAGER].backup_agents[source.agent_id or ""]
    return await agent.async_download_backup(source.backup_id or "")


class StoppedError(Exception):
    """Nobody wants what is being read any more."""


class WatchedFile(io.RawIOBase):
    """A file, or what comes from elsewhere, that tells how far it is read, and can be stopped from any thread."""

    def __init__(self, report_to: Callable[[int], object]) -> None:
        """Begin without a file; `report_to` is called with the bytes that went by, in the thread that reads."""
        self._file: BinaryIO | FetchedFile = io.BytesIO()
        self._report_to = report_to
        self._reported_at = 0.0
        self._count = 0
        self._stopped = False

    def stop(self) -> None:
        """Let the next reading end with StoppedError."""
        self._stopped = True
        if isinstance(self._file, FetchedFile):
            self._file.abort()

    def over(self, file: "BinaryIO | FetchedFile") -> BinaryIO:
        """Read this file from now on."""
        self._file = file
        return cast("BinaryIO", self)

    @override
    def read(self, size: int = -1, /) -> bytes:
        if self._stopped:
            raise StoppedError
        piece = self._file.read(size)
        self._report(len(piece))
        return piece

    @override
    def seekable(self) -> bool:
        return self._file.seekable()

    @override
    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        before = self._file.tell()
        after = self._file.seek(offset, whence)
        if whence == io.SEEK_CUR:
            self._report(after - before)
        return after

    def _report(self, size: int) -> None:
        self._count += size
        if monotonic() - self._reported_at > SECONDS_BETWEEN_SHARES:
            self._reported_at = monotonic()
            self._report_to(self._count)


class FetchedFile(io.RawIOBase):
    """What comes piece by piece in the event loop, read in a thread; never more than a piece is kept."""

    def __init__(self, loop: asyncio.AbstractEventLoop, stream: AsyncIterator[bytes]) -> None:
        """Take the stream and the loop that it comes in."""
        self._loop = loop
        self._stream = stream
        self._held = b""
        self._coming: Future[bytes] | None = None
        self._aborted = False

    def abort(self) -> None:
        """Wait for nothing more; from any thread."""
        self._aborted = True
        if (coming := self._coming) is not None:
            coming.cancel()

    @override
    def read(self, size: int = -1, /) -> bytes:
        if not self._held:
            self._held = self._next()
        piece, self._held = self._held[:size], self._held[size:]
        return piece

    @override
    def seekable(self) -> bool:
        return False

    @override
    def close(self) -> None:
        if not self.closed:
            asyncio.run_coroutine_threadsafe(_close(self._stream), self._loop).result()
        super().close()

    def _next(self) -> bytes:
        self._coming = asyncio.run_coroutine_threadsafe(_next(self._stream), self._loop)
        if self._aborted:
            self._coming.cancel()
        try:
            return self._coming.result()
        except CancelledError as error:
            raise StoppedError from error


async def _next(stream: AsyncIterator[bytes]) -> bytes:
    """Return the next piece that holds something, nothing at the end."""
    async for piece in stream:
        if piece:
            return bytes(piece)
    return b""


async def _close(stream: AsyncIterator[bytes]) -> None:
    close = getattr(stream, "aclose", None)
    if close is not None:
        await close()
