"""The WLED handler keeps the contract, as every handler is checked; the recording is one of a simulated controller."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar

import pytest

from ha_device_backup_core import Artifact
from ha_device_backup_core.testing import HandlerConformance, Simulated
from ha_device_backup_wled import WledHandler
from tests.simulators.wled import CANARIES, PIN, SimulatedWled

from .artifacts import files


class TestWled(HandlerConformance):
    handler = WledHandler
    recordings: ClassVar[Path | None] = Path(__file__).parent / "recordings"
    essential = ("cfg.json", "presets.json")
    importable = (
        Artifact(filename="wled_cfg_Shelf.json", content=files()["cfg.json"]),
        Artifact(filename="wled_presets_Shelf.json", content=files()["presets.json"]),
        Artifact.bundle({f"Shelf/wled_{part}_Shelf.json": files()[f"{part}.json"] for part in ("cfg", "presets")}),
    )
    version: ClassVar[str] = "0.15.5"
    pin: ClassVar[str] = ""
    relaxed: ClassVar[dict[str, str]] = {
        "package_names_its_core": "It comes with Home Assistant's integration and is published with exactly this core.",
    }

    @asynccontextmanager
    async def simulator(self) -> AsyncIterator[Simulated]:
        async with SimulatedWled(self.version, pin=self.pin, pin_cooldown=0.2) as wled:

            async def change() -> None:
                wled.device.save_preset(77, {"n": "Evening"})

            async def swap() -> None:
                wled.device.mac = "b0b1c2d3e4f5"
                wled.device.wipe()

            yield Simulated(
                config={"host": wled.host, "port": wled.port, "pin": self.pin or None},
                change=change,
                swap=swap,
                secrets=(*CANARIES, *filter(None, [self.pin])),
            )


@pytest.mark.once
class TestWled16(TestWled):
    recordings = None
    version = "16.0.0"


@pytest.mark.once
class TestWledWithPin(TestWled):
    recordings = None
    pin = PIN
    relaxed: ClassVar[dict[str, str]] = TestWled.relaxed | {
        "status_401": "WLED asks nobody for a login: 401 on every path is a proxy in front, not a wrong PIN.",
    }
