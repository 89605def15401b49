"""What is asked ahead."""

import asyncio

import pytest

from ha_device_backup_agent.trees.ahead import FRESH_SECONDS, Ahead


class Source:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.told = asyncio.Event()
        self.told.set()
        self.ended = False
        self.error: Exception | None = None

    async def ask(self) -> int:
        self.asked += 1
        try:
            await self.told.wait()
        finally:
            self.ended = True
        if self.error is not None:
            raise self.error
        return self.asked


async def failing(source: Source) -> None:
    async with Ahead(source.ask):
        await asyncio.sleep(0)
        raise ZeroDivisionError


async def test_it_is_asked_meanwhile() -> None:
    source = Source()
    async with Ahead(source.ask) as ahead:
        await asyncio.sleep(0)
        assert source.asked == 1
        assert await ahead.result() == 1


async def test_what_is_old_is_asked_again() -> None:
    source, now = Source(), 0.0
    async with Ahead(source.ask, clock=lambda: now) as ahead:
        now = FRESH_SECONDS
        assert await ahead.result() == 2


async def test_nothing_goes_on_after_the_block() -> None:
    source = Source()
    source.told.clear()
    with pytest.raises(ZeroDivisionError):
        await failing(source)
    assert source.ended


async def test_its_error_is_that_of_who_wants_the_answer() -> None:
    source = Source()
    source.error = ValueError("away")
    async with Ahead(source.ask) as ahead:
        with pytest.raises(ValueError, match="away"):
            await ahead.result()
    with pytest.raises(ZeroDivisionError):
        await failing(source)
