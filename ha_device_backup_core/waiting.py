"""Waiting for work that goes on when nobody waits for it any more."""

import asyncio


async def undisturbed[R](work: asyncio.Future[R]) -> R:
    """Return what the work gives; whoever stops waiting lets it end, and its failure is nobody's news then."""
    work.add_done_callback(_take_note)
    await asyncio.wait([work])
    return work.result()


def _take_note[R](work: asyncio.Future[R]) -> None:
    if not work.cancelled():
        work.exception()
