"""What asyncio's debug mode refuses, it refuses in these tests."""

import asyncio

import pytest
from homeassistant.core import HomeAssistant


async def test_the_loop_is_not_used_from_another_thread(hass: HomeAssistant) -> None:
    with pytest.raises(RuntimeError, match="Non-thread-safe"):
        await asyncio.to_thread(hass.loop.call_soon, print)
