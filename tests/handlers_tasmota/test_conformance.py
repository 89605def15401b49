"""The Tasmota handler keeps the contract, as every handler is checked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar

import pytest

from ha_device_backup_core.testing import HandlerConformance, Simulated
from ha_device_backup_tasmota import TasmotaHandler
from tests.simulators.tasmota import CANARIES, PASSWORD, Chip, SimulatedTasmota, TextIndex

from .artifacts import bare, dump


class TestTasmota(HandlerConformance):
    handler = TasmotaHandler
    essential = ("config.dmp",)
    importable = (bare(dump()),)
    version: ClassVar[str] = "14.4.1"
    chip: ClassVar[Chip] = Chip.ESP32
    password: ClassVar[str] = PASSWORD

    @asynccontextmanager
    async def simulator(self) -> AsyncIterator[Simulated]:
        async with SimulatedTasmota(self.version, self.chip, password=self.password) as tasmota:
            changes = 0

            async def change() -> None:
                nonlocal changes
                changes += 1
                tasmota.device.set_text(TextIndex.TOPIC, f"lamp{changes}")

            async def swap() -> None:
                tasmota.device.mac = "b0b1c2d3e4f5"
                tasmota.device.set_text(TextIndex.TOPIC, "another")

            yield Simulated(
                config={"host": tasmota.host, "port": tasmota.port, "password": self.password or None},
                change=change,
                swap=swap,
                secrets=(*CANARIES, *filter(None, [self.password])),
            )


@pytest.mark.once
class TestTasmotaWithoutPassword(TestTasmota):
    password = ""


@pytest.mark.once
class TestOldTasmota(TestTasmota):
    version = "8.5.1"
    chip = Chip.ESP8266
