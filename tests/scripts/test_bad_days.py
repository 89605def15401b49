"""What somebody types while the demo runs happens to the simulated controllers."""

import pytest

from scripts.live.bad_days import BadDays
from scripts.live.controllers import Model, simulated_controllers
from tests.simulators.wled import Chip


async def test_a_controller_is_reset_and_switched() -> None:
    async with simulated_controllers([Model("Kitchen", "0.15.5", Chip.ESP32)]) as (kitchen,):
        days, before = BadDays([kitchen]), kitchen.files()
        assert (await days.do("off Kitchen\n"), await days.do(" on  kitchen ")) == ("Kitchen is off.", "Kitchen is on.")
        assert kitchen.files() == before
        assert (await days.do("RESET kitchen")).startswith("Kitchen was reset")
        assert kitchen.files() != before


@pytest.mark.parametrize("line", ["", "\n", "reset", "reset Cellar", "burn Kitchen"])
async def test_what_is_not_understood_changes_nothing(line: str) -> None:
    async with simulated_controllers([Model("Kitchen", "0.15.5", Chip.ESP32)]) as (kitchen,):
        before = kitchen.files()
        days = BadDays([kitchen])
        assert await days.do(line) == days.help
        assert "Kitchen" in days.help
        assert kitchen.files() == before
