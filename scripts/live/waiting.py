"""Waiting for what happens in another process."""

import asyncio
from collections.abc import Awaitable, Callable

POLL_SECONDS = 0.2


async def until[Answer](
    ask: Callable[[], Awaitable[Answer]], is_good: Callable[[Answer], bool], *, seconds: float
) -> Answer:
    """Ask again and again until the answer is good; raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while True:
            answer = await ask()
            if is_good(answer):
                return answer
            await asyncio.sleep(POLL_SECONDS)
