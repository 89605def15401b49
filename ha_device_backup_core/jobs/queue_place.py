"""The place of a job among those that run at a time, which others use while its device is silent."""

from types import SimpleNamespace
from typing import Protocol

import aiohttp


class QueuePlace(Protocol):
    """Told by a job whether it waits for its device; what it does itself, it does in its place."""

    async def answered(self) -> None:
        """Wait for a place, now that the device answered for the first time."""

    def wait(self) -> None:
        """Say that something of the device is awaited."""

    def hear(self) -> None:
        """Say that it came."""

    def read(self) -> None:
        """Say that all was read: what changes on the device from now on is no part of it."""


class NoPlace:
    """For a job that nobody counts."""

    async def answered(self) -> None:
        """Go on."""

    def wait(self) -> None:
        """Take note of nothing."""

    def hear(self) -> None:
        """Take note of nothing."""

    def read(self) -> None:
        """Take note of nothing."""


NO_PLACE = NoPlace()


def watch_requests(session: aiohttp.ClientSession, place: QueuePlace) -> None:
    """Tell the place of each request that waits for an answer, those included that pass no middleware of the session.

    Where a request fails, the device is silent as before.
    """

    async def begin(_: aiohttp.ClientSession, __: SimpleNamespace, ___: aiohttp.TraceRequestStartParams) -> None:
        place.wait()

    async def take_head(_: aiohttp.ClientSession, __: SimpleNamespace, ___: aiohttp.TraceRequestEndParams) -> None:
        place.hear()
        place.wait()

    async def take_body(
        _: aiohttp.ClientSession, __: SimpleNamespace, ___: aiohttp.TraceResponseChunkReceivedParams
    ) -> None:
        place.hear()

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(begin)
    trace.on_request_end.append(take_head)
    trace.on_response_chunk_received.append(take_body)
    trace.freeze()
    session.trace_configs.append(trace)
