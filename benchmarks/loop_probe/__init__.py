"""A custom integration for benchmarks alone: measures how long each callback holds the event loop of Home Assistant."""

import asyncio
import heapq
import time
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

DOMAIN = "loop_probe"
CONFIG_SCHEMA = cv.empty_config_schema(DOMAIN)
KEPT = 40
NAME_LENGTH = 90

type Block = tuple[float, float, str]
"""Milliseconds that passed, milliseconds of the processor in the loop's thread, and what ran."""


class Probe:
    """The longest blocks since the last start."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.blocks: list[Block] = []
        self.callbacks = 0

    def add(self, wall: float, processor: float, callback: object) -> None:
        """Count a callback; only the longest are kept by name."""
        self.callbacks += 1
        if len(self.blocks) < KEPT or wall > self.blocks[0][0]:
            push = heapq.heappush if len(self.blocks) < KEPT else heapq.heappushpop
            push(self.blocks, (wall, processor, _name(callback)))

    def report(self) -> dict[str, Any]:
        """Return the longest first."""
        longest = sorted(self.blocks, reverse=True)
        return {"callbacks": self.callbacks, "blocks": [list(block) for block in longest]}


def _name(callback: object) -> str:
    owner = getattr(callback, "__self__", None)
    if isinstance(owner, asyncio.Task):
        return f"task {owner.get_name()}: {getattr(owner.get_coro(), '__qualname__', 'ended')}"
    return str(getattr(callback, "__qualname__", callback))[:NAME_LENGTH]


async def async_setup(hass: HomeAssistant, _: ConfigType) -> bool:
    """Measure every callback of the loop from now on, and register the actions `start` and `report`."""
    probe = Probe()
    run = asyncio.Handle._run  # noqa: SLF001 - the one place that every callback passes

    def measured(handle: asyncio.Handle) -> None:
        # Kept under a private name only, and gone afterwards when the callback cancels itself.
        callback: object = getattr(handle, "_callback", None)
        wall, processor = time.perf_counter(), time.thread_time()
        try:
            run(handle)
        finally:
            probe.add((time.perf_counter() - wall) * 1000, (time.thread_time() - processor) * 1000, callback)

    asyncio.Handle._run = measured  # type: ignore[assignment, method-assign]  # noqa: SLF001 - see above

    async def start(_: ServiceCall) -> None:
        nonlocal probe
        probe = Probe()

    async def report(_: ServiceCall) -> ServiceResponse:
        return probe.report()

    hass.services.async_register(DOMAIN, "start", start)
    hass.services.async_register(DOMAIN, "report", report, supports_response=SupportsResponse.ONLY)
    return True
