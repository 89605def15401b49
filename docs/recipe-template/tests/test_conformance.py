"""The recipe keeps the contract, with a simulated device."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ha_device_backup_core.testing import HandlerConformance, Simulated
from simulator import PASSWORD, WIFI_PASSWORD, SimulatedPump

from ha_device_backup_pumps import device_backup_handlers

HANDLERS = {handler.spec.kind: handler for handler in device_backup_handlers()}


class TestAcmePump(HandlerConformance):
    """Every check of the suite."""

    handler = HANDLERS["acme_pump"]

    @asynccontextmanager
    async def simulator(self) -> AsyncIterator[Simulated]:
        """Start a device, and tell how it is changed."""
        async with SimulatedPump() as device:

            async def change() -> None:
                device.schedule[0] += 1

            async def swap() -> None:
                device.serial, device.schedule = "AC-0815", [7, 23]

            yield Simulated(
                config={"url": device.url, "password": PASSWORD},
                change=change,
                swap=swap,
                secrets=(WIFI_PASSWORD,),
            )
