"""The FRITZ!Box handler keeps the contract, as every handler is checked."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar

import pytest

from ha_device_backup_core.testing import HandlerConformance, Simulated
from ha_device_backup_fritzbox import FritzBoxHandler
from tests.simulators.fritzbox import CANARIES, SimulatedFritzBox

from . import exports
from .conftest import Somebody, config
from .exports import VECTOR


class TestUnattended(HandlerConformance):
    handler = FritzBoxHandler
    importable = (exports.imported(VECTOR, "FRITZ.Box 7590 154.08.02_01.01.26_0101.export"),)
    confirmation: ClassVar[bool] = False
    tls: ClassVar[bool] = True
    relaxed: ClassVar[dict[str, str]] = {
        "status_401": "A FRITZ!Box describes itself without a login: 401 on every path is something else in front.",
        "package_names_its_core": "It comes with Home Assistant's integration and is published with exactly this core.",
    }

    @asynccontextmanager
    async def simulator(self) -> AsyncIterator[Simulated]:
        async with SimulatedFritzBox() as fritz:
            fritz.box.confirmation.enabled = self.confirmation
            fritz.box.confirmation.polls_until_pressed = 0

            async def change() -> None:
                fritz.box.configuration.settings["changed"] = str(time.monotonic_ns())

            yield Simulated(
                config=config(fritz, tls=self.tls, port=fritz.encrypted_port if self.tls else fritz.plain_port),
                change=change,
                secrets=CANARIES,
                person=Somebody() if self.confirmation else None,
            )


@pytest.mark.once
class TestAttended(TestUnattended):
    confirmation = True


@pytest.mark.once
class TestPlain(TestUnattended):
    tls = False
