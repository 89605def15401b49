"""What was just answered when a device was asked who it is: nothing is asked for the same again to fetch it."""

import asyncio

from .sources import Answer
from .steps import Step

_FRESH = 10.0
"""Seconds in which an answer counts as what the device holds: a job may wait long before it fetches."""


class RecentAnswers:
    """The answers of one job, each given once."""

    def __init__(self) -> None:
        """Begin with none, and keep none until it is asked who it is."""
        self._by_request: dict[tuple[str, ...], Answer] | None = None
        self._until = 0.0

    def begin(self) -> None:
        """Keep what is answered from now on."""
        self._by_request, self._until = {}, asyncio.get_running_loop().time() + _FRESH

    def forget(self) -> None:
        """Keep none any more: something else may have changed what was answered."""
        self._by_request = None

    def keep(self, step: Step, request: tuple[str, ...], answer: Answer) -> None:
        """Keep the answer to a step that asks who it is."""
        if self._by_request is not None and step.place[0] == "identify":
            self._by_request[request] = answer

    def take(self, step: Step, request: tuple[str, ...]) -> Answer | None:
        """Return what a fetch need not ask again, None where it has to."""
        is_fresh = asyncio.get_running_loop().time() < self._until
        if self._by_request is None or step.place[0] != "fetch" or not is_fresh:
            return None
        return self._by_request.pop(request, None)
