"""The handler keeps the contract: with a simulated device, and with recordings of real ones."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from ha_device_backup_core.testing import HandlerConformance, Simulated
from simulator import PASSWORD, WIFI_NAME, SimulatedAcme

from ha_device_backup_acme import AcmeHandler


class TestAcme(HandlerConformance):
    """Every check of the suite."""

    handler = AcmeHandler
    recordings = Path(__file__).parent / "recordings"

    @asynccontextmanager
    async def simulator(self) -> AsyncIterator[Simulated]:
        """Start a device, and tell how it is changed."""
        async with SimulatedAcme() as device:

            async def change() -> None:
                device.settings["schedule"][0] += 1

            async def swap() -> None:
                device.serial, device.settings["schedule"] = "AC-0815", [7, 23]

            yield Simulated(
                config={"host": "127.0.0.1", "port": device.port, "password": PASSWORD},
                change=change,
                swap=swap,
                secrets=(WIFI_NAME,),
            )
