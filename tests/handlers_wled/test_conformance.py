"""The WLED handler keeps the contract, as every handler is checked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ha_device_backup_core.testing import HandlerConformance, Simulated
from ha_device_backup_wled import WledHandler
from tests.simulators.wled import CANARIES, SimulatedWled


class TestWled(HandlerConformance):
    handler = WledHandler
    essential = ("cfg.json", "presets.json")

    @asynccontextmanager
    async def simulator(self) -> AsyncIterator[Simulated]:
        async with SimulatedWled() as wled:

            async def change() -> None:
                wled.device.save_preset(77, {"n": "Evening"})

            yield Simulated(config={"host": wled.host, "port": wled.port}, change=change, secrets=CANARIES)
