"""The handler keeps the contract, as every handler is checked: with different logins, one file and several."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import pytest
from aiohttp import web

from ha_device_backup_core.testing import HandlerConformance, Simulated
from ha_device_backup_http import HttpHandler
from tests.simulators.http_service import CANARIES, LoginStyle, SimulatedService

from .conftest import config


class TestNoLogin(HandlerConformance):
    handler = HttpHandler
    patience = 1.0
    style: ClassVar[LoginStyle] = LoginStyle.NONE
    entered: ClassVar[dict[str, Any]] = {}

    @asynccontextmanager
    async def simulator(self) -> AsyncIterator[Simulated]:
        async with SimulatedService(self.style) as service:
            service.files["/zones.xml"] = web.Response(text="<zones><zone>Lawn</zone></zones>", content_type="text/xml")

            async def change() -> None:
                service.settings["times"][0]["hour"] += 1

            yield Simulated(config=config(service, **self.entered), change=change, secrets=CANARIES)


@pytest.mark.once
class TestDigest(TestNoLogin):
    style = LoginStyle.DIGEST


@pytest.mark.once
class TestPage(TestNoLogin):
    style = LoginStyle.PAGE


@pytest.mark.once
class TestToken(TestNoLogin):
    style = LoginStyle.TOKEN


@pytest.mark.once
class TestSeveral(TestNoLogin):
    style = LoginStyle.HEADER
    entered: ClassVar[dict[str, Any]] = {"files": ("zones.xml = /zones.xml", "?notes = /notes.txt")}
    essential = ("settings", "zones.xml")
