"""Every recipe keeps the contract: the whole suite, with its stand-in as the device."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ha_device_backup_core.testing import HandlerConformance, Simulated
from tests.simulators.recipes import StandIn

from .conftest import RECIPES, STAND_INS, entered, handler_for


def suite_for(stand_in: type[StandIn]) -> type[HandlerConformance]:
    """Return the suite for one kind."""

    @asynccontextmanager
    async def simulator(self: HandlerConformance) -> AsyncIterator[Simulated]:
        async with stand_in() as device:

            async def change() -> None:
                device.change()

            async def swap() -> None:
                device.swap()

            yield Simulated(
                config=entered(device),
                wrong_login=stand_in.wrong_login,
                change=change,
                swap=swap,
                secrets=stand_in.secrets,
            )

    attributes = {
        "handler": handler_for(stand_in),
        "essential": stand_in.essential,
        "patience": 1.0,
        "relaxed": stand_in.relaxed,
        "simulator": simulator,
        "__module__": __name__,
    }
    return type(f"Test{stand_in.__name__}", (HandlerConformance,), attributes)


def test_every_recipe_has_a_stand_in() -> None:
    assert RECIPES.keys() - {stand_in.kind for stand_in in STAND_INS.values()} == set()


for _stand_in in STAND_INS.values():
    if not _stand_in.variant:
        _suite = suite_for(_stand_in)
        globals()[_suite.__name__] = _suite
