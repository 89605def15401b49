"""All that can happen to a simulated device, and how a person sees to it."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields

from ha_device_backup_core.testing import SimulatedFaults, SimulatedResponse, SimulatedServer

OFTEN = 10**6
"""More often than anything is tried."""


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What happens to a device, and how that ends when a person has seen to it."""

    name: str
    begin: Callable[[SimulatedServer], object]
    everywhere: bool = False
    """At the last request of each phase, too."""
    fault: str | None = None
    """What the simulator looks at wherever it makes a difference."""

    def __str__(self) -> str:
        return self.name


def troubles_of(server: SimulatedServer, *, but: Iterable[str] = (), amounts: Mapping[str, int] = {}) -> list[Trouble]:
    """Return all that can happen to a device: each fault of its simulator, but for some, and power cuts.

    A fault counts requests, unless it is an amount.
    """
    faults = {one.name: getattr(server.faults, one.name) for one in fields(server.faults) if one.name not in set(but)}
    switches = [name for name, value in faults.items() if value is False or (type(value) is int and value == 0)]
    return [
        Trouble(name="off", begin=_go_off, everywhere=True),
        Trouble(name="off afterwards", begin=_go_off_after_the_request),
        *(_fault(name, True if faults[name] is False else amounts.get(name, OFTEN)) for name in switches),
    ]


def _fault(name: str, amount: int) -> Trouble:
    return Trouble(name=name, begin=lambda server: setattr(server.faults, name, amount), fault=name)


@contextmanager
def noticing(faults: SimulatedFaults, fault: str | None, notice: Callable[[], object]) -> Iterator[None]:
    """Call it whenever the simulator looks at a fault."""
    kind = type(faults)

    def look(self: SimulatedFaults, attribute: str) -> object:
        if attribute == fault:
            notice()
        return kind.__getattribute__(self, attribute)

    faults.__class__ = type(kind.__name__, (kind,), {"__slots__": (), "__getattribute__": look})
    try:
        yield
    finally:
        faults.__class__ = kind


_GOING: set[asyncio.Task[None]] = set()


def _go_off(server: SimulatedServer) -> None:
    server.faults.drop = OFTEN
    _GOING.add(asyncio.get_running_loop().create_task(server.stop()))


def _go_off_after_the_request(server: SimulatedServer) -> None:
    async def send(writer: asyncio.StreamWriter, response: SimulatedResponse, target: str) -> None:
        _go_off(server)
        raise ConnectionError

    server.send = send  # type: ignore[method-assign] # the answer is lost


async def mend(server: SimulatedServer) -> None:
    """Switch it on, end every fault, and wait until it has started."""
    await asyncio.gather(*_GOING)
    if _GOING:
        await server.start()
    _GOING.clear()
    server.__dict__.pop("send", None)
    usual = type(server.faults)()
    for one in fields(usual):
        setattr(server.faults, one.name, getattr(usual, one.name))
    restart = server._restart
    if restart is not None:
        await asyncio.wait([restart])
    server.on_network = True
