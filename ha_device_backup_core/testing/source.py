"""Where a handler under test gets its device from: a simulator or a recording."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from ha_device_backup_core.contract import ConfigValue, Person

from .recording import CHANGED, FIRST, UNCHANGED, Recording
from .replay import ReplayServer


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """A simulated device that runs, and what the suite may do with it."""

    config: Mapping[str, ConfigValue]
    """What a person would enter, secrets included."""
    wrong_login: Mapping[str, ConfigValue] = MappingProxyType({})
    """What a person would enter instead, so that the device refuses the login.

    Without it each secret is replaced by other characters, which a secret with a form of its own does not bear.
    """
    change: Callable[[], Awaitable[None]] | None = None
    """Changes one setting of the device, to another value each time."""
    swap: Callable[[], Awaitable[None]] | None = None
    """Puts another device of the kind in its place: another id, other settings, the same address and login."""
    secrets: tuple[str, ...] = ()
    """What the device holds and nobody may see in logs, errors or `redact`."""
    person: Person | None = None
    """Somebody who does what the handler asks for, where it needs that."""


type SimulatorFactory = Callable[[], AbstractAsyncContextManager[Simulated]]


@dataclass(slots=True, kw_only=True)
class OpenDevice:
    """A device that answers now."""

    config: Mapping[str, ConfigValue]
    secrets: tuple[str, ...]
    simulated: Simulated | None = None
    replay: ReplayServer | None = None
    recording: Recording | None = None
    socket: Path | None = None
    person: Person | None = None

    def begin_job(self) -> None:
        """Begin a recording anew; a simulator goes on."""
        if self.replay is not None:
            self.replay.rewind()

    def wait_a_moment(self) -> bool:
        """Let time pass in which nothing changes; return whether that is known of this device."""
        return self.simulated is not None or self._play(UNCHANGED)

    async def change(self) -> bool:
        """Change a setting; return whether that is possible."""
        if self.simulated is None:
            return self._play(CHANGED)
        if self.simulated.change is None:
            return False
        await self.simulated.change()
        return True

    def _play(self, take: str) -> bool:
        if self.replay is None or self.recording is None or take not in self.recording.takes:
            return False
        self.replay.play(self.recording.takes[take])
        return True


class DeviceSource(Protocol):
    """Something that opens a device, a new one each time."""

    @property
    def name(self) -> str:
        """What the reports call it."""

    def open(self, folder: Path) -> AbstractAsyncContextManager[OpenDevice]:
        """Start to answer; `folder` is empty and for sockets."""


@dataclass(frozen=True, slots=True)
class SimulatorSource:
    """Devices from a simulator."""

    factory: SimulatorFactory
    name: str = "simulator"

    @contextlib.asynccontextmanager
    async def open(self, folder: Path) -> AsyncIterator[OpenDevice]:
        """Start the simulator."""
        async with self.factory() as simulated:
            yield OpenDevice(
                config=simulated.config, secrets=simulated.secrets, simulated=simulated, person=simulated.person
            )


@dataclass(frozen=True, slots=True)
class RecordingSource:
    """A device from a folder."""

    folder: Path

    @property
    def name(self) -> str:
        """What the reports call it."""
        return self.folder.name

    @contextlib.asynccontextmanager
    async def open(self, folder: Path) -> AsyncIterator[OpenDevice]:
        """Replay the first take."""
        recording = Recording.load(self.folder)
        socket = folder / "device"
        async with ReplayServer(recording.takes[FIRST], socket=socket) as replay:
            yield OpenDevice(
                config=recording.config, secrets=recording.masked, replay=replay, recording=recording, socket=socket
            )
