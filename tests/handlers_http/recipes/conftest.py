"""The recipes of the package, each before its stand-in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from ha_device_backup_http import RecipeHandler
from ha_device_backup_http.recipe import recipe_handlers
from tests.simulators.recipes import StandIn, stand_ins

RECIPES = {found.spec.kind: found for found in recipe_handlers("ha_device_backup_http") if isinstance(found, type)}
STAND_INS = stand_ins()


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let recipes ask one thing after the other: stand-ins need no time between two requests."""
    for handler in RECIPES.values():
        if handler.recipe.pause:
            monkeypatch.setattr(handler, "recipe", replace(handler.recipe, pause=0.0))


def handler_for(stand_in: type[StandIn]) -> type[RecipeHandler]:
    """Return the handler that a stand-in is for."""
    return RECIPES[stand_in.kind]


def entered(device: StandIn) -> dict[str, Any]:
    """Return what a person enters to add a device."""
    keys = {field.key for field in handler_for(type(device)).spec.fields}
    address = {"url": device.url} if "url" in keys else {"host": device.host, "port": device.port}
    return {**address, **device.entered}


@asynccontextmanager
async def opened(name: str, fault: str = "") -> AsyncIterator[StandIn]:
    """Start a stand-in, perhaps with a fault."""
    async with STAND_INS[name]() as device:
        device.fault = fault
        yield device
