"""Work on many things in the event loop, a few at a time."""

import asyncio
from collections.abc import Callable, Sequence

SLICE = 50
"""So many are worked on without a pause: some milliseconds."""


class Slices:
    """Does the first slice at once and each further one in a turn of the event loop of its own."""

    def __init__(self) -> None:
        """Begin without work."""
        self._waiting: set[asyncio.Handle] = set()

    def run[T](self, things: Sequence[T], work: Callable[[T], None], then: Callable[[], None] | None = None) -> None:
        """Do the work for each, in order, and then the last thing."""
        self._go_on(things, 0, work, then)

    def _go_on[T](
        self, things: Sequence[T], start: int, work: Callable[[T], None], then: Callable[[], None] | None
    ) -> None:
        end = min(start + SLICE, len(things))
        for index in range(start, end):
            work(things[index])
        if end == len(things):
            if then is not None:
                then()
            return

        def go_on() -> None:
            self._waiting.discard(handle)
            self._go_on(things, end, work, then)

        handle = asyncio.get_running_loop().call_soon(go_on)
        self._waiting.add(handle)

    def end(self) -> None:
        """Leave what was not done yet."""
        for handle in self._waiting:
            handle.cancel()
        self._waiting.clear()
