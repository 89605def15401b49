"""The simulated devices of a home, of several kinds."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import Protocol

from .boxes import simulated_box
from .controllers import simulated_controllers


class SimulatedDevice(Protocol):
    """What is needed to add a device and to tell about it."""

    @property
    def kind(self) -> str:
        """Return the kind of its handler."""

    @property
    def name(self) -> str:
        """Return what it calls itself."""

    @property
    def version(self) -> str:
        """Return its firmware."""

    @property
    def certificate(self) -> str:
        """Return the fingerprint of its certificate; empty for a device that has none."""

    @property
    def to_enter(self) -> Mapping[str, str | int]:
        """Return what a person enters, by what the form calls it."""

    @property
    def answers(self) -> Mapping[str, str | int | bool]:
        """Return what to enter in Home Assistant's forms."""


@contextlib.asynccontextmanager
async def simulated_household() -> AsyncIterator[list[SimulatedDevice]]:
    """Start WLED controllers and a FRITZ!Box that exports its settings without a confirmation."""
    async with simulated_controllers() as controllers, simulated_box() as box:
        yield [*controllers, box]
